package io.github.dbtls.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the switch of provider, in a JVM whose application ends and starts again.
 */
@Timeout(180)
class ShapeTests {

	private static final HttpClient client = HttpClient.newHttpClient();

	@TempDir
	private Path directory;

	private URI uri;

	@Test
	void applicationStartsAgainInEachShape() throws Exception {
		try (RunningSample sample = RunningSample.start(this.directory, "-cp", System.getProperty("java.class.path"),
				SampleApplication.class.getName(), "--server.port=0", "--spring.profiles.active=")) {
			this.uri = sample.awaitUri();
			assertGivesWayToTheOneBefore(sample);
			change("tidb-dedicated");
			assertShape("tidb-dedicated", "verify-identity", "ca.pem", 1);
			change("tidb-serverless");
			assertShape("tidb-serverless", "verify-identity", "system roots", -1);
			// Without a CA file there is nothing to rotate.
			assertThat(send("POST", "/demonstrations/rotate-ca")).isEqualTo(404);
			change("aws-rds");
			assertShape("aws-rds", "verify-identity", "global-bundle.pem", 115);
			rotate();
			change("tencentdb-zip");
			assertShape("tencentdb", "verify-ca", "TencentDB-CA-Chain.zip", 1);
			rotate();
			change("tencentdb-jks");
			assertShape("tencentdb", "verify-ca", "TencentDB-CA-Chain.jks", 1);
			// An end in the middle of a restart is an end: see RunningSample.close().
			change("mysql");
			awaitStarts(sample, 2);
			assertThat(sample.output()).containsOnlyOnce("Starting an embedded MariaDB")
				.doesNotContain("Embedded MariaDB has stopped");
		}
	}

	/**
	 * Ask for a shape that does not start: its provider wants more than encryption.
	 */
	private void assertGivesWayToTheOneBefore(RunningSample sample) throws Exception {
		Path file = Files.writeString(this.directory.resolve("application-embedded-tidb-dedicated.yml"),
				"dbtls.ssl-mode: required\n");
		change("tidb-dedicated");
		awaitStarts(sample, 1);
		assertShape("mysql", "verify-identity", "ca.pem", 1);
		assertThat(sample.output()).containsSubsequence("APPLICATION FAILED TO START", "dbtls.ssl-mode",
				"Started SampleApplication");
		Files.delete(file);
	}

	/**
	 * Wait until the default shape starts for this time, its first start aside.
	 */
	private static void awaitStarts(RunningSample sample, int times) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> sample.output().split("The following 1 profile is active: \"embedded\"").length > times);
	}

	private void change(String shape) throws Exception {
		assertThat(send("POST", "/shapes/" + shape)).isEqualTo(202);
	}

	private void rotate() throws Exception {
		assertThat(send("POST", "/demonstrations/rotate-ca")).isEqualTo(202);
		Awaitility.await("rotation")
			.ignoreExceptions()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(
					() -> assertThat(get("/actuator/dbtls/dataSource").at("/trust/generation").asInt()).isEqualTo(3));
	}

	/**
	 * Wait until a shape is in force, which is one that verifies the database.
	 */
	private void assertShape(String provider, String mode, String source, int certificates) {
		Awaitility.await(source).ignoreExceptions().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			JsonNode health = get("/actuator/health/dbtls");
			assertThat(health.at("/status").asString()).isEqualTo("UP");
			assertThat(health.at("/details/provider").asString()).isEqualTo(provider);
			assertThat(health.at("/details/sslMode").asString()).isEqualTo(mode);
			assertThat(health.at("/details/verified").asBoolean()).isTrue();
			assertThat(health.at("/details/trust/source").asString()).endsWith(source);
			int trusted = health.at("/details/trust/certificates").asInt();
			assertThat(trusted).satisfies((number) -> {
				if (certificates > 0) {
					assertThat(number).isEqualTo(certificates);
				}
				else {
					assertThat(number).isGreaterThan(50);
				}
			});
		});
	}

	private JsonNode get(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(this.uri.resolve(path)).timeout(Duration.ofSeconds(20)).build();
		return JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
	}

	private int send(String method, String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(this.uri.resolve(path))
			.method(method, BodyPublishers.noBody())
			.build();
		return client.send(request, BodyHandlers.discarding()).statusCode();
	}

}
