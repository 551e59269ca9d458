package io.github.dbtls.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MisspeltVariables}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MisspeltVariablesTests {

	private static final List<String> KEYS = List.of("enabled", "provider", "ca-path", "ca-password", "tls-versions",
			"ssl-mode", "ciphers", "data-sources");

	@ParameterizedTest
	@CsvSource({ "DBTLS_PROVIDR, DBTLS_PROVIDER", "DBTLS_CA_PTH, DBTLS_CAPATH", "dbtls_tls_version, DBTLS_TLSVERSIONS",
			"DBTLS_DATA_SOURCES_ORDERS_SSL_MODE, DBTLS_DATASOURCES_<BEANNAME>_<SETTING>" })
	void warnWhenItLooksLikeAPropertySaysWhichOne(String variable, String meant, CapturedOutput output) {
		MisspeltVariables.warn(variable, KEYS);
		assertThat(output).contains("The environment variable '" + variable + "' has no effect", meant);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DBTLS_PROVIDER", "DBTLS_CA_PATH", "DBTLS_CAPATH", "DBTLS_TLSVERSIONS_0", "DBTLS_PORT",
			"DBTLS_SERVICE_HOST", "DBTLS_PORT_3306_TCP_ADDR", "DBTLS_REAL_SERVERS", "DBTLS_DATASOURCES_ORDERS_SSLMODE",
			"PATH" })
	void warnWhenItIsAPropertyOrSomethingElseSaysNothing(String variable, CapturedOutput output) {
		MisspeltVariables.warn(variable, KEYS);
		assertThat(output).doesNotContain(variable);
	}

}
