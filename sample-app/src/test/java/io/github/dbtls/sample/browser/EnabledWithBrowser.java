package io.github.dbtls.sample.browser;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;

import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs tests only where there is a browser. Elsewhere they are skipped, which the log
 * says, or with {@value Condition#REQUIRED_VARIABLE} set to {@code required} they fail.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(EnabledWithBrowser.Condition.class)
@interface EnabledWithBrowser {

	/**
	 * Looks for a browser when a test class is about to run.
	 */
	class Condition implements ExecutionCondition {

		/**
		 * The environment variable that makes a test fail which would otherwise be
		 * skipped for want of a browser: {@code .ci/run} sets it where it installs one.
		 */
		static final String REQUIRED_VARIABLE = "DBTLS_BROWSER";

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			ConditionEvaluationResult result = evaluate(context.getDisplayName(), Browser.missing(),
					"required".equals(System.getenv(REQUIRED_VARIABLE)));
			if (result.isDisabled()) {
				LogFactory.getLog(EnabledWithBrowser.class).warn("SKIPPED: " + result.getReason().orElseThrow());
			}
			return result;
		}

		static ConditionEvaluationResult evaluate(String test, Optional<String> missing, boolean required) {
			if (missing.isEmpty()) {
				return ConditionEvaluationResult.enabled("There is a browser");
			}
			String message = "%s needs a browser: %s".formatted(test, missing.get());
			if (required) {
				throw new IllegalStateException(message + ", although " + REQUIRED_VARIABLE + "=required is set");
			}
			return ConditionEvaluationResult.disabled(message);
		}

	}

}
