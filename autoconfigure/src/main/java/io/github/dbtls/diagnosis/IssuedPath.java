package io.github.dbtls.diagnosis;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from a server's certificate upwards, as far as the certificates go that the
 * server presented. It proves nothing: only who says that he was issued by whom, and
 * whether the signature fits.
 */
public final class IssuedPath {

	private final List<X509Certificate> certificates;

	private IssuedPath(List<X509Certificate> certificates) {
		this.certificates = List.copyOf(certificates);
	}

	/**
	 * Follow the issuers, whatever the order they were presented in. What does not belong
	 * to the path is left out.
	 * @param presented the chain as the server presented it, its own certificate first
	 * @return the path, with at least the server's own certificate
	 */
	public static IssuedPath of(List<X509Certificate> presented) {
		List<X509Certificate> path = new ArrayList<>(List.of(presented.get(0)));
		List<X509Certificate> others = new ArrayList<>(presented.subList(1, presented.size()));
		boolean found = true;
		while (found) {
			X509Certificate last = path.get(path.size() - 1);
			X509Certificate next = others.stream().filter((other) -> isIssuedBy(last, other)).findFirst().orElse(null);
			found = next != null && !isSelfIssued(last);
			if (next != null && found) {
				path.add(next);
				others.remove(next);
			}
		}
		return new IssuedPath(path);
	}

	/**
	 * Return the certificates of the path.
	 * @return the certificates, the server's own first
	 */
	public List<X509Certificate> certificates() {
		return this.certificates;
	}

	/**
	 * Return the server's own certificate.
	 * @return the first certificate
	 */
	X509Certificate leaf() {
		return this.certificates.get(0);
	}

	/**
	 * Return where the path ends.
	 * @return the certificate whose issuer the server did not present, or a root
	 */
	X509Certificate last() {
		return this.certificates.get(this.certificates.size() - 1);
	}

	/**
	 * Return whether a certificate has the same name as subject and issuer.
	 * @param certificate the certificate
	 * @return whether it has
	 */
	public static boolean isSelfIssued(X509Certificate certificate) {
		return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
	}

	/**
	 * Return whether an authority issued a certificate: the same name is not enough, as
	 * authorities of TiDB Cloud's clusters all have one.
	 * @param certificate the certificate
	 * @param authority the authority
	 * @return whether name and signature fit
	 */
	public static boolean isIssuedBy(X509Certificate certificate, X509Certificate authority) {
		if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
			return false;
		}
		try {
			certificate.verify(authority.getPublicKey());
			return true;
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			return false;
		}
	}

}
