package io.github.dbtls.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application in a JVM of its own, as its users start it.
 */
public final class RunningSample implements AutoCloseable {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final HttpClient client = HttpClient.newHttpClient();

	private final Process process;

	private final Path output;

	private final Set<ProcessHandle> descendants = new HashSet<>();

	private RunningSample(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Start it.
	 * @param directory where its output goes, and that it runs in
	 * @param arguments those of {@code java}: options, jar or class, its arguments
	 * @return the application, to be closed
	 */
	public static RunningSample start(Path directory, String... arguments) {
		try {
			List<String> command = new ArrayList<>();
			command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
			command.addAll(List.of(arguments));
			Path output = Files.createTempFile(directory, "output", ".txt");
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.directory(directory.toFile());
			// What a developer's shell has set is for the application of that shell.
			builder.environment().keySet().removeIf((name) -> name.startsWith("SPRING_") || name.startsWith("DBTLS_"));
			return new RunningSample(builder.start(), output);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the executable jar that the build has made.
	 * @return the jar
	 */
	public static Path executableJar() {
		try (Stream<Path> files = Files.list(Path.of("target"))) {
			List<Path> jars = files
				.filter((file) -> file.getFileName().toString().matches("dbtls-sample-app-.*(?<!-sources)\\.jar"))
				.toList();
			assertThat(jars).hasSize(1);
			return jars.get(0).toAbsolutePath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Check that the guest book takes an entry, over a verified connection.
	 */
	void assertWorksSecured() throws Exception {
		URI uri = awaitUri();
		HttpRequest form = HttpRequest.newBuilder(uri)
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString("author=Ann&message=Hello"))
			.build();
		assertThat(client.send(form, BodyHandlers.discarding()).statusCode()).isEqualTo(303);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(get(uri).body()).contains("Ann", "Hello"));
		JsonNode health = JsonMapper.shared().readTree(get(uri.resolve("/actuator/health/dbtls")).body());
		assertThat(health.at("/status").asString()).isEqualTo("UP");
		assertThat(health.at("/details/verified").asBoolean()).isTrue();
		assertThat(health.at("/details/protocol").asString()).isEqualTo("TLSv1.3");
		assertThat(health.at("/details/server/protocol").asString()).isEqualTo("TLSv1.3");
	}

	private static HttpResponse<String> get(URI uri) throws Exception {
		HttpResponse<String> response = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		return response;
	}

	/**
	 * Wait until it is started.
	 * @return where it is
	 */
	public URI awaitUri() throws Exception {
		return URI.create("http://127.0.0.1:%d/".formatted(awaitPort()));
	}

	private int awaitPort() throws Exception {
		long start = System.nanoTime();
		while (true) {
			Matcher matcher = PORT.matcher(output());
			if (matcher.find()) {
				return Integer.parseInt(matcher.group(1));
			}
			assertThat(this.process.isAlive() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(180)).as(output())
				.isTrue();
			Thread.sleep(50);
		}
	}

	/**
	 * Wait until it ends by itself.
	 * @return its exit code
	 */
	public int awaitEnd() throws Exception {
		assertThat(this.process.waitFor(180, TimeUnit.SECONDS)).as(output()).isTrue();
		return this.process.exitValue();
	}

	public String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Ask it to end, as the operating system does.
	 */
	public void terminate() {
		this.descendants.addAll(this.process.descendants().toList());
		this.process.destroy();
	}

	/**
	 * Return the processes that it had started when it was asked to end.
	 * @return the processes, its databases as a rule
	 */
	public Set<ProcessHandle> processes() {
		return this.descendants;
	}

	@Override
	public void close() {
		terminate();
		try {
			if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		boolean left = this.descendants.stream().anyMatch(ProcessHandle::isAlive);
		this.descendants.forEach(ProcessHandle::destroyForcibly);
		assertThat(left).as("a database server is left").isFalse();
	}

}
