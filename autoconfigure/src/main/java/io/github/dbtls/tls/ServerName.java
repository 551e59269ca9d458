package io.github.dbtls.tls;

import java.net.IDN;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

import io.github.dbtls.diagnosis.CertificateText;
import org.jspecify.annotations.Nullable;

/**
 * Narrows JSSE's endpoint identification, which with certificates of private authorities
 * is wider than Connector/J and
 * <a href="https://www.rfc-editor.org/rfc/rfc9525#section-6.3">RFC 9525, 6.3</a>: it
 * takes a wildcard in any label ({@code db.*.example.com}), several of them and within a
 * label, and the common name although the certificate has addresses as its alternative
 * names. The common name of a certificate without any such name stays good, as it is for
 * the driver.
 */
final class ServerName {

	/** GeneralName, RFC 5280, 4.2.1.6. */
	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	private ServerName() {
	}

	/**
	 * Look at a certificate that JSSE accepted for a host.
	 * @param host the host as the driver knows it
	 * @param certificate the server's certificate
	 * @return why it is not good for the host, or {@code null} if it is
	 */
	static @Nullable String violation(String host, X509Certificate certificate) {
		if (host.indexOf(':') >= 0 || host.matches("[0-9.]+")) {
			// JSSE takes an address for an address only.
			return null;
		}
		List<String> names;
		try {
			names = names(certificate);
		}
		catch (CertificateParsingException | InvalidNameException ex) {
			return "the names of the certificate cannot be read";
		}
		return names.stream().anyMatch((name) -> matches(host, name)) ? null
				: "none of the certificate's names (%s) is '%s'"
					.formatted(CertificateText.clean(String.join(", ", names)), host);
	}

	private static List<String> names(X509Certificate certificate)
			throws CertificateParsingException, InvalidNameException {
		Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
		List<String> names = new ArrayList<>();
		boolean alternative = false;
		for (List<?> name : (alternatives != null) ? alternatives : List.<List<?>>of()) {
			if (name.get(0) instanceof Integer type && (type == DNS_NAME || type == IP_ADDRESS)) {
				alternative = true;
				if (type == DNS_NAME) {
					names.add(String.valueOf(name.get(1)));
				}
			}
		}
		return alternative ? names : commonName(certificate);
	}

	private static List<String> commonName(X509Certificate certificate) throws InvalidNameException {
		List<String> names = new ArrayList<>();
		for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
			if (rdn.getType().equalsIgnoreCase("CN")) {
				names.add(String.valueOf(rdn.getValue()));
			}
		}
		// Of several, JSSE and the driver do not take the same.
		return (names.size() == 1) ? names : List.of();
	}

	private static boolean matches(String host, String name) {
		String presented = ascii(name);
		// RFC 1034, 3.1: a dot at the end makes the name an absolute one. No certificate
		// writes it.
		String expected = ascii(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
		if (presented.indexOf('*') < 0) {
			return presented.equals(expected);
		}
		int dot = expected.indexOf('.');
		return presented.startsWith("*.") && presented.indexOf('*', 1) < 0 && dot > 0
				&& presented.substring(1).equals(expected.substring(dot));
	}

	private static String ascii(String name) {
		try {
			return IDN.toASCII(name).toLowerCase(Locale.ROOT);
		}
		catch (IllegalArgumentException ex) {
			return name.toLowerCase(Locale.ROOT);
		}
	}

}
