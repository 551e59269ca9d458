package io.github.dbtls.integration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EmbeddedMariaDb;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The walk of {@code docs/platform-starter.md}: its files are taken from the page, built
 * with Maven, and the application runs as the page says.
 */
@Tag("once")
class PlatformStarterIntegrationTests {

	private static final String HOST = "shop.db.acme.example";

	/** A line that ends with the name of a file, and the block below it. */
	private static final Pattern FILE = Pattern.compile("^`([^`]+)`:\\R\\R```\\w+\\R(.*?)^```$",
			Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+).*Started ShopApplication",
			Pattern.DOTALL);

	@TempDir
	private static Path directory;

	private static EmbeddedMariaDb server;

	@BeforeAll
	static void build() throws IOException {
		Authority authority = TestCertificates.authority("CN=ACME Database CA");
		server = EmbeddedMariaDb.start(authority.server(HOST), null);
		Map<String, String> files = files();
		assertThat(files).hasSize(9);
		for (Map.Entry<String, String> file : files.entrySet()) {
			write(file.getKey(), file.getValue());
		}
		write("acme-mysql-spring-boot-starter/src/main/resources/acme/ca.pem", authority.pem());
		// The name resolves in the application's JVM alone.
		write("hosts", "127.0.0.1 %s localhost%n".formatted(HOST));
		try (ChildMaven maven = ChildMaven.withDbTls(Files.createDirectory(directory.resolve("repository")))) {
			maven.build(directory.resolve("acme-mysql-spring-boot-starter"), "install");
			maven.build(directory.resolve("shop"), "package");
		}
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
		}
	}

	@Test
	void applicationWithoutTlsSettingsIsSecured() throws Exception {
		try (ChildProcess shop = run(server.port(), Map.of())) {
			Map<String, Object> details = health(shop);
			assertThat(details).containsEntry("provider", "acme-mysql")
				.containsEntry("sslMode", "verify-identity")
				.containsEntry("verified", true)
				.containsEntry("protocol", "TLSv1.3")
				.containsEntry("host", HOST + ":" + server.port());
			assertThat(details.get("cipher").toString()).startsWith("TLS_");
			assertThat(details.get("trust").toString()).contains("classpath:acme/ca.pem");
			assertThat(shop.output()).contains("TLS by dbtls: provider 'acme-mysql'")
				.doesNotContain("is no host name of ACME MySQL");
		}
		Evidence.of(Kind.SET_UP, "Starter of a platform team");
	}

	@Test
	void defaultsAreOverriddenByTheApplication() throws Exception {
		Path other = TestCertificates.authority("CN=Staging CA")
			.writeTo(Files.createTempDirectory(directory, "staging"));
		// With the default, verify-at-startup, the wrong authority would stop it.
		try (ChildProcess shop = run(server.port(), Map.of("dbtls.tls-versions", "TLSv1.3", "dbtls.ca-path",
				other.toString(), "dbtls.verify-at-startup", "false"))) {
			shop.awaitOutput(STARTED);
			assertThat(shop.output())
				.contains("provider 'acme-mysql', ssl-mode verify-identity, TLSv1.3, trust " + other);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			dbtls.ssl-mode | required | the least that provider 'acme-mysql' (ACME MySQL) allows
			dbtls.provider | mysql    | 'spring.datasource.url' leads to ACME MySQL, but without its preset.
			dbtls.enabled  | off      | 'spring.datasource.url' leads to ACME MySQL, but without its preset.
			""")
	void floorIsNotLeft(String property, String value, String description) throws Exception {
		try (ChildProcess shop = run(server.port(), Map.of(property, value))) {
			assertThat(shop.awaitExitWithout(STARTED)).as(shop::output).isEqualTo(1);
			assertThat(shop.output()).contains("APPLICATION FAILED TO START", description, "Property: " + property,
					"application.yml");
		}
	}

	@Test
	void excludedAutoConfigurationStopsTheApplication() throws Exception {
		try (ChildProcess shop = run(server.port(),
				Map.of("spring.autoconfigure.exclude", "com.acme.platform.mysql.AcmeMySqlAutoConfiguration"))) {
			assertThat(shop.awaitExitWithout(STARTED)).as(shop::output).isEqualTo(1);
			assertThat(shop.output()).contains("'dbtls.provider' is 'acme-mysql', which is no known provider.");
		}
	}

	@Test
	void serverOfAnotherAuthorityIsRefusedWithTheTeamsRemedy() throws Exception {
		Authority other = TestCertificates.authority("CN=ACME Database CA");
		try (FakeMySqlServer impostor = FakeMySqlServer.tls(other.server(HOST)).start();
				ChildProcess shop = run(impostor.port(), Map.of())) {
			assertThat(shop.awaitExitWithout(STARTED)).as(shop::output).isEqualTo(1);
			assertThat(shop.output()).contains("APPLICATION FAILED TO START",
					"no trusted authority issued the server's certificate (provider 'acme-mysql'",
					"Update acme-mysql-spring-boot-starter: it brings the current CA. Ask #database");
			impostor.assertNoLoginReceived();
		}
	}

	/**
	 * Run the packaged application as a user does, in a directory of its own whose
	 * {@code application.yml} has what a test sets.
	 */
	private static ChildProcess run(int port, Map<String, String> settings) throws IOException {
		Map<String, String> all = new LinkedHashMap<>(settings);
		all.put("spring.datasource.url", "jdbc:mysql://%s:%d/shop".formatted(HOST, port));
		all.put("server.port", "0");
		// For a machine under load.
		all.put("management.health.dbtls.timeout", "2m");
		Path run = Files.createTempDirectory(directory, "run");
		Files.writeString(run.resolve("application.yml"),
				all.entrySet()
					.stream()
					.map((entry) -> "%s: \"%s\"%n".formatted(entry.getKey(), entry.getValue()))
					.collect(Collectors.joining()));
		return ChildProcess.start(run, Map.of("SHOP_DB_PASSWORD", server.password()),
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), ChildProcess.QUICK_START,
						"-Djdk.net.hosts.file=" + directory.resolve("hosts"), "-jar",
						directory.resolve("shop/target/shop-1.0.0.jar").toString()));
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> health(ChildProcess shop) throws IOException, InterruptedException {
		String port = shop.awaitOutput(STARTED).group(1);
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:%s/actuator/health/dbtls".formatted(port)))
			.timeout(Duration.ofMinutes(3))
			.build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).as(() -> response.body() + "\n" + shop.output()).isEqualTo(200);
		return (Map<String, Object>) JsonParserFactory.getJsonParser().parseMap(response.body()).get("details");
	}

	private static Map<String, String> files() throws IOException {
		String page = Files.readString(ChildMaven.project().resolve("docs/platform-starter.md"));
		// The page is for the version that dbtls is built for; these tests may run with
		// another.
		String parent = "<artifactId>spring-boot-starter-parent</artifactId>\n\t\t<version>%s</version>";
		String documented = parent.formatted(ChildMaven.buildProperty("spring-boot.version"));
		Map<String, String> files = new LinkedHashMap<>();
		Matcher matcher = FILE.matcher(page);
		while (matcher.find()) {
			String content = matcher.group(2);
			if (matcher.group(1).endsWith("pom.xml")) {
				assertThat(content).contains(documented);
				content = content.replace(documented, parent.formatted(SpringBootVersion.getVersion()));
			}
			assertThat(files.put(matcher.group(1), content)).as(matcher.group(1)).isNull();
		}
		return files;
	}

	private static void write(String file, String content) throws IOException {
		Path path = directory.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, content);
	}

}
