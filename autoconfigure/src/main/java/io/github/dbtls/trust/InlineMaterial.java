package io.github.dbtls.trust;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Tells a certificate or key that was given itself from the path of a file. A path is
 * shown in messages, and a private key must not be.
 */
final class InlineMaterial {

	/** Shorter than the base64 of any key: one of Ed25519 has 64 characters. */
	private static final int SHORTEST = 40;

	private static final int DER_SEQUENCE = 0x30;

	private static final int DER_INTEGER = 0x02;

	/**
	 * What base64 of a DER sequence looks like, and a path may as well. It may begin in
	 * the middle of its letters.
	 */
	private static final Pattern LETTERS = Pattern.compile("M[A-P][A-Za-z0-9+/_-]{38,}");

	/** In as many letters as {@link #SHORTEST}; "MyCompany" has three. */
	private static final int MOST_CHANGES_OF_WORDS = 10;

	/** How base64 begins of PEM, and of a key of OpenSSH. */
	private static final Pattern TEXT = Pattern.compile("(LS0tLS1C|b3BlbnNzaC1r)[A-Za-z0-9+/=_-]{32,}");

	private InlineMaterial() {
	}

	/**
	 * Return whether a message of somebody else's may repeat what belongs in a file,
	 * whole or in part, on one line or many.
	 * @param message the message
	 * @return whether it had better not be shown
	 */
	static boolean mayBeRepeatedIn(String message) {
		String compact = message.replaceAll("\\s", "");
		return message.contains("-----BEGIN") || TEXT.matcher(compact).find()
				|| LETTERS.matcher(compact).results().anyMatch((letters) -> isOfMaterial(letters.group()));
	}

	private static boolean isOfMaterial(String letters) {
		return IntStream.rangeClosed(0, letters.length() - SHORTEST)
			.mapToObj((start) -> letters.substring(start, start + SHORTEST))
			.anyMatch((part) -> beginsLikeMaterial(part) || isRandom(part));
	}

	// A private key begins with its version, or with the algorithm that encrypts it; a
	// certificate with what is signed.
	private static boolean beginsLikeMaterial(String base64) {
		byte[] bytes = decode(base64);
		if (bytes == null || bytes[0] != DER_SEQUENCE) {
			return false;
		}
		int length = bytes[1] & 0xff;
		int header = (length > 0x80) ? 2 + length - 0x80 : 2;
		return header + 1 < bytes.length
				&& (bytes[header] == DER_SEQUENCE || (bytes[header] == DER_INTEGER && bytes[header + 1] == 1));
	}

	// The rest of a key may be repeated without its beginning. It changes between capital
	// letters, small ones and digits at every other place or so: one part in 10 000
	// changes as rarely as words do.
	private static boolean isRandom(String letters) {
		return IntStream.range(1, letters.length())
			.filter((i) -> isChange(letters.charAt(i - 1), letters.charAt(i)))
			.count() > MOST_CHANGES_OF_WORDS;
	}

	private static boolean isChange(char one, char next) {
		return Character.isLetterOrDigit(one) && Character.isLetterOrDigit(next)
				&& Character.getType(one) != Character.getType(next);
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
