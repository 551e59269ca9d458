package io.github.dbtls.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPath;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.diagnosis.CertificateText;
import io.github.dbtls.diagnosis.RefusedCertificateException;

/**
 * Finds the trusted authority that a server's chain leads to, and applies the rules that
 * the JDK's trust manager leaves out:
 * <ol>
 * <li>An authority outside its own dates is none. The JDK does not look at the dates of a
 * trust anchor; Connector/J does.</li>
 * <li>Every certificate below the authority is signed with something better than SHA-1
 * and MD5, and has an RSA key of 2048 bits or more: {@link WeakAlgorithmChecker}.</li>
 * <li>The authority's own name constraints and path length hold for what is below it
 * (<a href="https://www.rfc-editor.org/rfc/rfc5937">RFC 5937</a>; OpenSSL applies them
 * too). A {@link TrustAnchor} would take name constraints, but the JDK's path builder
 * then answers "name constraints in trust anchor not supported": so the authority's
 * certificate is validated as the first of the path, under its own name and key.</li>
 * </ol>
 * It comes on top of the JDK's own trust manager, never in its place.
 */
final class PathVerifier {

	private static final String NAME_CONSTRAINTS = "2.5.29.30";

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
		Set<TrustAnchor> anchors = anchorsValidAt(now);
		RefusedCertificateException refused = null;
		while (!anchors.isEmpty()) {
			PKIXCertPathBuilderResult result;
			try {
				result = build(chain, anchors, now);
			}
			catch (CertPathBuilderException ex) {
				throw (refused != null) ? refused : RefusalReason.of(chain, this.authorities, now, ex);
			}
			catch (GeneralSecurityException ex) {
				throw new CertificateException("The chain cannot be verified", ex);
			}
			TrustAnchor anchor = result.getTrustAnchor();
			try {
				applyConstraintsOf(anchor.getTrustedCert(), result.getCertPath(), now);
				return anchor.getTrustedCert();
			}
			catch (GeneralSecurityException ex) {
				// Another authority of the same name and key may not be constrained.
				refused = new RefusedCertificateException(HandshakeFailure.CERTIFICATE_INVALID,
						"it exceeds the constraints of the authority %s: %s".formatted(
								CertificateText.name(anchor.getTrustedCert().getSubjectX500Principal()),
								ex.getMessage()),
						ex);
				anchors.remove(anchor);
			}
		}
		throw (refused != null) ? refused : RefusalReason.of(chain, this.authorities, now, null);
	}

	private Set<TrustAnchor> anchorsValidAt(Instant now) {
		Set<TrustAnchor> anchors = new HashSet<>();
		Date date = Date.from(now);
		for (X509Certificate authority : this.authorities) {
			if (!date.before(authority.getNotBefore()) && !date.after(authority.getNotAfter())) {
				anchors.add(new TrustAnchor(authority, null));
			}
		}
		return anchors;
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

	private static void applyConstraintsOf(X509Certificate authority, CertPath path, Instant now)
			throws GeneralSecurityException {
		boolean constrained = authority.getExtensionValue(NAME_CONSTRAINTS) != null
				|| (authority.getVersion() >= 3 && authority.getBasicConstraints() != Integer.MAX_VALUE);
		if (path.getCertificates().isEmpty() || !constrained) {
			return;
		}
		List<X509Certificate> whole = new ArrayList<>();
		path.getCertificates().forEach((certificate) -> whole.add((X509Certificate) certificate));
		whole.add(authority);
		validate(whole, new TrustAnchor(authority.getSubjectX500Principal(), authority.getPublicKey(), null), now);
	}

	private static void validate(List<X509Certificate> path, TrustAnchor anchor, Instant now)
			throws GeneralSecurityException, InvalidAlgorithmParameterException {
		PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
		parameters.setRevocationEnabled(false);
		parameters.setDate(Date.from(now));
		CertPathValidator.getInstance("PKIX")
			.validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
	}

}
