package io.github.dbtls.trust;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Tells a certificate or key that was given itself from the path of a file. A path is
 * shown in messages, and a private key must not be.
 */
final class InlineMaterial {

	/** Shorter than the base64 of any key: one of Ed25519 has 64 characters. */
	private static final int SHORTEST = 40;

	private static final int DER_SEQUENCE = 0x30;

	/**
	 * How base64 begins of a DER sequence, of PEM, and of a key of OpenSSH, at any place
	 * of a text.
	 */
	private static final Pattern BEGINNING = Pattern.compile("(M[A-P]|LS0tLS1C|b3BlbnNzaC1r)[A-Za-z0-9+/=_-]{36,}");

	private InlineMaterial() {
	}

	/**
	 * Return whether a message of somebody else's may repeat what belongs in a file,
	 * whole or in part, on one line or many.
	 * @param message the message
	 * @return whether it had better not be shown
	 */
	static boolean mayBeRepeatedIn(String message) {
		return message.contains("-----BEGIN") || BEGINNING.matcher(message.replaceAll("\\s", "")).find();
	}

	/**
	 * Return whether a text is PEM, or base64 of PEM, of DER or of a key of OpenSSH.
	 * @param text the text
	 * @return whether it is what belongs in a file
	 */
	static boolean isIn(String text) {
		if (text.contains("-----BEGIN")) {
			return true;
		}
		String compact = text.replaceAll("\\s", "");
		if (compact.length() < SHORTEST) {
			return false;
		}
		if (compact.startsWith("MII") && compact.length() > 200) {
			return true;
		}
		byte[] bytes = decode(compact);
		return bytes != null
				&& (isSequence(bytes) || startsWith(bytes, "-----BEGIN") || startsWith(bytes, "openssh-key"));
	}

	private static byte @Nullable [] decode(String text) {
		try {
			return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	// The length that it says of itself fits: of a path that happens to be base64 it
	// would
	// not.
	private static boolean isSequence(byte[] bytes) {
		if (bytes.length < 4 || bytes[0] != DER_SEQUENCE) {
			return false;
		}
		int length = bytes[1] & 0xff;
		int header = 2;
		if (length > 0x80) {
			header += length - 0x80;
			length = 0;
			for (int i = 2; i < header && i < bytes.length; i++) {
				length = (length << 8) | (bytes[i] & 0xff);
			}
		}
		return header + length == bytes.length;
	}

	private static boolean startsWith(byte[] bytes, String text) {
		return new String(bytes, StandardCharsets.ISO_8859_1).startsWith(text);
	}

}
