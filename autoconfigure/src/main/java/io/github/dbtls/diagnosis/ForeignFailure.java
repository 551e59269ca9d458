package io.github.dbtls.diagnosis;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.dbtls.Causes;
import org.jspecify.annotations.Nullable;

/**
 * Reads what other JSSE providers throw, as far as it is certain, and says it in the
 * JDK's words:
 * <ul>
 * <li>Conscrypt has BoringSSL's reasons in its messages
 * ({@code …:TLSV1_ALERT_PROTOCOL_VERSION (…)}): an alert that was received has
 * {@code ALERT} in its name, and one more that begins so;</li>
 * <li>BouncyCastle has a class for an alert that was received, with its name and number
 * as message ({@code handshake_failure(40)}), and another for one that was sent.</li>
 * </ul>
 */
final class ForeignFailure {

	private static final Pattern BORINGSSL = Pattern.compile("OPENSSL_internal:([A-Z0-9_]+)");

	private static final Pattern BORINGSSL_ALERT = Pattern.compile("(?:SSLV3|TLSV1)_ALERT_([A-Z_]+)");

	/** Alerts of BoringSSL that lack the word. */
	private static final Set<String> ALERTS = Set.of("TLSV1_CERTIFICATE_REQUIRED", "TLSV1_UNRECOGNIZED_NAME",
			"TLSV1_UNSUPPORTED_EXTENSION", "TLSV1_CERTIFICATE_UNOBTAINABLE", "TLSV1_UNKNOWN_PSK_IDENTITY");

	private static final Pattern BOUNCY_CASTLE_ALERT = Pattern.compile("([a-z_]+)\\([0-9]+\\).*");

	private ForeignFailure() {
	}

	/**
	 * Return what an exception of another provider says.
	 * @param thrown what was thrown
	 * @return the JDK's words for it, or {@code null} if it says nothing certain
	 */
	static @Nullable String inTheJdksWords(Throwable thrown) {
		for (Throwable current : Causes.of(thrown)) {
			String message = String.valueOf(current.getMessage());
			Matcher reason = BORINGSSL.matcher(message);
			if (reason.find()) {
				return ofBoringSsl(reason.group(1));
			}
			if (current.getClass().getName().startsWith("org.bouncycastle.tls.TlsFatalAlert")) {
				return ofBouncyCastle(current, message);
			}
			if (message.equals("Unable to parse TLS packet header")) {
				return "unsupported or unrecognized ssl message";
			}
		}
		return null;
	}

	private static String ofBoringSsl(String reason) {
		Matcher alert = BORINGSSL_ALERT.matcher(reason);
		if (alert.matches()) {
			return received(alert.group(1));
		}
		if (ALERTS.contains(reason)) {
			return received(reason.substring("TLSV1_".length()));
		}
		return switch (reason) {
			case "UNSUPPORTED_PROTOCOL", "WRONG_VERSION_ON_RECORD" -> "no appropriate protocol";
			case "WRONG_CIPHER_RETURNED", "UNKNOWN_CIPHER_RETURNED" -> "unexpected cipher suite";
			case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST" ->
				"unsupported or unrecognized ssl message";
			default -> "other";
		};
	}

	private static String ofBouncyCastle(Throwable thrown, String message) {
		Matcher alert = BOUNCY_CASTLE_ALERT.matcher(message);
		if (thrown.getClass().getSimpleName().equals("TlsFatalAlertReceived")) {
			return alert.matches() ? received(alert.group(1)) : "other";
		}
		// Its own alerts say less: handshake_failure is that somebody hung up.
		if (message.startsWith("protocol_version(")) {
			return "no appropriate protocol";
		}
		if (message.contains("invalid cipher suite")) {
			return "unexpected cipher suite";
		}
		return message.contains("Unsupported UNKNOWN(") ? "unsupported or unrecognized ssl message" : "other";
	}

	private static String received(String alert) {
		return "received fatal alert: " + alert.toLowerCase(Locale.ROOT);
	}

}
