package io.github.dbtls.sample.stage;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

import io.github.dbtls.actuate.DbTlsEndpoint;
import io.github.dbtls.sample.SampleApplication;
import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.journal.Journal;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Demonstration} on the embedded database, and what the application does
 * about each.
 */
@Timeout(300)
class DemonstrationTests {

	private static final Map<Demonstration, String> OUTCOMES = Map.of(Demonstration.RENEW_CERTIFICATE, "SUCCESS",
			Demonstration.ROTATE_CA, "SUCCESS", Demonstration.EXPIRE_CERTIFICATE, "EXPIRED",
			Demonstration.IMPOSTOR_OTHER_CA, "UNTRUSTED_ISSUER", Demonstration.IMPOSTOR_WRONG_NAME,
			"HOST_NAME_MISMATCH", Demonstration.TLS12_ONLY, "SUCCESS", Demonstration.TLS11_ONLY, "NO_COMMON_PROTOCOL",
			Demonstration.NO_TLS, "TLS_NOT_OFFERED", Demonstration.BREAK_CA_FILE, "SUCCESS",
			Demonstration.STOP_DATABASE, "UNREACHABLE");

	private static final HttpClient client = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		// Few connections to replace: it is quicker.
		context = SpringApplication.run(SampleApplication.class, "--spring.profiles.active=", "--server.port=0",
				"--spring.datasource.hikari.maximum-pool-size=2");
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@AfterEach
	void backToNormal() throws Exception {
		assertThat(send("DELETE", "/demonstrations")).isEqualTo(202);
		awaitNormal();
	}

	@Test
	void eachIsReversibleInAnyOrderAndTwice() throws Exception {
		long seed = Long.getLong("dbtls-test.seed", System.nanoTime());
		System.out.println("Order of demonstrations: -Ddbtls-test.seed=" + seed);
		List<Demonstration> demonstrations = new ArrayList<>(List.of(Demonstration.values()));
		demonstrations.addAll(List.of(Demonstration.values()));
		Collections.shuffle(demonstrations, new Random(seed));
		for (Demonstration demonstration : demonstrations) {
			play(demonstration);
			assertThat(send("DELETE", "/demonstrations/" + demonstration.id())).isEqualTo(202);
			awaitNormal();
		}
	}

	@Test
	void theyAddUpAndAreTakenBackTogether() throws Exception {
		send("POST", "/demonstrations/expire-certificate");
		send("POST", "/demonstrations/tls11-only");
		send("POST", "/demonstrations/impostor-other-ca");
		// It takes the place of the other impostor.
		play(Demonstration.IMPOSTOR_WRONG_NAME);
		assertThat(active()).containsExactlyInAnyOrder("expire-certificate", "tls11-only", "impostor-wrong-name");
		send("POST", "/demonstrations/stop-database");
		send("POST", "/demonstrations/rotate-ca");
		send("POST", "/demonstrations/break-ca-file");
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(active()).containsExactlyInAnyOrder("tls11-only", "impostor-wrong-name",
					"stop-database", "break-ca-file"));
		assertThat(stage().server()).isEqualTo(new StageState.Server(false, List.of("TLSv1.1")));
	}

	@Test
	void twiceIsOnce() throws Exception {
		Instant start = Instant.now();
		for (String method : List.of("POST", "DELETE")) {
			send(method, "/demonstrations/stop-database");
			send(method, "/demonstrations/stop-database");
		}
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> stopsSince(start) > 0);
		awaitNormal();
		assertThat(stopsSince(start)).isOne();
	}

	// The journal forgets what is old.
	private long stopsSince(Instant start) {
		return context.getBean(Journal.class)
			.latest()
			.stream()
			.filter((entry) -> entry.time().isAfter(start) && entry.text().startsWith("The database is stopped"))
			.count();
	}

	@Test
	void impostorReadsCarelessClientsAndNotThisApplication() throws Exception {
		play(Demonstration.IMPOSTOR_OTHER_CA);
		StageState.Impostor impostor = stage().impostor();
		assertThat(impostor).isNotNull();
		assertThat(impostor.attempts()).isPositive();
		assertThat(impostor.bytesSeen()).isZero();
		String url = "jdbc:mysql://localhost:%d/shop?sslMode=REQUIRED"
			.formatted(context.getBean(EmbeddedDatabase.class).port());
		try (Connection connection = DriverManager.getConnection(url, property("embedded.username"),
				property("embedded.password"));
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT 'stolen'")) {
			assertThat(result.next()).isTrue();
			assertThat(result.getString(1)).isEqualTo("stolen");
		}
		assertThat(stage().impostor().bytesSeen()).isGreaterThan(100);
	}

	@Test
	void rotationReplacesTheRoot() throws Exception {
		String before = authorities().get(0);
		int generation = generation();
		play(Demonstration.ROTATE_CA);
		assertThat(authorities()).hasSize(1).doesNotContain(before);
		assertThat(generation()).isEqualTo(generation + 2);
		assertThat(journal()).containsSubsequence("Rotation, 3 of 3: the CA file holds the next root only.",
				"Rotation, 2 of 3: the server has a certificate of the next root.",
				"Rotation, 1 of 3: the CA file holds both roots, and the application trusts both.");
	}

	@Test
	void brokenFileIsToldOf() throws Exception {
		int generation = generation();
		play(Demonstration.BREAK_CA_FILE);
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(
					() -> assertThat(map(description(), "trust").get("lastError")).asString().contains("cut short"));
		assertThat(generation()).isEqualTo(generation);
		assertThat(context.getBean(HealthEndpoint.class).healthForPath("dbtls").getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void whatIsNotThereIsNotFound() throws Exception {
		assertThat(send("POST", "/demonstrations/none")).isEqualTo(404);
		assertThat(send("POST", "/shapes/none")).isEqualTo(404);
	}

	@Test
	void pagesOfOtherSitesCannotAct() throws Exception {
		for (String method : List.of("POST", "DELETE")) {
			HttpRequest request = HttpRequest.newBuilder(uri("/demonstrations/stop-database"))
				.header("Origin", "https://example.com")
				.method(method, BodyPublishers.noBody())
				.build();
			assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(403);
		}
		assertThat(active()).isEmpty();
	}

	private void play(Demonstration demonstration) throws Exception {
		Instant start = Instant.now();
		String certificate = serverCertificate();
		assertThat(send("POST", "/demonstrations/" + demonstration.id())).isEqualTo(202);
		Awaitility.await(demonstration.id())
			.pollInterval(Duration.ofMillis(50))
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> {
				assertThat(stage().busy()).isNull();
				assertThat(outcomesSince(start)).startsWith(OUTCOMES.get(demonstration));
				if (demonstration == Demonstration.RENEW_CERTIFICATE || demonstration == Demonstration.ROTATE_CA) {
					assertThat(serverCertificate()).isNotEqualTo(certificate);
				}
				if (demonstration == Demonstration.TLS12_ONLY) {
					assertThat(list(description(), "handshakes").get(0)).containsEntry("protocol", "TLSv1.2");
				}
			});
		boolean lasting = demonstration != Demonstration.RENEW_CERTIFICATE && demonstration != Demonstration.ROTATE_CA;
		assertThat(active().contains(demonstration.id())).isEqualTo(lasting);
	}

	private void awaitNormal() {
		Awaitility.await("normal")
			.pollInterval(Duration.ofMillis(50))
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> {
				StageState stage = stage();
				assertThat(stage.busy()).isNull();
				assertThat(active()).isEmpty();
				assertThat(stage.impostor()).isNull();
				assertThat(stage.server()).isEqualTo(new StageState.Server(true, List.of("TLSv1.2", "TLSv1.3")));
				assertThat(outcomesSince(Instant.EPOCH)).startsWith("SUCCESS");
			});
	}

	private List<String> active() {
		return stage().demonstrations()
			.stream()
			.filter(StageState.Demonstration::active)
			.map(StageState.Demonstration::id)
			.toList();
	}

	private StageState stage() {
		return context.getBean(Stage.class).state();
	}

	private List<String> journal() {
		return context.getBean(Journal.class).latest().stream().map(Journal.Entry::text).toList();
	}

	private List<String> outcomesSince(Instant start) {
		return list(description(), "handshakes").stream()
			.filter((handshake) -> Instant.parse(handshake.get("time").toString()).isAfter(start))
			.map((handshake) -> handshake.get("outcome").toString())
			.toList();
	}

	// The last that was verified.
	private String serverCertificate() {
		return list(description(), "certificates").stream()
			.filter((certificate) -> certificate.get("role").equals("server"))
			.map((certificate) -> certificate.get("serialNumber").toString())
			.collect(Collectors.joining());
	}

	private List<String> authorities() {
		return list(map(description(), "trust"), "authorities").stream()
			.map((authority) -> authority.get("subject").toString())
			.toList();
	}

	private int generation() {
		return (int) map(description(), "trust").get("generation");
	}

	private Map<String, Object> description() {
		return context.getBean(DbTlsEndpoint.class).dataSource("dataSource");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(Map<String, Object> parent, String name) {
		return (Map<String, Object>) parent.get(name);
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> list(Map<String, Object> parent, String name) {
		return (List<Map<String, Object>>) parent.get(name);
	}

	private int send(String method, String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.noBody()).build();
		return client.send(request, BodyHandlers.discarding()).statusCode();
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + property("local.server.port") + path);
	}

	private static String property(String name) {
		return context.getEnvironment().getRequiredProperty(name);
	}

}
