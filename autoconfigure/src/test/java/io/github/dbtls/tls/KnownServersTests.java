package io.github.dbtls.tls;

import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.dbtls.CertificateRole;
import io.github.dbtls.TlsSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.trust.ClientKey;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link KnownServers}.
 */
class KnownServersTests {

	private static final Authority root = TestCertificates.authority("CN=Root");

	private static final Authority other = TestCertificates.authority("CN=Other");

	private static final Instant now = Instant.now();

	private final KnownServers servers = new KnownServers();

	@Test
	void certificatesAreThoseOfThePathOnceWithTheirServers() {
		Authority intermediate = root.intermediate("CN=Intermediate");
		Identity server = intermediate.server("one", "two");
		assertThat(add("one", server.chain(), root)).isTrue();
		assertThat(add("two", server.chain(), root)).isTrue();
		assertThat(this.servers.certificates(TestPool.trust(root.certificate(), other.certificate()), null))
			.extracting(CertificateInUse::role, CertificateInUse::certificate, CertificateInUse::hosts)
			.containsExactly(tuple(CertificateRole.SERVER, server.certificate(), List.of("one:3306", "two:3306")),
					tuple(CertificateRole.CHAIN, intermediate.certificate(), List.of("one:3306", "two:3306")),
					tuple(CertificateRole.ANCHOR, root.certificate(), List.of("one:3306", "two:3306")));
	}

	@Test
	void certificateThatTheServerSendsBesideThePathDoesNotCount() {
		// As public authorities do: the new root, signed by an old one that has expired.
		Authority old = TestCertificates.selfSigned("CN=Old root").expired().authority();
		X509Certificate cross = old.issue("CN=Root")
			.key(new KeyPair(root.certificate().getPublicKey(), root.privateKey()))
			.expired()
			.authority()
			.certificate();
		Identity server = root.server("one").withIntermediates().withExtras(cross, old.certificate());
		add("one", server.chain(), root);
		assertThat(this.servers.certificates(TestPool.trust(root.certificate()), null))
			.extracting(CertificateInUse::certificate)
			.containsExactly(server.certificate(), root.certificate());
	}

	@Test
	void ofTwoIntermediatesWithOneKeyTheOneThatLeadsToTheAuthorityCounts() {
		// The longer one is signed by somebody who is not trusted here.
		Authority intermediate = root.issue("CN=Intermediate").expiresIn(Duration.ofDays(3)).authority();
		X509Certificate longer = other.issue("CN=Intermediate")
			.key(new KeyPair(intermediate.certificate().getPublicKey(), intermediate.privateKey()))
			.expiresIn(Duration.ofDays(300))
			.authority()
			.certificate();
		X509Certificate leaf = intermediate.server("one").certificate();
		add("one", List.of(leaf, longer, intermediate.certificate()), root);
		assertThat(this.servers.certificates(TestPool.trust(root.certificate()), null))
			.extracting(CertificateInUse::certificate)
			.containsExactly(leaf, intermediate.certificate(), root.certificate());
	}

	@Test
	void anotherWayForTheSameCertificateIsNews() {
		Identity server = root.server("one");
		TlsSession session = session("one", server.chain(), root.certificate(), false);
		ServedPath path = verified(server.chain(), root.certificate());
		assertThat(this.servers.add(session, path, now)).isTrue();
		assertThat(this.servers.add(session, verified(server.chain(), root.certificate()), now)).isFalse();
		assertThat(this.servers.add(session, new ServedPath(path.certificates(), other.certificate()), now)).isTrue();
	}

	@Test
	void withoutVerificationAllThatWasSentCounts() {
		Identity server = root.server("one").withExtras(other.certificate());
		add("one", server.chain(), null);
		assertThat(this.servers.certificates(TestPool.trust(), null)).extracting(CertificateInUse::certificate)
			.containsExactlyElementsOf(server.chain());
	}

	@Test
	void authorityThatWasRenewedWithItsKeyCountsAsTheNewOne() {
		KeyPair key = new KeyPair(root.certificate().getPublicKey(), root.privateKey());
		X509Certificate expiring = TestCertificates.selfSigned("CN=Root")
			.key(key)
			.expiresIn(Duration.ofDays(3))
			.authority()
			.certificate();
		add("one", root.server("one").chain(), expiring, now);
		assertThat(this.servers.certificates(TestPool.trust(expiring, root.certificate()), null))
			.extracting(CertificateInUse::certificate)
			.contains(root.certificate())
			.doesNotContain(expiring);
	}

	@Test
	void authorityThatIsTrustedNoMoreDoesNotCount() {
		add("one", root.server("one").chain(), root);
		assertThat(this.servers.certificates(TestPool.trust(other.certificate()), null))
			.extracting(CertificateInUse::role)
			.containsExactly(CertificateRole.SERVER);
	}

	@Test
	void clientCertificateCountsBeforeAnyHandshake() {
		Identity client = other.client("app");
		ClientKey key = new ClientKey("client.pem", client.chain(), client.privateKey(), now);
		assertThat(this.servers.certificates(TestPool.trust(), key))
			.containsExactly(new CertificateInUse(CertificateRole.CLIENT, client.certificate(), List.of()));
	}

	@Test
	void renewedCertificateTakesThePlaceOfTheOldOne() {
		Identity old = root.server("one");
		Identity renewed = root.server("one");
		assertThat(add("one", old, 0, false)).isTrue();
		assertThat(add("one", old, 1, false)).isFalse();
		assertThat(add("one", renewed, 2, false)).isTrue();
		assertThat(leaves()).containsExactly(renewed.certificate());
		// A session of before the change says nothing about the server of today.
		assertThat(add("one", old, 3, true)).isFalse();
		assertThat(leaves()).containsExactly(renewed.certificate());
	}

	@Test
	void serversBehindOneNameCountSideBySide() {
		Identity one = root.server("all");
		Identity two = root.server("all");
		add("all", one, 0, false);
		add("all", two, 1, false);
		assertThat(add("all", one, 2, false)).isFalse();
		assertThat(leaves()).containsExactlyInAnyOrder(one.certificate(), two.certificate());
		Identity renewed = root.server("all");
		add("all", renewed, 3, false);
		add("all", two, 4, false);
		assertThat(leaves()).containsExactlyInAnyOrder(renewed.certificate(), two.certificate());
	}

	@Test
	void certificatesOfOneServerDoNotAddUp() {
		for (int i = 0; i <= KnownServer.MOST_PATHS; i++) {
			add("one", root.server("one"), 0, false);
		}
		assertThat(leaves()).hasSize(1);
	}

	@Test
	void serverThatOthersTookThePlaceOfIsForgottenAfterADay() {
		Identity old = root.server("one");
		Identity taken = root.server("two");
		add("one", old.chain(), root.certificate(), now);
		assertThat(leaves()).containsExactly(old.certificate());
		add("two", taken.chain(), root.certificate(), now.plus(Duration.ofHours(23)));
		assertThat(leaves()).containsExactly(old.certificate(), taken.certificate());
		add("two", taken.chain(), root.certificate(), now.plus(Duration.ofHours(25)));
		assertThat(leaves()).containsExactly(taken.certificate());
	}

	@Test
	void serversDoNotAddUp() {
		Identity server = root.server("one");
		for (int i = 0; i <= HandshakeHistory.MOST_HOSTS; i++) {
			add("db" + i, server.chain(), root);
		}
		assertThat(this.servers.certificates(TestPool.trust(), null)).singleElement()
			.satisfies((use) -> assertThat(use.hosts()).hasSize(1));
	}

	private List<X509Certificate> leaves() {
		return this.servers.certificates(TestPool.trust(), null)
			.stream()
			.filter((use) -> use.role() == CertificateRole.SERVER)
			.map(CertificateInUse::certificate)
			.toList();
	}

	private boolean add(String host, Identity server, int minutes, boolean resumed) {
		return this.servers.add(session(host, server.chain(), root.certificate(), resumed),
				verified(server.chain(), root.certificate()), now.plus(Duration.ofMinutes(minutes)));
	}

	private boolean add(String host, List<X509Certificate> chain, Authority anchor) {
		X509Certificate authority = (anchor != null) ? anchor.certificate() : null;
		return add(host, chain, authority, now);
	}

	private boolean add(String host, List<X509Certificate> chain, X509Certificate anchor, Instant time) {
		TlsSession session = session(host, chain, anchor, false);
		return this.servers.add(session, (anchor != null) ? verified(chain, anchor) : ServedPath.of(session, null),
				time);
	}

	private static ServedPath verified(List<X509Certificate> chain, X509Certificate anchor) {
		try {
			VerifiedPath path = new PathVerifier(List.of(anchor)).verify(chain.toArray(X509Certificate[]::new), now);
			return ServedPath.of(session("any", chain, anchor, false), path);
		}
		catch (CertificateException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static TlsSession session(String host, List<X509Certificate> chain, X509Certificate anchor,
			boolean resumed) {
		return new TlsSession(host, 3306, "TLSv1.3", "TLS_AES_256_GCM_SHA384", chain, anchor, resumed, 1,
				Duration.ofMillis(3));
	}

}
