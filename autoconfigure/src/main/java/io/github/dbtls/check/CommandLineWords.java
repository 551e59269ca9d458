package io.github.dbtls.check;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Names settings as they are written on the command line.
 */
final class CommandLineWords {

	private static final Pattern PASSWORD = Pattern.compile("'dbtls\\.(ca-password|client-private-key-password)'");

	private static final Pattern PROPERTY = Pattern.compile("'dbtls\\.([a-z-]+)(?:(?=['=])|: ?)");

	/** There are no SSL bundles without an application. */
	private static final Pattern BUNDLE = Pattern.compile(", or 'dbtls\\.ssl-bundle' to [^.,]*");

	/** Nor is there YAML. */
	private static final Pattern YAML = Pattern.compile(" Mind that YAML [^.]*\\.");

	private CommandLineWords() {
	}

	/**
	 * Translate a text about properties.
	 * @param text the text
	 * @return the same about arguments
	 */
	static String of(@Nullable String text) {
		String applicable = YAML.matcher(BUNDLE.matcher(String.valueOf(text)).replaceAll("")).replaceAll("");
		String passwords = PASSWORD.matcher(applicable)
			.replaceAll((match) -> "the environment variable '" + CheckArguments.variable(match.group(1)) + "'");
		return PROPERTY.matcher(passwords)
			.replaceAll((match) -> "'--" + match.group(1) + (match.group().endsWith(" ") ? "=" : ""));
	}

}
