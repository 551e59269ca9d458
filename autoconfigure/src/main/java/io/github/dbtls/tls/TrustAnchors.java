package io.github.dbtls.tls;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.security.auth.x500.X500Principal;

/**
 * Trusted authorities, found by their names: of the hundred that Amazon RDS or a JDK has,
 * all but one or two have nothing to do with a server's chain.
 */
final class TrustAnchors {

	private final List<Anchor> all;

	private final Map<X500Principal, List<Anchor>> byName;

	TrustAnchors(List<X509Certificate> authorities) {
		this.all = authorities.stream().map(Anchor::of).toList();
		this.byName = new LinkedHashMap<>();
		for (Anchor anchor : this.all) {
			this.byName.computeIfAbsent(anchor.authority().getSubjectX500Principal(), (name) -> new ArrayList<>())
				.add(anchor);
		}
	}

	/**
	 * Return all authorities that are in force.
	 * @param date the time
	 * @return the anchors
	 */
	List<Anchor> inForce(Date date) {
		return this.all.stream().filter((anchor) -> anchor.isInForce(date)).toList();
	}

	/**
	 * Return the authorities in force that a path of these certificates could lead to:
	 * those whose name is that of an issuer, or of a certificate itself.
	 * @param chain the chain
	 * @param date the time
	 * @return the anchors, the same for the same chain and time
	 */
	List<Anchor> inForce(X509Certificate[] chain, Date date) {
		Set<X500Principal> names = new LinkedHashSet<>();
		for (X509Certificate certificate : chain) {
			names.add(certificate.getSubjectX500Principal());
			names.add(certificate.getIssuerX500Principal());
		}
		return names.stream()
			.flatMap((name) -> this.byName.getOrDefault(name, List.of()).stream())
			.filter((anchor) -> anchor.isInForce(date))
			.toList();
	}

	/**
	 * A trusted authority.
	 *
	 * @param authority its certificate
	 * @param trustAnchor what the JDK's path builder takes for it
	 * @param notBefore when it comes into force
	 * @param notAfter when it expires
	 */
	record Anchor(X509Certificate authority, TrustAnchor trustAnchor, Date notBefore, Date notAfter) {

		private static Anchor of(X509Certificate authority) {
			// The builder looks for basic constraints in a trusted certificate, which one
			// of version 1 cannot have; a name and a key it takes as they are.
			TrustAnchor anchor = (authority.getVersion() >= 3) ? new TrustAnchor(authority, null)
					: new TrustAnchor(authority.getSubjectX500Principal(), authority.getPublicKey(), null);
			return new Anchor(authority, anchor, authority.getNotBefore(), authority.getNotAfter());
		}

		private boolean isInForce(Date date) {
			return !date.before(this.notBefore) && !date.after(this.notAfter);
		}

	}

}
