package io.github.dbtls.diagnosis;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.stream.IntStream;

import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CertificateText}.
 */
class CertificateTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r", "\t", "\u001b[2J", "\u0000", "\u007f", "\u0085", "\u009b", "\u2028", "\u2029",
			"\u202e", "\u200b", "\ufeff" })
	void nameWhenItHoldsControlCharactersIsOneLineOfWhatCanBeSeen(String hidden) {
		X509Certificate certificate = TestCertificates.selfSigned("CN=evil" + hidden + "2026 INFO all is well")
			.dns("a" + hidden + "b")
			.identity()
			.certificate();
		assertThat(CertificateText.describe(certificate)).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]")
			.contains("CN=evil");
		assertThat(CertificateText.subjectAlternativeNames(certificate))
			.allSatisfy((name) -> assertThat(name).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"));
		assertThat(CertificateText.clean("a" + hidden + "b")).startsWith("a?").endsWith("b");
	}

	@Test
	void nameWhenLongIsCut() {
		X509Certificate certificate = TestCertificates.selfSigned("CN=" + "x".repeat(500)).identity().certificate();
		assertThat(CertificateText.name(certificate.getSubjectX500Principal())).hasSize(201).endsWith("x…");
	}

	@Test
	void nameWhenEmptySaysSo() {
		X509Certificate certificate = TestCertificates.authority("CN=Test CA")
			.issue("")
			.dns("db")
			.identity()
			.certificate();
		assertThat(CertificateText.name(certificate.getSubjectX500Principal())).isEqualTo("(empty name)");
	}

	@Test
	void certificateIsDescribedWithItsNames() {
		X509Certificate certificate = TestCertificates.authority("CN=Test CA,O=Test")
			.issue("CN=db")
			.names("db.example.com", "192.0.2.1", "2001:db8::1")
			.uri("spiffe://test/db")
			.notBefore(Instant.parse("2026-01-02T23:59:59Z"))
			.notAfter(Instant.parse("2030-01-01T00:00:00Z"))
			.identity()
			.certificate();
		assertThat(CertificateText.subjectAlternativeNames(certificate)).containsExactly("DNS:db.example.com",
				"IP:192.0.2.1", "IP:2001:db8:0:0:0:0:0:1");
		assertThat(CertificateText.describe(certificate))
			.isEqualTo("CN=db, issued by CN=Test CA,O=Test, valid 2026-01-02 to 2030-01-01, "
					+ "names DNS:db.example.com IP:192.0.2.1 IP:2001:db8:0:0:0:0:0:1");
	}

	@Test
	void certificateWhenItHasManyNamesIsDescribedWithSome() {
		X509Certificate certificate = TestCertificates.selfSigned("CN=db")
			.dns(IntStream.range(0, 100).mapToObj((i) -> "db" + i).toArray(String[]::new))
			.identity()
			.certificate();
		assertThat(CertificateText.describe(certificate)).endsWith(" DNS:db11 and 88 more");
		assertThat(CertificateText.subjectAlternativeNames(certificate)).hasSize(100);
	}

}
