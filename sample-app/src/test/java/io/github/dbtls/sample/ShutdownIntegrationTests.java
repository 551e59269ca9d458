package io.github.dbtls.sample;

import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application is told to end, by the signal of the operating system.
 */
class ShutdownIntegrationTests {

	private static final Pattern FILES = Pattern.compile("its files are in (\\S+)");

	/** What a JVM returns that a signal ended: 128 and the number of the signal. */
	private static final int TERMINATED = 143;

	private static final HttpClient client = HttpClient.newHttpClient();

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource
	void endsCleanlyWhilePageListens(Moment moment) throws Exception {
		long start = System.nanoTime();
		try (RunningSample sample = RunningSample.start(this.directory, "-jar",
				RunningSample.executableJar().toString(), "--server.port=0", "--spring.profiles.active=")) {
			URI uri = sample.awaitUri();
			report("Started", start);
			// Generous: a build server has other work, too.
			assertThat(since(start)).isLessThan(Duration.ofSeconds(60));
			try (InputStream events = client
				.send(HttpRequest.newBuilder(uri.resolve("/live")).build(), BodyHandlers.ofInputStream())
				.body()) {
				assertThat(new String(events.readNBytes(6), StandardCharsets.UTF_8)).startsWith("event:");
				moment.await(uri);
				long signal = System.nanoTime();
				sample.terminate();
				assertThat(sample.awaitEnd()).as(sample.output()).isEqualTo(TERMINATED);
				report("Ended, " + moment + ",", signal);
				assertThat(since(signal)).as(sample.output()).isLessThan(Duration.ofSeconds(15));
			}
			assertThat(sample.processes()).noneMatch(ProcessHandle::isAlive);
			Matcher files = FILES.matcher(sample.output());
			assertThat(files.find()).isTrue();
			assertThat(Path.of(files.group(1))).as(sample.output()).doesNotExist();
			if (moment != Moment.AT_REST) {
				// Spring Boot says of what it just started that it could not.
				return;
			}
			assertThat(sample.output().lines().filter((line) -> line.contains("ERROR") || line.contains("Exception")))
				.as(sample.output())
				.isEmpty();
		}
	}

	private static Duration since(long nanos) {
		return Duration.ofNanos(System.nanoTime() - nanos);
	}

	private static void report(String what, long nanos) {
		LogFactory.getLog(ShutdownIntegrationTests.class)
			.info("%s after %.1f s".formatted(what, since(nanos).toMillis() / 1000.0));
	}

	/**
	 * When the signal comes.
	 */
	enum Moment {

		/** Nothing is being done. */
		AT_REST {

			@Override
			void await(URI uri) {
			}

		},

		/** Another provider has just been asked for. */
		SWITCH_ASKED {

			@Override
			void await(URI uri) throws Exception {
				post(uri, "/shapes/tidb-serverless");
			}

		},

		/** The application for the earlier provider is closed, the next one starts. */
		BETWEEN_TWO_PROVIDERS {

			@Override
			void await(URI uri) throws Exception {
				post(uri, "/shapes/tencentdb-jks");
				Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20)).until(() -> {
					try {
						client.send(HttpRequest.newBuilder(uri.resolve("/live/state")).build(),
								BodyHandlers.discarding());
						return false;
					}
					catch (ConnectException ex) {
						return true;
					}
				});
			}

		};

		abstract void await(URI uri) throws Exception;

		private static void post(URI uri, String path) throws Exception {
			assertThat(client
				.send(HttpRequest.newBuilder(uri.resolve(path)).POST(BodyPublishers.noBody()).build(),
						BodyHandlers.discarding())
				.statusCode()).isEqualTo(202);
		}

	}

}
