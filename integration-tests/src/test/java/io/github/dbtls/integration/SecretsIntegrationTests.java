package io.github.dbtls.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EmbeddedMariaDb;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.Pem;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.SecretsExtension;
import io.github.dbtls.testkit.TestCertificates;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Applications that work and applications that fail, with their passwords where users put
 * them: none comes out of {@code /actuator/**}, a meter, a {@code toString} or the report
 * of the failure, and none out of a log line at TRACE or an exception, caught or not,
 * which {@link SecretsExtension} watches in this class as in every other one.
 */
@Tag("once")
class SecretsIntegrationTests {

	/** Needs encoding wherever it goes. */
	private static final String ODD_PASSWORD = Secrets.password("o/dd p@ss:w0rd?&=%ü");

	private static final String WRONG_PASSWORD = Secrets.password("never-right-4711");

	private static final String KEY_PASSWORD = Secrets.password("clef-4711-client");

	private static final Pattern LINK = Pattern.compile("\"href\":\"([^\"{]+)\"");

	private static final HttpClient client = HttpClient.newHttpClient();

	@TempDir
	private static Path directory;

	private static final Authority authority = TestCertificates.authority("CN=Secrets CA");

	private static EmbeddedMariaDb database;

	private static FakeMySqlServer impostor;

	private static Path trustStore;

	private static Map<String, String> clientKey;

	@BeforeAll
	static void startServers() throws SQLException {
		database = EmbeddedMariaDb.start(authority.server("localhost", "127.0.0.1"),
				authority.writeTo(directory.resolve("authority")));
		trustStore = authority.writeTrustStoreTo(directory);
		authority.writeTo(directory);
		clientKey = clientKey();
		impostor = FakeMySqlServer.tls(authority.server("elsewhere.example.com")).start();
		Properties properties = new Properties();
		properties.setProperty("user", database.user());
		properties.setProperty("password", database.password());
		properties.setProperty("sslMode", "REQUIRED");
		try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), properties);
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE OR REPLACE USER 'odd'@'%%' IDENTIFIED BY '%s'".formatted(ODD_PASSWORD));
			statement.execute("GRANT ALL ON *.* TO 'odd'@'%'");
		}
	}

	private static Map<String, String> clientKey() {
		Identity app = authority.client("app");
		Path files = app.writeTo(directory.resolve("client"));
		Path key = files.resolve("encrypted.pem");
		try {
			Files.writeString(key, Pem.encrypted(app.privateKey(), KEY_PASSWORD));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return Map.of("dbtls.client-certificate", files.resolve("cert.pem").toString(), "dbtls.client-private-key",
				key.toString(), "dbtls.client-private-key-password", KEY_PASSWORD);
	}

	private static Map<String, String> with(Map<String, String> properties, String name, String value) {
		Map<String, String> all = new LinkedHashMap<>(properties);
		all.put(name, value);
		return all;
	}

	@AfterAll
	static void stopServers() {
		impostor.close();
		database.close();
	}

	/** A second's wait, so not after each test: a leak knows which one it is of. */
	@AfterAll
	static void seeExceptions() {
		SecretsExtension.catchUpWithExceptions();
	}

	static Stream<Arguments> applications() {
		String url = database.jdbcUrl();
		String encoded = URLEncoder.encode(ODD_PASSWORD, StandardCharsets.UTF_8).replace("+", "%20");
		String rest = url.substring("jdbc:mysql://".length());
		return Stream.of(
				Arguments.of("password as a property, encrypted key", "UP",
						with(clientKey, "spring.datasource.password", ODD_PASSWORD)),
				Arguments.of("password as a parameter", "UP",
						Map.of("spring.datasource.url", url + "?password=" + encoded,
								"spring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access", "true",
								"spring.flyway.enabled", "true", "spring.flyway.baseline-on-migrate", "true",
								"spring.flyway.table", "secrets_history")),
				Arguments.of("password before the host", "UP",
						Map.of("spring.datasource.url", "jdbc:mysql://odd:" + encoded + "@" + rest,
								"spring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access", "true",
								"spring.flyway.enabled", "true", "spring.flyway.baseline-on-migrate", "true",
								"spring.flyway.table", "secrets_history")),
				Arguments.of("password as a property of the driver", "UP",
						Map.of("spring.datasource.hikari.data-source-properties.password", ODD_PASSWORD)),
				Arguments.of("wrong password at login", "DOWN",
						with(clientKey, "spring.datasource.password", WRONG_PASSWORD)),
				Arguments.of("wrong authority", "DOWN",
						Map.of("spring.datasource.password", ODD_PASSWORD, "dbtls.ca-path", otherAuthority(),
								"dbtls.ca-password", TestCertificates.PASSWORD)),
				Arguments.of("wrong host", "DOWN", Map.of("spring.datasource.url",
						impostor.jdbcUrl() + "?password=" + encoded, "dbtls.ssl-mode", "verify-identity")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("applications")
	void applicationShowsNoSecret(String name, String status, Map<String, String> properties) throws Exception {
		try (ConfigurableApplicationContext context = start(WebApplicationType.SERVLET, properties)) {
			Map<String, String> answers = answers(context);
			assertThat(answers).containsKeys("env", "configprops", "beans", "conditions", "loggers", "threaddump",
					"info", "health", "mappings", "metrics", "dbtls");
			assertThat(answers.get("health")).contains("\"dbtls\":{");
			assertThat(answers.get("health/dbtls")).endsWith("\"status\":\"" + status + "\"}");
			assertThat(answers.get("dbtls/dataSource")).contains("\"policy\":{", "\"handshakes\":[{")
				.doesNotContain("jdbc:");
			if (status.equals("UP")) {
				assertThat(answers).containsKey("metrics/hikaricp.connections");
			}
			answers.forEach(SecretsIntegrationTests::assertShowsNothing);
			assertBeansAndMetersHaveNoSecret(context);
		}
	}

	@Test
	void valuesThatTheUserWishesToSeeHaveNoneOfOurs() throws Exception {
		Map<String, String> properties = Map.of("spring.datasource.password", ODD_PASSWORD,
				"management.endpoint.env.show-values", "always", "management.endpoint.configprops.show-values",
				"always");
		try (ConfigurableApplicationContext context = start(WebApplicationType.SERVLET, properties)) {
			Map<String, String> answers = answers(context);
			// Spring Boot shows the settings as they are then, on the user's own wish.
			assertThat(Secrets.find(answers.get("env/spring.datasource.password"))).isNotNull();
			String configurationProperties = answers.get("configprops");
			assertThat(Secrets.find(configurationProperties)).isNotNull();
			answers.keySet().removeIf((path) -> path.startsWith("env") || path.startsWith("configprops"));
			answers.forEach(SecretsIntegrationTests::assertShowsNothing);
			// What we wrote to the pool is among them.
			Matcher written = Pattern
				.compile("\"jdbcUrl\":\"([^\"]*dbtls[^\"]*)\"|\"dataSourceProperties\":(\\{[^}]*\\})")
				.matcher(configurationProperties);
			int found = 0;
			while (written.find()) {
				found++;
				assertShowsNothing("configprops", written.group());
			}
			assertThat(found).isGreaterThanOrEqualTo(2);
		}
	}

	static Stream<Arguments> failures() throws Exception {
		String host = database.jdbcUrl().substring("jdbc:mysql://".length());
		Identity identity = TestCertificates.authority("CN=Any CA").server("localhost");
		Path key = identity.writeTo(directory.resolve("identity")).resolve("key.pem");
		String certificate = key.resolveSibling("cert.pem").toString();
		String plainClientKey = directory.resolve("client").resolve("key.pem").toString();
		KeyStore jks = KeyStore.getInstance("JKS");
		jks.load(null, null);
		jks.setCertificateEntry("ca", authority.certificate());
		String jksFile = TestCertificates.write(jks, directory.resolve("ca.jks")).toString();
		KeyStore withKey = identity.toKeyStore();
		String keyStore = TestCertificates.write(withKey, directory.resolve("key.p12")).toString();
		String datasource = "spring.datasource.url";
		return Stream.of(Arguments.of("'dbtls.ca-password' is wrong", Map.of("dbtls.ca-password", WRONG_PASSWORD)),
				Arguments.of("'dbtls.ca-password' is wrong",
						Map.of("dbtls.ca-path", jksFile, "dbtls.ca-password", WRONG_PASSWORD)),
				Arguments.of("'dbtls.ca-password' is set without need",
						Map.of("dbtls.ca-path", directory.resolve("ca.pem").toString())),
				Arguments.of("private key", Map.of("dbtls.ca-path", keyStore)),
				Arguments.of("private key", Map.of("dbtls.ca-path", key.toString(), "dbtls.ca-password", "")),
				Arguments.of("holds a certificate or key itself", Map.of("dbtls.ca-path", identity.keyPem())),
				Arguments.of("scheme 'https:'",
						Map.of("dbtls.ca-path", "https://app:" + WRONG_PASSWORD + "@db.example.com/ca.pem")),
				Arguments.of("no such property", Map.of("dbtls.ca-pasword", WRONG_PASSWORD)),
				Arguments.of("no such property", Map.of("dbtls.data-sources.dataSource.passwort", WRONG_PASSWORD)),
				Arguments.of("has a value, but takes the settings",
						Map.of("dbtls.data-sources.password", WRONG_PASSWORD)),
				Arguments.of("'dbtls.client-private-key-password' is wrong",
						with(clientKey, "dbtls.client-private-key-password", WRONG_PASSWORD)),
				Arguments.of("'dbtls.client-private-key-password' is not set",
						with(clientKey, "dbtls.client-private-key-password", "")),
				Arguments.of("'dbtls.client-private-key-password' is set without need",
						with(clientKey, "dbtls.client-private-key", plainClientKey)),
				Arguments.of("which is not the key of the certificate",
						with(clientKey, "dbtls.client-certificate", certificate)),
				Arguments.of("a certificate or key itself",
						with(clientKey, "dbtls.client-private-key", identity.keyPem())),
				Arguments.of("'dbtls.client-private-key", Map.of("dbtls.client-private-key-password", WRONG_PASSWORD)),
				Arguments.of("'trustCertificateKeyStorePassword' in its JDBC URL",
						Map.of(datasource,
								"jdbc:mysql://%s?trustCertificateKeyStorePassword=%s&password=%s".formatted(host,
										WRONG_PASSWORD, WRONG_PASSWORD))),
				Arguments.of("'clientCertificateKeyStorePassword'",
						Map.of("spring.datasource.hikari.data-source-properties.clientCertificateKeyStorePassword",
								WRONG_PASSWORD)),
				Arguments.of("'sslmode=VERIFY_CA'",
						Map.of(datasource, "jdbc:mysql://app:%s@%s?sslmode=VERIFY_CA".formatted(WRONG_PASSWORD, host))),
				Arguments.of("cannot be read by MySQL Connector/J",
						Map.of(datasource, "jdbc:mysql://app:%s@localhost:port/shop".formatted(WRONG_PASSWORD))),
				Arguments.of("cannot be read by MySQL Connector/J",
						Map.of(datasource,
								"jdbc:mysql://address=(host=localhost)(password=%s/shop".formatted(WRONG_PASSWORD))),
				Arguments.of("but dbtls secures MySQL Connector/J under 'jdbc:mysql:' only",
						Map.of(datasource, "jdbc:mariadb://%s?password=%s".formatted(host, WRONG_PASSWORD),
								"spring.datasource.driver-class-name", "com.mysql.cj.jdbc.Driver")),
				Arguments.of("does not know this kind of JDBC URL",
						Map.of(datasource, "jdbc:acme:user=app;password=" + WRONG_PASSWORD,
								"spring.datasource.driver-class-name", "com.mysql.cj.jdbc.Driver")),
				Arguments.of("no trusted authority issued",
						Map.of("dbtls.ca-path", otherAuthority(), "dbtls.verify-at-startup", "true")),
				Arguments.of("elsewhere.example.com",
						Map.of(datasource, impostor.jdbcUrl() + "?password=" + WRONG_PASSWORD, "dbtls.ssl-mode",
								"verify-identity", "dbtls.verify-at-startup", "true")),
				Arguments.of("Access denied", Map.of("spring.datasource.password", WRONG_PASSWORD,
						"spring.flyway.enabled", "true", "spring.flyway.connect-retries", "0")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("failures")
	void failureShowsNoSecret(String expected, Map<String, String> properties) {
		Throwable failure = catchThrowable(() -> start(WebApplicationType.NONE, properties).close());
		List<String> texts = new ArrayList<>();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			texts.add(cause.toString());
		}
		assertThat(String.join("\n", texts)).contains(expected);
		texts.forEach((text) -> assertShowsNothing("exception", text));
	}

	private static String otherAuthority() {
		Authority other = TestCertificates.authority("CN=Other CA");
		return other.writeTrustStoreTo(directory.resolve("other")).toString();
	}

	private static ConfigurableApplicationContext start(WebApplicationType type, Map<String, String> properties) {
		Map<String, Object> all = new LinkedHashMap<>();
		all.put("server.port", "0");
		all.put("spring.main.banner-mode", "off");
		all.put("spring.jpa.open-in-view", "false");
		all.put("spring.flyway.enabled", "false");
		all.put("spring.liquibase.enabled", "false");
		all.put("spring.datasource.url", database.jdbcUrl());
		all.put("spring.datasource.username", "odd");
		all.put("spring.datasource.hikari.connection-timeout", "5000");
		all.put("dbtls.provider", "mysql");
		all.put("dbtls.ca-path", trustStore.toString());
		all.put("dbtls.ca-password", TestCertificates.PASSWORD);
		all.put("management.endpoints.web.exposure.include", "*");
		all.put("management.endpoint.health.show-details", "always");
		// Otherwise it connects at startup, and some of these applications cannot.
		all.put("spring.jpa.database-platform", "org.hibernate.dialect.MySQLDialect");
		all.put("spring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access", "false");
		all.putAll(properties);
		SpringApplication application = new SpringApplicationBuilder(TestApplication.class).web(type)
			.properties(all)
			.build();
		return application.run();
	}

	/**
	 * Return what all endpoints answer, by path; a heap dump holds everything by its
	 * nature, and has to be kept like a password itself.
	 */
	private static Map<String, String> answers(ConfigurableApplicationContext context)
			throws IOException, InterruptedException {
		String root = "http://localhost:%s/actuator"
			.formatted(context.getEnvironment().getRequiredProperty("local.server.port"));
		Map<String, String> answers = new TreeMap<>();
		// First, for the pool to be started: only then it has meters.
		answers.put("health/dbtls", get(root + "/health/dbtls"));
		Matcher links = LINK.matcher(get(root));
		while (links.find()) {
			String path = links.group(1).substring(root.length());
			if (!path.isEmpty() && !path.equals("/heapdump")) {
				answers.put(path.substring(1), get(links.group(1)));
			}
		}
		Matcher names = Pattern.compile("\"((?:dbtls|hikaricp|jdbc)\\.[^\"]*)\"").matcher(answers.get("metrics"));
		while (names.find()) {
			answers.put("metrics/" + names.group(1), get(root + "/metrics/" + names.group(1)));
		}
		for (String name : List.of("spring.datasource.url", "spring.datasource.password", "dbtls.ca-password",
				"dbtls.client-private-key-password")) {
			answers.put("env/" + name, get(root + "/env/" + name));
		}
		answers.put("dbtls/dataSource", get(root + "/dbtls/dataSource"));
		answers.put("configprops/dbtls", get(root + "/configprops/dbtls"));
		return answers;
	}

	private static String get(String uri) throws IOException, InterruptedException {
		return client.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
			.body();
	}

	private static void assertBeansAndMetersHaveNoSecret(ConfigurableApplicationContext context) {
		Map<String, Object> beans = context.getBeansOfType(Object.class, false, false);
		List<Object> ours = reachable(beans.values());
		assertThat(ours).extracting((object) -> object.getClass().getSimpleName())
			.contains("DbTlsProperties", "TlsPolicy", "CaFile", "PoolTls", "SecuredPool", "PoolProperties");
		ours.forEach((object) -> assertShowsNothing(object.getClass().getName(), object.toString()));
		assertThat(context.getBean(MeterRegistry.class).getMeters()).isNotEmpty()
			.allSatisfy((meter) -> assertShowsNothing("meter", meter.getId().toString()));
	}

	/**
	 * Return our objects that are beans, or that lead from one to the next.
	 */
	private static List<Object> reachable(Collection<Object> beans) {
		Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		// By identity: some maps among the beans cannot be compared with any other.
		Set<Object> identical = Collections.newSetFromMap(new IdentityHashMap<>());
		identical.addAll(beans);
		Deque<Object> next = new ArrayDeque<>(beans);
		List<Object> ours = new ArrayList<>();
		while (!next.isEmpty()) {
			Object object = next.pop();
			if (!seen.add(object)) {
				continue;
			}
			if (object instanceof Collection<?> collection) {
				collection.stream().filter((element) -> element != null).forEach(next::push);
			}
			else if (object instanceof Map<?, ?> map && !identical.contains(object)) {
				map.values().stream().filter((element) -> element != null).forEach(next::push);
				map.keySet().stream().filter((element) -> element != null).forEach(next::push);
			}
			else if (object instanceof Object[] array) {
				Arrays.stream(array).filter((element) -> element != null).forEach(next::push);
			}
			else if (object instanceof Optional<?> optional) {
				optional.ifPresent(next::push);
			}
			else if (object instanceof AtomicReference<?> reference && reference.get() != null) {
				next.push(reference.get());
			}
			else if (isOurs(object.getClass())) {
				ours.add(object);
				fieldValues(object).forEach(next::push);
			}
		}
		return ours;
	}

	private static boolean isOurs(Class<?> type) {
		return type.getName().startsWith("io.github.dbtls.") && !type.getName().startsWith("io.github.dbtls.testkit.")
				&& !type.getName().startsWith("io.github.dbtls.integration.") && !type.isHidden();
	}

	private static List<Object> fieldValues(Object object) {
		List<Object> values = new ArrayList<>();
		for (Class<?> type = object.getClass(); type != null && isOurs(type); type = type.getSuperclass()) {
			for (Field field : type.getDeclaredFields()) {
				if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
					Object value = value(field, object);
					if (value != null && !(value instanceof Supplier<?>)) {
						values.add(value);
					}
				}
			}
		}
		return values;
	}

	private static Object value(Field field, Object object) {
		try {
			field.setAccessible(true);
			return field.get(object);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertShowsNothing(String where, String text) {
		assertThat(Secrets.find(text)).as(where).isNull();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestApplication {

	}

}
