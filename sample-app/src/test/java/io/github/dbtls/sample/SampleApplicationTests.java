package io.github.dbtls.sample;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SampleApplication}, whole, with its embedded database.
 */
class SampleApplicationTests {

	private static final HttpClient client = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		// The blank profile overrules one that a developer's shell has set.
		context = SpringApplication.run(SampleApplication.class, "--spring.profiles.active=", "--server.port=0");
		assertThat(databaseProcesses()).hasSize(1);
	}

	@AfterAll
	static void closeLeavesNothingBehind() {
		List<ProcessHandle> processes = databaseProcesses();
		Path authority = Path.of(context.getEnvironment().getRequiredProperty("embedded.ca-path"));
		assertThat(authority).exists();
		context.close();
		assertThat(processes).noneMatch(ProcessHandle::isAlive);
		assertThat(databaseProcesses()).isEmpty();
		assertThat(authority.getParent()).doesNotExist();
		Awaitility.await()
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.equals("stage") || name.equals("restart") || name.startsWith("gate")));
	}

	@Test
	void healthTellsHowTheConnectionIsSecured() throws Exception {
		HttpResponse<String> response = get("/actuator/health/dbtls");
		assertThat(response.statusCode()).isEqualTo(200);
		JsonNode health = JsonMapper.shared().readTree(response.body());
		assertThat(health.at("/status").asString()).isEqualTo("UP");
		JsonNode details = health.at("/details");
		assertThat(details.at("/provider").asString()).isEqualTo("mysql");
		assertThat(details.at("/sslMode").asString()).isEqualTo("verify-identity");
		assertThat(details.at("/verified").asBoolean()).isTrue();
		assertThat(details.at("/protocol").asString()).isEqualTo("TLSv1.3");
		assertThat(details.at("/cipher").asString()).startsWith("TLS_");
		assertThat(details.at("/host").asString())
			.isEqualTo("localhost:" + context.getEnvironment().getRequiredProperty("embedded.port"));
		assertThat(details.at("/certificate/subject").asString()).isEqualTo("CN=localhost");
		assertThat(details.at("/certificate/issuer").asString()).isEqualTo("CN=dbtls sample intermediate");
		assertThat(details.at("/certificate/subjectAlternativeNames").toString()).contains("DNS:localhost");
		assertThat(details.at("/server/protocol").asString()).isEqualTo("TLSv1.3");
		assertThat(details.at("/trust/certificates").asInt()).isEqualTo(1);
	}

	@Test
	void endpointTellsOfPolicyConnectionsAndHandshakes() throws Exception {
		get("/");
		HttpResponse<String> response = get("/actuator/dbtls/dataSource");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).doesNotContain(context.getEnvironment().getRequiredProperty("embedded.password"));
		JsonNode dataSource = JsonMapper.shared().readTree(response.body());
		assertThat(dataSource.at("/policy/provider/value").asString()).isEqualTo("mysql");
		assertThat(dataSource.at("/policy/provider/location").asString())
			.startsWith("class path resource [application-embedded.yml]");
		assertThat(dataSource.at("/trust/authorities/0/subject").asString()).isEqualTo("CN=dbtls sample root");
		assertThat(dataSource.at("/connections/sessions/0/protocol").asString()).isEqualTo("TLSv1.3");
		assertThat(dataSource.at("/handshakes/0/outcome").asString()).isEqualTo("SUCCESS");
		assertThat(get("/actuator/dbtls").body()).contains("\"dataSource\"");
		assertThat(get("/actuator/dbtls/other").statusCode()).isEqualTo(404);
	}

	@Test
	void infoListsTheTrustedAuthorities() throws Exception {
		HttpResponse<String> response = get("/actuator/info");
		assertThat(response.statusCode()).isEqualTo(200);
		JsonNode bundles = JsonMapper.shared().readTree(response.body()).at("/ssl/bundles");
		assertThat(bundles.size()).isEqualTo(1);
		assertThat(bundles.at("/0/name").asString()).isEqualTo("dbtls");
		assertThat(bundles.at("/0/certificateChains").isEmpty()).isTrue();
		JsonNode authority = bundles.at("/0/trustStoreCertificateChains/0/certificates/0");
		assertThat(authority.at("/subject").asString()).isEqualTo("CN=dbtls sample root");
		assertThat(authority.at("/validity/status").asString()).isEqualTo("VALID");
	}

	@Test
	void meterTellsWhenTheTrustedAuthoritiesExpire() throws Exception {
		HttpResponse<String> response = get(
				"/actuator/metrics/ssl.chain.expiry?tag=bundle:dbtls&tag=source:truststore");
		assertThat(response.statusCode()).isEqualTo(200);
		JsonNode meter = JsonMapper.shared().readTree(response.body());
		assertThat(meter.at("/baseUnit").asString()).isEqualTo("seconds");
		assertThat(meter.at("/measurements/0/value").asDouble()).isPositive();
		assertThat(meter.at("/availableTags").toString()).contains("ca-1");
	}

	@Test
	void pageShowsConnectionAndNoPassword() throws Exception {
		String page = awaitPage(">UP<", "TLSv1.3", "verify-identity", "CN=localhost", "CN=dbtls sample intermediate",
				"DNS:localhost", "ca.pem");
		assertThat(page).doesNotContain("role=\"alert\"")
			.doesNotContain(context.getEnvironment().getRequiredProperty("embedded.password"));
	}

	@Test
	void formAddsEntryAndRedirects() throws Exception {
		HttpResponse<String> response = post(form("Ann & Bob", "<b>Hello</b> \uD83D\uDE00"));
		assertThat(response.statusCode()).isEqualTo(303);
		awaitPage("Ann &amp; Bob", "&lt;b&gt;Hello&lt;/b&gt; \uD83D\uDE00");
	}

	@Test
	void startThatFailsBeforeThereIsAContextLeavesNoDatabase() {
		List<Long> before = databaseProcesses().stream().map(ProcessHandle::pid).toList();
		SpringApplication application = new SpringApplication(SampleApplication.class);
		application.addInitializers((context) -> {
			assertThat(databaseProcesses()).hasSizeGreaterThan(before.size());
			throw new IllegalStateException("It does not start");
		});
		assertThatIllegalStateException().isThrownBy(() -> application.run("--spring.profiles.active="))
			.withMessage("It does not start");
		assertThat(databaseProcesses()).extracting(ProcessHandle::pid).containsExactlyElementsOf(before);
	}

	@Test
	void formTakesTheLongestMessage() throws Exception {
		assertThat(post(form("Ann", "\uD83D\uDE00".repeat(200))).statusCode()).isEqualTo(303);
	}

	@Test
	void formShowsWhatIsWrong() throws Exception {
		HttpResponse<String> response = post(form(" ", "x".repeat(201)));
		assertThat(response.statusCode()).isEqualTo(422);
		assertThat(response.body()).contains("Please write something here.", "Please use at most 200 characters.",
				"x".repeat(201));
	}

	@Test
	void formOfAnotherSiteIsRefused() throws Exception {
		HttpRequest request = form("Mallory", "Hello").header("Origin", "https://example.com").build();
		assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
		assertThat(get("/").body()).doesNotContain("Mallory");
	}

	// On a busy machine health may be late for a moment, and entries are there when it is
	// up.
	private String awaitPage(String... contents) {
		AtomicReference<String> page = new AtomicReference<>("");
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			HttpResponse<String> response = get("/");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains(contents);
			page.set(response.body());
		});
		return page.get();
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
	}

	private HttpResponse<String> post(HttpRequest.Builder form) throws IOException, InterruptedException {
		return client.send(form.build(), BodyHandlers.ofString());
	}

	private HttpRequest.Builder form(String author, String message) {
		String body = "author=%s&message=%s".formatted(encode(author), encode(message));
		return HttpRequest.newBuilder(uri("/"))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString(body));
	}

	private String encode(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8);
	}

	private URI uri(String path) {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return URI.create("http://127.0.0.1:" + port + path);
	}

	private static List<ProcessHandle> databaseProcesses() {
		return ProcessHandle.current()
			.descendants()
			.filter((process) -> process.info()
				.command()
				.filter((command) -> command.contains("mariadbd") || command.contains("mysqld"))
				.isPresent())
			.toList();
	}

}
