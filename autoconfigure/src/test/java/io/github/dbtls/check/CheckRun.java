package io.github.dbtls.check;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Runs {@link DbTlsCheck} in this JVM, and keeps what it prints.
 */
final class CheckRun {

	private final Map<String, String> environment;

	private ByteArrayOutputStream out = new ByteArrayOutputStream();

	private ByteArrayOutputStream err = new ByteArrayOutputStream();

	CheckRun() {
		this(Map.of());
	}

	CheckRun(Map<String, String> environment) {
		this.environment = environment;
	}

	/**
	 * Run it.
	 * @param arguments the arguments
	 * @return the exit code
	 */
	int of(String... arguments) {
		return start().run(arguments);
	}

	/**
	 * Run it.
	 * @param request what to check
	 * @return the exit code
	 */
	int of(CheckRequest request) {
		return start().check(request);
	}

	private DbTlsCheck start() {
		this.out = new ByteArrayOutputStream();
		this.err = new ByteArrayOutputStream();
		return new DbTlsCheck(new PrintStream(this.out, true, StandardCharsets.UTF_8),
				new PrintStream(this.err, true, StandardCharsets.UTF_8), this.environment);
	}

	String out() {
		return text(this.out);
	}

	String err() {
		return text(this.err);
	}

	private static String text(ByteArrayOutputStream stream) {
		return stream.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
	}

}
