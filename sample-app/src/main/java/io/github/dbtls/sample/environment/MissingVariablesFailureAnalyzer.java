package io.github.dbtls.sample.environment;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Names the variables to set.
 */
class MissingVariablesFailureAnalyzer extends AbstractFailureAnalyzer<MissingVariablesException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MissingVariablesException cause) {
		return new FailureAnalysis(
				"The profile '%s' needs environment variables that are not set or empty: %s"
					.formatted(String.join(", ", cause.getProfiles()), String.join(", ", cause.getVariables())),
				"Set them; .envrc.example in the folder of the sample application describes each. Without a profile "
						+ "the application brings its own database.",
				cause);
	}

}
