package io.github.dbtls.sample.pki;

import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Hierarchy}.
 */
class HierarchyTests {

	private final Hierarchy hierarchy = Hierarchy.create();

	@Test
	void issuedCertificateLeadsToTheRoot() throws Exception {
		ServerCertificate certificate = this.hierarchy.issue();
		assertThat(names(certificate.chain())).containsExactly("CN=localhost", "CN=dbtls sample intermediate");
		assertThat(alternatives(certificate)).containsExactly("localhost", "127.0.0.1");
		validate(certificate, this.hierarchy);
	}

	@Test
	void eachCertificateIsAnother() {
		assertThat(this.hierarchy.issue().chain().get(0).getSerialNumber())
			.isNotEqualTo(this.hierarchy.issue().chain().get(0).getSerialNumber());
	}

	@Test
	void expiredCertificateIsWrongInNothingElse() throws Exception {
		ServerCertificate certificate = this.hierarchy.issueExpired();
		assertThatExceptionOfType(CertPathValidatorException.class)
			.isThrownBy(() -> validate(certificate, this.hierarchy))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(BasicReason.EXPIRED));
		assertThat(alternatives(certificate)).contains("localhost");
	}

	@Test
	void certificateWithOtherNameIsGenuine() throws Exception {
		ServerCertificate certificate = this.hierarchy.issueForOtherName();
		validate(certificate, this.hierarchy);
		assertThat(alternatives(certificate)).containsExactly("impostor.example");
	}

	@Test
	void strangerHasTheSameNamesAndOtherKeys() {
		Hierarchy stranger = this.hierarchy.stranger();
		ServerCertificate certificate = stranger.issue();
		assertThat(names(certificate.chain())).isEqualTo(names(this.hierarchy.issue().chain()));
		assertThat(stranger.root().getSubjectX500Principal())
			.isEqualTo(this.hierarchy.root().getSubjectX500Principal());
		assertThatExceptionOfType(CertPathValidatorException.class)
			.isThrownBy(() -> validate(certificate, this.hierarchy));
	}

	@Test
	void nextHasOtherNames() throws Exception {
		Hierarchy next = this.hierarchy.next().next();
		assertThat(names(List.of(next.root()))).containsExactly("CN=dbtls sample root 3");
		validate(next.issue(), next);
	}

	@Test
	void textHoldsNoKey() {
		ServerCertificate certificate = this.hierarchy.issue();
		assertThat(certificate).asString().contains("CN=localhost").doesNotContain("Private", "PRIVATE");
		assertThat(certificate.privateKeyPem()).startsWith("-----BEGIN PRIVATE KEY-----");
		assertThat(certificate.chainPem()).containsOnlyOnce("END CERTIFICATE-----\n-----BEGIN");
	}

	private static void validate(ServerCertificate certificate, Hierarchy hierarchy) throws Exception {
		PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(hierarchy.root(), null)));
		parameters.setRevocationEnabled(false);
		CertPathValidator.getInstance("PKIX")
			.validate(CertificateFactory.getInstance("X.509").generateCertPath(certificate.chain()), parameters);
	}

	private static List<String> names(List<X509Certificate> chain) {
		return chain.stream().map((certificate) -> certificate.getSubjectX500Principal().getName()).toList();
	}

	private static List<String> alternatives(ServerCertificate certificate) throws Exception {
		return certificate.chain()
			.get(0)
			.getSubjectAlternativeNames()
			.stream()
			.map((name) -> name.get(1).toString())
			.toList();
	}

}
