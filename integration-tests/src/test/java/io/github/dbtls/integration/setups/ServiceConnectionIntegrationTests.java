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
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test of an application as Spring Boot's reference shows it, with a container of MySQL
 * 9.7: Flyway makes a table, Hibernate uses another.
 */
@EnabledWithDocker
@Testcontainers
class ServiceConnectionIntegrationTests {

	private static final Authority authority = TestCertificates.authority("CN=Container CA");

	@Container
	@ServiceConnection
	static final MySQLContainer server = RealServers.mysql("9.7", authority.server("localhost", "127.0.0.1"));

	private static Database database;

	private static Observation observation;

	private static void register(DynamicPropertyRegistry registry, boolean trusted) {
		if (database == null) {
			database = Database.of(server.getFirstMappedPort(), "root", server.getPassword(), authority);
		}
		Path file = trusted ? database.authority() : database.stranger();
		registry.add("spring.liquibase.enabled", () -> false);
		registry.add("spring.flyway.enabled", () -> trusted);
		registry.add("spring.flyway.locations", () -> "classpath:setups/flyway");
		registry.add("spring.jpa.hibernate.ddl-auto", () -> trusted ? "update" : "none");
		registry.add("spring.jpa.database", () -> "mysql");
		registry.add("dbtls.provider", () -> "mysql");
		registry.add("dbtls.ca-path", file::toString);
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

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry registry) {
			register(registry, true);
		}

		@Test
		void serviceConnectionIsSecured(@Autowired HikariDataSource pool, @Autowired CustomerRepository customers,
				@Autowired JdbcClient client) {
			assertThat(pool.getJdbcUrl()).contains(":" + server.getFirstMappedPort() + "/shop?")
				.contains("sslMode=VERIFY_IDENTITY");
			assertThat(client.sql("SELECT item FROM orders").query(String.class).list()).containsExactly("pen");
			customers.saveAll(List.of(new Customer("Ann"), new Customer("Bob")));
			assertThat(customers.findByNameStartingWith("B")).hasSize(1);
			assertThat(database.query("SELECT name FROM shop.customer ORDER BY name")).containsExactly("Ann", "Bob");
			Application.awaitFull(pool);
			observation.assertSecured(10);
			Evidence.of(Kind.SET_UP, "@ServiceConnection on MySQLContainer");
		}

	}

	@Nested
	@SpringBootTest(classes = JpaApplication.class, webEnvironment = WebEnvironment.NONE)
	@DirtiesContext
	class OfAnUntrustedServer {

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry registry) {
			register(registry, false);
		}

		@Test
		void serviceConnectionIsRefused(@Autowired DataSource dataSource) {
			Application.assertRefused(dataSource::getConnection);
			observation.assertNobodyLoggedIn();
		}

	}

}
