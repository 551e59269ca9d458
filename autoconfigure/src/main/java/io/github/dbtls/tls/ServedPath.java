package io.github.dbtls.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.dbtls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * The way from a server's certificate to the authority, among all that the server sent: a
 * certificate beside it may expire without harm, as the one of a root that an older root
 * had signed. It is found when somebody asks, not while a connection is opened.
 */
final class ServedPath {

	private final List<X509Certificate> sent;

	private final @Nullable X509Certificate anchor;

	private volatile @Nullable List<X509Certificate> path;

	ServedPath(TlsSession session) {
		this.sent = session.peerCertificates();
		this.anchor = session.anchor();
	}

	boolean isOf(TlsSession session) {
		// Those of a resumed session are mostly the same objects.
		return this.sent.equals(session.peerCertificates())
				&& ((this.anchor != null) ? this.anchor.equals(session.anchor()) : session.anchor() == null);
	}

	@Nullable X509Certificate anchor() {
		return this.anchor;
	}

	/**
	 * Return the certificates that have to be valid, leaf first, without the authority.
	 * @return the certificates
	 */
	List<X509Certificate> certificates() {
		List<X509Certificate> path = this.path;
		if (path == null) {
			path = find();
			this.path = path;
		}
		return path;
	}

	private List<X509Certificate> find() {
		if (this.anchor == null || this.sent.isEmpty()) {
			// Without verification the dates of all are looked at.
			return this.sent;
		}
		List<X509Certificate> path = new ArrayList<>();
		X509Certificate next = this.sent.get(0);
		while (next != null && !next.equals(this.anchor)) {
			path.add(next);
			next = isIssuedBy(next, this.anchor) ? null : issuer(next, path);
		}
		return List.copyOf(path);
	}

	private @Nullable X509Certificate issuer(X509Certificate certificate, List<X509Certificate> path) {
		// Of two with the same name and key the longer one carries.
		return this.sent.stream()
			.filter((candidate) -> !path.contains(candidate) && isIssuedBy(certificate, candidate))
			.max(Comparator.comparing(X509Certificate::getNotAfter))
			.orElse(null);
	}

	private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
		if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
			return false;
		}
		try {
			certificate.verify(issuer.getPublicKey());
			return true;
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			return false;
		}
	}

}
