package io.github.dbtls.diagnosis;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import javax.security.auth.x500.X500Principal;

/**
 * Certificates in words. What a stranger's server put into its certificate is cleaned of
 * control characters, so that it cannot forge lines of a log.
 */
public final class CertificateText {

	private static final int LONGEST_NAME = 200;

	private static final int MOST_NAMES = 12;

	/** GeneralName, RFC 5280, 4.2.1.6. */
	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

	private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private CertificateText() {
	}

	/**
	 * Return a distinguished name as RFC 2253 writes it.
	 * @param principal the name
	 * @return the name, cleaned and bounded
	 */
	public static String name(X500Principal principal) {
		String name = clean(principal.getName());
		return name.isEmpty() ? "(empty name)" : name;
	}

	/**
	 * Return a day in UTC.
	 * @param instant any moment of it
	 * @return the day as ISO 8601 writes it
	 */
	public static String day(Instant instant) {
		return DAY.format(instant);
	}

	/**
	 * Return the names that the certificate was issued to.
	 * @param certificate the certificate
	 * @return {@code DNS:…} and {@code IP:…}, in the certificate's order
	 */
	public static List<String> subjectAlternativeNames(X509Certificate certificate) {
		List<String> names = new ArrayList<>();
		try {
			Collection<List<?>> all = certificate.getSubjectAlternativeNames();
			for (List<?> name : (all != null) ? all : List.<List<?>>of()) {
				if (name.get(0) instanceof Integer type && name.get(1) instanceof String value) {
					if (type == DNS_NAME) {
						names.add("DNS:" + clean(value));
					}
					else if (type == IP_ADDRESS) {
						names.add("IP:" + clean(value));
					}
				}
			}
		}
		catch (CertificateParsingException ex) {
			names.add("(unreadable)");
		}
		return names;
	}

	static String describe(X509Certificate certificate) {
		List<String> names = subjectAlternativeNames(certificate);
		String shown = names.isEmpty() ? ""
				: ", names " + String.join(" ", names.subList(0, Math.min(MOST_NAMES, names.size())))
						+ ((names.size() > MOST_NAMES) ? " and %d more".formatted(names.size() - MOST_NAMES) : "");
		return "%s, issued by %s, valid %s to %s%s".formatted(name(certificate.getSubjectX500Principal()),
				name(certificate.getIssuerX500Principal()), day(certificate.getNotBefore().toInstant()),
				day(certificate.getNotAfter().toInstant()), shown);
	}

	/**
	 * Return a stranger's text as one bounded line of what can be seen.
	 * @param text the text
	 * @return the text, with each control, format and line character replaced
	 */
	public static String clean(String text) {
		String cleaned = UNSEEN.matcher(text).replaceAll("?");
		return (cleaned.length() > LONGEST_NAME) ? cleaned.substring(0, LONGEST_NAME) + "…" : cleaned;
	}

}
