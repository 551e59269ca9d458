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
		assertThat(path(verifier(this.root), server, Instant.now()).certificates())
			.containsExactly(server.certificate(), intermediate.certificate());
		assertThat(path(verifier(other), server, Instant.now()).certificates()).containsExactly(server.certificate(),
				cross.certificate());
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

	@Test
	void chainThatWasAcceptedIsHeldToItsDatesAgain() throws Exception {
		Authority intermediate = this.root.issue("CN=Test Intermediate").expiresIn(Duration.ofDays(3)).authority();
		Identity server = intermediate.issue("CN=localhost")
			.names("localhost")
			.expiresIn(Duration.ofDays(9))
			.identity();
		PathVerifier verifier = verifier(this.root);
		Instant start = Instant.now();
		assertThat(verify(verifier, server, start)).isEqualTo(this.root.certificate());
		assertThat(verify(verifier, server, start.plusSeconds(60))).isEqualTo(this.root.certificate());
		assertThat(verify(verifier, server, start.plus(Duration.ofDays(2)))).isEqualTo(this.root.certificate());
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(() -> verify(verifier, server, start.plus(Duration.ofDays(4))))
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.EXPIRED))
			.withMessageContaining("CN=Test Intermediate was valid until");
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(() -> verify(verifier, server, start.minus(Duration.ofDays(2))))
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.NOT_YET_VALID));
		assertThat(verify(verifier, server, start)).isEqualTo(this.root.certificate());
	}

	@Test
	void chainThatWasAcceptedVouchesForNoOther() throws Exception {
		PathVerifier verifier = verifier(this.root);
		Identity server = this.root.server("localhost");
		verify(verifier, server, Instant.now());
		// The same name and key, signed by somebody of the same name.
		Authority impostor = TestCertificates.authority("CN=Test CA");
		Identity other = impostor.issue("CN=localhost")
			.names("localhost")
			.key(new KeyPair(server.certificate().getPublicKey(), server.privateKey()))
			.identity();
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(() -> verify(verifier, other, Instant.now()));
		// The accepted one behind a leaf of the stranger's.
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(() -> verify(verifier, other.withExtras(server.certificate()), Instant.now()));
	}

	@Test
	void chainsThatWereAcceptedDoNotAddUp() throws Exception {
		PathVerifier verifier = verifier(this.root);
		KeyPair key = new KeyPair(this.root.certificate().getPublicKey(), this.root.privateKey());
		for (int i = 0; i < 200; i++) {
			verify(verifier, this.root.issue("CN=server-" + i).key(key).identity(), Instant.now());
			assertThat(verifier.known()).isBetween(1, PathVerifier.MOST_PATHS);
		}
	}

	@Test
	void chainWhenAnchorsAreManyLeadsToItsOwn() throws Exception {
		Authority[] trusted = new Authority[50];
		for (int i = 0; i < trusted.length; i++) {
			trusted[i] = TestCertificates.authority("CN=Test CA " + i % 25);
		}
		for (Authority signer : trusted) {
			assertThat(verify(signer.server("localhost"), Instant.now(), trusted)).isEqualTo(signer.certificate());
		}
	}

	@Test
	void chainWhenServerIsTrustedItselfLeadsToIt() throws Exception {
		Identity server = this.root.server("localhost");
		PathVerifier verifier = new PathVerifier(List.of(server.certificate()));
		assertThat(verify(verifier, server, Instant.now())).isEqualTo(server.certificate());
		assertThat(path(verifier, server, Instant.now()).certificates()).doesNotContain(server.certificate());
	}

	private static X509Certificate verify(Identity identity, Instant now, Authority... trusted) throws Exception {
		return verify(verifier(trusted), identity, now);
	}

	private static PathVerifier verifier(Authority... trusted) {
		return new PathVerifier(Stream.of(trusted).map(Authority::certificate).toList());
	}

	private static X509Certificate verify(PathVerifier verifier, Identity identity, Instant now) throws Exception {
		return path(verifier, identity, now).authority();
	}

	private static VerifiedPath path(PathVerifier verifier, Identity identity, Instant now) throws Exception {
		return verifier.verify(identity.chain().toArray(X509Certificate[]::new), now);
	}

}
