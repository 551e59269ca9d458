package io.github.dbtls.sample.journal;

import java.util.Locale;

import io.github.dbtls.HandshakeFailure;

/**
 * One sentence for each reason why there is no connection.
 */
final class RefusalText {

	private RefusalText() {
	}

	/**
	 * Return whether the application refused the server, rather than the server the
	 * application.
	 * @param failure the reason
	 * @return whether it did
	 */
	static boolean isRefusal(HandshakeFailure failure) {
		return switch (failure) {
			case UNREACHABLE, LOGIN_REFUSED, CONNECTION_CLOSED, HANDSHAKE_TIMEOUT, NOT_MYSQL,
					CLIENT_CERTIFICATE_REQUIRED, CLIENT_CERTIFICATE_REFUSED ->
				false;
			default -> true;
		};
	}

	/**
	 * Return what happened.
	 * @param failure the reason
	 * @return a sentence or two
	 */
	static String of(HandshakeFailure failure) {
		String reason = reason(failure);
		return isRefusal(failure) ? "Refused: %s (%s). No password and no query was sent.".formatted(reason, failure)
				: "%s (%s).".formatted(reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1), failure);
	}

	private static String reason(HandshakeFailure failure) {
		return switch (failure) {
			case UNTRUSTED_ISSUER -> "no trusted authority issued the server's certificate";
			case HOST_NAME_MISMATCH -> "the server's certificate is genuine, but for another name";
			case EXPIRED -> "the server's certificate, or one above it, has expired";
			case NOT_YET_VALID -> "the server's certificate, or one above it, is not valid yet";
			case WEAK_ALGORITHM -> "a key or a signature of the server's certificates is too weak";
			case CERTIFICATE_INVALID -> "the server's certificates break a rule";
			case NO_COMMON_PROTOCOL -> "the server offers no version of TLS that is safe enough";
			case NO_COMMON_CIPHER -> "the server offers no cipher suite that is safe enough";
			case TLS_NOT_OFFERED -> "the server offers no TLS";
			case CLIENT_CERTIFICATE_REQUIRED -> "the server wants a certificate of the application";
			case CLIENT_CERTIFICATE_REFUSED -> "the server does not accept the application's certificate";
			case HANDSHAKE_TIMEOUT -> "the server did not finish the TLS handshake in time";
			case CONNECTION_CLOSED -> "the server closed the connection during the TLS handshake";
			case NOT_MYSQL -> "what answers is no MySQL server";
			case UNREACHABLE -> "nothing answers where the database should be";
			case LOGIN_REFUSED -> "the server refuses the application or its login";
			case OTHER -> "the server's identity could not be proven";
		};
	}

}
