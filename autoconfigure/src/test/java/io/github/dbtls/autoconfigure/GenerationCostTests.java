package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.ContextCounter;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FileReads;
import io.github.dbtls.testkit.TestCertificates;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a generation of trust costs, however many connections are opened under it: one
 * reading of the file, one {@link javax.net.ssl.SSLContext}.
 */
class GenerationCostTests {

	private static final int CONNECTIONS = 50;

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Authority next = TestCertificates.authority("CN=Next CA");

	private final FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();

	@TempDir
	private Path directory;

	private Path file;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void prepare() {
		this.file = authority.writeTo(this.directory);
		this.contextRunner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class,
					DbTlsHealthContributorAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.file,
					"spring.datasource.url=" + this.server.jdbcUrl(), "spring.datasource.hikari.maximum-pool-size=1",
					"spring.datasource.hikari.minimum-idle=0",
					// Without one of the pool's own that nobody asked for.
					"spring.datasource.hikari.initialization-fail-timeout=-1");
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void connectionsReadNoFileAndMakeNoContext(String version) throws IOException {
		long size = Files.size(this.file);
		try (FileReads reads = FileReads.record(); ContextCounter contexts = ContextCounter.start()) {
			this.contextRunner.withPropertyValues("dbtls.reload-interval=0", "dbtls.tls-versions=" + version)
				.run((context) -> {
					assertThat(open(context, CONNECTIONS)).hasSize(CONNECTIONS)
						.filteredOn((session) -> !session.resumed())
						.hasSize(1);
					assertThat(this.server.connectionCount()).isEqualTo(CONNECTIONS);
				});
			assertThat(contexts.count()).as("SSL contexts").isOne();
			assertThat(reads.bytes(this.file)).as("bytes by thread, the file has %d", size)
				.containsExactly(Map.entry(Thread.currentThread().getName(), size));
		}
	}

	@Test
	void newTrustIsReadInTheBackgroundAndMakesOneContext() throws IOException {
		long size = Files.size(this.file);
		try (FileReads reads = FileReads.record(); ContextCounter contexts = ContextCounter.start()) {
			this.contextRunner.withPropertyValues("dbtls.reload-interval=1s").run((context) -> {
				open(context, 5);
				assertThat(contexts.count()).as("SSL contexts").isOne();
				Files.writeString(this.file, authority.pem() + next.pem());
				Awaitility.await()
					.atMost(Duration.ofSeconds(30))
					.until(() -> open(context, 1).get(0).generation() == 2);
				List<TlsSession> sessions = open(context, 5);
				assertThat(sessions).extracting(TlsSession::generation).containsOnly(2);
				assertThat(contexts.count()).as("SSL contexts").isEqualTo(2);
			});
			// The watch reads it at each look, as its documentation says, on a thread of
			// its own; the first generation was read by whoever started the application.
			Map<String, Long> bytes = reads.bytes(this.file);
			assertThat(bytes).containsEntry(Thread.currentThread().getName(), size);
			assertThat(bytes.keySet()).filteredOn((thread) -> !thread.equals(Thread.currentThread().getName()))
				.isNotEmpty()
				.allMatch((thread) -> thread.startsWith("dbtls"), "is a thread of dbtls");
		}
	}

	/**
	 * What the other tests would see if there were one for each connection.
	 */
	@Test
	void witnessesSeeWhatTheDriverDoesByItself() throws Exception {
		Path store = authority.writeTrustStoreTo(this.directory);
		Properties settings = new Properties();
		settings.setProperty("user", "app");
		settings.setProperty("sslMode", "VERIFY_IDENTITY");
		settings.setProperty("trustCertificateKeyStoreUrl", store.toUri().toString());
		settings.setProperty("trustCertificateKeyStoreType", "PKCS12");
		settings.setProperty("trustCertificateKeyStorePassword", TestCertificates.PASSWORD);
		try (FileReads reads = FileReads.record(); ContextCounter contexts = ContextCounter.start()) {
			for (int i = 0; i < 3; i++) {
				DriverManager.getConnection(this.server.jdbcUrl(), settings).close();
			}
			assertThat(contexts.count()).isEqualTo(3);
			assertThat(reads.bytes(store))
				.containsExactly(Map.entry(Thread.currentThread().getName(), 3 * Files.size(store)));
		}
	}

	private List<TlsSession> open(ApplicationContext context, int count) throws SQLException {
		HikariDataSource pool = context.getBean(HikariDataSource.class);
		List<TlsSession> sessions = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			try (Connection connection = pool.getConnection()) {
				sessions.add(ConnectionSession.of(connection));
				pool.evictConnection(connection);
			}
			int opened = this.server.connectionCount();
			assertThat(this.server.connections().get(opened - 1).awaitEnd(Duration.ofSeconds(10))).isTrue();
		}
		return sessions;
	}

}
