package io.github.dbtls.integration;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.integration.ShopApplication.Findings;
import io.github.dbtls.testkit.TestCertificates;

/**
 * A JVM of its own for {@link ShopApplication}: what a user decides when a JVM starts,
 * which is its trust store here, cannot be tried in the JVM of the test. Names of clouds
 * lead to this machine in it.
 */
final class ApplicationJvm implements AutoCloseable {

	private static final int DEADLINE_SECONDS = 120;

	private final Process process;

	private final BufferedReader answers;

	private final BufferedWriter questions;

	private ApplicationJvm(Process process) {
		this.process = process;
		this.answers = process.inputReader(StandardCharsets.UTF_8);
		this.questions = process.outputWriter(StandardCharsets.UTF_8);
	}

	/**
	 * Start one.
	 * @param directory where to write its files
	 * @param trustStore a PKCS#12 file to trust by default instead of the JDK's own roots
	 * @param names host names that lead to this machine, besides {@code localhost}
	 * @return the JVM, to be closed
	 */
	static ApplicationJvm start(Path directory, Path trustStore, String... names) {
		try {
			Path hosts = Files.writeString(directory.resolve("hosts"),
					"127.0.0.1 localhost " + String.join(" ", names) + "\n");
			List<String> command = new ArrayList<>();
			command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
			command.add("-XX:TieredStopAtLevel=1");
			command.add("-Dfile.encoding=UTF-8");
			command.add("-Djdk.net.hosts.file=" + hosts);
			command.add("-Djavax.net.ssl.trustStore=" + trustStore);
			command.add("-Djavax.net.ssl.trustStorePassword=" + TestCertificates.PASSWORD);
			command.add("-Djavax.net.ssl.trustStoreType=PKCS12");
			command.add(ShopApplication.class.getName());
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
			builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
			return new ApplicationJvm(builder.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Run the application there once.
	 * @param properties its properties
	 * @return what it found
	 */
	Findings run(Map<String, String> properties) {
		CompletableFuture<Void> deadline = CompletableFuture.runAsync(this.process::destroyForcibly,
				CompletableFuture.delayedExecutor(DEADLINE_SECONDS, TimeUnit.SECONDS));
		StringBuilder output = new StringBuilder();
		try {
			this.questions.write(ShopApplication.question(properties));
			this.questions.newLine();
			this.questions.flush();
			for (String line = this.answers.readLine(); line != null; line = this.answers.readLine()) {
				if (line.startsWith(ShopApplication.ANSWER)) {
					return ShopApplication.answer(line);
				}
				output.append(line).append('\n');
			}
			throw new IllegalStateException("The application ended without an answer:\n" + output);
		}
		catch (IOException ex) {
			throw new IllegalStateException("The application does not answer:\n" + output, ex);
		}
		finally {
			deadline.cancel(false);
		}
	}

	/**
	 * Let it end, which it does when it is asked no more.
	 */
	@Override
	public void close() {
		try {
			this.questions.close();
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			this.process.destroyForcibly();
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
