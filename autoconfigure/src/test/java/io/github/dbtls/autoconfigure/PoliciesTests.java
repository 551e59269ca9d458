package io.github.dbtls.autoconfigure;

import java.util.List;
import java.util.Map;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.Provider;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsPolicy;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.ConfigurableEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link Policies}.
 */
class PoliciesTests {

	private static final String IDS = "tidb-serverless, tidb-dedicated, tidb, aws-rds, tencentdb, mysql";

	private static final String TWO_DATA_SOURCES = """
			dbtls:
			  provider: aws-rds
			  ca-path: rds.pem
			  tls-versions: TLSv1.3
			  session-lifetime: 10m
			  verify-at-startup: true
			  data-sources:
			    reports-db:
			      provider: mysql
			      ca-path: reports.pem
			      ssl-mode: verify-ca
			      verify-at-startup: false
			    legacy:
			      enabled: false
			""";

	private static final String CLIENT_KEYS = """
			dbtls:
			  provider: mysql
			  client-certificate: all.pem
			  client-private-key: all-key.pem
			  client-private-key-password: hidden-word
			""";

	@Test
	void isActiveWhenNothingIsSetIsFalse() {
		assertThat(policies("other: 1").isActive()).isFalse();
		assertThat(policies("dbtls.enabled: true").isActive()).isFalse();
		assertThatNoException().isThrownBy(() -> policies("other: 1").validate());
	}

	@Test
	void isActiveWhenAProviderIsNamedAnywhereIsTrue() {
		assertThat(policies("dbtls.provider: mysql").isActive()).isTrue();
		assertThat(policies("dbtls.data-sources.orders.provider: mysql").isActive()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ca-path: ca.pem", "ca-password: hidden-word", "tls-versions: TLSv1.3",
			"ssl-mode: verify-ca", "ciphers: TLS_AES_128_GCM_SHA256", "session-lifetime: 1h",
			"client-certificate: client.pem", "client-private-key: client.pem",
			"client-private-key-password: hidden-word", "verify-at-startup: false",
			"data-sources.orders.ca-path: ca.pem", "data-sources.orders.enabled: false" })
	void createWhenThereAreSettingsButNoProviderFails(String setting) {
		assertRefused(() -> policies("dbtls." + setting), "dbtls.provider",
				"'dbtls.provider' is not set, but other properties of 'dbtls' are.",
				"Set 'dbtls.provider' to one of: %s. To secure nothing, set 'dbtls.enabled: false'.".formatted(IDS));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\" \"" })
	void validateWhenTheProviderIsBlankFails(String blank) {
		assertRefused(() -> policies("dbtls.provider: " + blank).validate(), "dbtls.provider",
				"'dbtls.provider' is empty.",
				"Set it to one of: %s. To secure nothing, set 'dbtls.enabled: false'.".formatted(IDS));
	}

	@Test
	void validateWhenAnEntryHasNoProviderFails() {
		assertRefused(() -> policies("""
				dbtls.data-sources:
				  orders.provider: mysql
				  reports.ca-path: ca.pem
				""").validate(), "dbtls.provider",
				"'dbtls.provider' is not set, and a DataSource has no provider of its own.",
				"Set 'dbtls.provider' to one of: %s. To secure nothing, set 'dbtls.enabled: false'.".formatted(IDS));
	}

	@Test
	void validateWhenAnUnusedEntryIsWrongFails() {
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> policies("""
				dbtls:
				  provider: mysql
				  data-sources.orders.tls-versions: TLSv1
				""").validate())
			.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("dbtls.data-sources.orders.tls-versions"));
	}

	@Test
	void validateWhenAnExemptEntryIsIncompleteLeavesItAlone() {
		assertThatNoException().isThrownBy(() -> policies("""
				dbtls.data-sources:
				  orders.provider: mysql
				  legacy.enabled: false
				""").validate());
	}

	@Test
	void policyOfWhenAnEntryHasNoClientKeyHasThatOfAll() {
		Policies policies = policies(CLIENT_KEYS);
		assertThat(policies.policyOf("orders", List.of()).clientKey())
			.isEqualTo(new ClientKeySource.Files("dbtls.client-certificate", "all.pem", "dbtls.client-private-key",
					"all-key.pem", "dbtls.client-private-key-password", "hidden-word"));
	}

	@Test
	void policyOfWhenAnEntryHasAClientKeyHasNothingOfTheOther() {
		Policies policies = policies(CLIENT_KEYS + """
				  data-sources.orders:
				    client-certificate: orders.pem
				    client-private-key: orders.pem
				""");
		String prefix = "dbtls.data-sources.orders.";
		assertThat(policies.policyOf("orders", List.of()).clientKey())
			.isEqualTo(new ClientKeySource.Files(prefix + "client-certificate", "orders.pem",
					prefix + "client-private-key", "orders.pem", prefix + "client-private-key-password", null));
	}

	@Test
	void validateWhenAnEntryHasHalfOfAPairFails() {
		assertRefused(() -> policies(CLIENT_KEYS + """
				  data-sources.orders:
				    client-certificate: orders.pem
				""").validate(), "dbtls.data-sources.orders.client-certificate",
				"'dbtls.data-sources.orders.client-certificate' is set, but 'dbtls.data-sources.orders.client-private-key' "
						+ "is not: a client proves who it is with a certificate and its key together.",
				"Set 'dbtls.data-sources.orders.client-private-key' to the file of its private key, which may be the same "
						+ "file if both are in it, or remove 'dbtls.data-sources.orders.client-certificate'.");
	}

	@Test
	void validateWhenAnEntryInheritsAClientKeyThatItsProviderDoesNotTakeFails() {
		assertRefused(() -> policies(CLIENT_KEYS + """
				  data-sources.reports:
				    provider: aws-rds
				    ca-path: rds.pem
				""").validate(), "dbtls.client-certificate",
				"'dbtls.client-certificate' is set, but 'dbtls.data-sources.reports.provider' is 'aws-rds' "
						+ "(Amazon RDS or Aurora MySQL), which takes no client certificate.",
				"Every DataSource inherits 'dbtls.client-certificate'. Write it, and what belongs to it, under "
						+ "'dbtls.data-sources.<bean name>' of those that need it instead.");
	}

	@Test
	void policyOfWhenThereIsNoEntryIsThatOfAll() {
		TlsPolicy policy = policies(TWO_DATA_SOURCES).policyOf("orders", List.of());
		assertThat(policy.provider().id()).isEqualTo("aws-rds");
		assertThat(policy.prefix()).isEqualTo("dbtls");
		assertThat(policy.sslMode()).isEqualTo(SslMode.VERIFY_IDENTITY);
		assertThat(policy.trust()).hasToString("rds.pem");
	}

	@Test
	void policyOfWhenThereIsAnEntryTakesTheRestFromAll() {
		TlsPolicy policy = policies(TWO_DATA_SOURCES).policyOf("reportsDb", List.of());
		assertThat(policy.provider().id()).isEqualTo("mysql");
		assertThat(policy.prefix()).isEqualTo("dbtls.data-sources.reports-db");
		assertThat(policy.sslMode()).isEqualTo(SslMode.VERIFY_CA);
		assertThat(policy.trust()).hasToString("reports.pem");
		assertThat(policy.protocols()).containsExactly("TLSv1.3");
		assertThat(policy.sessionLifetime()).hasMinutes(10);
		assertThat(policy.weakenings()).singleElement()
			.asString()
			.startsWith("'dbtls.data-sources.reports-db.ssl-mode' is 'verify-ca'");
	}

	@Test
	void policyOfWhenTheMistakeIsInTheCommonPartNamesThatPart() {
		Policies policies = policies("""
				dbtls:
				  provider: mysql
				  tls-versions: TLSv1
				  data-sources.orders.ca-path: ca.pem
				""");
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> policies.policyOf("orders", List.of()))
			.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("dbtls.tls-versions"));
	}

	@Test
	void policyOfWhenTheProviderIsABeanTakesIt() {
		Policies policies = new Policies(BoundProperties.ofYaml("dbtls.provider: acme"),
				new Providers(List.of(Provider.withId("acme").build())), TestSslBundles.none());
		assertThat(policies.policyOf("any", List.of()).provider().id()).isEqualTo("acme");
	}

	@Test
	void isVerifiedAtStartupWhenAnEntrySaysOtherwiseIsThat() {
		Policies policies = policies(TWO_DATA_SOURCES);
		assertThat(policies.isVerifiedAtStartup("orders")).isTrue();
		assertThat(policies.isVerifiedAtStartup("reports-db")).isFalse();
		assertThat(policies.isVerifiedAtStartup("legacy")).isTrue();
		assertThat(policies("dbtls.provider: mysql").isVerifiedAtStartup("orders")).isFalse();
	}

	@Test
	void isExemptWhenTheEntryIsDisabledIsTrue() {
		Policies policies = policies(TWO_DATA_SOURCES);
		assertThat(policies.isExempt("legacy")).isTrue();
		assertThat(policies.isExempt("reports-db")).isFalse();
		assertThat(policies.isExempt("orders")).isFalse();
		assertThat(policies.hasEntry("legacy")).isTrue();
		assertThat(policies.hasEntry("orders")).isFalse();
		assertThat(policies.entries()).containsExactlyInAnyOrder("reports-db", "legacy");
	}

	@ParameterizedTest
	@CsvSource({ "reports-db, reportsDb, true", "reportsdb, REPORTS_DB, true", "reports.db, reportsDb, true",
			"reports, reportsDb, false", "orders1, orders2, false", "größe, GRÖSSE, false", "größe, GRÖße, true" })
	void isSameNameIgnoresCaseAndDashes(String one, String other, boolean same) {
		assertThat(Policies.isSameName(one, other)).isEqualTo(same);
		assertThat(Policies.isSameName(other, one)).isEqualTo(same);
	}

	@Test
	void createWhenTwoEntriesMeanOneDataSourceFails() {
		ConfigurableEnvironment environment = BoundProperties.yamlEnvironment(TWO_DATA_SOURCES);
		BoundProperties.addVariables(environment, Map.of("DBTLS_DATASOURCES_REPORTSDB_CAPATH", "other.pem"));
		assertRefused(
				() -> new Policies(BoundProperties.of(environment), new Providers(List.of()), TestSslBundles.none()),
				"dbtls.data-sources.reportsdb",
				"'dbtls.data-sources.reportsdb' and 'dbtls.data-sources.reports-db' mean the same DataSource: names match by their letters and digits alone, ignoring case.",
				"Write both as 'reportsdb', the only form that environment variables have.");
	}

	private static Policies policies(String yaml) {
		return new Policies(BoundProperties.ofYaml(yaml), new Providers(List.of()), TestSslBundles.none());
	}

	private static void assertRefused(ThrowingCallable code, String property, String description, String action) {
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(code).satisfies((ex) -> {
			assertThat(ex.getProperty()).isEqualTo(property);
			assertThat(ex).hasMessage(description);
			assertThat(ex.getAction()).isEqualTo(action);
		});
	}

}
