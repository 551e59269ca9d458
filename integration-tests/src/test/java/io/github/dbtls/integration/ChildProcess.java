package io.github.dbtls.integration;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that a test starts and ends, with everything that it started itself. What it
 * writes goes to a file, and into the message of every failure.
 */
final class ChildProcess implements AutoCloseable {

	/** What lives for seconds is not worth the time of the second compiler. */
	static final String QUICK_START = "-XX:TieredStopAtLevel=1";

	/** For a machine under load; nothing waits that long where all is well. */
	private static final Duration PATIENCE = Duration.ofMinutes(4);

	/** Settings of the machine that are meant for other programs than the child. */
	private static final Pattern FOREIGN_VARIABLES = Pattern
		.compile("(DBTLS|SPRING|SERVER|MANAGEMENT|LOGGING)_.*|MAVEN_(BASEDIR|PROJECTBASEDIR|CONFIG|CMD_LINE_ARGS)");

	private final Process process;

	private final Path output;

	private final Thread shutdownHook = new Thread(this::end, "end-child-process");

	private ChildProcess(Process process, Path output) {
		this.process = process;
		this.output = output;
		Runtime.getRuntime().addShutdownHook(this.shutdownHook);
	}

	static ChildProcess start(Path directory, Map<String, String> variables, List<String> command) {
		try {
			Path output = Files.createTempFile(directory, "output", ".txt");
			ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
				.redirectErrorStream(true)
				.redirectInput(new File("/dev/null"))
				.redirectOutput(output.toFile());
			builder.environment().keySet().removeIf((name) -> FOREIGN_VARIABLES.matcher(name).matches());
			builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
			builder.environment().putAll(variables);
			return new ChildProcess(builder.start(), output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Wait for the end of the process.
	 * @return its exit code
	 */
	int awaitExit() {
		return awaitExit(PATIENCE);
	}

	private int awaitExit(Duration patience) {
		try {
			if (!this.process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
				throw new AssertionError("Still running after %s:%n%s".formatted(PATIENCE, output()));
			}
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Wait for the end of a process that should fail.
	 * @param unwanted what it writes if it does not
	 * @return its exit code
	 */
	int awaitExitWithout(Pattern unwanted) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (this.process.isAlive() && System.nanoTime() < deadline) {
			if (unwanted.matcher(output()).find()) {
				throw new AssertionError("Has come to '%s':%n%s".formatted(unwanted, output()));
			}
			pause();
		}
		return awaitExit(Duration.ZERO);
	}

	/**
	 * Wait until the process has written something.
	 * @param pattern what to wait for
	 * @return the place where it was found
	 */
	Matcher awaitOutput(Pattern pattern) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (true) {
			boolean running = this.process.isAlive();
			Matcher matcher = pattern.matcher(output());
			if (matcher.find()) {
				return matcher;
			}
			if (!running || System.nanoTime() > deadline) {
				throw new AssertionError(
						"%s without '%s':%n%s".formatted(running ? "Still running" : "Ended", pattern, output()));
			}
			pause();
		}
	}

	String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		// An application closes its connections then.
		this.process.destroy();
		try {
			this.process.waitFor(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		end();
		Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
	}

	private void end() {
		List<ProcessHandle> descendants = this.process.descendants().toList();
		this.process.destroyForcibly();
		descendants.forEach(ProcessHandle::destroyForcibly);
	}

	private static void pause() {
		try {
			Thread.sleep(50);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
