package io.github.dbtls.integration;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsSession;
import io.github.dbtls.autoconfigure.DbTlsAutoConfiguration;
import io.github.dbtls.autoconfigure.DbTlsHealthContributorAutoConfiguration;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.RealServers;
import io.github.dbtls.testkit.TestCertificates;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.JdbcDatabaseContainer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The starter on real MySQL and TiDB servers.
 */
@EnabledWithDocker
class RealServerIntegrationTests {

	private final Authority authority = TestCertificates.authority("CN=Test CA");

	private final Identity identity = this.authority.intermediate("CN=Test Intermediate")
		.server("localhost", "127.0.0.1");

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class,
				DbTlsHealthContributorAutoConfiguration.class));

	@TempDir
	private Path directory;

	@TempDir
	private Path otherDirectory;

	@ParameterizedTest
	@ValueSource(strings = { "9.7", "8.0" })
	void mySqlIsSecured(String version) {
		try (JdbcDatabaseContainer<?> server = RealServers.mysql(version, this.identity)) {
			server.start();
			run(server, "mysql", Map.of(), (context) -> {
				Health health = health(context);
				assertUp(health, "mysql", "verify-identity", "TLSv1.3", server);
				assertThat(server(health).get("version").toString()).startsWith(version + ".");
				assertThat(resumesWithServersConsent(context)).isTrue();
			});
			run(server, "mysql", Map.of("dbtls.tls-versions", "TLSv1.2"), (context) -> {
				Health health = health(context);
				assertUp(health, "mysql", "verify-identity", "TLSv1.2", server);
				assertThat(health.getDetails().get("cipher").toString()).contains("_WITH_");
				// OpenSSL's name, which is another one than JSSE's.
				assertThat(server(health).get("cipher").toString()).doesNotContain("_WITH_");
				assertThat(resumesWithServersConsent(context)).isTrue();
			});
			assertWrongAuthorityIsRefused(server, "mysql");
		}
	}

	@Test
	void tiDbIsSecured() {
		try (JdbcDatabaseContainer<?> server = RealServers.tidb(this.identity)) {
			server.start();
			for (String provider : List.of("tidb-dedicated", "tidb")) {
				String mode = provider.equals("tidb") ? "verify-ca" : "verify-identity";
				run(server, provider, Map.of(), (context) -> {
					Health health = health(context);
					assertUp(health, provider, mode, "TLSv1.3", server);
					assertThat(server(health).get("version").toString()).isEqualTo("8.0.11-TiDB-v8.5.4");
				});
			}
			run(server, "tidb", Map.of("dbtls.tls-versions", "TLSv1.2", "dbtls.ssl-mode", "verify-identity"),
					(context) -> assertUp(health(context), "tidb", "verify-identity", "TLSv1.2", server));
			assertWrongAuthorityIsRefused(server, "tidb-dedicated");
		}
	}

	@Test
	void serviceConnectionIsRaisedToThePolicy() {
		try (JdbcDatabaseContainer<?> server = RealServers.mysql("9.7", this.identity)) {
			server.start();
			// What Testcontainers' service connection contributes, sslMode=REQUIRED
			// included.
			assertThat(server.getJdbcUrl()).contains("sslMode=REQUIRED");
			this.contextRunner.withBean(JdbcConnectionDetails.class, () -> new ContainerDetails(server))
				.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.authority.writeTo(this.directory))
				.run((context) -> {
					assertThat(health(context).getDetails()).containsEntry("sslMode", "verify-identity");
					assertThat(context.getBean(HikariDataSource.class).getJdbcUrl()).doesNotContain("REQUIRED")
						.contains("sslMode=VERIFY_IDENTITY");
				});
		}
	}

	private void assertWrongAuthorityIsRefused(JdbcDatabaseContainer<?> server, String provider) {
		// The same name and another key, as the clusters of TiDB Cloud have.
		Path other = TestCertificates.authority("CN=Test CA").writeTo(this.otherDirectory);
		run(server, provider,
				Map.of("dbtls.ca-path", other.toString(), "spring.datasource.hikari.connection-timeout", "1000"),
				(context) -> {
					Health health = health(context);
					assertThat(health.getStatus()).isEqualTo(Status.DOWN);
					assertThat(health.getDetails().get("error"))
						.asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
						.containsEntry("cause", HandshakeFailure.UNTRUSTED_ISSUER.name())
						.extractingByKey("message")
						.asString()
						.contains("CN=Test Intermediate", "CN=Test CA", "Trusted:");
				});
	}

	private void run(JdbcDatabaseContainer<?> server, String provider, Map<String, String> properties,
			Consumer<AssertableApplicationContext> assertions) {
		String[] values = properties.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "=" + entry.getValue())
			.toArray(String[]::new);
		this.contextRunner
			.withPropertyValues("dbtls.provider=" + provider, "dbtls.ca-path=" + this.authority.writeTo(this.directory),
					"spring.datasource.url=jdbc:mysql://localhost:%d/%s".formatted(server.getFirstMappedPort(),
							server.getDatabaseName()),
					"spring.datasource.username=" + server.getUsername(),
					"spring.datasource.password=" + server.getPassword())
			.withPropertyValues(values)
			.run(assertions::accept);
	}

	private static void assertUp(Health health, String provider, String mode, String protocol,
			JdbcDatabaseContainer<?> server) {
		assertThat(health.getStatus()).as("%s", health).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("provider", provider)
			.containsEntry("sslMode", mode)
			.containsEntry("verified", true)
			.containsEntry("protocol", protocol)
			.containsEntry("host", "localhost:" + server.getFirstMappedPort())
			.doesNotContainKeys("proxied", "error");
		assertThat(server(health)).containsEntry("protocol", protocol).containsKey("cipher");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> server(Health health) {
		return (Map<String, Object>) health.getDetails().get("server");
	}

	private static Health health(AssertableApplicationContext context) {
		return context.getBean("dbtlsHealthContributor", HealthIndicator.class).health();
	}

	/**
	 * Whether a second connection resumes the TLS session, which the server counts too.
	 */
	private static boolean resumesWithServersConsent(AssertableApplicationContext context) {
		HikariDataSource pool = context.getBean(HikariDataSource.class);
		try (Connection first = pool.getConnection(); Connection second = pool.getConnection()) {
			TlsSession session = ConnectionSession.of(second);
			try (Statement statement = second.createStatement();
					ResultSet rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_session%reused'")) {
				assertThat(rows.next()).isTrue();
				boolean reused = !rows.getString(2).equals("0") && !rows.getString(2).equals("OFF");
				assertThat(session).isNotNull();
				assertThat(session.resumed()).isEqualTo(reused);
				return reused;
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record ContainerDetails(JdbcDatabaseContainer<?> server) implements JdbcConnectionDetails {

		@Override
		public String getUsername() {
			return this.server.getUsername();
		}

		@Override
		public String getPassword() {
			return this.server.getPassword();
		}

		@Override
		public String getJdbcUrl() {
			return this.server.getJdbcUrl();
		}

	}

}
