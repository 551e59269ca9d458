package io.github.dbtls.autoconfigure;

import java.util.Map;

import io.github.dbtls.DbTlsConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link UnsupportedProperties}.
 */
class UnsupportedPropertiesTests {

	@ParameterizedTest
	@ValueSource(strings = { "expiry-warning", "expiry-out-of-service" })
	void refuseWhenAPropertyOfLaterVersionsIsSetFails(String name) {
		assertRefused(BoundProperties.yamlEnvironment("dbtls.%s: hidden-word".formatted(name)), "dbtls." + name);
		assertRefused(BoundProperties.yamlEnvironment("dbtls.data-sources.orders-db.%s: hidden-word".formatted(name)),
				"dbtls.data-sources.orders-db." + name);
	}

	@ParameterizedTest
	@CsvSource({ "DBTLS_EXPIRYWARNING, dbtls.expiry-warning", "DBTLS_EXPIRY_WARNING, dbtls.expiry-warning",
			"DBTLS_DATASOURCES_ORDERS_EXPIRYWARNING, dbtls.data-sources.orders.expiry-warning" })
	void refuseWhenItIsAnEnvironmentVariableFails(String variable, String property) {
		assertRefused(BoundProperties.variablesEnvironment(Map.of(variable, "hidden-word")), property);
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.expiryWarning", "dbtls.expiry_warning", "DBTLS.EXPIRY-WARNING" })
	void refuseWhenTheNameIsRelaxedFails(String name) {
		assertRefused(BoundProperties.propertiesEnvironment(Map.of(name, "hidden-word")), "dbtls.expiry-warning");
	}

	@Test
	void refuseWhenTheValueIsEmptyFails() {
		assertRefused(BoundProperties.yamlEnvironment("dbtls.expiry-warning: "), "dbtls.expiry-warning");
	}

	@Test
	void refuseWhenADataSourceHasDotsInItsNameFails() {
		assertRefused(BoundProperties.yamlEnvironment("dbtls.data-sources.\"[orders.db]\".expiry-warning: hidden-word"),
				"dbtls.data-sources[orders.db].expiry-warning");
	}

	@Test
	void refuseWhenOnlyOthersAreSetDoesNot() {
		assertThatNoException().isThrownBy(() -> UnsupportedProperties.refuse(BoundProperties.yamlEnvironment("""
				dbtls:
				  provider: mysql
				  ca-path: ca.pem
				  data-sources.orders.enabled: false
				other.expiry-warning: mine
				""")));
	}

	private static void assertRefused(Environment environment, String property) {
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> UnsupportedProperties.refuse(environment))
			.withMessage("'%s' is set, which this version of dbtls does not support yet.", property)
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo(property);
				assertThat(ex.getAction())
					.isEqualTo("Remove '%s'. Ignoring it could make the connection weaker than you expect.", property);
			});
	}

}
