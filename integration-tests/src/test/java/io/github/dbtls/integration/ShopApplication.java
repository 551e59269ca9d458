package io.github.dbtls.integration;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import javax.sql.DataSource;

import com.mysql.cj.jdbc.Driver;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.ClassUtils;

/**
 * An application as a user has it: nothing but properties, and what the starter and
 * Spring Boot make of them. It writes and reads rows, looks at its connection from both
 * ends, asks for its health, and ends. It runs in the JVM of the test, or in
 * {@link ApplicationJvm one of its own}.
 */
public final class ShopApplication {

	/** What the line begins with that the application's JVM answers. */
	static final String ANSWER = "FINDINGS ";

	private static final JsonMapper json = JsonMapper.builder().build();

	private ShopApplication() {
	}

	/**
	 * Return a runner with all auto-configurations that have a part in it.
	 * @param properties the application's properties
	 * @return the runner
	 */
	static ApplicationContextRunner runner(Map<String, String> properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(autoConfigurations()))
			.withPropertyValues(properties.entrySet()
				.stream()
				.map((property) -> property.getKey() + "=" + property.getValue())
				.toArray(String[]::new));
	}

	// By name, so that none of the starter is forgotten.
	private static Class<?>[] autoConfigurations() {
		List<String> wanted = List.of("io.github.dbtls.", "org.springframework.boot.jdbc.autoconfigure.",
				"org.springframework.boot.health.autoconfigure.contributor.",
				"org.springframework.boot.health.autoconfigure.registry.",
				"org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpoint",
				EndpointAutoConfiguration.class.getName());
		return ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> wanted.stream().anyMatch(name::startsWith))
			.map((name) -> ClassUtils.resolveClassName(name, null))
			.toArray(Class<?>[]::new);
	}

	/**
	 * Run once.
	 * @param properties the application's properties
	 * @return what was found
	 */
	static Findings run(Map<String, String> properties) {
		Findings[] findings = new Findings[1];
		runner(properties).run((context) -> findings[0] = findings(context));
		return findings[0];
	}

	/**
	 * Run once for each line of properties.
	 * @param args not used
	 * @throws IOException if nobody listens any more
	 */
	public static void main(String[] args) throws IOException {
		BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = lines.readLine(); line != null; line = lines.readLine()) {
			Findings findings = run(json.readValue(line, new TypeReference<Map<String, String>>() {
			}));
			System.out.println(ANSWER + json.writeValueAsString(findings));
			System.out.flush();
		}
	}

	static String question(Map<String, String> properties) {
		return json.writeValueAsString(properties);
	}

	static Findings answer(String line) {
		return json.readValue(line.substring(ANSWER.length()), Findings.class);
	}

	/**
	 * Use the application.
	 * @param context the application
	 * @return what was found
	 */
	static Findings findings(AssertableApplicationContext context) {
		if (context.getStartupFailure() != null) {
			return new Findings(text(context.getStartupFailure()), null, List.of(), null, null, Map.of(), Map.of());
		}
		List<String> rows = List.of();
		View client = null;
		View server = null;
		String failure = null;
		try {
			rows = writeAndRead(context.getBean(JdbcClient.class));
			try (Connection connection = context.getBean(DataSource.class).getConnection()) {
				client = clientView(connection);
				server = serverView(connection);
			}
		}
		catch (DataAccessException | SQLException ex) {
			failure = text(ex);
		}
		return new Findings(null, failure, rows, client, server, health(context), versions());
	}

	private static List<String> writeAndRead(JdbcClient jdbc) {
		String table = "t_" + UUID.randomUUID().toString().replace("-", "");
		jdbc.sql("CREATE TABLE %s (id INT PRIMARY KEY, name VARCHAR(20)) CHARACTER SET utf8mb4".formatted(table))
			.update();
		try {
			jdbc.sql("INSERT INTO %s VALUES (1, :tea), (2, 'coffee')".formatted(table)).param("tea", "茶").update();
			return jdbc.sql("SELECT name FROM %s ORDER BY id".formatted(table)).query(String.class).list();
		}
		finally {
			jdbc.sql("DROP TABLE " + table).update();
		}
	}

	private static View clientView(Connection connection) throws SQLException {
		TlsSession session = ConnectionSession.of(connection);
		return (session != null) ? new View(session.protocol(), session.cipher()) : null;
	}

	private static View serverView(Connection connection) throws SQLException {
		Map<String, String> status = new TreeMap<>();
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement
					.executeQuery("SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_version', 'Ssl_cipher')")) {
			while (rows.next()) {
				status.put(rows.getString(1), rows.getString(2));
			}
		}
		return new View(status.get("Ssl_version"), status.get("Ssl_cipher"));
	}

	/**
	 * Return what {@code /actuator/health/dbtls} has in its body.
	 * @param context the application
	 * @return the JSON as maps and lists
	 */
	static Map<String, Object> health(AssertableApplicationContext context) {
		String body = json.writeValueAsString(context.getBean(HealthEndpoint.class).healthForPath("dbtls"));
		return json.readValue(body, new TypeReference<Map<String, Object>>() {
		});
	}

	// The running classes' own: what the build asked for may be another.
	private static Map<String, String> versions() {
		try {
			String pool = PropertiesLoaderUtils
				.loadProperties(new ClassPathResource("META-INF/maven/com.zaxxer/HikariCP/pom.properties",
						HikariDataSource.class.getClassLoader()))
				.getProperty("version");
			return Map.of("Spring Boot", SpringBootVersion.getVersion(), "MySQL Connector/J",
					Driver.class.getPackage().getImplementationVersion(), "HikariCP", pool, "JDK",
					String.valueOf(Runtime.version().feature()));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	// Innermost last, with the advice where there is one.
	private static String text(Throwable thrown) {
		StringBuilder text = new StringBuilder();
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			text.append(cause.getClass().getSimpleName()).append(": ").append(cause.getMessage()).append('\n');
			if (cause instanceof TlsHandshakeException) {
				return text.toString();
			}
			if (cause instanceof DbTlsConfigurationException configuration) {
				return text.append(configuration.getAction()).toString();
			}
		}
		return text.toString();
	}

	/**
	 * What the application found.
	 *
	 * @param startupFailure why it did not start, or {@code null} if it did
	 * @param failure why it could not use its database, or {@code null} if it could
	 * @param rows what it read of what it wrote
	 * @param client the session as our end of the connection sees it
	 * @param server the session as the server sees it
	 * @param health what {@code /actuator/health/dbtls} answered
	 * @param versions what it ran with
	 */
	record Findings(String startupFailure, String failure, List<String> rows, View client, View server,
			Map<String, Object> health, Map<String, String> versions) {

		Object status() {
			return this.health.get("status");
		}

		Map<String, Object> details() {
			return map(this.health.get("details"));
		}

		Map<String, Object> detail(String name) {
			return map(details().get(name));
		}

		@SuppressWarnings("unchecked")
		private static Map<String, Object> map(Object value) {
			return (value != null) ? (Map<String, Object>) value : Map.of();
		}

	}

	/**
	 * A TLS session as one end sees it.
	 *
	 * @param protocol its name of the protocol
	 * @param cipher its name of the cipher suite
	 */
	record View(String protocol, String cipher) {

	}

}
