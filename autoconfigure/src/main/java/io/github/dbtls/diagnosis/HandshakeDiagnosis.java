package io.github.dbtls.diagnosis;

import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;

/**
 * Explains a handshake that failed: what happened, what the server presented, what is
 * trusted, and what to do.
 */
public final class HandshakeDiagnosis {

	private static final int MOST_AUTHORITIES = 3;

	// Ours by name: TiDB has an 'ssl-ca', MySQL an 'ssl-cert'.
	private static final Pattern PROPERTY = Pattern
		.compile("'(ca-(?:path|password)|ssl-(?:mode|bundle)|tls-versions|ciphers|client-[a-z-]+)(?=['=:])");

	private static final int MOST_PRESENTED = 6;

	private HandshakeDiagnosis() {
	}

	/**
	 * Explain a failure by the exception that it was noticed by.
	 * @param facts what is known
	 * @param thrown what was thrown
	 * @return the exception to throw instead; its message is complete
	 */
	public static TlsHandshakeException explain(HandshakeFacts facts, Throwable thrown) {
		HandshakeFailure failure = FailureClassifier.classify(thrown);
		// Once the server has shown its certificate, the cipher suite is agreed upon:
		// what
		// it misses then is ours. JVMs differ in the alert that they send for it.
		if (failure == HandshakeFailure.NO_COMMON_CIPHER && !facts.presented().isEmpty()) {
			failure = HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED;
		}
		// With TLS 1.2 a server that refuses the certificate hangs up while the client is
		// still writing, which then never reads why.
		if (failure == HandshakeFailure.CONNECTION_CLOSED && facts.clientCertificateChosen()) {
			failure = HandshakeFailure.CLIENT_CERTIFICATE_REFUSED;
		}
		return explain(facts, aboutClient(failure, facts.policy()), thrown);
	}

	private static HandshakeFailure aboutClient(HandshakeFailure failure, TlsPolicy policy) {
		boolean sent = policy.clientKey() != null;
		return switch (failure) {
			// Servers send the same alert where there is none.
			case CLIENT_CERTIFICATE_REQUIRED -> sent ? HandshakeFailure.CLIENT_CERTIFICATE_REFUSED : failure;
			case CLIENT_CERTIFICATE_REFUSED -> sent ? failure : HandshakeFailure.OTHER;
			default -> failure;
		};
	}

	/**
	 * Return whether the server itself broke TLS off, and said why.
	 * @param thrown what was thrown
	 * @return whether there is an alert of the server in it
	 */
	public static boolean isAlert(Throwable thrown) {
		return FailureClassifier.isAlert(thrown);
	}

	/**
	 * Explain a failure of a known kind.
	 * @param facts what is known
	 * @param failure the kind of failure
	 * @param thrown what was thrown
	 * @return the exception to throw instead; its message is complete
	 */
	public static TlsHandshakeException explain(HandshakeFacts facts, HandshakeFailure failure, Throwable thrown) {
		String description = describe(facts, failure, thrown);
		String remedy = facts.policy().provider().remedy(failure);
		String action = (remedy != null) ? withPrefix(remedy, facts.policy()) : Remedies.general(failure, facts);
		return new TlsHandshakeException(failure, facts.host(), facts.port(), description, action, facts.presented(),
				thrown);
	}

	private static String withPrefix(String remedy, TlsPolicy policy) {
		// A remedy of a provider does not know for which DataSource it is read.
		return PROPERTY.matcher(remedy)
			.replaceAll((match) -> Matcher.quoteReplacement("'" + (match.group(1).equals("ca-path")
					? policy.trustProperty() : policy.prefix() + "." + match.group(1))));
	}

	private static String describe(HandshakeFacts facts, HandshakeFailure failure, Throwable thrown) {
		TlsPolicy policy = facts.policy();
		StringBuilder text = new StringBuilder("No verified TLS connection to %s:%d: %s (provider '%s', ssl-mode %s)."
			.formatted(facts.host(), facts.port(), what(facts, failure, thrown), policy.provider().id(),
					policy.sslMode().propertyValue()));
		if (!facts.presented().isEmpty()) {
			text.append("%n  Presented by the server:".formatted());
			for (int i = 0; i < Math.min(MOST_PRESENTED, facts.presented().size()); i++) {
				text.append("%n    %d. %s".formatted(i + 1, CertificateText.describe(facts.presented().get(i))));
			}
			if (policy.sslMode().isVerifying()) {
				text.append("%n  Trusted: %s".formatted(trusted(facts)));
			}
		}
		return text.toString();
	}

	private static String what(HandshakeFacts facts, HandshakeFailure failure, Throwable thrown) {
		String offered = facts.policy()
			.tlsVersions()
			.stream()
			.map(TlsVersion::jsseName)
			.collect(Collectors.joining(", "));
		return switch (failure) {
			case UNTRUSTED_ISSUER -> "no trusted authority issued the server's certificate";
			case HOST_NAME_MISMATCH -> "the server's certificate is not issued to '%s'".formatted(facts.host());
			case EXPIRED -> "a certificate has expired; " + message(thrown);
			case NOT_YET_VALID -> "a certificate is not valid yet; " + message(thrown);
			case WEAK_ALGORITHM -> "the server's chain is too weak; " + message(thrown);
			case CERTIFICATE_INVALID -> "the server's chain breaks a rule; " + message(thrown);
			case NO_COMMON_PROTOCOL -> "the server speaks none of %s; %s".formatted(offered, message(thrown));
			case NO_COMMON_CIPHER -> "no cipher suite in common under %s; %s".formatted(offered, message(thrown));
			case TLS_NOT_OFFERED -> "the server does not offer TLS";
			case CLIENT_CERTIFICATE_REQUIRED ->
				"the server wants a certificate of the client; %s".formatted(message(thrown));
			case CLIENT_CERTIFICATE_REFUSED ->
				"the server does not accept the certificate of the client; %s".formatted(message(thrown));
			case HANDSHAKE_TIMEOUT -> "the server did not answer in time";
			case CONNECTION_CLOSED -> "the connection ended: %s".formatted(message(thrown));
			case NOT_MYSQL -> "what answers there is no MySQL server; %s".formatted(message(thrown));
			case UNREACHABLE -> "nothing answers there; %s".formatted(message(thrown));
			case OTHER -> message(thrown);
		};
	}

	private static String message(Throwable thrown) {
		Throwable innermost = thrown;
		for (int depth = 0; innermost.getCause() != null && depth < 30; depth++) {
			if (innermost instanceof RefusedCertificateException) {
				break;
			}
			innermost = innermost.getCause();
		}
		String message = innermost.getMessage();
		return (message != null) ? CertificateText.clean(message) : innermost.getClass().getSimpleName();
	}

	private static String trusted(HandshakeFacts facts) {
		List<X509Certificate> trusted = facts.trusted();
		String count = "%s (%d %s)".formatted(facts.trustSource(), trusted.size(),
				(trusted.size() == 1) ? "authority" : "authorities");
		if (trusted.isEmpty()) {
			return count;
		}
		X509Certificate last = facts.presented().get(facts.presented().size() - 1);
		String issuer = CertificateText.name(last.getIssuerX500Principal()).toLowerCase(Locale.ROOT);
		String nearest = trusted.stream()
			.sorted(Comparator.comparingInt((X509Certificate authority) -> -sharedWords(issuer, authority)))
			.limit(MOST_AUTHORITIES)
			.map((authority) -> "%n    %s, valid to %s".formatted(
					CertificateText.name(authority.getSubjectX500Principal()),
					CertificateText.day(authority.getNotAfter().toInstant())))
			.collect(Collectors.joining());
		int more = trusted.size() - MOST_AUTHORITIES;
		return count + ((more > 0) ? ", the nearest by name:" + nearest : ":" + nearest);
	}

	private static int sharedWords(String issuer, X509Certificate authority) {
		int shared = 0;
		for (String word : CertificateText.name(authority.getSubjectX500Principal())
			.toLowerCase(Locale.ROOT)
			.split("[^\\p{L}\\p{N}]+")) {
			if (word.length() > 1 && issuer.contains(word)) {
				shared++;
			}
		}
		return shared;
	}

}
