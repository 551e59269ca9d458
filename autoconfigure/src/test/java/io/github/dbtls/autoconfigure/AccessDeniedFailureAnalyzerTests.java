package io.github.dbtls.autoconfigure;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AccessDeniedFailureAnalyzer}.
 */
class AccessDeniedFailureAnalyzerTests {

	private static final SQLException DENIED = new SQLException(
			"Access denied for user 'app'@'10.0.0.1' (using password: YES)", "28000", 1045);

	@ParameterizedTest
	@ValueSource(strings = { "mysql", "tidb" })
	void analyzeWhenNoCertificateIsConfiguredSaysThatOneMayBeRequired(String provider) {
		Throwable failure = new BeanCreationException("flyway", "failed", new IllegalStateException(DENIED));
		FailureAnalysis analysis = analyze("dbtls.provider: " + provider, failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).isEqualTo(
				"The database server denies the login: Access denied for user 'app'@'10.0.0.1' (using password: YES).");
		assertThat(analysis.getAction()).isEqualTo(
				"If name and password are right, the user may be declared with REQUIRE X509, REQUIRE SUBJECT or REQUIRE "
						+ "ISSUER: then set 'dbtls.client-certificate' and 'dbtls.client-private-key'.");
		assertThat(analysis.getCause()).isSameAs(failure);
	}

	@ParameterizedTest
	@ValueSource(strings = { "other: 1", "dbtls.provider: aws-rds", "dbtls.provider: acme",
			"dbtls: {provider: mysql, enabled: false}", "dbtls: {provider: mysql, client-certificate: client.pem}",
			"dbtls: {provider: mysql, data-sources.orders.ca-path: ca.pem}" })
	void analyzeWhenACertificateIsNotWhatIsMissingIsSilent(String yaml) {
		assertThat(analyze(yaml, DENIED)).isNull();
	}

	@Test
	void analyzeWhenTheServerSaysSomethingElseIsSilent() {
		assertThat(analyze("dbtls.provider: mysql", new SQLException("Unknown database 'shop'", "42000", 1049)))
			.isNull();
		assertThat(new AccessDeniedFailureAnalyzer(null).analyze(DENIED)).isNull();
	}

	private static FailureAnalysis analyze(String yaml, Throwable failure) {
		return new AccessDeniedFailureAnalyzer(BoundProperties.yamlEnvironment(yaml)).analyze(failure);
	}

}
