package io.github.dbtls.sample.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

import io.github.dbtls.sample.SampleApplication;
import io.github.dbtls.sample.journal.Journal;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the live state of {@link SampleApplication}, whole, with its embedded
 * database.
 */
class LiveApplicationTests {

	private static final HttpClient client = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		// The blank profile overrules one that a developer's shell has set.
		context = SpringApplication.run(SampleApplication.class, "--spring.profiles.active=", "--server.port=0");
	}

	@AfterAll
	static void closeEndsOpenStreamsAtOnce() throws Exception {
		HttpResponse<InputStream> stream = open();
		long start = System.nanoTime();
		Thread closer = new Thread(context::close);
		closer.start();
		try (InputStream body = stream.body()) {
			// It ends as it should: anything else would throw.
			body.readAllBytes();
		}
		assertThat(since(start)).isLessThan(Duration.ofSeconds(15));
		// The database takes the rest; the web server alone would wait for twenty.
		closer.join(Duration.ofSeconds(60).toMillis());
		assertThat(closer.isAlive()).isFalse();
	}

	@Test
	void stateTellsOfConnectionAndOrders() throws Exception {
		JsonNode state = await((found) -> found.at("/orders/inDatabase").asLong() > 0 && isUp(found));
		assertThat(state.at("/application/profile").asString()).isEqualTo("embedded");
		assertThat(state.at("/connection/verified").asBoolean()).isTrue();
		assertThat(state.at("/connection/protocol").asString()).isEqualTo("TLSv1.3");
		assertThat(state.at("/connection/server").asString()).contains("MariaDB");
		assertThat(state.at("/connection/path/0/role").asString()).isEqualTo("server");
		assertThat(state.at("/connection/path/0/subject").asString()).isEqualTo("CN=localhost");
		assertThat(state.at("/connection/path/0/names").toString()).contains("DNS:localhost");
		assertThat(state.at("/connection/path/0/daysLeft").asInt()).isPositive();
		assertThat(state.at("/connection/path").findValuesAsString("role")).endsWith("anchor");
		assertThat(state.at("/policy").findValuesAsString("name")).startsWith("provider", "sslMode");
		assertThat(state.at("/policy/0/location").asString()).contains("application-embedded.yml");
		assertThat(state.at("/trust/generation").asInt()).isPositive();
		assertThat(state.at("/handshakes/0/outcome").asString()).isEqualTo("SUCCESS");
		assertThat(state.at("/handshakes/0/millis").asDouble()).isPositive();
		assertThat(state.at("/pool/max").asInt()).isPositive();
		assertThat(state.at("/orders/lost").asInt()).isZero();
		assertThat(state.at("/yaml/file").asString()).isEqualTo("application-embedded.yml");
		assertThat(state.at("/yaml/text").asString()).startsWith("dbtls:\n  provider: mysql\n");
		assertThat(state.at("/journal").findValuesAsString("text")).contains("Orders come in.");
		assertThat(state.toString()).doesNotContain(context.getEnvironment().getRequiredProperty("embedded.password"));
	}

	@Test
	void streamSendsStateAtOnceAndThenWhatIsNew() throws Exception {
		context.getBean(Journal.class).record(Journal.Kind.INFO, "Grüße — \uD83D\uDE00");
		await((state) -> state.toString().contains("Grüße"));
		HttpResponse<InputStream> response = open();
		assertThat(response.headers().firstValue("Content-Type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("text/event-stream"));
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
		long start = System.nanoTime();
		try (BufferedReader lines = lines(response)) {
			JsonNode first = next(lines);
			assertThat(since(start)).isLessThan(Duration.ofSeconds(10));
			assertThat(first.toString()).contains("Grüße — \uD83D\uDE00");
			long events = 0;
			JsonNode last = first;
			start = System.nanoTime();
			while (since(start).compareTo(Duration.ofSeconds(2)) < 0) {
				last = next(lines);
				events++;
			}
			assertThat(events).isBetween(1L, 10L);
			assertThat(last.at("/orders/placed").asLong()).isGreaterThan(first.at("/orders/placed").asLong());
		}
	}

	@Test
	void streamsOfBrowsersThatLeaveAreForgotten() throws Exception {
		LiveStreams streams = context.getBean(LiveStreams.class);
		int before = streams.size();
		try (BufferedReader lines = lines(open())) {
			next(lines);
			assertThat(streams.size()).isGreaterThan(before);
		}
		await((state) -> streams.size() <= before);
	}

	@Test
	void loadStopsAndStarts() throws Exception {
		assertThat(load("DELETE")).isEqualTo(202);
		assertThat(load("DELETE")).isEqualTo(202);
		await((state) -> state.at("/orders/state").asString().equals("STOPPED"));
		JsonNode stopped = await((state) -> state.at("/orders/waiting").asLong() == 0
				&& state.at("/orders/inDatabase").asLong() == state.at("/orders/placed").asLong());
		assertThat(load("POST")).isEqualTo(202);
		assertThat(load("POST")).isEqualTo(202);
		await((state) -> state.at("/orders/placed").asLong() > stopped.at("/orders/placed").asLong());
		await((state) -> state.at("/orders/state").asString().equals("SERVING"));
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signal halts a process there")
	void databaseThatHangsIsToldAndNothingIsLost() throws Exception {
		await((state) -> isUp(state) && state.at("/orders/state").asString().equals("SERVING"));
		signal("-STOP");
		try {
			long start = System.nanoTime();
			JsonNode down = await((state) -> state.at("/connection/status").asString().equals("DOWN"));
			// Three, on a machine that does nothing else.
			assertThat(since(start)).isLessThan(Duration.ofSeconds(15));
			assertThat(down.at("/connection/error/message").asString()).isNotEmpty();
			await((state) -> state.at("/orders/state").asString().equals("WAITING")
					&& state.at("/orders/waiting").asLong() > 5);
		}
		finally {
			signal("-CONT");
		}
		JsonNode state = await((found) -> isUp(found) && found.at("/orders/state").asString().equals("SERVING")
				&& found.at("/journal").toString().contains("that had to wait are placed, none is lost."));
		assertThat(state.at("/orders/lost").asLong()).isZero();
	}

	private static void signal(String name) throws Exception {
		ProcessHandle database = ProcessHandle.current()
			.descendants()
			.filter((process) -> process.info().command().orElse("").matches(".*(mariadbd|mysqld)"))
			.findFirst()
			.orElseThrow();
		assertThat(new ProcessBuilder("kill", name, Long.toString(database.pid())).start().waitFor()).isZero();
	}

	private static boolean isUp(JsonNode state) {
		return state.at("/connection/status").asString().equals("UP");
	}

	private static JsonNode await(Predicate<JsonNode> condition) {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(50))
			.until(LiveApplicationTests::state, condition);
	}

	private static JsonNode state() throws Exception {
		HttpResponse<String> response = client.send(HttpRequest.newBuilder(uri("/live/state")).build(),
				BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
		return JsonMapper.shared().readTree(response.body());
	}

	private static HttpResponse<InputStream> open() throws Exception {
		return client.send(HttpRequest.newBuilder(uri("/live")).build(), BodyHandlers.ofInputStream());
	}

	private static BufferedReader lines(HttpResponse<InputStream> stream) {
		return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
	}

	private static JsonNode next(BufferedReader lines) throws IOException {
		String line = lines.readLine();
		while (!line.startsWith("data:")) {
			line = lines.readLine();
		}
		return JsonMapper.shared().readTree(line.substring("data:".length()));
	}

	private static int load(String method) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri("/load")).method(method, BodyPublishers.noBody()).build();
		HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
		assertThat(response.body()).isEmpty();
		return response.statusCode();
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static URI uri(String path) {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return URI.create("http://127.0.0.1:" + port + path);
	}

}
