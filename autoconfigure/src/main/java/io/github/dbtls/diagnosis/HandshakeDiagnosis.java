package io.github.dbtls.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.dbtls.Causes;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.Provider;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Explains a handshake that failed: what happened, what the server presented, what is
 * trusted, and what to do.
 */
public final class HandshakeDiagnosis {

	// Ours by name: TiDB has an 'ssl-ca', MySQL an 'ssl-cert'.
	private static final Pattern PROPERTY = Pattern
		.compile("'(ca-(?:path|password)|ssl-(?:mode|bundle)|tls-versions|ciphers|client-[a-z-]+)(?=['=:])");

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
		Finding finding = (failure == HandshakeFailure.OTHER) ? ProtocolRules.find(message(thrown))
				: CertificateRules.find(failure, facts);
		return new TlsHandshakeException(failure, facts.host(), facts.port(),
				describe(facts, failure, finding, message(thrown)), action(facts, failure, finding), facts.presented(),
				thrown);
	}

	private static String action(HandshakeFacts facts, HandshakeFailure failure, @Nullable Finding finding) {
		String action = whatToDo(facts, failure, finding);
		return switch (failure) {
			// No rule can tell a server with a wrong certificate from a stranger.
			case UNTRUSTED_ISSUER, HOST_NAME_MISMATCH -> Remedies.impostor(facts) + " " + action;
			default -> action;
		};
	}

	private static String whatToDo(HandshakeFacts facts, HandshakeFailure failure, @Nullable Finding finding) {
		Provider provider = facts.policy().provider();
		String advice = remedy(facts.policy(), failure);
		if (finding == null) {
			return (advice != null) ? advice : Remedies.general(failure, facts);
		}
		if (finding.advice() == Finding.Advice.NEEDLESS) {
			// What a platform team has to say, its users shall read in any case.
			return (advice != null && !Provider.builtIn().contains(provider)) ? finding.action() + " " + advice
					: finding.action();
		}
		if (advice == null && failure == HandshakeFailure.UNTRUSTED_ISSUER) {
			advice = Remedies.general(failure, facts);
		}
		return Stream
			.of((finding.advice() == Finding.Advice.FIRST) ? advice : null, finding.action(),
					(finding.advice() == Finding.Advice.LAST) ? advice : null)
			.filter((text) -> text != null && !text.isEmpty())
			.collect(Collectors.joining(" "));
	}

	/**
	 * Return what a provider has to say about a failure, with the properties as they are
	 * called for the DataSource.
	 * @param policy the policy of the pool
	 * @param failure the failure
	 * @return the remedy, or {@code null} if the general one applies
	 */
	static @Nullable String remedy(TlsPolicy policy, HandshakeFailure failure) {
		String remedy = policy.provider().remedy(failure);
		return (remedy != null) ? withPrefix(remedy, policy) : null;
	}

	private static String withPrefix(String remedy, TlsPolicy policy) {
		// A remedy of a provider does not know for which DataSource it is read.
		return PROPERTY.matcher(remedy)
			.replaceAll((match) -> Matcher.quoteReplacement("'" + (match.group(1).equals("ca-path")
					? policy.trustProperty() : policy.prefix() + "." + match.group(1))));
	}

	private static String describe(HandshakeFacts facts, HandshakeFailure failure, @Nullable Finding finding,
			String message) {
		TlsPolicy policy = facts.policy();
		List<String> lines = new ArrayList<>();
		lines.add("No verified TLS connection to %s:%d: %s (provider '%s', ssl-mode %s).".formatted(host(facts),
				facts.port(), what(facts, failure, message), policy.provider().id(), policy.sslMode().propertyValue()));
		if (finding != null) {
			lines.add("  Found: " + finding.found());
		}
		lines.addAll(EvidenceText.presented(facts));
		lines.addAll(EvidenceText.trusted(facts));
		lines.add(EvidenceText.versions(facts));
		lines.add("  Cause: " + failure);
		return String.join(System.lineSeparator(), lines);
	}

	private static String what(HandshakeFacts facts, HandshakeFailure failure, String message) {
		String offered = String.join(", ", facts.policy().protocols());
		return switch (failure) {
			case UNTRUSTED_ISSUER -> "no trusted authority issued the server's certificate";
			case HOST_NAME_MISMATCH -> "the server's certificate is not issued to '%s'".formatted(host(facts));
			case EXPIRED -> "a certificate has expired; " + message;
			case NOT_YET_VALID -> "a certificate is not valid yet; " + message;
			case WEAK_ALGORITHM -> "the server's chain is too weak; " + message;
			case CERTIFICATE_INVALID -> "the server's chain breaks a rule; " + message;
			case NO_COMMON_PROTOCOL -> "the server speaks none of %s; %s".formatted(offered, message);
			case NO_COMMON_CIPHER -> "no cipher suite in common under %s; %s".formatted(offered, message);
			case TLS_NOT_OFFERED -> "the server does not offer TLS";
			case CLIENT_CERTIFICATE_REQUIRED -> "the server wants a certificate of the client; " + message;
			case CLIENT_CERTIFICATE_REFUSED -> "the server does not accept the certificate of the client; " + message;
			case HANDSHAKE_TIMEOUT -> "the server did not answer in time";
			case CONNECTION_CLOSED -> "the connection ended: " + message;
			case NOT_MYSQL -> "what answers there is no MySQL server; " + message;
			case UNREACHABLE -> "nothing answers there; " + message;
			case LOGIN_REFUSED, OTHER -> message;
		};
	}

	private static String host(HandshakeFacts facts) {
		return CertificateText.clean(facts.host());
	}

	private static String message(Throwable thrown) {
		RefusedCertificateException refused = Causes.find(thrown, RefusedCertificateException.class);
		Throwable innermost = (refused != null) ? refused : Causes.innermost(thrown);
		String message = innermost.getMessage();
		return (message != null) ? CertificateText.clean(FailureClassifier.withoutOwnAlert(message))
				: innermost.getClass().getSimpleName();
	}

}
