package io.github.dbtls.diagnosis;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

import io.github.dbtls.Causes;
import io.github.dbtls.HandshakeFailure;

/**
 * Tells what kind of failure an exception stands for. What can be told by type is; JSSE
 * gives the alerts of RFC 8446, 6.2, in its messages only.
 */
final class FailureClassifier {

	/** How JSSE's message begins when the peer broke off. */
	private static final String ALERT = "received fatal alert";

	/** Alerts of RFC 8446, 6.2, that a server sends about a client's certificate only. */
	private static final List<String> ABOUT_THE_CLIENT = List.of("unsupported_certificate", "certificate_revoked",
			"certificate_expired", "certificate_unknown", "unknown_ca", "access_denied", "decrypt_error");

	private static final Pattern OWN_ALERT = Pattern.compile("^\\([a-z_]+\\) ");

	private FailureClassifier() {
	}

	/**
	 * Return whether the server itself broke TLS off, and said why.
	 * @param thrown what was thrown
	 * @return whether there is an alert of the peer in it
	 */
	static boolean isAlert(Throwable thrown) {
		String foreign = ForeignFailure.inTheJdksWords(thrown);
		if (foreign != null) {
			return foreign.contains(ALERT);
		}
		SSLException ssl = Causes.find(thrown, SSLException.class);
		return ssl != null && String.valueOf(ssl.getMessage()).toLowerCase(Locale.ROOT).contains(ALERT);
	}

	static HandshakeFailure classify(Throwable thrown) {
		RefusedCertificateException refused = Causes.find(thrown, RefusedCertificateException.class);
		if (refused != null) {
			return refused.getFailure();
		}
		if (Causes.find(thrown, SocketTimeoutException.class) != null) {
			return HandshakeFailure.HANDSHAKE_TIMEOUT;
		}
		if (Causes.find(thrown, UnknownHostException.class) != null
				|| Causes.find(thrown, ConnectException.class) != null
				|| Causes.find(thrown, NoRouteToHostException.class) != null) {
			return HandshakeFailure.UNREACHABLE;
		}
		String foreign = ForeignFailure.inTheJdksWords(thrown);
		if (foreign != null) {
			return byMessage(foreign);
		}
		if (Causes.find(thrown, EOFException.class) != null || Causes.find(thrown, SocketException.class) != null) {
			return HandshakeFailure.CONNECTION_CLOSED;
		}
		SSLException ssl = Causes.find(thrown, SSLException.class);
		return (ssl != null) ? byMessage(String.valueOf(ssl.getMessage()).toLowerCase(Locale.ROOT))
				: HandshakeFailure.OTHER;
	}

	private static HandshakeFailure byMessage(String text) {
		String message = withoutOwnAlert(text);
		if (message.contains("downgrade")) {
			// RFC 8446, 4.1.3: both speak a newer version, and somebody hides it.
			return HandshakeFailure.OTHER;
		}
		if (ProtocolRules.isAlteredResumption(message)) {
			return HandshakeFailure.OTHER;
		}
		if (message.contains("certificateverify") || message.contains("serverkeyexchange")) {
			// The server has not got the key of the certificate that it shows.
			return HandshakeFailure.OTHER;
		}
		if (message.contains("protocol_version") || message.contains("protocol version")
				|| message.contains("no appropriate protocol") || message.contains("inappropriate_fallback")) {
			return HandshakeFailure.NO_COMMON_PROTOCOL;
		}
		if (message.contains("certificate_required") || message.contains("bad_certificate")) {
			return HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED;
		}
		if (message.contains(ALERT) && ABOUT_THE_CLIENT.stream().anyMatch(message::contains)) {
			return HandshakeFailure.CLIENT_CERTIFICATE_REFUSED;
		}
		if (message.contains("handshake_failure") || message.contains("insufficient_security")
				|| message.contains("cipher suite") || message.contains("ciphersuite")) {
			return HandshakeFailure.NO_COMMON_CIPHER;
		}
		if (message.contains("unsupported or unrecognized ssl message") || message.contains("plaintext connection")) {
			return HandshakeFailure.NOT_MYSQL;
		}
		if (message.contains("certificates do not conform to algorithm constraints")) {
			return HandshakeFailure.WEAK_ALGORITHM;
		}
		return HandshakeFailure.OTHER;
	}

	/**
	 * JDK 25 begins with the alert that the client itself sends, which says nothing about
	 * the server.
	 * @param message JSSE's message
	 * @return the message without it
	 */
	static String withoutOwnAlert(String message) {
		return OWN_ALERT.matcher(message).replaceFirst("");
	}

}
