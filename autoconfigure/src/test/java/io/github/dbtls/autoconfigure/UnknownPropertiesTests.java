package io.github.dbtls.autoconfigure;

import java.util.Map;
import java.util.Properties;

import io.github.dbtls.DbTlsConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertiesPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link UnknownProperties}.
 */
class UnknownPropertiesTests {

	@ParameterizedTest
	@CsvSource({ "dbtls.ca-pasword, dbtls.ca-password", "dbtls.caPasword, dbtls.ca-password",
			"dbtls.sslmode.x, dbtls.ssl-mode", "dbtls.provider[0], dbtls.provider",
			"dbtls.tls-versions.first, dbtls.tls-versions", "dbtls.ssl-bundel, dbtls.ssl-bundle",
			"dbtls.data-sources.orders.caPasword, dbtls.data-sources.orders.ca-password",
			"dbtls.data-sources[orders.db].pasword, dbtls.data-sources[orders.db].ca-password",
			"dbtls.reload.interval, dbtls.reload-interval", "dbtls.client-key, dbtls.client-private-key",
			"dbtls.enable, dbtls.enabled", "dbtls.data-source.orders.ca-path, dbtls.data-sources",
			"DBTLS.CA-PASWORD, dbtls.ca-password" })
	void refuseWhenThereIsNoSuchPropertyNamesTheNearestAndNoValue(String property, String nearest) {
		assertRefused(BoundProperties.propertiesEnvironment(Map.of("dbtls.provider", "mysql", property, "hidden-word")),
				property, "'%s' is set, but dbtls has no such property.".formatted(property), "'" + nearest + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.data-sources", "dbtls.data-sources.orders" })
	void refuseWhenADataSourceIsAValueDoesNotShowIt(String property) {
		assertRefused(BoundProperties.propertiesEnvironment(Map.of(property, "hidden-word")), property,
				"'%s' has a value, but takes the settings of a DataSource below it.".formatted(property),
				"dbtls.data-sources.<bean name>.<setting>");
	}

	@Test
	void refuseWhenItIsASystemPropertyFails() {
		ConfigurableEnvironment environment = BoundProperties.propertiesEnvironment(Map.of());
		Properties properties = new Properties();
		properties.setProperty("dbtls.ca-pasword", "hidden-word");
		environment.getPropertySources().addFirst(new PropertiesPropertySource("systemProperties", properties));
		assertRefused(environment, "dbtls.ca-pasword", "'dbtls.ca-pasword' is set, but dbtls has no such property.",
				"'dbtls.ca-password'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.ca-path", "dbtls.caPath", "dbtls.ca_path", "DBTLS.CA-PATH", "dbtls.tlsVersions[0]",
			"dbtls.tls-versions", "dbtls.ciphers[12]", "dbtls.enabled", "dbtls.data-sources.orders.caPath",
			"dbtls.dataSources.orders.tls-versions[0]", "dbtls.data_sources.orders_db.ssl-mode",
			"dbtls.data-sources[orders.db].provider", "dbtls.sslBundle", "dbtls.data-sources.orders.ssl-bundle",
			"dbtlsx.anything", "other.dbtls.anything", "DBTLS_PORT" })
	void refuseWhenItIsKnownOrNotOursDoesNot(String property) {
		assertThatNoException().isThrownBy(
				() -> UnknownProperties.refuse(BoundProperties.propertiesEnvironment(Map.of(property, "hidden-word"))));
	}

	@Test
	void refuseWhenItIsAVariableOfTheEnvironmentDoesNot() {
		assertThatNoException().isThrownBy(() -> UnknownProperties.refuse(BoundProperties
			.variablesEnvironment(Map.of("DBTLS_PORT", "tcp://10.0.0.1:80", "DBTLS_SERVICE_HOST", "10.0.0.1"))));
	}

	@Test
	void refuseWhenAMapIsEmptyDoesNot() {
		assertThatNoException().isThrownBy(() -> UnknownProperties
			.refuse(BoundProperties.yamlEnvironment("dbtls.data-sources: {}\n---\ndbtls:\n")));
	}

	private static void assertRefused(ConfigurableEnvironment environment, String property, String message,
			String action) {
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> UnknownProperties.refuse(environment))
			.withMessage(message)
			.withNoCause()
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo(property);
				assertThat(ex.getAction()).contains(action).doesNotContain("hidden-word");
			});
	}

}
