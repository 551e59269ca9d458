package io.github.dbtls.autoconfigure;

import java.util.List;
import java.util.Map;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSettings;
import io.github.dbtls.actuate.DecidedSetting;
import io.github.dbtls.actuate.DecidedSetting.Origin;
import io.github.dbtls.testkit.Secrets;
import org.junit.jupiter.api.Test;

import org.springframework.core.env.ConfigurableEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link DecidedSettings}.
 */
class DecidedSettingsTests {

	private static final String STORE_PASSWORD = Secrets.password("store-word-4711");

	private static final String KEY_PASSWORD = Secrets.password("clef-word-4711");

	private static final List<String> OFFERED = List.of("TLS_AES_256_GCM_SHA384");

	/**
	 * Return what a pool has in tests of something else.
	 * @return the settings of provider {@code mysql}
	 */
	static DecidedSettings ofPreset() {
		ConfigurableEnvironment environment = BoundProperties.yamlEnvironment("dbtls.provider: mysql");
		return DecidedSettings.of(decision(environment, "any"), environment);
	}

	@Test
	void settingsWithTheProviderAloneAreThePresetAndDefaults() {
		assertThat(ofPreset().all(OFFERED))
			.extracting(DecidedSetting::name, DecidedSetting::value, (setting) -> setting.origin().toString(),
					DecidedSetting::property)
			.containsExactly(tuple("provider", "mysql", "property", "dbtls.provider"),
					tuple("sslMode", "verify-identity", "preset", null),
					tuple("tlsVersions", List.of("TLSv1.3", "TLSv1.2"), "preset", null),
					tuple("ciphers", OFFERED, "default", null), tuple("trust", "system roots", "preset", null),
					tuple("sessionLifetime", "PT1H", "default", null),
					tuple("jsseProvider", "the JVM's", "default", null),
					tuple("reloadInterval", "PT10S", "default", null),
					tuple("expiryWarning", "PT336H", "default", null),
					tuple("expiryOutOfService", false, "default", null),
					tuple("verifyAtStartup", false, "default", null));
	}

	@Test
	void settingsThatTheUserMadeNameTheirPropertyAndItsLine() {
		List<DecidedSetting> settings = settings("""
				dbtls:
				  provider: mysql
				  ca-path: ca.jks
				  ca-password: %s
				  ssl-mode: verify-ca
				  tls-versions: [1.2]
				  ciphers: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
				  client-certificate: client.pem
				  client-private-key: client-key.pem
				  client-private-key-password: %s
				  session-lifetime: 10m
				  jsse-provider: SunJSSE
				  reload-interval: 0
				  expiry-warning: 30d
				  expiry-out-of-service: true
				  verify-at-startup: true
				""".formatted(STORE_PASSWORD, KEY_PASSWORD), "any");
		assertThat(settings).allSatisfy((setting) -> {
			assertThat(setting.origin()).isEqualTo(Origin.PROPERTY);
			assertThat(setting.location()).as(setting.name()).startsWith("Byte array resource [").contains("] - ");
		});
		assertThat(settings).extracting(DecidedSetting::property)
			.containsExactly("dbtls.provider", "dbtls.ssl-mode", "dbtls.tls-versions", "dbtls.ciphers", "dbtls.ca-path",
					"dbtls.client-certificate", "dbtls.client-private-key", "dbtls.session-lifetime",
					"dbtls.jsse-provider", "dbtls.reload-interval", "dbtls.expiry-warning",
					"dbtls.expiry-out-of-service", "dbtls.verify-at-startup");
		assertThat(settings).extracting(DecidedSetting::value)
			.containsExactly("mysql", "verify-ca", List.of("TLSv1.2"), List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
					"ca.jks", "client.pem", "client-key.pem", "PT10M", "SunJSSE", "PT0S", "PT720H", true, true);
		assertThat(find(settings, "tlsVersions").location()).endsWith(" - 6:18");
		assertThat(settings.toString()).doesNotContain(STORE_PASSWORD, KEY_PASSWORD);
	}

	@Test
	void settingOfOneDataSourceIsNamedAsWritten() {
		List<DecidedSetting> settings = settings("""
				dbtls:
				  provider: tidb
				  ca-path: ca.pem
				  data-sources:
				    Orders-Db:
				      ssl-mode: verify-identity
				      verify-at-startup: true
				""", "ordersDb");
		assertThat(find(settings, "sslMode").property()).isEqualTo("dbtls.data-sources.Orders-Db.ssl-mode");
		assertThat(find(settings, "sslMode").location()).endsWith(" - 6:17");
		assertThat(find(settings, "verifyAtStartup").property())
			.isEqualTo("dbtls.data-sources.Orders-Db.verify-at-startup");
		assertThat(find(settings, "trust").property()).isEqualTo("dbtls.ca-path");
	}

	@Test
	void settingOfTheEnvironmentNamesTheVariable() {
		ConfigurableEnvironment environment = BoundProperties
			.variablesEnvironment(Map.of("DBTLS_PROVIDER", "mysql", "DBTLS_SSLMODE", "verify-ca"));
		DecidedSetting mode = find(DecidedSettings.of(decision(environment, "any"), environment).all(OFFERED),
				"sslMode");
		assertThat(mode.property()).isEqualTo("dbtls.ssl-mode");
		assertThat(mode.location()).startsWith("\"DBTLS_SSLMODE\" from property source ");
	}

	@Test
	void trustWhenNothingIsVerifiedIsOfWhoeverDecidedSo() {
		DecidedSetting trust = find(settings("""
				dbtls:
				  provider: mysql
				  ssl-mode: required
				""", "any"), "trust");
		assertThat(trust.value()).isEqualTo("none");
		assertThat(trust.property()).isEqualTo("dbtls.ssl-mode");
	}

	@Test
	void settingsOfABundleNameWhatNamesTheBundle() {
		TlsSettings.Bundle bundle = new TlsSettings.Bundle(new BundleOrigin.Property("dbtls.ssl-bundle", "db"),
				List.of("TLSv1.2"), List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"), true, true);
		List<DecidedSetting> settings = settings("""
				dbtls:
				  provider: mysql
				  tls-versions: TLSv1.3, TLSv1.2
				  ssl-bundle: db
				""", bundle);
		for (String name : List.of("tlsVersions", "ciphers", "trust", "clientCertificate")) {
			DecidedSetting setting = find(settings, name);
			assertThat(setting.origin()).as(name).isEqualTo(Origin.SSL_BUNDLE);
			assertThat(setting.property()).as(name).isEqualTo("dbtls.ssl-bundle");
			assertThat(setting.location()).as(name).endsWith(" - 4:15");
		}
		assertThat(find(settings, "tlsVersions").value()).isEqualTo(List.of("TLSv1.2"));
		assertThat(find(settings, "trust").value()).isEqualTo("SSL bundle 'db'");
	}

	@Test
	void settingsWhenABundleNarrowsNothingAreTheUsers() {
		TlsSettings.Bundle bundle = new TlsSettings.Bundle(new BundleOrigin.Property("dbtls.ssl-bundle", "db"),
				List.of("TLSv1.3", "TLSv1.2"), List.of(), true, false);
		List<DecidedSetting> settings = settings("""
				dbtls:
				  provider: mysql
				  tls-versions: TLSv1.3
				  ssl-bundle: db
				""", bundle);
		assertThat(find(settings, "tlsVersions").property()).isEqualTo("dbtls.tls-versions");
		assertThat(find(settings, "ciphers").origin()).isEqualTo(Origin.DEFAULT);
	}

	@Test
	void settingsOfAServiceConnectionSayWhichInPlaceOfAProperty() {
		TlsSettings.Bundle bundle = new TlsSettings.Bundle(new BundleOrigin.Annotations("mysql"), List.of(), List.of(),
				true, false);
		DecidedSetting trust = find(settings("dbtls.provider: mysql", bundle), "trust");
		assertThat(trust.origin()).isEqualTo(Origin.SSL_BUNDLE);
		assertThat(trust.property()).isNull();
		assertThat(trust.location()).isEqualTo("SSL annotations of container 'mysql'");
	}

	private static List<DecidedSetting> settings(String yaml, String dataSource) {
		ConfigurableEnvironment environment = BoundProperties.yamlEnvironment(yaml);
		return DecidedSettings.of(decision(environment, dataSource), environment).all(OFFERED);
	}

	private static List<DecidedSetting> settings(String yaml, TlsSettings.Bundle bundle) {
		ConfigurableEnvironment environment = BoundProperties
			.yamlEnvironment(yaml.replaceAll(" *ssl-bundle: .*\n", ""));
		Policies.Decision without = decision(environment, "any");
		TlsSettings settings = without.settings().withBundle(bundle);
		TlsPolicy policy = TlsPolicy.decide(without.policy().provider(), settings);
		return DecidedSettings
			.of(new Policies.Decision(policy, settings, without.reloadInterval(), without.expiryWarning(),
					without.expiryOutOfService(), without.verifyAtStartup()), BoundProperties.yamlEnvironment(yaml))
			.all(OFFERED);
	}

	private static Policies.Decision decision(ConfigurableEnvironment environment, String dataSource) {
		return new Policies(BoundProperties.of(environment), new Providers(List.of()), TestSslBundles.none())
			.decisionOf(dataSource, List.of());
	}

	private static DecidedSetting find(List<DecidedSetting> settings, String name) {
		return settings.stream().filter((setting) -> setting.name().equals(name)).findFirst().orElseThrow();
	}

}
