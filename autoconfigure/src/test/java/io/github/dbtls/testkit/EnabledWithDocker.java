package io.github.dbtls.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/**
 * Runs tests only where containers can be started. Elsewhere they are skipped, which the
 * log says, or with {@value RealServers#REQUIRED_VARIABLE} set to {@code required} they
 * fail: a green build must not be one that tested nothing.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(EnabledWithDocker.Condition.class)
public @interface EnabledWithDocker {

	/**
	 * Asks for Docker when a test class or method is about to run.
	 */
	class Condition implements ExecutionCondition {

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			ConditionEvaluationResult result = evaluate(context.getDisplayName(),
					DockerClientFactory.instance().isDockerAvailable(), RealServers.required());
			if (result.isDisabled()) {
				LogFactory.getLog(EnabledWithDocker.class).warn("SKIPPED: " + result.getReason().orElseThrow());
			}
			return result;
		}

		static ConditionEvaluationResult evaluate(String test, boolean available, boolean required) {
			if (available) {
				return ConditionEvaluationResult.enabled("Docker is available");
			}
			String message = "%s needs Docker, which is not available here".formatted(test);
			if (required) {
				throw new IllegalStateException(
						message + ", although " + RealServers.REQUIRED_VARIABLE + "=required is set");
			}
			return ConditionEvaluationResult.disabled(message);
		}

	}

}
