package io.github.dbtls.autoconfigure;

import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says what is wrong with the configuration, where it stands, and what to write instead.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class DbTlsConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<DbTlsConfigurationException> {

	private final @Nullable Environment environment;

	DbTlsConfigurationFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DbTlsConfigurationException cause) {
		String origin = origin(cause.getProperty());
		String description = String.valueOf(cause.getMessage());
		return new FailureAnalysis((origin != null)
				? "%s%n%n    Property: %s%n    Origin: %s".formatted(description, cause.getProperty(), origin)
				: description, cause.getAction(), cause);
	}

	private @Nullable String origin(@Nullable String property) {
		return (property != null && this.environment != null) ? PropertyLocations.find(this.environment, property)
				: null;
	}

}
