package io.github.dbtls.autoconfigure;

import java.util.Map;

import io.github.dbtls.DbTlsConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link BlankProperties}.
 */
class BlankPropertiesTests {

	@ParameterizedTest
	@CsvSource({ "dbtls.reload-interval, ''", "dbtls.reload-interval, ' '", "dbtls.ssl-mode, ''",
			"dbtls.session-lifetime, ' '", "dbtls.verify-at-startup, ''", "dbtls.data-sources.orders.ssl-mode, ''",
			"dbtls.data-sources.orders.enabled, ''", "dbtls.data-sources[my.orders].verify-at-startup, ' '" })
	void applicationWithASettingWithoutValueDoesNotStart(String property, String value) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DbTlsAutoConfiguration.class))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("test", Map.of("dbtls.provider", "mysql", property, value))))
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).hasRootCauseInstanceOf(DbTlsConfigurationException.class)
					.rootCause()
					.hasMessage("'%s' is set, but to nothing.".formatted(property))
					.returns(property, (ex) -> ((DbTlsConfigurationException) ex).getProperty());
			});
	}

	@Test
	void variableWithoutValueIsRefusedToo() {
		assertThat(catchThrowable(() -> BlankProperties
			.refuse(BoundProperties.variablesEnvironment(Map.of("DBTLS_VERIFYATSTARTUP", "")))))
			.isInstanceOf(DbTlsConfigurationException.class)
			.hasMessage("'dbtls.verify-at-startup' is set, but to nothing.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls: {provider: mysql, reload-interval: 0, verify-at-startup: false}", "other: ''",
			"dbtls: {provider: mysql, data-sources: {orders: {ssl-mode: required}}}", "dbtls: {tls-versions: ''}" })
	void settingWithValueIsNot(String yaml) {
		assertThatNoException().isThrownBy(() -> BlankProperties.refuse(BoundProperties.yamlEnvironment(yaml)));
	}

}
