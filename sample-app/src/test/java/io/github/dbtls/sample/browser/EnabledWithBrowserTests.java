package io.github.dbtls.sample.browser;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link EnabledWithBrowser}.
 */
class EnabledWithBrowserTests {

	@Test
	void isEnabledWithBrowser() {
		assertThat(EnabledWithBrowser.Condition.evaluate("Test", Optional.empty(), true).isDisabled()).isFalse();
	}

	@Test
	void isSkippedWithoutBrowser() {
		ConditionEvaluationResult result = EnabledWithBrowser.Condition.evaluate("Test",
				Optional.of("no chromedriver is in PATH"), false);
		assertThat(result.isDisabled()).isTrue();
		assertThat(result.getReason()).hasValue("Test needs a browser: no chromedriver is in PATH");
	}

	@Test
	void failsWithoutBrowserWhereItIsRequired() {
		assertThatIllegalStateException()
			.isThrownBy(() -> EnabledWithBrowser.Condition.evaluate("Test", Optional.of("none"), true))
			.withMessageContaining("DBTLS_BROWSER=required");
	}

}
