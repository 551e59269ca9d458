package io.github.dbtls.tls;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.diagnosis.RefusedCertificateException;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PathVerifier}; whole handshakes with hostile chains are in
 * {@code HostileCasesTests}.
 */
class PathVerifierTests {

	private final Authority root = TestCertificates.authority("CN=Test CA");

	@Test
	void chainWhenAuthorityIsSharedByNameLeadsToTheOneThatSigned() throws Exception {
		Authority other = TestCertificates.authority("CN=Test CA");
		for (Authority signer : List.of(this.root, other)) {
			assertThat(verify(signer.server("localhost"), Instant.now(), this.root, other))
				.isEqualTo(signer.certificate());
		}
	}

	@Test
	void chainWhenCrossSignedLeadsToTheAuthorityThatIsTrusted() throws Exception {
		Authority other = TestCertificates.authority("CN=Other CA");
		Authority intermediate = this.root.intermediate("CN=Test Intermediate");
		Authority cross = other.issue("CN=Test Intermediate")
			.key(new KeyPair(intermediate.certificate().getPublicKey(), intermediate.privateKey()))
			.authority();
		Identity server = intermediate.server("localhost").withExtras(cross.certificate());
		assertThat(verify(server, Instant.now(), this.root)).isEqualTo(this.root.certificate());
		assertThat(verify(server, Instant.now(), other)).isEqualTo(other.certificate());
	}

	@Test
	void chainWhenAuthorityIsNotInForceYetIsRefusedUntilItIs() throws Exception {
		Instant start = Instant.now().plus(Duration.ofDays(2));
		Authority next = TestCertificates.selfSigned("CN=Next CA")
			.notBefore(start)
			.notAfter(start.plus(Duration.ofDays(100)))
			.authority();
		Identity server = next.server("localhost");
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(() -> verify(server, Instant.now(), next))
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.NOT_YET_VALID));
		assertThat(verify(server, start.plus(Duration.ofDays(1)), next)).isEqualTo(next.certificate());
	}

	@Test
	void chainWhenOneOfTwoAuthoritiesOfOneKeyIsConstrainedLeadsToTheOther() throws Exception {
		Authority constrained = TestCertificates.selfSigned("CN=Test CA")
			.key(new KeyPair(this.root.certificate().getPublicKey(), this.root.privateKey()))
			.permittedDns("example.com")
			.authority();
		assertThat(verify(this.root.server("localhost"), Instant.now(), constrained, this.root))
			.isEqualTo(this.root.certificate());
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(() -> verify(this.root.server("localhost"), Instant.now(), constrained))
			.withMessageContaining("name constraints of the trusted authority CN=Test CA");
	}

	@Test
	void chainWhenItIsLongIsRefusedInBoundedTime() {
		Authority issuer = this.root;
		for (int i = 0; i < 9; i++) {
			issuer = issuer.intermediate("CN=Intermediate " + i);
		}
		Identity server = issuer.server("localhost").withIntermediates();
		Identity looping = server.withExtras(issuer.certificate(), issuer.certificate(), server.certificate());
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(() -> verify(looping, Instant.now(), TestCertificates.authority("CN=Stranger")))
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER));
	}

	@Test
	void chainWhenNothingIsTrustedIsRefused() {
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(() -> verify(this.root.server("localhost"), Instant.now()))
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER));
	}

	private static X509Certificate verify(Identity identity, Instant now, Authority... trusted) throws Exception {
		return new PathVerifier(Stream.of(trusted).map(Authority::certificate).toList())
			.verify(identity.chain().toArray(X509Certificate[]::new), now);
	}

}
