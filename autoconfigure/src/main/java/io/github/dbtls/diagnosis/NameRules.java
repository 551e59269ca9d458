package io.github.dbtls.diagnosis;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Certificates that are issued to another name than the one connected to (RFC 6125).
 */
final class NameRules {

	private static final String DNS = "DNS:";

	private static final int MOST_NAMES = 5;

	/**
	 * Where public authorities are trusted, anybody has a certificate for a name of his
	 * own: that it is named there makes it nobody's advice.
	 */
	private static final String REAL_NAME = "Put the database's real name into the JDBC URL, as whoever runs it tells "
			+ "it, and a name of the certificate only if it is known to be the database's: public authorities issue "
			+ "certificates to anybody.";

	private NameRules() {
	}

	/**
	 * Certificates that MySQL and TiDB make for themselves name no host at all.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding noNames(HandshakeFacts facts, IssuedPath path) {
		List<String> names = CertificateText.subjectAlternativeNames(path.leaf());
		String commonName = NameParts.commonName(path.leaf().getSubjectX500Principal());
		if (!names.isEmpty() || looksLikeHost(commonName)) {
			return null;
		}
		return Finding.complete(
				"the certificate names no host at all%s, so that no host name can ever match it."
					.formatted(commonName.isEmpty() ? "" : " (its common name is '%s')".formatted(commonName)),
				"Let the server have a certificate that names '%s'%s.".formatted(host(facts),
						Remedies.orVerifyCa(facts.policy())));
	}

	private static boolean looksLikeHost(String name) {
		return name.matches("(?i)(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|[0-9a-f:]+");
	}

	/**
	 * An IP address matches an entry of its own kind only (RFC 2818, 3.1), and hardly any
	 * certificate has one.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding address(HandshakeFacts facts, IssuedPath path) {
		if (!isAddress(facts.host())) {
			return null;
		}
		List<String> names = names(path.leaf());
		boolean addresses = names.stream().anyMatch((name) -> name.startsWith("IP:"));
		List<String> hosts = hosts(names);
		return Finding.of(
				"the JDBC URL has the address %s, and the certificate names %s.".formatted(host(facts),
						addresses ? "other addresses" : "no address at all"),
				facts.policy().trust().usesSystemRoots() ? REAL_NAME
						: "Connect by %s%s.".formatted(
								hosts.isEmpty() ? "a name of the certificate, or give it this address as IP entry"
										: "a name of the certificate (%s)".formatted(some(hosts)),
								Remedies.orVerifyCa(facts.policy())));
	}

	/**
	 * An asterisk stands for one label (RFC 6125, 6.4.3).
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding tooDeepForAsterisk(HandshakeFacts facts, IssuedPath path) {
		String host = facts.host().toLowerCase(Locale.ROOT);
		for (String name : names(path.leaf())) {
			if (name.startsWith(DNS + "*.")
					&& host.endsWith(name.substring(DNS.length() + 1).toLowerCase(Locale.ROOT))) {
				return Finding.of(
						"'%s' lies deeper than '%s': the asterisk stands for one part of a name, without dots."
							.formatted(host(facts), name.substring(DNS.length())),
						"Connect by a name of the database with one part in front, or let the server have a certificate that names '%s'%s."
							.formatted(host(facts), Remedies.orVerifyCa(facts.policy())));
			}
		}
		return null;
	}

	/**
	 * A name of one's own in front of the server's, or the wrong server.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised
	 */
	static Finding otherNames(HandshakeFacts facts, IssuedPath path) {
		List<String> names = names(path.leaf());
		List<String> hosts = hosts(names);
		return Finding.of(
				("the certificate is issued by an authority that is trusted, and names %s, not '%s', which may be a DNS "
						+ "name of your own in front of the server, or lead to another server.")
					.formatted(some(names), host(facts)),
				facts.policy().trust().usesSystemRoots() ? REAL_NAME
						: "Put the server's real name into the JDBC URL%s%s.".formatted(
								hosts.isEmpty() ? "" : " (%s)".formatted(some(hosts)),
								Remedies.orVerifyCa(facts.policy())));
	}

	private static List<String> names(X509Certificate leaf) {
		List<String> names = CertificateText.subjectAlternativeNames(leaf);
		String commonName = NameParts.commonName(leaf.getSubjectX500Principal());
		return (names.isEmpty() && !commonName.isEmpty()) ? List.of(DNS + commonName) : names;
	}

	private static List<String> hosts(List<String> names) {
		return names.stream()
			.filter((name) -> name.startsWith(DNS))
			.map((name) -> name.substring(DNS.length()))
			.toList();
	}

	private static String some(List<String> names) {
		Stream<String> some = names.stream()
			.limit(MOST_NAMES)
			.map((name) -> "'%s'".formatted(name.startsWith(DNS) ? name.substring(DNS.length()) : name));
		String more = (names.size() > MOST_NAMES) ? " and %d more".formatted(names.size() - MOST_NAMES) : "";
		return String.join(", ", some.toList()) + more;
	}

	private static boolean isAddress(String host) {
		return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
	}

	private static String host(HandshakeFacts facts) {
		return CertificateText.clean(facts.host());
	}

}
