package io.github.dbtls.integration.setups;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import javax.sql.DataSource;

import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.integration.setups.JdbcSetUpsIntegrationTests.JdbcApplication;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Applications with other JDBC URLs than that of one host, on real servers.
 */
class UrlIntegrationTests {

	private static final String SCHEMA = "setup_url";

	private final Database first = Database.first();

	private final Database second = Database.second();

	@TempDir
	private Path directory;

	@BeforeEach
	void makeTables() {
		for (Database database : List.of(this.first, this.second)) {
			database.schema(SCHEMA);
			database.execute("CREATE TABLE %s.item (name VARCHAR(40) NOT NULL)".formatted(SCHEMA));
		}
		this.first.execute("INSERT INTO %s.item VALUES ('first')".formatted(SCHEMA));
		this.second.execute("INSERT INTO %s.item VALUES ('second')".formatted(SCHEMA));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			URL with address=(host=…)        | jdbc:mysql://address=(host=localhost)(port=%d)/%s
			URL with (host=…,port=…)         | jdbc:mysql://(host=localhost,port=%d)/%s
			URL with an IPv4 address         | jdbc:mysql://127.0.0.1:%d/%s
			URL with an IPv6 address         | jdbc:mysql://[::1]:%d/%s
			""")
	void oneHostIsSecured(String name, String url) {
		Skips.unless(!url.contains("::1") || Database.hasIpV6(), name, "this machine has no ::1");
		Application application = application(url.formatted(this.second.port(), SCHEMA), this.second);
		try (Observation observation = Observation.of(this.second);
				ConfigurableApplicationContext context = application.start()) {
			assertThat(items(context)).containsExactly("second");
			Application.awaitFullPools(context);
			observation.assertSecured(3);
		}
		assertRefused(application);
		Evidence.of(Kind.SET_UP, name);
	}

	@Test
	void sourceAndReplicaAreSecured() throws Exception {
		Application application = application("jdbc:mysql:replication://localhost:%d,localhost:%d/%s"
			.formatted(this.first.port(), this.second.port(), SCHEMA));
		try (Observation observation = Observation.of(this.first, this.second);
				ConfigurableApplicationContext context = application.start()) {
			try (Connection connection = context.getBean(DataSource.class).getConnection()) {
				assertThat(item(connection)).isEqualTo("first");
				assertThat(session(connection).port()).isEqualTo(this.first.port());
				connection.setReadOnly(true);
				assertThat(item(connection)).isEqualTo("second");
				assertThat(session(connection).port()).isEqualTo(this.second.port());
			}
			Application.awaitFullPools(context);
			observation.assertSecured(4);
		}
		assertRefused(application);
		Evidence.of(Kind.SET_UP, "Replication URL");
	}

	@Test
	void secondHostIsSecuredWhenTheFirstIsDown() throws Exception {
		Application application = application(
				"jdbc:mysql://localhost:%d,localhost:%d/%s".formatted(freePort(), this.second.port(), SCHEMA));
		try (Observation observation = Observation.of(this.second);
				ConfigurableApplicationContext context = application.start()) {
			assertThat(items(context)).containsExactly("second");
			Application.awaitFullPools(context);
			observation.assertSecured(3);
		}
		try (Observation observation = Observation.of(this.second);
				ConfigurableApplicationContext context = trustingAStranger(application).start()) {
			// The driver throws what the first host made of it; health knows better.
			assertThatException().isThrownBy(context.getBean(DataSource.class)::getConnection);
			assertThat(context.getBean("dbtlsHealthContributor", HealthIndicator.class).health().getDetails())
				.extractingByKey("error")
				.asString()
				.contains("UNTRUSTED_ISSUER", "localhost:" + this.second.port());
			observation.assertNobodyLoggedIn();
		}
		Evidence.of(Kind.SET_UP, "Failover URL");
	}

	@Test
	void bothHostsOfALoadBalanceUrlAreSecured() throws Exception {
		Application application = application("jdbc:mysql:loadbalance://localhost:%d,localhost:%d/%s"
			.formatted(this.first.port(), this.second.port(), SCHEMA))
			.with("spring.datasource.hikari.maximum-pool-size=12");
		try (Observation observation = Observation.of(this.first, this.second);
				ConfigurableApplicationContext context = application.start()) {
			Set<String> seen = new TreeSet<>();
			List<Connection> connections = new ArrayList<>();
			try {
				// Chosen at random: that all twelve are one server's happens once in 2048
				// times, so there is a second try.
				for (int i = 0; i < 12; i++) {
					Connection connection = context.getBean(DataSource.class).getConnection();
					connections.add(connection);
					seen.add(item(connection));
				}
				for (int i = 0; i < 40 && seen.size() < 2; i++) {
					connections.get(0).commit();
					seen.add(item(connections.get(0)));
				}
			}
			finally {
				for (Connection connection : connections) {
					connection.close();
				}
			}
			assertThat(seen).containsExactly("first", "second");
			observation.assertSecured(12);
		}
		assertRefused(application);
		Evidence.of(Kind.SET_UP, "Load balance URL");
	}

	private Application application(String url) throws IOException {
		Path both = this.directory.resolve("both.pem");
		Files.writeString(both, Files.readString(this.first.authority()) + Files.readString(this.second.authority()));
		return application(url, this.second).with("dbtls.ca-path=" + both);
	}

	private static Application application(String url, Database database) {
		return Application.of(JdbcApplication.class)
			.with("spring.datasource.url=" + url, "spring.datasource.username=app",
					"spring.datasource.password=" + database.password(), "dbtls.ca-path=" + database.authority());
	}

	private void assertRefused(Application application) {
		try (Observation observation = Observation.of(this.first, this.second);
				ConfigurableApplicationContext context = trustingAStranger(application).start()) {
			Application.assertRefused(context.getBean(DataSource.class)::getConnection);
			observation.assertNobodyLoggedIn();
		}
	}

	private Application trustingAStranger(Application application) {
		return application.with("dbtls.ca-path=" + this.second.stranger(),
				// The driver's default tries dead hosts 120 times.
				"spring.datasource.hikari.data-source-properties.retriesAllDown=1");
	}

	private static List<String> items(ConfigurableApplicationContext context) {
		return context.getBean(JdbcClient.class).sql("SELECT name FROM item").query(String.class).list();
	}

	private static String item(Connection connection) throws Exception {
		try (var statement = connection.createStatement(); var rows = statement.executeQuery("SELECT name FROM item")) {
			assertThat(rows.next()).isTrue();
			return rows.getString(1);
		}
	}

	private static TlsSession session(Connection connection) throws Exception {
		TlsSession session = ConnectionSession.of(connection);
		assertThat(session).isNotNull();
		return session;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
