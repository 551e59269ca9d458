package io.github.dbtls.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.diagnosis.RefusedCertificateException;
import io.github.dbtls.tls.TrustAnchors.Anchor;

/**
 * Finds the trusted authority that a server's chain leads to, and applies the rules that
 * the JDK's trust manager leaves out:
 * <ol>
 * <li>An authority outside its own dates is none. The JDK does not look at the dates of a
 * trust anchor; Connector/J does.</li>
 * <li>Every certificate below the authority is signed with something better than SHA-1
 * and MD5, and has an RSA key of 2048 bits or more: {@link WeakAlgorithmChecker}.</li>
 * <li>The authority's own name constraints and path length hold for what is below it:
 * {@link AnchorConstraints}.</li>
 * </ol>
 * It comes on top of the JDK's own trust manager, never in its place.
 */
final class PathVerifier {

	/**
	 * More servers than a pool has: each has a chain of its own.
	 */
	static final int MOST_PATHS = 64;

	private final List<X509Certificate> authorities;

	private final TrustAnchors anchors;

	/**
	 * Accepted chains only, and bounded: whoever replays one may append to it what he
	 * likes.
	 */
	private final Map<List<X509Certificate>, VerifiedPath> paths = new ConcurrentHashMap<>();

	PathVerifier(List<X509Certificate> authorities) {
		this.authorities = List.copyOf(authorities);
		this.anchors = new TrustAnchors(this.authorities);
	}

	/**
	 * Verify a chain. One that was verified before, byte for byte the same, is compared
	 * with the dates of its path only: nothing else can have changed.
	 * @param chain the chain as the server sent it, leaf first
	 * @param now the time to verify it at
	 * @return the way to the authority that it leads to
	 * @throws CertificateException if it leads to none
	 */
	VerifiedPath verify(X509Certificate[] chain, Instant now) throws CertificateException {
		List<X509Certificate> key = List.of(chain);
		VerifiedPath known = this.paths.get(key);
		if (known != null && known.holdsAt(now)) {
			return known;
		}
		VerifiedPath path = find(chain, now);
		if (this.paths.size() >= MOST_PATHS) {
			this.paths.clear();
		}
		this.paths.put(key, path);
		return path;
	}

	/**
	 * Return how many accepted chains are remembered.
	 * @return the number
	 */
	int known() {
		return this.paths.size();
	}

	private VerifiedPath find(X509Certificate[] chain, Instant now) throws CertificateException {
		Date date = Date.from(now);
		List<Anchor> named = this.anchors.inForce(chain, date);
		try {
			return find(chain, named, now);
		}
		catch (RefusedCertificateException ex) {
			// A JVM that is told to (com.sun.security.enableAIAcaIssuers) fetches issuers
			// that the server did not send, and they may lead elsewhere.
			List<Anchor> all = this.anchors.inForce(date);
			if (all.size() == named.size() || !Boolean.getBoolean("com.sun.security.enableAIAcaIssuers")) {
				throw ex;
			}
			return find(chain, all, now);
		}
	}

	private VerifiedPath find(X509Certificate[] chain, List<Anchor> candidates, Instant now)
			throws CertificateException {
		Map<TrustAnchor, X509Certificate> left = new IdentityHashMap<>();
		candidates.forEach((anchor) -> left.put(anchor.trustAnchor(), anchor.authority()));
		RefusedCertificateException refused = null;
		while (!left.isEmpty()) {
			PKIXCertPathBuilderResult result;
			try {
				result = build(chain, left.keySet(), now);
			}
			catch (CertPathBuilderException ex) {
				throw (refused != null) ? refused : RefusalReason.of(chain, this.authorities, now, ex);
			}
			catch (GeneralSecurityException ex) {
				throw new CertificateException("The chain cannot be verified", ex);
			}
			TrustAnchor anchor = result.getTrustAnchor();
			X509Certificate authority = Objects.requireNonNull(left.get(anchor));
			String violation = AnchorConstraints.violation(authority, result.getCertPath());
			if (violation == null) {
				return VerifiedPath.of(result.getCertPath(), authority, now);
			}
			// Another authority of the same name and key may not be constrained.
			refused = new RefusedCertificateException(HandshakeFailure.CERTIFICATE_INVALID, violation, null);
			left.remove(anchor);
		}
		throw (refused != null) ? refused : RefusalReason.of(chain, this.authorities, now, null);
	}

	private static PKIXCertPathBuilderResult build(X509Certificate[] chain, Set<TrustAnchor> anchors, Instant now)
			throws GeneralSecurityException {
		X509CertSelector leaf = new X509CertSelector();
		leaf.setCertificate(chain[0]);
		PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
		parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(chain))));
		// Revocation is the JDK's trust manager's part, where the JVM switches it on.
		parameters.setRevocationEnabled(false);
		parameters.setDate(Date.from(now));
		parameters.addCertPathChecker(new WeakAlgorithmChecker());
		return (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
	}

}
