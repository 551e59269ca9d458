package io.github.dbtls.diagnosis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What a server says against a client or its login, or the driver in its place.
 *
 * @param kind what it means
 * @param code the server's number of it, 0 if it is the driver that refuses
 * @param message the words, as one bounded line
 */
public record LoginRefusal(Kind kind, int code, String message) {

	/**
	 * How Connector/J quotes what came in place of a greeting.
	 */
	private static final Pattern QUOTED = Pattern.compile("message from server: \"(.*)\"$", Pattern.DOTALL);

	/** The SQL state, which a client does not expect before it said what it can. */
	private static final Pattern STATE = Pattern.compile("^#[0-9A-Z]{5}");

	private static final Pattern FULL_STOP = Pattern.compile("\\.$");

	public LoginRefusal {
		message = FULL_STOP.matcher(CertificateText.clean(message)).replaceFirst("");
	}

	/**
	 * Return what a server's error stands for.
	 * @param code its number
	 * @param message its words
	 * @return the refusal
	 */
	public static LoginRefusal ofServer(int code, String message) {
		Matcher quoted = QUOTED.matcher(message);
		String words = STATE.matcher(quoted.find() ? quoted.group(1) : message).replaceFirst("");
		return new LoginRefusal(kind(code, words), code, words);
	}

	/**
	 * Return what a refusal of the driver stands for.
	 * @param message its words
	 * @return the refusal, or {@code null} if it says nothing about a login
	 */
	public static @Nullable LoginRefusal ofDriver(String message) {
		// 'Sha256PasswordPlugin.2' and 'AuthenticationProvider.BadAuthenticationPlugin'
		// of
		// its messages.
		if (message.contains("Public Key Retrieval is not allowed")) {
			return new LoginRefusal(Kind.PUBLIC_KEY, 0, message);
		}
		return message.contains("Unable to load authentication plugin")
				? new LoginRefusal(Kind.PLUGIN_UNKNOWN, 0, message) : null;
	}

	private static Kind kind(int code, String words) {
		// Gateways of TiDB Cloud have numbers of their own for these.
		if (words.contains("Missing user name prefix")) {
			return Kind.USER_NAME_PREFIX;
		}
		if (words.contains("insecure transport are prohibited")) {
			return Kind.INSECURE_TRANSPORT;
		}
		return switch (code) {
			case 1045, 1698 -> Kind.ACCESS_DENIED;
			case 1040, 1203, 1226 -> Kind.TOO_MANY_CONNECTIONS;
			case 1129 -> Kind.HOST_BLOCKED;
			case 1130 -> Kind.HOST_NOT_ALLOWED;
			case 1251 -> Kind.PLUGIN_UNKNOWN;
			case 1524 -> Kind.PLUGIN_NOT_LOADED;
			case 3159 -> Kind.INSECURE_TRANSPORT;
			default -> Kind.OTHER;
		};
	}

	/**
	 * Return the refusal of a login whose reason somebody else logged and dropped.
	 * @return the refusal
	 */
	public static LoginRefusal inLog() {
		return new LoginRefusal(Kind.REASON_IN_LOG, 0, "the log has the reason");
	}

	/**
	 * Return the words with their number.
	 * @return part of a sentence
	 */
	public String words() {
		return (this.code != 0) ? "error %d, %s".formatted(this.code, this.message) : this.message;
	}

	/**
	 * What a refusal means.
	 */
	public enum Kind {

		/** Name, password, or the certificate that the user is declared to show. */
		ACCESS_DENIED,

		/** The server, or the user, has as many connections as are allowed. */
		TOO_MANY_CONNECTIONS,

		/** Too many connections of this client broke off before their login. */
		HOST_BLOCKED,

		/** No user may log in from where the server sees this client. */
		HOST_NOT_ALLOWED,

		/** The server sees a connection in plain text. */
		INSECURE_TRANSPORT,

		/** The driver would need the server's RSA key, since the connection is plain. */
		PUBLIC_KEY,

		/** The server has not got the plug-in that the user is declared with. */
		PLUGIN_NOT_LOADED,

		/** The client has not got the plug-in that the user is declared with. */
		PLUGIN_UNKNOWN,

		/** The user's name lacks the prefix of a cluster of TiDB Cloud. */
		USER_NAME_PREFIX,

		/** Whoever was told the reason logged it and kept it for himself. */
		REASON_IN_LOG,

		/** Anything else: the server's words have to do. */
		OTHER

	}

}
