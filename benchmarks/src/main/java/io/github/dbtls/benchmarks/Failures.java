package io.github.dbtls.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * Says in one line why something failed.
 */
final class Failures {

	private static final int MAXIMUM = 300;

	private Failures() {
	}

	/**
	 * Return the first line of the first and of the last message in a chain of causes.
	 * @param thrown what was thrown
	 * @return the text
	 */
	static String text(Throwable thrown) {
		List<String> messages = new ArrayList<>();
		for (@Nullable
		Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			String message = cause.getMessage();
			if (message != null && !message.isBlank() && !(cause instanceof ExecutionException)) {
				messages.add(message.strip().lines().findFirst().orElse(""));
			}
		}
		if (messages.isEmpty()) {
			return thrown.toString();
		}
		String first = messages.get(0);
		String last = messages.get(messages.size() - 1);
		String text = first.equals(last) ? first : first + " … " + last;
		// Where the files are is nobody's business.
		text = text.replaceAll("(file:)?/[^ ]*/", "");
		return (text.length() > MAXIMUM) ? text.substring(0, MAXIMUM) + "…" : text;
	}

}
