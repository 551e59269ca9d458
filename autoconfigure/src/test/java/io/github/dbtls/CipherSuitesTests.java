package io.github.dbtls;

import java.util.List;

import io.github.dbtls.TlsSettings.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CipherSuites}.
 */
class CipherSuitesTests {

	private static final List<TlsVersion> BOTH = List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);

	private static final String OF_1_3 = "TLS_AES_128_GCM_SHA256";

	private static final String OF_1_2 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

	@Test
	void decideWhenUnsetLeavesItToTheJvm() {
		assertThat(CipherSuites.decide(null, BOTH)).isEmpty();
	}

	@Test
	void decideWhenSetKeepsTheOrderAndDropsRepetitions() {
		assertThat(decide(BOTH, OF_1_2, " " + OF_1_3 + " ", OF_1_2)).containsExactly(OF_1_2, OF_1_3);
	}

	@Test
	void decideWhenOneSuiteFitsAnAllowedVersionIsEnough() {
		assertThat(decide(List.of(TlsVersion.TLS_1_2), OF_1_2, OF_1_3)).containsExactly(OF_1_2, OF_1_3);
		assertThat(decide(BOTH, OF_1_3)).containsExactly(OF_1_3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLS_RSA_WITH_NULL_SHA256", "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
			"SSL_RSA_WITH_RC4_128_MD5", "SSL_RSA_WITH_3DES_EDE_CBC_SHA", "SSL_RSA_WITH_DES_CBC_SHA",
			"SSL_RSA_EXPORT_WITH_DES40_CBC_SHA", "TLS_KRB5_WITH_3DES_EDE_CBC_SHA", "TLS_PSK_WITH_AES_128_CBC_SHA",
			"TLS_DH_RSA_WITH_AES_128_CBC_SHA", "tls_rsa_with_null_sha256" })
	void decideWhenOneIsWeakIsRefused(String suite) {
		TlsPolicyTests.assertRefused(() -> decide(BOTH, OF_1_3, suite), "dbtls.ciphers",
				"'dbtls.ciphers' contains '%s', which encrypts too weakly or authenticates nobody.".formatted(suite),
				"Remove it: the JVM's defaults are good, 'dbtls.ciphers' is only needed to restrict them.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_512_GCM_SHA999", "tls_aes_128_gcm_sha256",
			"TLS_EMPTY_RENEGOTIATION_INFO_SCSV" })
	void decideWhenOneIsUnknownIsRefused(String suite) {
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> decide(BOTH, suite))
			.withMessage(
					"'dbtls.ciphers' contains '%s', which is no cipher suite that this JVM enables.".formatted(suite))
			.satisfies((ex) -> assertThat(ex.getAction())
				.startsWith("Use JSSE's names (those of IANA, not OpenSSL's), for example TLS_")
				.doesNotContain("SCSV"));
	}

	@Test
	void decideWhenEmptyIsRefused() {
		String description = "'dbtls.ciphers' is empty: no cipher suite could be negotiated.";
		String action = "Name one or more cipher suites, or remove 'dbtls.ciphers' to get the JVM's.";
		TlsPolicyTests.assertRefused(() -> decide(BOTH), "dbtls.ciphers", description, action);
		TlsPolicyTests.assertRefused(() -> decide(BOTH, "", " "), "dbtls.ciphers", description, action);
	}

	@Test
	void decideWhenNoneFitsTheVersionIsRefused() {
		String action = "Add a cipher suite of that version, or allow another version in 'tls-versions'.";
		TlsPolicyTests.assertRefused(() -> decide(List.of(TlsVersion.TLS_1_3), OF_1_2), "dbtls.ciphers",
				"None of the cipher suites of 'dbtls.ciphers' exists in TLSv1.3.", action);
		TlsPolicyTests.assertRefused(() -> decide(List.of(TlsVersion.TLS_1_2), OF_1_3), "dbtls.ciphers",
				"None of the cipher suites of 'dbtls.ciphers' exists in TLSv1.2.", action);
	}

	private static List<String> decide(List<TlsVersion> versions, String... suites) {
		return CipherSuites.decide(new Setting<>("dbtls.ciphers", List.of(suites)), versions);
	}

}
