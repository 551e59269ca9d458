package io.github.dbtls.tls;

import java.io.IOException;
import java.security.cert.CertPath;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

import io.github.dbtls.diagnosis.CertificateText;
import org.jspecify.annotations.Nullable;

/**
 * Applies a trusted authority's own path length and name constraints to what is below it
 * (<a href="https://www.rfc-editor.org/rfc/rfc5937">RFC 5937</a>). The JDK takes a
 * {@link java.security.cert.TrustAnchor} for a name and a key: it ignores the extensions
 * of its certificate, and refuses to be told of name constraints. OpenSSL applies both.
 */
final class AnchorConstraints {

	private static final String NAME_CONSTRAINTS = "2.5.29.30";

	private AnchorConstraints() {
	}

	/**
	 * Look for what the authority does not allow.
	 * @param authority the trusted authority
	 * @param path a valid path to it, leaf first
	 * @return what is not allowed in words, or {@code null} if all is
	 */
	static @Nullable String violation(X509Certificate authority, CertPath path) {
		List<X509Certificate> certificates = path.getCertificates().stream().map(X509Certificate.class::cast).toList();
		String name = CertificateText.name(authority.getSubjectX500Principal());
		if (exceedsPathLength(authority, certificates)) {
			return "the trusted authority %s allows %d authorities below it".formatted(name,
					authority.getBasicConstraints());
		}
		byte[] constraints = authority.getExtensionValue(NAME_CONSTRAINTS);
		if (constraints == null) {
			return null;
		}
		X509CertSelector selector = new X509CertSelector();
		try {
			selector.setNameConstraints(content(constraints));
		}
		catch (IOException | RuntimeException ex) {
			return "the name constraints of the trusted authority %s cannot be read".formatted(name);
		}
		for (int i = 0; i < certificates.size(); i++) {
			X509Certificate certificate = certificates.get(i);
			// RFC 5280, 6.1.3 (b) exempts self-issued ones, but for the last.
			if ((i == 0 || !isSelfIssued(certificate)) && !selector.match(certificate)) {
				return "the name constraints of the trusted authority %s do not allow %s".formatted(name,
						CertificateText.name(certificate.getSubjectX500Principal()));
			}
		}
		return null;
	}

	private static boolean exceedsPathLength(X509Certificate authority, List<X509Certificate> path) {
		// Certificates of version 1, which some trusted authorities have, limit nothing.
		return authority.getBasicConstraints() >= 0
				&& path.stream().skip(1).filter((certificate) -> !isSelfIssued(certificate)).count() > authority
					.getBasicConstraints();
	}

	private static boolean isSelfIssued(X509Certificate certificate) {
		return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
	}

	private static byte[] content(byte[] octetString) {
		// Each extension is wrapped in an OCTET STRING: X.690, 8.1.3 has its length.
		int lengthOctets = (octetString[1] >= 0) ? 0 : octetString[1] & 0x7f;
		return Arrays.copyOfRange(octetString, 2 + lengthOctets, octetString.length);
	}

}
