package io.github.dbtls.diagnosis;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What JSSE says about a handshake that broke a rule of TLS, in its own words only.
 */
final class ProtocolRules {

	private ProtocolRules() {
	}

	/**
	 * Recognise JSSE's words.
	 * @param message the innermost message
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding find(String message) {
		String text = message.toLowerCase(Locale.ROOT);
		if (isAlteredResumption(text)) {
			return Finding.complete(
					"the server resumed a TLS session under another cipher suite or version than the session was made "
							+ "with, which RFC 5246, 7.4.1.3, forbids.",
					"Let all servers behind one address have the same TLS settings if they share sessions. If there is "
							+ "one server only, somebody between may alter the handshake.");
		}
		if (isForeignKey(text)) {
			return Finding.complete(
					"the server could not prove that it has the private key of the certificate that it presented.",
					"Check that the server's certificate and key belong together. If they do, do not go on: somebody "
							+ "else may answer with a copy of its certificate.");
		}
		if (text.contains("downgrade")) {
			return Finding.complete(
					"the server speaks a newer version of TLS than the one that came out, as if somebody between hid it "
							+ "(RFC 8446, 4.1.3).",
					"Look for a proxy or firewall that inspects TLS between here and the server, and take it out of the way.");
		}
		return null;
	}

	/**
	 * Return whether a server altered what it resumed, in the words of
	 * {@code ServerHello.T12ServerHelloConsumer} of the JDK.
	 * @param text JSSE's message in lower case
	 * @return whether it did
	 */
	static boolean isAlteredResumption(String text) {
		return text.contains("server returned wrong cipher suite for session")
				|| text.contains("server resumed with wrong protocol version");
	}

	/**
	 * Return whether a server lacks the key of its certificate.
	 * @param text JSSE's message in lower case
	 * @return whether it does
	 */
	static boolean isForeignKey(String text) {
		return (text.contains("certificateverify") || text.contains("serverkeyexchange")) && text.contains("invalid")
				&& text.contains("signature");
	}

}
