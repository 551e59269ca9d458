package io.github.dbtls.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.dbtls.SslMode;
import io.github.dbtls.autoconfigure.DbTlsProperties.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link DbTlsProperties}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DbTlsPropertiesTests {

	@Test
	void bindWhenNothingIsSetLeavesItUnset() {
		DbTlsProperties properties = BoundProperties.ofYaml("other: 1");
		assertThat(properties).isEqualTo(new DbTlsProperties(true, null, null, null, null, null, null, null, null, null,
				null, null, null, null, null, null, null, Map.of()));
	}

	@Test
	void bindWhenYamlHasAllReadsAll() {
		DbTlsProperties properties = BoundProperties.ofYaml("""
				dbtls:
				  enabled: true
				  provider: tidb-dedicated
				  ca-path: /etc/certs/ca.p12
				  ca-password: hidden-word
				  tls-versions: TLSv1.3, TLSv1.2
				  ssl-mode: verify-ca
				  ciphers:
				    - TLS_AES_256_GCM_SHA384
				    - TLS_AES_128_GCM_SHA256
				  session-lifetime: 10m
				  verify-at-startup: true
				  data-sources:
				    orders:
				      provider: mysql
				      ca-path: orders.pem
				      ca-password: other-hidden-word
				      tls-versions: [1.3]
				      ssl-mode: VERIFY_IDENTITY
				      ciphers: TLS_AES_256_GCM_SHA384
				      session-lifetime: 1h
				      verify-at-startup: false
				    legacy:
				      enabled: false
				""");
		assertThat(properties.enabled()).isTrue();
		assertThat(properties.provider()).isEqualTo("tidb-dedicated");
		assertThat(properties.caPath()).isEqualTo("/etc/certs/ca.p12");
		assertThat(properties.caPassword()).isEqualTo("hidden-word");
		assertThat(properties.tlsVersions()).containsExactly("TLSv1.3", "TLSv1.2");
		assertThat(properties.sslMode()).isEqualTo(SslMode.VERIFY_CA);
		assertThat(properties.ciphers()).containsExactly("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");
		assertThat(properties.sessionLifetime()).isEqualTo(Duration.ofMinutes(10));
		assertThat(properties.verifyAtStartup()).isTrue();
		assertThat(properties.dataSources()).containsOnlyKeys("orders", "legacy");
		DataSource orders = properties.dataSources().get("orders");
		assertThat(orders.enabled()).isTrue();
		assertThat(orders.provider()).isEqualTo("mysql");
		assertThat(orders.caPath()).isEqualTo("orders.pem");
		assertThat(orders.caPassword()).isEqualTo("other-hidden-word");
		assertThat(orders.tlsVersions()).containsExactly("1.3");
		assertThat(orders.sslMode()).isEqualTo(SslMode.VERIFY_IDENTITY);
		assertThat(orders.ciphers()).containsExactly("TLS_AES_256_GCM_SHA384");
		assertThat(orders.sessionLifetime()).isEqualTo(Duration.ofHours(1));
		assertThat(orders.verifyAtStartup()).isFalse();
		assertThat(properties.dataSources().get("legacy").enabled()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.3", "\"1.3\"", "[1.3]", "TLSv1.3" })
	void bindWhenTheVersionLooksLikeANumberReadsText(String version) {
		DbTlsProperties properties = BoundProperties.ofYaml("dbtls.tls-versions: " + version);
		assertThat(properties.tlsVersions()).singleElement().asString().endsWith("1.3");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "\"\"" })
	void bindWhenTheVersionsAreEmptyDoesNotTakeThemForUnset(String empty) {
		assertThat(BoundProperties.ofYaml("dbtls.tls-versions: " + empty).tlsVersions()).isEmpty();
		assertThat(BoundProperties.ofYaml("dbtls.ciphers: " + empty).ciphers()).isEmpty();
	}

	@Test
	void bindWhenEnvironmentVariablesReadsThem() {
		DbTlsProperties properties = BoundProperties.of(BoundProperties.variablesEnvironment(Map.of("DBTLS_PROVIDER",
				"aws-rds", "DBTLS_CAPATH", "/etc/certs/rds.pem", "DBTLS_CA_PASSWORD", "hidden-word",
				"DBTLS_TLSVERSIONS", "1.3,1.2", "DBTLS_SSLMODE", "verify_identity", "DBTLS_SESSIONLIFETIME", "30m",
				"DBTLS_VERIFYATSTARTUP", "true", "DBTLS_DATASOURCES_ORDERSDB_CAPATH", "orders.pem")));
		assertThat(properties.provider()).isEqualTo("aws-rds");
		assertThat(properties.caPath()).isEqualTo("/etc/certs/rds.pem");
		assertThat(properties.caPassword()).isEqualTo("hidden-word");
		assertThat(properties.tlsVersions()).containsExactly("1.3", "1.2");
		assertThat(properties.sslMode()).isEqualTo(SslMode.VERIFY_IDENTITY);
		assertThat(properties.sessionLifetime()).isEqualTo(Duration.ofMinutes(30));
		assertThat(properties.verifyAtStartup()).isTrue();
		assertThat(properties.dataSources()).containsOnlyKeys("ordersdb");
		assertThat(properties.dataSources().get("ordersdb").caPath()).isEqualTo("orders.pem");
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.ca-path", "dbtls.caPath", "dbtls.ca_path", "DBTLS.CA-PATH" })
	void bindWhenTheNameIsRelaxedReadsIt(String name) {
		ConfigurableEnvironment environment = BoundProperties.propertiesEnvironment(Map.of(name, "ca.pem"));
		assertThat(BoundProperties.of(environment).caPath()).isEqualTo("ca.pem");
	}

	@ParameterizedTest
	@CsvSource({ "required, REQUIRED", "Required, REQUIRED", "verify-ca, VERIFY_CA", "VERIFY_CA, VERIFY_CA",
			"verifyIdentity, VERIFY_IDENTITY", "verify_identity, VERIFY_IDENTITY" })
	void bindWhenTheModeIsRelaxedReadsIt(String text, SslMode mode) {
		assertThat(BoundProperties.ofYaml("dbtls.ssl-mode: " + text).sslMode()).isEqualTo(mode);
	}

	@Test
	void startWhenTheModeIsUnknownListsTheValidOnes(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> new SpringApplicationBuilder(PropertiesConfiguration.class).web(WebApplicationType.NONE)
				.run("--dbtls.ssl-mode=preferred"));
		assertThat(output).contains("Property: dbtls.ssl-mode", "Value: \"preferred\"", "REQUIRED", "VERIFY_CA",
				"VERIFY_IDENTITY");
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.ca-paht=ca.pem", "dbtls.sslmode.x=1", "dbtls.data-sources.orders.ca-paht=ca.pem" })
	void startWhenAPropertyIsUnknownFails(String property) {
		new ApplicationContextRunner().withUserConfiguration(PropertiesConfiguration.class)
			.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(property.substring(0, property.indexOf('='))));
	}

	@Test
	void toStringHasNoSecret() {
		DbTlsProperties properties = BoundProperties.ofYaml("""
				dbtls:
				  provider: mysql
				  ca-password: hidden-word
				  data-sources.orders.ca-password: hidden-word
				""");
		assertThat(properties).hasToString("DbTlsProperties[provider=mysql]");
		assertThat(properties.dataSources().get("orders")).hasToString("DataSource[enabled=true, provider=null]");
	}

	@Test
	void dataSourceHasTheSameKeysAsAllTogether() {
		Map<String, Type> all = components(DbTlsProperties.class);
		all.remove("dataSources");
		assertThat(components(DataSource.class)).isEqualTo(all);
	}

	private static Map<String, Type> components(Class<?> type) {
		Map<String, Type> components = new LinkedHashMap<>();
		Arrays.stream(type.getRecordComponents())
			.forEach((RecordComponent component) -> components.put(component.getName(), component.getGenericType()));
		return components;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(DbTlsProperties.class)
	static class PropertiesConfiguration {

	}

}
