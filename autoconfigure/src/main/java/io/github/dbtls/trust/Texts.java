package io.github.dbtls.trust;

import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import io.github.dbtls.Causes;
import org.jspecify.annotations.Nullable;

/**
 * Text from outside, made fit for one line of a message or log.
 */
final class Texts {

	private static final int MAX_NAMED = 3;

	private Texts() {
	}

	/**
	 * Return the text on one line and not longer than allowed, so that what stands in a
	 * file or certificate can neither forge a line of the log nor flood it.
	 * @param text the text
	 * @param max the number of characters to keep
	 * @return the text without control characters
	 */
	static String oneLine(String text, int max) {
		String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
		return (line.length() > max) ? line.substring(0, max) + "..." : line;
	}

	/**
	 * Return the first words, and how many more there are.
	 * @param words the words
	 * @return {@code a, b, c and 2 more}
	 */
	static String some(Collection<String> words) {
		String named = words.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
		int more = words.size() - MAX_NAMED;
		return (more > 0) ? "%s and %d more".formatted(named, more) : named;
	}

	static String subjects(List<X509Certificate> certificates) {
		return some(certificates.stream().map(Texts::subject).toList());
	}

	static String subject(X509Certificate certificate) {
		return oneLine(certificate.getSubjectX500Principal().getName(), 150);
	}

	static String issuer(X509Certificate certificate) {
		return oneLine(certificate.getIssuerX500Principal().getName(), 150);
	}

	/**
	 * Return why a certificate could not be parsed. Certificates are public, so the words
	 * of the JDK can be shown: "Empty issuer DN" helps where "not readable" does not.
	 * @param failure what was thrown
	 * @return the innermost message
	 */
	static String reason(Throwable failure) {
		Throwable innermost = Causes.innermost(failure);
		String message = innermost.getMessage();
		return isBlank(message) ? innermost.getClass().getSimpleName() : oneLine(String.valueOf(message), 200);
	}

	/**
	 * Return a number of bytes for people to read.
	 * @param bytes the number
	 * @return {@code 1 byte}, {@code 700 bytes}, {@code 12 KiB} or {@code 16 MiB}
	 */
	static String size(long bytes) {
		if (bytes == 1) {
			return "1 byte";
		}
		if (bytes < 10 * 1024) {
			return bytes + " bytes";
		}
		return (bytes < 10 * 1024 * 1024) ? "%d KiB".formatted(bytes / 1024)
				: "%d MiB".formatted(bytes / (1024 * 1024));
	}

	static String count(int number, String noun) {
		return (number == 1) ? "1 " + noun : "%d %ss".formatted(number, noun);
	}

	private static boolean isBlank(@Nullable String text) {
		return text == null || text.isBlank();
	}

}
