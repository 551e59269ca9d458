package io.github.dbtls.tls;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.util.Set;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WeakAlgorithmChecker}.
 */
class WeakAlgorithmCheckerTests {

	private static final Authority rsa = TestCertificates.authority("CN=RSA CA", KeyType.RSA_2048);

	private static final Authority ec = TestCertificates.authority("CN=EC CA");

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			rsa, SHA1withRSA,          EC_P256,  CN=server is signed with SHA1withRSA
			rsa, MD5withRSA,           EC_P256,  CN=server is signed with MD5withRSA
			rsa, SHA1withRSAandMGF1,   EC_P256,  CN=server is signed with RSASSA-PSS
			ec,  SHA1withECDSA,        EC_P256,  CN=server is signed with SHA1withECDSA
			ec,  SHA256withECDSA,      RSA_1024, CN=server has an RSA key of 1024 bits
			rsa, SHA224withRSA,        EC_P256,  -
			rsa, SHA256withRSA,        RSA_2048, -
			rsa, SHA512withRSA,        EC_P384,  -
			rsa, SHA256withRSAandMGF1, EC_P256,  -
			rsa, SHA512withRSAandMGF1, EC_P256,  -
			ec,  SHA384withECDSA,      EC_P256,  -
			""")
	void certificateWhenWeakIsRefused(String issuer, String algorithm, KeyType keyType, String weakness) {
		Identity server = (issuer.equals("rsa") ? rsa : ec).issue("CN=server")
			.signatureAlgorithm(algorithm)
			.key(keyType)
			.identity();
		assertThat(WeakAlgorithmChecker.weakness(server.certificate())).isEqualTo(weakness);
		if (weakness != null) {
			assertThatExceptionOfType(CertPathValidatorException.class)
				.isThrownBy(() -> new WeakAlgorithmChecker().check(server.certificate(), Set.of()))
				.withMessage(weakness)
				.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(BasicReason.ALGORITHM_CONSTRAINED));
		}
	}

	@Test
	void checkerLeavesExtensionsToTheJdk() {
		assertThat(new WeakAlgorithmChecker().getSupportedExtensions()).isNull();
		assertThat(new WeakAlgorithmChecker().isForwardCheckingSupported()).isTrue();
	}

}
