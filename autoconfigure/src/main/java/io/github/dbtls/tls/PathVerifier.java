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

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.diagnosis.RefusedCertificateException;

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

	private final List<X509Certificate> authorities;

	PathVerifier(List<X509Certificate> authorities) {
		this.authorities = List.copyOf(authorities);
	}

	/**
	 * Verify a chain.
	 * @param chain the chain as the server sent it, leaf first
	 * @param now the time to verify it at
	 * @return the authority that it leads to
	 * @throws CertificateException if it leads to none
	 */
	X509Certificate verify(X509Certificate[] chain, Instant now) throws CertificateException {
		Map<TrustAnchor, X509Certificate> anchors = anchorsValidAt(now);
		RefusedCertificateException refused = null;
		while (!anchors.isEmpty()) {
			PKIXCertPathBuilderResult result;
			try {
				result = build(chain, anchors.keySet(), now);
			}
			catch (CertPathBuilderException ex) {
				throw (refused != null) ? refused : RefusalReason.of(chain, this.authorities, now, ex);
			}
			catch (GeneralSecurityException ex) {
				throw new CertificateException("The chain cannot be verified", ex);
			}
			TrustAnchor anchor = result.getTrustAnchor();
			X509Certificate authority = Objects.requireNonNull(anchors.get(anchor));
			String violation = AnchorConstraints.violation(authority, result.getCertPath());
			if (violation == null) {
				return authority;
			}
			// Another authority of the same name and key may not be constrained.
			refused = new RefusedCertificateException(HandshakeFailure.CERTIFICATE_INVALID, violation, null);
			anchors.remove(anchor);
		}
		throw (refused != null) ? refused : RefusalReason.of(chain, this.authorities, now, null);
	}

	private Map<TrustAnchor, X509Certificate> anchorsValidAt(Instant now) {
		Map<TrustAnchor, X509Certificate> anchors = new IdentityHashMap<>();
		Date date = Date.from(now);
		for (X509Certificate authority : this.authorities) {
			if (!date.before(authority.getNotBefore()) && !date.after(authority.getNotAfter())) {
				anchors.put(anchor(authority), authority);
			}
		}
		return anchors;
	}

	private static TrustAnchor anchor(X509Certificate authority) {
		// The builder looks for basic constraints in a trusted certificate, which one of
		// version 1 cannot have; a name and a key it takes as they are.
		return (authority.getVersion() >= 3) ? new TrustAnchor(authority, null)
				: new TrustAnchor(authority.getSubjectX500Principal(), authority.getPublicKey(), null);
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
