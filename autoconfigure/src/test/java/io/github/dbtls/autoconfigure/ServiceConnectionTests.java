package io.github.dbtls.autoconfigure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.mysql.MySQLContainer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.testcontainers.service.connection.JksTrustStore;
import org.springframework.boot.testcontainers.service.connection.PemKeyStore;
import org.springframework.boot.testcontainers.service.connection.PemTrustStore;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.boot.testcontainers.service.connection.Ssl;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for the SSL annotations of a {@code @ServiceConnection}, with containers that are
 * said to run.
 */
@ExtendWith(OutputCaptureExtension.class)
class ServiceConnectionTests {

	private static final String DIRECTORY = "target/service-connection/";

	private static final Authority authority = TestCertificates.authority("CN=Container CA");

	private static final Authority stranger = TestCertificates.authority("CN=Container CA");

	private static FakeMySqlServer server;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class, SslAutoConfiguration.class,
				DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class,
				DbTlsHealthContributorAutoConfiguration.class))
		.withPropertyValues("dbtls.provider=mysql", "spring.datasource.hikari.maximum-pool-size=2",
				"spring.datasource.hikari.minimum-idle=0", "spring.datasource.hikari.connection-timeout=3000");

	@BeforeEach
	void startServer() {
		authority.writeTo(Path.of(DIRECTORY));
		authority.writeTrustStoreTo(Path.of(DIRECTORY));
		stranger.writeTo(Path.of(DIRECTORY, "stranger"));
		authority.client("app").writeTo(Path.of(DIRECTORY, "client"));
		server = FakeMySqlServer.tls(authority.server("localhost")).wantClientAuth(authority.certificate()).start();
	}

	@AfterEach
	void stopServer() {
		server.close();
	}

	@Test
	void trustStoreIsWhatTheServerIsVerifiedAgainst(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(Trusted.class).run((context) -> {
			assertConnects(context);
			assertThat(trust(context)).containsEntry("source", "SSL annotations of container 'mysql'")
				.containsEntry("certificates", 1);
		});
		assertThat(output).contains("trust SSL annotations of container 'mysql' (1 certificate)")
			.doesNotContain("the place of");
	}

	@Test
	void trustStoreTakesThePlaceOfProperties(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(Trusted.class)
			.withPropertyValues("dbtls.ca-path=" + DIRECTORY + "stranger/ca.pem",
					"dbtls.client-certificate=/nowhere/client.pem", "dbtls.client-private-key=/nowhere/key.pem",
					"dbtls.data-sources.dataSource.ssl-mode=verify-ca")
			.run(ServiceConnectionTests::assertConnects);
		assertThat(output).contains(
				"dataSource: the SSL annotations of container 'mysql' take the place of 'dbtls.ca-path', 'dbtls.client-certificate', 'dbtls.client-private-key'");
	}

	@Test
	void trustStoreTakesThePlaceOfANamedBundle(CapturedOutput output) {
		// The name of one that does not exist: it is not asked for.
		this.contextRunner.withUserConfiguration(Trusted.class)
			.withPropertyValues("dbtls.ssl-bundle=missing")
			.run(ServiceConnectionTests::assertConnects);
		assertThat(output).contains("take the place of 'dbtls.ssl-bundle'");
	}

	@Test
	void trustStoreIsThatOfAProviderWhoseAuthorityMustBeNamed() {
		this.contextRunner.withUserConfiguration(Trusted.class)
			.withPropertyValues("dbtls.provider=tidb")
			.run(ServiceConnectionTests::assertConnects);
	}

	@Test
	void trustStoreWhenOtherSettingsAreWrongLeavesThemToBeFound() {
		this.contextRunner.withUserConfiguration(Trusted.class)
			.withPropertyValues("dbtls.data-sources.other.tls-versions=1.1")
			.run((context) -> assertThat(failure(context)).hasMessageContaining("'1.1' is too old"));
	}

	@Test
	void trustStoreWhenItIsAKeyStoreFileIsReadWithItsOptions() {
		this.contextRunner.withUserConfiguration(TrustedByKeyStore.class).run((context) -> {
			try (Connection connection = context.getBean(HikariDataSource.class).getConnection()) {
				assertThat(ConnectionSession.of(connection).protocol()).isEqualTo("TLSv1.2");
			}
		});
	}

	@Test
	void serverOfAnotherAuthorityIsRefused() {
		this.contextRunner.withUserConfiguration(Strange.class)
			.withPropertyValues("dbtls.ca-path=" + DIRECTORY + "ca.pem")
			.run((context) -> {
				SQLException ex = catchThrowableOfType(SQLException.class,
						() -> context.getBean(HikariDataSource.class).getConnection().close());
				TlsHandshakeException handshake = cause(ex, TlsHandshakeException.class);
				assertThat(handshake).hasMessageContaining("SSL annotations of container 'mysql'");
				assertThat(handshake.getAction()).contains("in '@PemTrustStore or @JksTrustStore'.");
				server.assertNoLoginReceived();
			});
	}

	@Test
	void keyStoreIsWhatTheClientShows(CapturedOutput output) {
		try (FakeMySqlServer mutual = FakeMySqlServer.tls(authority.server("localhost"))
			.needClientAuth(authority.certificate())
			.start()) {
			server.close();
			server = mutual;
			this.contextRunner.withUserConfiguration(Mutual.class).run(ServiceConnectionTests::assertConnects);
		}
		assertThat(output).contains("client certificate SSL annotations of container 'mysql'");
	}

	@Test
	void keyStoreWhereNoneIsTakenIsRefused() {
		this.contextRunner.withUserConfiguration(Mutual.class)
			.withPropertyValues("dbtls.provider=aws-rds")
			.run((context) -> assertThat(failure(context)).hasMessageStartingWith(
					"The SSL annotations of container 'mysql' make an SSL bundle, which has a private key, but 'dbtls.provider' is 'aws-rds'"));
	}

	@Test
	void brokenFileIsRefused() {
		this.contextRunner.withUserConfiguration(Broken.class).run((context) -> {
			DbTlsConfigurationException ex = failure(context);
			assertThat(ex).hasMessageStartingWith(
					"The SSL annotations of container 'mysql' make an SSL bundle, whose trust store cannot be read: ")
				.hasMessageContaining("missing.pem");
			assertThat(ex.getAction()).isEqualTo("Correct '@PemTrustStore or @JksTrustStore'.");
		});
	}

	@Test
	void brokenFileWithoutProviderChangesNothing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class,
					DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class))
			.withUserConfiguration(Broken.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(HikariDataSource.class)
				.returns(server.jdbcUrl(), HikariDataSource::getJdbcUrl));
	}

	@Test
	void containerWithoutAnnotationsLeavesPropertiesInForce(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(Plain.class)
			.withPropertyValues("dbtls.ca-path=" + DIRECTORY + "ca.pem")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(TlsConnectionDetails.class);
				assertConnects(context);
			});
		assertThat(output).contains("trust " + DIRECTORY + "ca.pem");
	}

	@Test
	void serviceConnectionForJdbcAloneBringsItsAnnotations() {
		this.contextRunner.withUserConfiguration(ForJdbc.class).run(ServiceConnectionTests::assertConnects);
	}

	@Test
	void serviceConnectionForSomethingElseLeavesThemOut() {
		this.contextRunner.withUserConfiguration(ForFlyway.class)
			.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(), "dbtls.ca-path=" + DIRECTORY + "ca.pem")
			.run((context) -> {
				assertThat(context).hasSingleBean(FlywayConnectionDetails.class)
					.doesNotHaveBean(TlsConnectionDetails.class);
				assertConnects(context);
			});
	}

	@Test
	void poolOfAnotherServerHasWhatPropertiesSay(CapturedOutput output) {
		try (FakeMySqlServer other = FakeMySqlServer.tls(stranger.server("localhost")).start()) {
			this.contextRunner.withUserConfiguration(Trusted.class).withBean("other", HikariDataSource.class, () -> {
				HikariDataSource pool = new HikariDataSource();
				pool.setJdbcUrl(other.jdbcUrl());
				pool.setMinimumIdle(0);
				return pool;
			})
				.withPropertyValues("dbtls.ca-path=" + DIRECTORY + "stranger/ca.pem")
				.run(ServiceConnectionTests::assertConnects);
		}
		assertThat(output).contains("other: TLS by dbtls").doesNotContain("SSL annotations");
	}

	private static void assertConnects(ApplicationContext context) throws SQLException {
		context.getBean(HikariDataSource.class).getConnection().close();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> trust(ApplicationContext context) {
		return (Map<String, Object>) context.getBean("dbtlsHealthContributor", HealthIndicator.class)
			.health()
			.getDetails()
			.get("trust");
	}

	private static DbTlsConfigurationException failure(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		return cause(context.getStartupFailure(), DbTlsConfigurationException.class);
	}

	private static <T extends Throwable> T cause(Throwable thrown, Class<T> type) {
		Throwable cause = thrown;
		while (!type.isInstance(cause)) {
			cause = cause.getCause();
			assertThat(cause).isNotNull();
		}
		return type.cast(cause);
	}

	@Configuration(proxyBeanMethods = false)
	static class Trusted {

		@Bean
		@ServiceConnection
		@PemTrustStore(certificate = "file:" + DIRECTORY + "ca.pem")
		RunningContainer mysql() {
			return new RunningContainer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TrustedByKeyStore {

		@Bean
		@ServiceConnection
		@JksTrustStore(location = "file:" + DIRECTORY + "ca.p12", type = "PKCS12", password = TestCertificates.PASSWORD)
		@Ssl(enabledProtocols = "TLSv1.2")
		RunningContainer mysql() {
			return new RunningContainer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Strange {

		@Bean
		@ServiceConnection
		@PemTrustStore(certificate = "file:" + DIRECTORY + "stranger/ca.pem")
		RunningContainer mysql() {
			return new RunningContainer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Mutual {

		@Bean
		@ServiceConnection
		@PemTrustStore(certificate = "file:" + DIRECTORY + "ca.pem")
		@PemKeyStore(certificate = "file:" + DIRECTORY + "client/cert.pem",
				privateKey = "file:" + DIRECTORY + "client/key.pem")
		RunningContainer mysql() {
			return new RunningContainer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Broken {

		@Bean
		@ServiceConnection
		@PemTrustStore(certificate = "file:" + DIRECTORY + "missing.pem")
		RunningContainer mysql() {
			return new RunningContainer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Plain {

		@Bean
		@ServiceConnection
		RunningContainer mysql() {
			return new RunningContainer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ForJdbc {

		@Bean
		@ServiceConnection(type = JdbcConnectionDetails.class)
		@PemTrustStore(certificate = "file:" + DIRECTORY + "ca.pem")
		RunningContainer mysql() {
			return new RunningContainer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ForFlyway {

		@Bean
		@ServiceConnection(type = FlywayConnectionDetails.class)
		@PemTrustStore(certificate = "file:" + DIRECTORY + "missing.pem")
		RunningContainer mysql() {
			return new RunningContainer();
		}

	}

	/**
	 * A container that needs no Docker.
	 */
	static class RunningContainer extends MySQLContainer {

		RunningContainer() {
			super("mysql");
			withPassword(Secrets.password("container-Pa55word"));
		}

		@Override
		public void start() {
			// It runs.
		}

		@Override
		public void stop() {
			// As it was not started.
		}

		@Override
		public String getJdbcUrl() {
			return server.jdbcUrl();
		}

	}

}
