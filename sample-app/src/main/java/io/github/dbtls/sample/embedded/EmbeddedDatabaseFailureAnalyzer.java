package io.github.dbtls.sample.embedded;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do when there is no embedded database to be had.
 */
class EmbeddedDatabaseFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedDatabaseException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedDatabaseException cause) {
		String description = (cause.getCause() != null) ? "%s%n%n%s".formatted(cause.getMessage(), cause.getCause())
				: cause.getMessage();
		return new FailureAnalysis(description,
				"Use a database server of your own: activate the profile of its provider, such as "
						+ "SPRING_PROFILES_ACTIVE=mysql, and set the variables that .envrc.example describes.",
				cause);
	}

}
