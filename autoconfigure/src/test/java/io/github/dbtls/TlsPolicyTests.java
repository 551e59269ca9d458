package io.github.dbtls;

import java.time.Duration;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TlsPolicy}: provider and settings, and what is decided.
 */
class TlsPolicyTests {

	private static final String GOOD_CIPHER = "TLS_AES_256_GCM_SHA384";

	private static final String VERSIONS_ACTION = "Set 'dbtls.tls-versions' to 'TLSv1.3, TLSv1.2' or one of the two, or remove it to get both.";

	@ParameterizedTest(name = "{0}, ca-path {1}, ssl-mode {2}: {3}, {4}")
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			# provider       | ca-path | ssl-mode        | decided         | trust        | weakenings
			tidb-serverless  | -       | -               | VERIFY_IDENTITY | system roots | 0
			tidb-serverless  | -       | VERIFY_IDENTITY | VERIFY_IDENTITY | system roots | 0
			tidb-serverless  | ca.pem  | -               | VERIFY_IDENTITY | ca.pem       | 0
			tidb-dedicated   | ca.pem  | -               | VERIFY_IDENTITY | ca.pem       | 0
			tidb-dedicated   | ca.pem  | VERIFY_IDENTITY | VERIFY_IDENTITY | ca.pem       | 0
			tidb-dedicated   | ca.pem  | VERIFY_CA       | VERIFY_CA       | ca.pem       | 1
			tidb             | ca.pem  | -               | VERIFY_CA       | ca.pem       | 0
			tidb             | ca.pem  | VERIFY_CA       | VERIFY_CA       | ca.pem       | 0
			tidb             | ca.pem  | VERIFY_IDENTITY | VERIFY_IDENTITY | ca.pem       | 0
			tidb             | -       | REQUIRED        | REQUIRED        | none         | 1
			aws-rds          | ca.pem  | -               | VERIFY_IDENTITY | ca.pem       | 0
			aws-rds          | ca.pem  | VERIFY_IDENTITY | VERIFY_IDENTITY | ca.pem       | 0
			aws-rds          | ca.pem  | VERIFY_CA       | VERIFY_CA       | ca.pem       | 1
			tencentdb        | ca.zip  | -               | VERIFY_CA       | ca.zip       | 0
			tencentdb        | ca.zip  | VERIFY_CA       | VERIFY_CA       | ca.zip       | 0
			tencentdb        | ca.zip  | VERIFY_IDENTITY | VERIFY_IDENTITY | ca.zip       | 0
			mysql            | -       | -               | VERIFY_IDENTITY | system roots | 0
			mysql            | ca.pem  | -               | VERIFY_IDENTITY | ca.pem       | 0
			mysql            | -       | VERIFY_CA       | VERIFY_CA       | system roots | 2
			mysql            | ca.pem  | VERIFY_CA       | VERIFY_CA       | ca.pem       | 1
			mysql            | -       | REQUIRED        | REQUIRED        | none         | 1
			""")
	void decidesModeAndTrust(String provider, @Nullable String caPath, @Nullable SslMode asked, SslMode decided,
			String trust, int weakenings) {
		TlsPolicy policy = settings(caPath, asked).decideFor(provider);
		assertThat(policy.sslMode()).isEqualTo(decided);
		assertThat(policy.trust()).hasToString(trust);
		assertThat(policy.weakenings()).hasSize(weakenings);
		assertThat(policy.provider().id()).isEqualTo(provider);
		assertThat(policy.prefix()).isEqualTo("dbtls");
		assertThat(policy.protocols()).containsExactly("TLSv1.3", "TLSv1.2");
		assertThat(policy.ciphers()).isEmpty();
		assertThat(policy.sessionLifetime()).isEqualTo(Duration.ofHours(1));
	}

	@ParameterizedTest(name = "{0}, ca-path {1}, ssl-mode {2}")
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			# provider       | ca-path | ssl-mode  | floor           | what to set
			tidb-serverless  | -       | VERIFY_CA | verify-identity | 'verify-identity'
			tidb-serverless  | ca.pem  | VERIFY_CA | verify-identity | 'verify-identity'
			tidb-serverless  | -       | REQUIRED  | verify-identity | 'verify-identity'
			tidb-dedicated   | ca.pem  | REQUIRED  | verify-ca       | 'verify-ca' or 'verify-identity'
			tidb-dedicated   | -       | REQUIRED  | verify-ca       | 'verify-ca' or 'verify-identity'
			aws-rds          | ca.pem  | REQUIRED  | verify-ca       | 'verify-ca' or 'verify-identity'
			aws-rds          | -       | REQUIRED  | verify-ca       | 'verify-ca' or 'verify-identity'
			tencentdb        | ca.zip  | REQUIRED  | verify-ca       | 'verify-ca' or 'verify-identity'
			tencentdb        | -       | REQUIRED  | verify-ca       | 'verify-ca' or 'verify-identity'
			""", quoteCharacter = '"')
	void sslModeWhenBelowTheFloorIsRefused(String id, @Nullable String caPath, SslMode asked, String floor,
			String allowed) {
		Provider provider = UserSettings.builtIn(id);
		assertRefused(() -> settings(caPath, asked).decideFor(provider), "dbtls.ssl-mode",
				"'dbtls.ssl-mode' is '%s', which is weaker than '%s', the least that provider '%s' (%s) allows."
					.formatted(asked.propertyValue(), floor, id, provider.name()),
				"Remove 'dbtls.ssl-mode', or set it to %s.".formatted(allowed));
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidb", "mysql" })
	void caPathWhenNothingIsVerifiedIsRefused(String provider) {
		assertRefused(() -> settings("ca.pem", SslMode.REQUIRED).decideFor(provider), "dbtls.ca-path",
				"'dbtls.ca-path' is set, but 'dbtls.ssl-mode' is 'required', which verifies nothing: the file would not be used.",
				"Set 'dbtls.ssl-mode' to 'verify-ca' or 'verify-identity', or remove 'dbtls.ca-path'.");
	}

	@Test
	void caPathWhenNothingIsVerifiedNamesThePropertyThatSaysSo() {
		assertRefused(
				() -> UserSettings.of("orders").caPath("ca.pem").commonSslMode(SslMode.REQUIRED).decideFor("tidb"),
				"dbtls.data-sources.orders.ca-path",
				"'dbtls.data-sources.orders.ca-path' is set, but 'dbtls.ssl-mode' is 'required', which verifies nothing: the file would not be used.",
				"Set 'dbtls.ssl-mode' to 'verify-ca' or 'verify-identity', or remove 'dbtls.data-sources.orders.ca-path'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidb-dedicated", "aws-rds", "tencentdb" })
	void caPathWhenMissingIsDemanded(String id) {
		Provider provider = UserSettings.builtIn(id);
		assertRefused(() -> UserSettings.none().decideFor(provider), "dbtls.ca-path",
				"'dbtls.ca-path' is not set. Provider '%s' (%s) has certificate authorities of its own, which no JVM trusts."
					.formatted(id, provider.name()),
				"Set 'dbtls.ca-path' to the file that the provider gives you (%s), or 'dbtls.ssl-bundle' to an SSL bundle that has it."
					.formatted(provider.documentation()));
	}

	@Test
	void caPathWhenMissingAndTheFloorVerifiesNothingNamesTheWayOut() {
		Provider provider = UserSettings.builtIn("tidb");
		assertRefused(() -> UserSettings.none().decideFor(provider), "dbtls.ca-path",
				"'dbtls.ca-path' is not set. Provider 'tidb' (TiDB (self-managed)) has certificate authorities of its own, which no JVM trusts.",
				"Set 'dbtls.ca-path' to the file that the provider gives you (%s), or 'dbtls.ssl-bundle' to an SSL bundle that has it. For a server whose certificate nothing can verify, 'dbtls.ssl-mode: required' encrypts without verification."
					.formatted(provider.documentation()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidb-serverless", "tidb-dedicated", "tidb", "aws-rds", "tencentdb", "mysql" })
	void caPasswordWhenThereIsNoFileIsRefused(String provider) {
		assertRefused(() -> UserSettings.none().caPassword("hidden-word").decideFor(provider), "dbtls.ca-password",
				"'dbtls.ca-password' is set, but no 'dbtls.ca-path' that it could open.",
				"Set 'dbtls.ca-path' to the key store, or remove the password.");
	}

	@Test
	void caPasswordWhenNothingIsVerifiedIsRefused() {
		Provider acme = Provider.withId("acme").caFile("classpath:acme.jks").lowestSslMode(SslMode.REQUIRED).build();
		assertRefused(() -> UserSettings.none().caPassword("hidden-word").sslMode(SslMode.REQUIRED).decideFor(acme),
				"dbtls.ca-password",
				"'dbtls.ca-password' is set, but 'dbtls.ssl-mode' is 'required', which verifies nothing: the file would not be used.",
				"Set 'dbtls.ssl-mode' to 'verify-ca' or 'verify-identity', or remove 'dbtls.ca-password'.");
	}

	@Test
	void caPasswordWhenSetOpensTheFile() {
		TlsPolicy policy = UserSettings.none().caPath("ca.p12").caPassword("hidden-word").decideFor("mysql");
		assertThat(policy.trust())
			.isEqualTo(new TrustSource.CaFile("dbtls.ca-path", "ca.p12", "hidden-word", "dbtls.ca-password", false));
	}

	@Test
	void caPasswordWhenUnsetIsTheProvidersOwn() {
		TlsPolicy policy = UserSettings.none().caPath("ca.jks").decideFor("tencentdb");
		assertThat(policy.trust())
			.isEqualTo(new TrustSource.CaFile("dbtls.ca-path", "ca.jks", "tencentdb", null, false));
	}

	@Test
	void trustWhenTheProviderBringsAFileIsThatFile() {
		Provider acme = Provider.withId("acme").caFile("classpath:acme.jks").caPassword("hidden-word").build();
		assertThat(UserSettings.none().decideFor(acme).trust())
			.isEqualTo(new TrustSource.CaFile("provider 'acme'", "classpath:acme.jks", "hidden-word", null, false));
		assertThat(UserSettings.none().caPassword("other-hidden-word").decideFor(acme).trust())
			.isEqualTo(new TrustSource.CaFile("provider 'acme'", "classpath:acme.jks", "other-hidden-word",
					"dbtls.ca-password", false));
		assertThat(UserSettings.none().caPath("mine.pem").decideFor(acme).trust())
			.isEqualTo(new TrustSource.CaFile("dbtls.ca-path", "mine.pem", "hidden-word", null, false));
	}

	@Test
	void weakeningWhenTheNameIsNotVerifiedSaysSo() {
		assertThat(settings("ca.pem", SslMode.VERIFY_CA).decideFor("aws-rds").weakenings())
			.containsExactly("'dbtls.ssl-mode' is 'verify-ca', weaker than 'verify-identity', "
					+ "the default of provider 'aws-rds': the host name is not verified");
	}

	@Test
	void weakeningWhenNothingIsVerifiedSaysSo() {
		assertThat(settings(null, SslMode.REQUIRED).decideFor("tidb").weakenings())
			.containsExactly("'dbtls.ssl-mode' is 'required', weaker than 'verify-ca', "
					+ "the default of provider 'tidb': nothing is verified, whoever answers gets the password");
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', textBlock = """
			TLSv1.3          | TLSv1.3
			TLSv1.2          | TLSv1.2
			TLSv1.2;TLSv1.3  | TLSv1.3;TLSv1.2
			TLSv1.3;TLSv1.2  | TLSv1.3;TLSv1.2
			1.3              | TLSv1.3
			1.2              | TLSv1.2
			TLSv1.3;1.3      | TLSv1.3
			""")
	void tlsVersionsWhenSetAreThoseNewestFirst(String asked, String decided) {
		TlsPolicy policy = UserSettings.none().tlsVersions(asked.split(";")).decideFor("mysql");
		assertThat(policy.protocols()).containsExactly(decided.split(";"));
	}

	@ParameterizedTest(name = "''{0}''")
	@CsvSource(textBlock = """
			TLSv1,    'TLSv1' is too old: RFC 8996 and RFC 7568 forbid all before TLSv1.2
			TLSv1.0,  'TLSv1.0' is too old: RFC 8996 and RFC 7568 forbid all before TLSv1.2
			TLSv1.1,  'TLSv1.1' is too old: RFC 8996 and RFC 7568 forbid all before TLSv1.2
			1.1,      '1.1' is too old: RFC 8996 and RFC 7568 forbid all before TLSv1.2
			SSLv3,    'SSLv3' is too old: RFC 8996 and RFC 7568 forbid all before TLSv1.2
			TLSv1.4,  'TLSv1.4' is no version of TLS
			newest,   'newest' is no version of TLS
			""", quoteCharacter = '"')
	void tlsVersionsWhenOneCannotBeUsedAreRefused(String version, String why) {
		String description = "'dbtls.tls-versions' cannot be used: %s.".formatted(why);
		assertRefused(() -> UserSettings.none().tlsVersions(version).decideFor("mysql"), "dbtls.tls-versions",
				description, VERSIONS_ACTION);
		assertRefused(() -> UserSettings.none().tlsVersions("TLSv1.3", version).decideFor("mysql"),
				"dbtls.tls-versions", description, VERSIONS_ACTION);
	}

	@Test
	void tlsVersionsWhenEmptyAreRefused() {
		assertRefused(() -> UserSettings.none().tlsVersions().decideFor("mysql"), "dbtls.tls-versions",
				"'dbtls.tls-versions' is empty: no version could be negotiated.", VERSIONS_ACTION);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " " })
	void tlsVersionsWhenAnElementIsBlankAreRefused(String blank) {
		assertRefused(() -> UserSettings.none().tlsVersions("TLSv1.3", blank).decideFor("mysql"), "dbtls.tls-versions",
				"'dbtls.tls-versions' has an empty element, or is empty.", VERSIONS_ACTION);
	}

	@Test
	void tlsVersionsWhenTheProviderDoesNotAllowOneAreRefused() {
		Provider acme = Provider.withId("acme").name("Acme").tlsVersions(TlsVersion.TLS_1_3).build();
		assertRefused(() -> UserSettings.none().tlsVersions("TLSv1.3", "TLSv1.2").decideFor(acme), "dbtls.tls-versions",
				"'dbtls.tls-versions' contains TLSv1.2, but provider 'acme' (Acme) allows TLSv1.3 only.",
				"Remove TLSv1.2 from 'dbtls.tls-versions'.");
	}

	@Test
	void tlsVersionsWhenUnsetAreTheProviders() {
		Provider acme = Provider.withId("acme").tlsVersions(TlsVersion.TLS_1_3).build();
		assertThat(UserSettings.none().decideFor(acme).tlsVersions()).containsExactly(TlsVersion.TLS_1_3);
	}

	@Test
	void ciphersWhenSetAreThose() {
		TlsPolicy policy = UserSettings.none().ciphers(GOOD_CIPHER).decideFor("mysql");
		assertThat(policy.ciphers()).containsExactly(GOOD_CIPHER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "-PT1H", "PT0.5S", "P8D", "P7DT1S" })
	void sessionLifetimeWhenOutOfRangeIsRefused(Duration lifetime) {
		assertRefused(() -> UserSettings.none().sessionLifetime(lifetime).decideFor("mysql"), "dbtls.session-lifetime",
				"'dbtls.session-lifetime' is %s. A TLS session lives for one second at least and seven days at most (RFC 8446, 4.6.1)."
					.formatted(lifetime),
				"Set 'dbtls.session-lifetime' to a duration such as '1h' or '10m'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT1S", "PT10M", "P7D" })
	void sessionLifetimeWhenInRangeIsTaken(Duration lifetime) {
		TlsPolicy policy = UserSettings.none().sessionLifetime(lifetime).decideFor("mysql");
		assertThat(policy.sessionLifetime()).isEqualTo(lifetime);
	}

	@Test
	void messagesWhenADataSourceHasSettingsOfItsOwnNameThose() {
		assertRefused(() -> UserSettings.of("orders").decideFor("tencentdb"), "dbtls.data-sources.orders.ca-path",
				"'dbtls.data-sources.orders.ca-path' is not set. Provider 'tencentdb' (TencentDB for MySQL) has certificate authorities of its own, which no JVM trusts.",
				"Set 'dbtls.data-sources.orders.ca-path' to the file that the provider gives you (https://cloud.tencent.com/document/product/236/76511), or 'dbtls.data-sources.orders.ssl-bundle' to an SSL bundle that has it.");
		assertRefused(() -> UserSettings.of("orders").tlsVersions("TLSv1").decideFor("mysql"),
				"dbtls.data-sources.orders.tls-versions",
				"'dbtls.data-sources.orders.tls-versions' cannot be used: 'TLSv1' is too old: RFC 8996 and RFC 7568 forbid all before TLSv1.2.",
				"Set 'dbtls.data-sources.orders.tls-versions' to 'TLSv1.3, TLSv1.2' or one of the two, or remove it to get both.");
		assertThat(UserSettings.of("orders").decideFor("mysql").prefix()).isEqualTo("dbtls.data-sources.orders");
	}

	@ParameterizedTest
	@EnumSource
	void raisedToWhenNotStrongerIsTheSamePolicy(SslMode mode) {
		TlsPolicy policy = UserSettings.none().decideFor("mysql");
		assertThat(policy.raisedTo(mode)).isSameAs(policy);
	}

	@Test
	void raisedToWhenStrongerKeepsTrustAndDropsTheWeakening() {
		TlsPolicy policy = settings("ca.pem", SslMode.VERIFY_CA).decideFor("aws-rds");
		TlsPolicy raised = policy.raisedTo(SslMode.VERIFY_IDENTITY);
		assertThat(raised.sslMode()).isEqualTo(SslMode.VERIFY_IDENTITY);
		assertThat(raised.trust()).isEqualTo(policy.trust());
		assertThat(raised.weakenings()).isEmpty();
	}

	@Test
	void raisedToWhenNothingWasVerifiedTakesTheProvidersTrust() {
		TlsPolicy policy = settings(null, SslMode.REQUIRED).decideFor("mysql");
		assertThat(policy.raisedTo(SslMode.VERIFY_IDENTITY).trust()).isEqualTo(new TrustSource.SystemRoots());
	}

	@Test
	void raisedToWhenStillBelowTheDefaultSaysWhatIsStillMissing() {
		TlsPolicy policy = settings(null, SslMode.REQUIRED).decideFor("mysql");
		TlsPolicy raised = policy.raisedTo(SslMode.VERIFY_CA);
		assertThat(raised.sslMode()).isEqualTo(SslMode.VERIFY_CA);
		assertThat(raised.weakenings()).hasSize(2).noneMatch((weakening) -> weakening.contains("nothing is verified"));
		assertThat(raised.weakenings().get(0)).contains("the host name is not verified");
		assertThat(raised.weakenings().get(1)).contains("accepts any certificate of any public authority");
	}

	@Test
	void raisedToWhenThereIsNothingToVerifyAgainstIsRefused() {
		TlsPolicy policy = settings(null, SslMode.REQUIRED).decideFor("tidb");
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> policy.raisedTo(SslMode.VERIFY_CA))
			.withMessageStartingWith("'dbtls.ca-path' is not set.");
	}

	@ParameterizedTest
	@MethodSource("hostsOfAProxy")
	void forHostsWhenOneIsARdsProxyTrustsTheSystemsRootsToo(List<String> hosts) {
		TlsPolicy policy = UserSettings.none().caPath("rds.pem").decideFor("aws-rds").forHosts(hosts);
		assertThat(policy.trust().usesSystemRoots()).isTrue();
		assertThat(policy.trust()).hasToString("rds.pem and system roots");
	}

	static List<List<String>> hostsOfAProxy() {
		return List.of(List.of("shop.proxy-c0ffee.eu-west-1.rds.amazonaws.com"),
				List.of("db.c0ffee.eu-west-1.rds.amazonaws.com", "shop.proxy-c0ffee.eu-west-1.rds.amazonaws.com"));
	}

	@Test
	void forHostsWhenTheNameIsNotComparedKeepsPublicAuthoritiesOut() {
		TlsPolicy policy = settings("rds.pem", SslMode.VERIFY_CA).decideFor("aws-rds");
		assertThat(policy.forHosts(List.of("shop.proxy-c0ffee.eu-west-1.rds.amazonaws.com"))).isSameAs(policy);
	}

	@Test
	void weakeningWhenPublicAuthoritiesVouchForNobodySaysSo() {
		assertThat(settings(null, SslMode.VERIFY_CA).decideFor("mysql").weakenings()).hasSize(2)
			.last()
			.asString()
			.contains("accepts any certificate of any public authority");
		assertThat(settings("ca.pem", SslMode.VERIFY_CA).decideFor("mysql").weakenings()).hasSize(1);
	}

	@Test
	void forHostsWhenNoneIsAProxyIsTheSamePolicy() {
		TlsPolicy policy = UserSettings.none().caPath("rds.pem").decideFor("aws-rds");
		assertThat(policy.forHosts(List.of("db.c0ffee.eu-west-1.rds.amazonaws.com"))).isSameAs(policy);
		assertThat(policy.forHosts(List.of())).isSameAs(policy);
	}

	@Test
	void forHostsWhenTheProviderHasNoneOfThemIsTheSamePolicy() {
		TlsPolicy policy = UserSettings.none().caPath("ca.pem").decideFor("mysql");
		assertThat(policy.forHosts(List.of("shop.proxy-c0ffee.eu-west-1.rds.amazonaws.com"))).isSameAs(policy);
	}

	@Test
	void listsCannotBeChanged() {
		TlsPolicy policy = UserSettings.none().ciphers(GOOD_CIPHER).sslMode(SslMode.VERIFY_CA).decideFor("mysql");
		assertThat(policy.tlsVersions()).isUnmodifiable();
		assertThat(policy.ciphers()).isUnmodifiable();
		assertThat(policy.weakenings()).isUnmodifiable();
	}

	@ParameterizedTest
	@CsvSource({ "mysql, -, verify-identity", "mysql, required, required", "tidb, -, verify-ca" })
	void clientKeyWhenTheProviderTakesOneIsThatWhateverIsVerified(String provider, String asked, String decided) {
		UserSettings settings = UserSettings.of("orders").clientCertificate("client.pem").clientPrivateKey("key.pem");
		if (asked.equals("-")) {
			settings.caPath("ca.pem");
		}
		else {
			settings.sslMode(SslMode.REQUIRED);
		}
		TlsPolicy policy = settings.clientPrivateKeyPassword("hidden-word").decideFor(provider);
		String prefix = "dbtls.data-sources.orders.";
		ClientKeySource expected = new ClientKeySource.Files(prefix + "client-certificate", "client.pem",
				prefix + "client-private-key", "key.pem", prefix + "client-private-key-password", "hidden-word");
		assertThat(policy.sslMode().propertyValue()).isEqualTo(decided);
		assertThat(policy.clientKey()).isEqualTo(expected);
		assertThat(policy.clientKey()).hasToString("client.pem with key.pem");
		assertThat(policy.toString()).contains("client.pem with key.pem").doesNotContain("hidden-word");
		assertThat(policy.raisedTo(SslMode.VERIFY_IDENTITY).clientKey()).isEqualTo(expected);
	}

	@Test
	void trustPropertyIsWhatTheUserWrote() {
		assertThat(UserSettings.none().decideFor("mysql").trustProperty()).isEqualTo("dbtls.ca-path");
		assertThat(UserSettings.none().caPath("ca.pem").decideFor("mysql").trustProperty()).isEqualTo("dbtls.ca-path");
		// An entry with a file of its own and the provider of all.
		TlsPolicy policy = TlsPolicy.decide(UserSettings.builtIn("mysql"),
				new TlsSettings(new TlsSettings.Setting<>("dbtls.provider", "mysql"),
						new TlsSettings.Setting<>("dbtls.data-sources.orders.ca-path", "ca.pem"), null, null, null,
						null, null, null, null, null, null, null));
		assertThat(policy.trustProperty()).isEqualTo("dbtls.data-sources.orders.ca-path");
		Provider acme = Provider.withId("acme").caFile("classpath:acme.pem").build();
		assertThat(UserSettings.of("orders").decideFor(acme).trustProperty())
			.isEqualTo("dbtls.data-sources.orders.ca-path");
	}

	@Test
	void clientKeyWhenThePasswordIsEmptyHasNone() {
		ClientKeySource key = UserSettings.none()
			.clientCertificate("client.pem")
			.clientPrivateKey("client.pem")
			.clientPrivateKeyPassword("")
			.decideFor("mysql")
			.clientKey();
		assertThat(key).isNotNull().hasToString("client.pem");
		assertThat(key).isInstanceOfSatisfying(ClientKeySource.Files.class,
				(files) -> assertThat(files.password()).isNull());
		assertThat(UserSettings.none().clientPrivateKeyPassword("").decideFor("mysql").clientKey()).isNull();
	}

	@Test
	void clientKeyWhenItIsIncompleteIsRefused() {
		String together = ": a client proves who it is with a certificate and its key together.";
		assertRefused(() -> UserSettings.none().clientCertificate("client.pem").decideFor("mysql"),
				"dbtls.client-certificate",
				"'dbtls.client-certificate' is set, but 'dbtls.client-private-key' is not" + together,
				"Set 'dbtls.client-private-key' to the file of its private key, which may be the same file if both are in "
						+ "it, or remove 'dbtls.client-certificate'.");
		assertRefused(() -> UserSettings.none().clientPrivateKey("key.pem").decideFor("mysql"),
				"dbtls.client-private-key",
				"'dbtls.client-private-key' is set, but 'dbtls.client-certificate' is not" + together,
				"Set 'dbtls.client-certificate' to the file of its certificate, which may be the same file if both are in "
						+ "it, or remove 'dbtls.client-private-key'.");
		assertRefused(() -> UserSettings.none().clientPrivateKeyPassword("hidden-word").decideFor("mysql"),
				"dbtls.client-private-key-password",
				"'dbtls.client-private-key-password' is set, but 'dbtls.client-certificate' is not" + together,
				"Set 'dbtls.client-certificate' to the file of its certificate, which may be the same file if both are in "
						+ "it, or remove 'dbtls.client-private-key-password'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidb-serverless", "tidb-dedicated", "aws-rds", "tencentdb" })
	void clientKeyWhenTheProviderTakesNoneIsRefused(String id) {
		Provider provider = UserSettings.builtIn(id);
		assertRefused(
				() -> UserSettings.none()
					.caPath("ca.pem")
					.clientCertificate("client.pem")
					.clientPrivateKey("key.pem")
					.decideFor(provider),
				"dbtls.client-certificate",
				"'dbtls.client-certificate' is set, but 'dbtls.provider' is '%s' (%s), which takes no client certificate."
					.formatted(id, provider.name()),
				"Remove 'dbtls.client-certificate'. Where a server of your own asks for client certificates, the provider "
						+ "is 'mysql' or 'tidb'.");
	}

	@Test
	void toStringHasNoSecret() {
		Provider provider = Provider.withId("acme").caFile("acme.jks").caPassword("hidden-word").build();
		UserSettings settings = UserSettings.none().caPath("ca.p12").caPassword("hidden-word");
		TlsPolicy policy = settings.decideFor(provider);
		TlsSettings tlsSettings = settings.settings(provider);
		assertThat(List.of(policy, policy.trust(), policy.provider(), tlsSettings, tlsSettings.caPassword(),
				((TrustSource.CaFile) policy.trust()).withSystemRoots()))
			.allSatisfy((value) -> assertThat(value.toString()).doesNotContain("hidden"));
	}

	private static UserSettings settings(@Nullable String caPath, @Nullable SslMode sslMode) {
		UserSettings settings = UserSettings.none();
		if (caPath != null) {
			settings.caPath(caPath);
		}
		if (sslMode != null) {
			settings.sslMode(sslMode);
		}
		return settings;
	}

	static void assertRefused(ThrowingCallable decision, String property, String description, String action) {
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(decision).satisfies((ex) -> {
			assertThat(ex.getProperty()).isEqualTo(property);
			assertThat(ex).hasMessage(description);
			assertThat(ex.getAction()).isEqualTo(action);
			assertThat(ex.getMessage() + ex.getAction()).doesNotContain("hidden-word");
		});
	}

}
