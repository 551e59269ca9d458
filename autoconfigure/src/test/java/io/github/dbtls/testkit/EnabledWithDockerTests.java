package io.github.dbtls.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link EnabledWithDocker}.
 */
class EnabledWithDockerTests {

	@Test
	void isEnabledWithDocker() {
		assertThat(EnabledWithDocker.Condition.evaluate("Test", true, true).isDisabled()).isFalse();
	}

	@Test
	void isSkippedWithoutDocker() {
		ConditionEvaluationResult result = EnabledWithDocker.Condition.evaluate("Test", false, false);
		assertThat(result.isDisabled()).isTrue();
		assertThat(result.getReason()).hasValue("Test needs Docker, which is not available here");
	}

	@Test
	void failsWithoutDockerWhereItIsRequired() {
		assertThatIllegalStateException().isThrownBy(() -> EnabledWithDocker.Condition.evaluate("Test", false, true))
			.withMessageContaining("DBTLS_REAL_SERVERS=required");
	}

}
