package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.mysql.cj.jdbc.Driver;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.BuildFiles;
import io.github.dbtls.actuate.DbTlsEndpoint;
import io.github.dbtls.actuate.DecidedSetting;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that {@code docs/endpoint.md} shows what an application with the configuration on
 * that page says.
 */
class EndpointPageTests {

	private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\R(.*?)^```");

	/** What is another one at each run. */
	private static final Set<String> TIMES = Set.of("time", "loadedAt", "notBefore", "notAfter");

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	private static final Authority next = TestCertificates.authority("CN=Next shop CA");

	private static final Authority stranger = TestCertificates.authority("CN=Stranger");

	private static String page;

	@TempDir
	private Path directory;

	@BeforeAll
	static void read() throws IOException {
		page = Files.readString(BuildFiles.project().resolve("docs/endpoint.md"));
	}

	@Test
	void sampleIsWhatTheConfigurationBeforeItLeadsTo() throws Exception {
		Path file = authority.writeTo(this.directory);
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost", "127.0.0.1")).start()) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
						DbTlsAutoConfiguration.class, DbTlsEndpointAutoConfiguration.class))
				.withPropertyValues("management.endpoints.web.exposure.include=dbtls")
				.withInitializer((context) -> configure(context, server, file))
				.run((context) -> {
					try (Connection first = connect(context)) {
						Files.writeString(file, authority.pem() + next.pem());
						Traces.await(() -> dataSource(context).at("/trust/generation").asInt() == 2);
						server.use(stranger.server("localhost", "127.0.0.1"));
						assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(context));
						server.use(authority.server("localhost", "127.0.0.1"));
						try (Connection second = connect(context)) {
							assertThat(first.isClosed() || second.isClosed()).isFalse();
							assertSame(dataSource(context), file, server);
						}
					}
				});
		}
	}

	private static void assertSame(JsonNode actual, Path file, FakeMySqlServer server) {
		String text = JsonMapper.builder()
			.enable(SerializationFeature.INDENT_OUTPUT)
			.build()
			.writeValueAsString(actual)
			.replace(file.toString(), "certs/ca.pem")
			.replace("localhost:" + server.port(), "localhost:3306");
		List<String> differences = new ArrayList<>();
		compare("", "", JsonMapper.shared().readTree(block("json", 0)), JsonMapper.shared().readTree(text),
				differences);
		assertThat(differences).as(text).isEmpty();
	}

	private static void compare(String path, String name, JsonNode page, JsonNode actual, List<String> differences) {
		if (page.isObject() && actual.isObject()) {
			List<String> names = List.copyOf(actual.propertyNames());
			if (!names.equals(List.copyOf(page.propertyNames()))) {
				differences.add(path + ": " + page.propertyNames() + " has to be " + names);
			}
			names.stream()
				.filter(page::has)
				.forEach((key) -> compare(path + "/" + key, key, page.get(key), actual.get(key), differences));
		}
		else if (page.isArray() && actual.isArray()) {
			if (page.size() != actual.size()) {
				differences.add(path + ": " + page.size() + " elements have to be " + actual.size());
			}
			for (int i = 0; i < Math.min(page.size(), actual.size()); i++) {
				compare(path + "/" + i, name, page.get(i), actual.get(i), differences);
			}
		}
		else if (!isSame(name, page, actual)) {
			differences.add(path + ": " + page + " has to be " + actual);
		}
	}

	private static boolean isSame(String name, JsonNode page, JsonNode actual) {
		if (TIMES.contains(name)) {
			return Stream.of(page, actual).map((node) -> Instant.parse(node.asString())).count() == 2;
		}
		if (name.equals("duration") || name.equals("expiresIn")) {
			return Stream.of(page, actual).map((node) -> Duration.parse(node.asString())).count() == 2;
		}
		if (name.equals("serialNumber")) {
			return Stream.of(page, actual).allMatch((node) -> node.asString().matches("[0-9a-f]+"));
		}
		if (name.equals("description")) {
			// It has dates in it.
			return undated(page).equals(undated(actual));
		}
		return page.equals(actual);
	}

	private static String undated(JsonNode text) {
		return text.asString().replaceAll("\\d{4}-\\d\\d-\\d\\d", "date");
	}

	@Test
	void originsAreAllThatThereAre() {
		List<String> rows = page.lines()
			.dropWhile((line) -> !line.startsWith("| `origin` |"))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.map((line) -> line.split("`")[1])
			.toList();
		assertThat(rows)
			.containsExactlyElementsOf(Stream.of(DecidedSetting.Origin.values()).map(Object::toString).toList());
	}

	private static void configure(ConfigurableApplicationContext context, FakeMySqlServer server, Path file) {
		String yaml = block("yaml", 1).replace("localhost:3306", "localhost:" + server.port())
			.replace("certs/ca.pem", file.toString());
		try {
			for (PropertySource<?> source : new YamlPropertySourceLoader().load("application.yml",
					new ApplicationYaml(yaml))) {
				context.getEnvironment().getPropertySources().addLast(source);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String block(String language, int index) {
		Matcher matcher = BLOCK.matcher(page);
		List<String> blocks = new ArrayList<>();
		while (matcher.find()) {
			if (matcher.group(1).equals(language)) {
				blocks.add(matcher.group(2));
			}
		}
		return blocks.get(index);
	}

	// The pool would try again, nobody knows how often.
	private static Connection connect(ApplicationContext context) throws SQLException {
		return new Driver().connect(context.getBean(HikariDataSource.class).getJdbcUrl(), new Properties());
	}

	private static JsonNode dataSource(ApplicationContext context) {
		return JsonMapper.shared().valueToTree(context.getBean(DbTlsEndpoint.class).dataSource("dataSource"));
	}

	/**
	 * The file where applications have it.
	 */
	private static final class ApplicationYaml extends ByteArrayResource {

		private ApplicationYaml(String yaml) {
			super(yaml.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String getDescription() {
			return "class path resource [application.yml]";
		}

		@Override
		public String toString() {
			return getDescription();
		}

	}

}
