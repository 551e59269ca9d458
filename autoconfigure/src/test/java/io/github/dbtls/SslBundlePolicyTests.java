package io.github.dbtls;

import java.util.List;

import io.github.dbtls.TlsSettings.Bundle;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TlsPolicy} where an SSL bundle takes the place of the files.
 */
class SslBundlePolicyTests {

	private static final BundleOrigin DB = new BundleOrigin.Property("dbtls.ssl-bundle", "db");

	private static final String STRONG = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

	@ParameterizedTest
	@CsvSource({ "tidb-serverless, VERIFY_IDENTITY", "tidb-dedicated, VERIFY_IDENTITY", "tidb, VERIFY_CA",
			"aws-rds, VERIFY_IDENTITY", "tencentdb, VERIFY_CA", "mysql, VERIFY_IDENTITY" })
	void trustStoreTakesThePlaceOfCaPath(String provider, SslMode mode) {
		TlsPolicy policy = decide(provider, trust());
		assertThat(policy.trust()).isEqualTo(new TrustSource.Bundle(DB, false)).hasToString("SSL bundle 'db'");
		assertThat(policy.sslMode()).isEqualTo(mode);
		assertThat(policy.clientKey()).isNull();
		assertThat(policy.sslBundle()).isEqualTo(DB);
		assertThat(policy.weakenings()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "tidb", "mysql" })
	void keyStoreTakesThePlaceOfClientCertificate(String provider) {
		TlsPolicy policy = decide(provider, bundle(true, true));
		assertThat(policy.clientKey()).isEqualTo(new ClientKeySource.Bundle(DB));
		assertThat(policy.clientKey().certificateProperty()).isEqualTo("dbtls.ssl-bundle");
		assertThat(policy.clientKey().certificate()).isEqualTo("SSL bundle 'db'");
		assertThat(policy.raisedTo(SslMode.VERIFY_IDENTITY).clientKey()).isEqualTo(policy.clientKey());
	}

	@ParameterizedTest
	@CsvSource({ "tidb-serverless", "tidb-dedicated", "aws-rds", "tencentdb" })
	void keyWhereNoneIsTakenIsRefused(String provider) {
		assertRefused(() -> decide(provider, bundle(true, true)),
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which has a private key, but 'dbtls.provider' is '%s' (%s), which takes no client certificate."
					.formatted(provider, UserSettings.builtIn(provider).name()),
				"To show no certificate, name a bundle without a private key. Where a server of your own asks for client certificates, the provider is 'mysql' or 'tidb'.");
	}

	@Test
	void keyAloneLeavesTheRootsOfTheSystemWhereTheyAreTheDefault() {
		TlsPolicy policy = decide("mysql", bundle(false, true));
		assertThat(policy.trust()).isEqualTo(new TrustSource.SystemRoots());
		assertThat(policy.clientKey()).isEqualTo(new ClientKeySource.Bundle(DB));
		assertThat(policy.sslBundle()).isEqualTo(DB);
	}

	@Test
	void keyAloneWhereAnAuthorityIsNeededIsRefused() {
		assertRefused(() -> decide("tidb", bundle(false, true)),
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which has no trust store. Provider 'tidb' (TiDB (self-managed)) has certificate authorities of its own, which no JVM trusts.",
				"Set 'spring.ssl.bundle.pem.db.truststore.certificate' to the file that the provider gives you.");
	}

	@Test
	void neitherTrustNorKeyIsRefused() {
		assertRefused(() -> decide("mysql", bundle(false, false)),
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which has neither a trust store nor a private key.",
				"Give it the certificate of the server's authority, 'spring.ssl.bundle.pem.db.truststore.certificate', or remove 'dbtls.ssl-bundle'.");
	}

	@Test
	void keyAloneWithoutVerificationIsTaken() {
		TlsPolicy policy = UserSettings.none()
			.sslBundle(bundle(false, true))
			.sslMode(SslMode.REQUIRED)
			.decideFor("mysql");
		assertThat(policy.trust()).isEqualTo(new TrustSource.None());
		assertThat(policy.sslBundle()).isEqualTo(DB);
	}

	@Test
	void trustStoreThatNothingWouldBeVerifiedAgainstIsRefused() {
		assertRefused(() -> UserSettings.none().sslBundle(trust()).sslMode(SslMode.REQUIRED).decideFor("mysql"),
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which has a trust store, but 'dbtls.ssl-mode' is 'required', which verifies nothing: it would not be used.",
				"Set 'dbtls.ssl-mode' to 'verify-ca' or 'verify-identity', or name a bundle without a trust store.");
	}

	@Test
	void fileBesideItIsRefused() {
		assertBothSet("ca-path", UserSettings.none().caPath("ca.pem"));
		assertBothSet("ca-password", UserSettings.none().caPassword("hidden-word"));
		assertBothSet("client-certificate", UserSettings.none().clientCertificate("client.pem"));
		assertBothSet("client-private-key", UserSettings.none().clientPrivateKey("key.pem"));
		assertBothSet("client-private-key-password", UserSettings.none().clientPrivateKeyPassword("hidden-word"));
	}

	private static void assertBothSet(String other, UserSettings settings) {
		assertRefused(() -> settings.sslBundle(trust()).decideFor("mysql"),
				"'dbtls.ssl-bundle' and 'dbtls.%s' are both set: an SSL bundle takes the place of 'ca-path', 'ca-password' and 'client-*'."
					.formatted(other),
				"Remove one of the two. In a bundle, 'truststore' is what 'ca-path' would be, 'keystore' what 'client-*' would be.");
	}

	@Test
	void protocolsAreNarrowed() {
		Bundle bundle = new Bundle(DB, List.of("TLSv1.2", "TLSv1.1"), List.of(), true, false);
		assertThat(decide("mysql", bundle).protocols()).containsExactly("TLSv1.2");
	}

	@Test
	void protocolsWithoutACommonOneAreRefused() {
		Bundle bundle = new Bundle(DB, List.of("TLSv1.2", "TLSv1.1"), List.of(), true, false);
		assertRefused(() -> UserSettings.none().tlsVersions("1.3").sslBundle(bundle).decideFor("mysql"),
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which enables TLSv1.2, TLSv1.1, while TLSv1.3 is what may be negotiated here.",
				"Let 'spring.ssl.bundle.*.db.options.enabled-protocols', and 'spring.ssl.bundle.*.db.protocol' if it is set, have TLSv1.3 or TLSv1.2, whichever 'tls-versions' allows.");
	}

	@Test
	void ciphersAreNarrowed() {
		Bundle bundle = new Bundle(DB, List.of(), List.of("TLS_RSA_WITH_NULL_SHA256", STRONG, "TLS_AES_256_GCM_SHA384"),
				true, false);
		assertThat(decide("mysql", bundle).ciphers()).containsExactly(STRONG, "TLS_AES_256_GCM_SHA384");
		assertThat(UserSettings.none().ciphers(STRONG).sslBundle(bundle).decideFor("mysql").ciphers())
			.containsExactly(STRONG);
		assertThat(UserSettings.none().tlsVersions("1.2").sslBundle(bundle).decideFor("mysql").ciphers())
			.containsExactly(STRONG);
	}

	@ParameterizedTest
	@CsvSource({ "TLS_RSA_WITH_NULL_SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_256_GCM_SHA384" })
	void ciphersOfWhichNoneIsLeftAreRefused(String cipher) {
		Bundle bundle = new Bundle(DB, List.of("TLSv1.2"), List.of(cipher), true, false);
		assertRefused(() -> decide("mysql", bundle),
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which enables cipher suites of which none may be negotiated here: %s."
					.formatted(cipher),
				"Let 'spring.ssl.bundle.*.db.options.ciphers' have JSSE's names of strong cipher suites of TLSv1.2 that 'dbtls.ciphers' allows if it is set, or remove it.");
	}

	@Test
	void rootsOfTheSystemComeInForHostsThatNeedThem() {
		TlsPolicy policy = decide("aws-rds", trust());
		TrustSource trust = policy.forHosts(List.of("shop.proxy-abc.eu-west-1.rds.amazonaws.com")).trust();
		assertThat(trust).isEqualTo(new TrustSource.Bundle(DB, true)).hasToString("SSL bundle 'db' and system roots");
		assertThat(policy.forHosts(List.of("shop.abc.eu-west-1.rds.amazonaws.com"))).isEqualTo(policy);
	}

	@Test
	void missingTrustNamesBothWays() {
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> UserSettings.none().decideFor("aws-rds"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("'dbtls.ca-path'", "'dbtls.ssl-bundle'"));
	}

	private static TlsPolicy decide(String provider, Bundle bundle) {
		return UserSettings.none().sslBundle(bundle).decideFor(provider);
	}

	private static Bundle trust() {
		return bundle(true, false);
	}

	private static Bundle bundle(boolean trust, boolean key) {
		return new Bundle(DB, List.of(), List.of(), trust, key);
	}

	private static void assertRefused(ThrowingCallable code, String description, String action) {
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(code)
			.withMessage(description)
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("dbtls.ssl-bundle");
				assertThat(ex.getAction()).isEqualTo(action);
			});
	}

}
