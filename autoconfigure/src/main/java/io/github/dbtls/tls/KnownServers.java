package io.github.dbtls.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.dbtls.CertificateRole;
import io.github.dbtls.TlsSession;
import io.github.dbtls.trust.ClientKey;
import io.github.dbtls.trust.TrustMaterial;
import org.jspecify.annotations.Nullable;

/**
 * What the servers of one pool show, to know which certificates its connections depend
 * on. Those of a bundle that no server led to are not among them.
 */
final class KnownServers {

	/**
	 * When a server is forgotten that others have taken the place of: one of a failover
	 * that went away with its certificate must not alarm for ever.
	 */
	private static final Duration FORGOTTEN = Duration.ofDays(1);

	private final Map<HandshakeHistory.Attempt, KnownServer> servers = new ConcurrentHashMap<>();

	/**
	 * Take down what a server showed.
	 * @param session what was negotiated with it
	 * @param path what the connection depends on
	 * @param now the time
	 * @return whether it is news
	 */
	boolean add(TlsSession session, ServedPath path, Instant now) {
		HandshakeHistory.Attempt server = new HandshakeHistory.Attempt(session.host(), session.port());
		KnownServer known = this.servers.get(server);
		if (known == null) {
			if (this.servers.size() >= HandshakeHistory.MOST_HOSTS) {
				this.servers.clear();
			}
			known = this.servers.computeIfAbsent(server, (name) -> new KnownServer());
		}
		return known.add(path, session.resumed(), now);
	}

	/**
	 * Return the certificates that connections depend on.
	 * @param trust the trust in force
	 * @param clientKey what the client shows, or {@code null} if nothing
	 * @return each of them once
	 */
	List<CertificateInUse> certificates(TrustMaterial trust, @Nullable ClientKey clientKey) {
		Map<Use, Set<String>> uses = new LinkedHashMap<>();
		forgetThoseThatWentAway();
		this.servers.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey(Comparator.comparing(HandshakeHistory.Attempt::toString)))
			.forEach((server) -> server.getValue()
				.current()
				.forEach((path) -> add(uses, path, server.getKey().toString(), trust)));
		if (clientKey != null) {
			clientKey.chain()
				.forEach((certificate) -> uses.putIfAbsent(new Use(CertificateRole.CLIENT, certificate), Set.of()));
		}
		return uses.entrySet()
			.stream()
			.map((use) -> new CertificateInUse(use.getKey().role(), use.getKey().certificate(),
					List.copyOf(use.getValue())))
			.sorted(Comparator.comparing(CertificateInUse::role))
			.toList();
	}

	private static void add(Map<Use, Set<String>> uses, ServedPath path, String server, TrustMaterial trust) {
		CertificateRole role = CertificateRole.SERVER;
		for (X509Certificate certificate : path.certificates()) {
			add(uses, role, certificate, server);
			role = CertificateRole.CHAIN;
		}
		X509Certificate anchor = inForce(path.anchor(), trust);
		if (anchor != null) {
			add(uses, CertificateRole.ANCHOR, anchor, server);
		}
	}

	private static void add(Map<Use, Set<String>> uses, CertificateRole role, X509Certificate certificate,
			String server) {
		uses.computeIfAbsent(new Use(role, certificate), (use) -> new LinkedHashSet<>()).add(server);
	}

	private void forgetThoseThatWentAway() {
		this.servers.values()
			.stream()
			.map(KnownServer::last)
			.max(Comparator.naturalOrder())
			.ifPresent((last) -> this.servers.values()
				.removeIf((server) -> server.last().isBefore(last.minus(FORGOTTEN))));
	}

	// An authority may be there twice, with the same name and key: the one that lasts
	// longer carries. One that new trust lacks carries nothing any more.
	private static @Nullable X509Certificate inForce(@Nullable X509Certificate anchor, TrustMaterial trust) {
		if (anchor == null) {
			return null;
		}
		return trust.certificates()
			.stream()
			.filter((authority) -> authority.equals(anchor)
					|| (authority.getSubjectX500Principal().equals(anchor.getSubjectX500Principal())
							&& authority.getPublicKey().equals(anchor.getPublicKey())))
			.max(Comparator.comparing(X509Certificate::getNotAfter))
			.orElse(null);
	}

	/**
	 * A certificate in one role.
	 *
	 * @param role the role
	 * @param certificate the certificate
	 */
	private record Use(CertificateRole role, X509Certificate certificate) {
	}

}
