package io.github.dbtls.check;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Names settings as they are written on the command line.
 */
final class CommandLineWords {

	private static final Pattern PASSWORD = Pattern.compile("'dbtls\\.(ca-password|client-private-key-password)'");

	private static final Pattern PROPERTY = Pattern.compile("'dbtls\\.([a-z-]+)(?=['=:])");

	private CommandLineWords() {
	}

	/**
	 * Translate a text about properties.
	 * @param text the text
	 * @return the same about arguments
	 */
	static String of(@Nullable String text) {
		String passwords = PASSWORD.matcher(String.valueOf(text))
			.replaceAll((match) -> "the environment variable '" + CheckArguments.variable(match.group(1)) + "'");
		return PROPERTY.matcher(passwords).replaceAll("'--$1");
	}

}
