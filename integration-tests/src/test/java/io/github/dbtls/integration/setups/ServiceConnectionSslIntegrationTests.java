package io.github.dbtls.integration.setups;

import java.nio.file.Path;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.integration.setups.jpa.Customer;
import io.github.dbtls.integration.setups.jpa.CustomerRepository;
import io.github.dbtls.integration.setups.jpa.JpaApplication;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import io.github.dbtls.testkit.RealServers;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.mysql.MySQLContainer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.testcontainers.service.connection.PemKeyStore;
import org.springframework.boot.testcontainers.service.connection.PemTrustStore;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test of an application with a container of MySQL 9.7 whose certificates are named by
 * Spring Boot's annotations alone. Its user has to show a certificate.
 */
@EnabledWithDocker
@Testcontainers
class ServiceConnectionSslIntegrationTests {

	private static final String DIRECTORY = "target/service-connection-ssl/";

	private static final Authority authority = TestCertificates.authority("CN=Container CA");

	@Container
	static final MySQLContainer server = RealServers.mysql("9.7", authority.server("localhost", "127.0.0.1"),
			List.of(authority.certificate()));

	private static Database database;

	private static Observation observation;

	private static void register(DynamicPropertyRegistry registry, boolean trusted) {
		if (database == null) {
			authority.writeTo(Path.of(DIRECTORY));
			authority.client("app").writeTo(Path.of(DIRECTORY));
			TestCertificates.authority("CN=Container CA").writeTo(Path.of(DIRECTORY, "stranger"));
			database = Database.of(server.getFirstMappedPort(), "root", server.getPassword(), authority);
			database.execute("ALTER USER 'app'@'%' REQUIRE X509");
		}
		registry.add("spring.liquibase.enabled", () -> false);
		registry.add("spring.flyway.enabled", () -> trusted);
		registry.add("spring.flyway.locations", () -> "classpath:setups/flyway");
		registry.add("spring.jpa.hibernate.ddl-auto", () -> trusted ? "update" : "none");
		registry.add("spring.jpa.database", () -> "mysql");
		registry.add("dbtls.provider", () -> "mysql");
		observation = Observation.of(database);
	}

	@AfterEach
	void stop() {
		observation.close();
	}

	@Nested
	@SpringBootTest(classes = JpaApplication.class, webEnvironment = WebEnvironment.NONE)
	@DirtiesContext
	class OfTheTrustedServer {

		@ServiceConnection
		@PemTrustStore(certificate = "file:" + DIRECTORY + "ca.pem")
		@PemKeyStore(certificate = "file:" + DIRECTORY + "cert.pem", privateKey = "file:" + DIRECTORY + "key.pem")
		static final MySQLContainer trusted = server;

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry registry) {
			register(registry, true);
		}

		@Test
		void annotationsAreTrustAndClientCertificate(@Autowired HikariDataSource pool,
				@Autowired CustomerRepository customers, @Autowired JdbcClient client,
				@Autowired @Qualifier("dbtlsHealthContributor") HealthIndicator health) {
			assertThat(pool.getJdbcUrl()).contains(":" + server.getFirstMappedPort() + "/shop?")
				.contains("sslMode=VERIFY_IDENTITY");
			assertThat(client.sql("SELECT item FROM orders").query(String.class).list()).containsExactly("pen");
			customers.saveAll(List.of(new Customer("Ann"), new Customer("Bob")));
			assertThat(customers.findByNameStartingWith("B")).hasSize(1);
			Application.awaitFull(pool);
			observation.assertSecured(10);
			assertThat(observation.users()).containsExactly("app");
			assertThat(health.health().getDetails()).extracting("trust")
				.hasFieldOrPropertyWithValue("source",
						"SSL annotations of container 'ServiceConnectionSslIntegrationTests.OfTheTrustedServer.trusted'");
			Evidence.of(Kind.SET_UP, "@ServiceConnection with @PemTrustStore and @PemKeyStore");
		}

	}

	@Nested
	@SpringBootTest(classes = JpaApplication.class, webEnvironment = WebEnvironment.NONE)
	@DirtiesContext
	class OfAnUntrustedServer {

		@ServiceConnection
		@PemTrustStore(certificate = "file:" + DIRECTORY + "stranger/ca.pem")
		static final MySQLContainer untrusted = server;

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry registry) {
			register(registry, false);
			// What annotations take the place of.
			registry.add("dbtls.ca-path", () -> DIRECTORY + "ca.pem");
		}

		@Test
		void serverOfAnotherAuthorityIsRefused(@Autowired DataSource dataSource) {
			Application.assertRefused(dataSource::getConnection);
			observation.assertNobodyLoggedIn();
		}

	}

}
