package io.github.dbtls.diagnosis;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.Provider;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TrustSource;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

/**
 * Tests for {@link CertificateRules} beyond what real handshakes show: see
 * {@code HandshakeTextTests}.
 */
class CertificateRulesTests {

	private final Authority authority = TestCertificates.authority("CN=Shop CA,O=Shop");

	@Test
	void clockBeforeThisVersionIsWrong() {
		HandshakeFacts facts = facts(Instant.parse("1970-01-02T03:04:05Z"), this.authority.server("db"),
				this.authority.certificate());
		assertThat(CertificateRules.find(HandshakeFailure.NOT_YET_VALID, facts)).isNotNull()
			.satisfies((finding) -> assertThat(finding.found()).startsWith(
					"this machine's clock says 1970-01-02T03:04:05Z, when this version of dbtls was not written yet"))
			.satisfies((finding) -> assertThat(finding.action()).startsWith("Set this machine's clock"));
	}

	@Test
	void thisVersionWasNotWrittenInTheFuture() {
		assertThat(ClockRules.WRITTEN).isBefore(Instant.now());
	}

	@Test
	void trustOfAnotherNameIsNoAuthorityOfTheSameName() {
		Identity server = TestCertificates.authority("CN=Other CA").intermediate("CN=Issuing CA").server("db");
		HandshakeFacts facts = facts(Instant.now(), server, this.authority.certificate());
		assertThat(CertificateRules.find(HandshakeFailure.UNTRUSTED_ISSUER, facts)).isNull();
	}

	@Test
	void accountOfAStrangerIsToldAsHisOwn() {
		Authority forged = TestCertificates.authority("CN=Shop CA,O=Shop").issue("CN=Shop Issuing CA").authority();
		Identity stranger = forged.issue("CN=db").names("db").namingTheIssuersIssuer().identity();
		TlsPolicy plain = TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1));
		TlsPolicy policy = new TlsPolicy("dbtls", plain.provider(), SslMode.VERIFY_CA, plain.tlsVersions(), List.of(),
				new TrustSource.CaFile("dbtls.ca-path", "ca.pem", null, null, false), null, plain.sessionLifetime(),
				null, List.of());
		HandshakeFacts facts = new HandshakeFacts("db", 3306, policy, "ca.pem", List.of(this.authority.certificate()),
				stranger.withoutIntermediates().chain(), null, false, Instant.now());
		TlsHandshakeException explained = HandshakeDiagnosis.explain(facts, HandshakeFailure.UNTRUSTED_ISSUER,
				new IOException());
		assertThat(explained.getDescription()).contains(
				"  Found: by its own account 'CN=db' was issued by 'CN=Shop Issuing CA', whose certificate the server "
						+ "does not send, and that one by 'CN=Shop CA,O=Shop'.",
				"nothing proves the account.");
		assertThat(explained.getAction()).startsWith("Unless you know this certificate to be the database's, ")
			.contains("Get the file of the server's authority from whoever runs the server",
					" If the account is true, let the server send ", "never take it from the connection.");
	}

	@Test
	void namesOfAStrangerAreNoValueForTheUrl() {
		TlsPolicy plain = TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1));
		TlsPolicy publicRoots = new TlsPolicy("dbtls", TestPool.provider("mysql"), SslMode.VERIFY_IDENTITY,
				plain.tlsVersions(), List.of(), new TrustSource.SystemRoots(), null, plain.sessionLifetime(), null,
				List.of());
		for (String host : List.of("db.shop.example", "10.0.0.1")) {
			HandshakeFacts facts = new HandshakeFacts(host, 3306, publicRoots, "system roots",
					List.of(this.authority.certificate()), this.authority.server("evil.example").chain(), null, false,
					Instant.now());
			TlsHandshakeException explained = HandshakeDiagnosis.explain(facts, HandshakeFailure.HOST_NAME_MISMATCH,
					new IOException());
			assertThat(explained.getDescription()).contains("DNS:evil.example");
			assertThat(explained.getAction()).startsWith("Unless you know this certificate to be the database's, ")
				.contains("only if it is known to be the database's", "to anybody")
				.doesNotContain("evil.example", "verify-ca");
		}
	}

	@Test
	void trustOfTheSameNameWhoseSignatureCannotBeComparedProvesNothing() throws Exception {
		X509Certificate certificate = Mockito.mock(X509Certificate.class);
		given(certificate.getIssuerX500Principal()).willReturn(this.authority.certificate().getSubjectX500Principal());
		Mockito.doThrow(new NoSuchAlgorithmException("x")).when(certificate).verify(any());
		HandshakeFacts facts = new HandshakeFacts("db", 3306, TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1)),
				"ca.pem", List.of(this.authority.certificate()), List.of(certificate), null, false, Instant.now());
		assertThat(OwnAuthorityRules.sameNameOtherKey(facts, IssuedPath.of(facts.presented()))).isNull();
	}

	@Test
	void chainOfACloudThatSendsItsLeafAloneIsTheCloudsAffair() {
		Identity server = TestCertificates.authority("CN=Other CA").server("db");
		HandshakeFacts own = facts(Instant.now(), server, this.authority.certificate());
		HandshakeFacts cloud = new HandshakeFacts("db", 3306, policyOf("tencentdb"), "ca.pem", own.trusted(),
				own.presented(), null, false, own.time());
		assertThat(ChainRules.leafAlone(own, IssuedPath.of(own.presented()))).isNotNull();
		assertThat(ChainRules.leafAlone(cloud, IssuedPath.of(cloud.presented()))).isNull();
	}

	@Test
	void ruleThatACertificateBreaksHidesNothing() {
		X509Certificate certificate = Mockito.mock(X509Certificate.class);
		given(certificate.getSubjectX500Principal()).willThrow(new IllegalStateException("broken"));
		HandshakeFacts facts = new HandshakeFacts("db", 3306, policyOf("mysql"), "ca.pem",
				List.of(this.authority.certificate()), List.of(certificate), null, false, Instant.now());
		assertThat(CertificateRules.find(HandshakeFailure.UNTRUSTED_ISSUER, facts)).isNull();
	}

	@Test
	void adviceOfAPlatformTeamIsGivenInAnyCase() {
		Provider acme = Provider.withId("acme-mysql")
			.remedy(HandshakeFailure.UNTRUSTED_ISSUER, "Ask #database about 'ca-path'.")
			.build();
		TlsPolicy plain = TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1));
		TlsPolicy policy = new TlsPolicy("dbtls", acme, SslMode.VERIFY_CA, plain.tlsVersions(), List.of(),
				plain.trust(), null, plain.sessionLifetime(), null, List.of());
		HandshakeFacts facts = new HandshakeFacts("db", 3306, policy, "ca.pem", List.of(this.authority.certificate()),
				TestCertificates.selfSigned("CN=db").identity().chain(), null, false, Instant.now());
		assertThat(HandshakeDiagnosis.explain(facts, HandshakeFailure.UNTRUSTED_ISSUER, new IOException()).getAction())
			.startsWith("Unless you know this certificate to be the database's, neither trust it")
			.contains("Let an authority of your own issue")
			.endsWith(" Ask #database about 'dbtls.ca-path'.");
	}

	@Test
	void keyIdentifiersAreReadAsTheyAreWritten() {
		X509Certificate certificate = this.authority.issue("CN=Issuing CA")
			.authority()
			.issue("CN=db")
			.namingTheIssuersIssuer()
			.identity()
			.certificate();
		assertThat(KeyIdentifiers.issuerOfIssuer(certificate))
			.isEqualTo(this.authority.certificate().getSubjectX500Principal());
		Identity server = this.authority.server("db");
		assertThat(KeyIdentifiers.ofIssuer(server.certificate())).matches("([0-9a-f]{2}:){19}[0-9a-f]{2}")
			.isEqualTo(KeyIdentifiers.ofSubject(this.authority.certificate()));
		assertThat(KeyIdentifiers.issuerOfIssuer(server.certificate())).isNull();
	}

	@Test
	void keyIdentifiersOfAStrangerAreReadWithoutHarm() {
		X509Certificate certificate = Mockito.mock(X509Certificate.class);
		Random random = new Random(42);
		byte[] whole = this.authority.issue("CN=db")
			.namingTheIssuersIssuer()
			.identity()
			.certificate()
			.getExtensionValue("2.5.29.35");
		for (int i = 0; i < 5000; i++) {
			byte[] broken = whole.clone();
			broken[random.nextInt(Math.min(12, broken.length))] = (byte) random.nextInt();
			broken[random.nextInt(broken.length)] = (byte) random.nextInt();
			given(certificate.getExtensionValue(any())).willReturn(broken);
			assertThatNoException().isThrownBy(() -> {
				KeyIdentifiers.issuerOfIssuer(certificate);
				KeyIdentifiers.ofIssuer(certificate);
				KeyIdentifiers.ofSubject(certificate);
			});
		}
	}

	private static HandshakeFacts facts(Instant time, Identity server, X509Certificate... trusted) {
		return new HandshakeFacts("db", 3306, TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1)), "ca.pem",
				List.of(trusted), server.chain(), null, false, time);
	}

	private static TlsPolicy policyOf(String provider) {
		TlsPolicy plain = TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1));
		return new TlsPolicy("dbtls", TestPool.provider(provider), SslMode.VERIFY_CA, plain.tlsVersions(), List.of(),
				plain.trust(), null, plain.sessionLifetime(), null, List.of());
	}

}
