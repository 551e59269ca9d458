package io.github.dbtls.integration.setups;

import java.util.List;

import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.integration.setups.jpa.Customer;
import io.github.dbtls.integration.setups.jpa.CustomerRepository;
import io.github.dbtls.integration.setups.jpa.JpaApplication;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import org.hibernate.dialect.MariaDBDialect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase.Replace;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Test slices of Spring Boot that use the application's own database.
 */
class SlicesIntegrationTests {

	private static Observation observation;

	private static void register(DynamicPropertyRegistry registry, String schema, boolean trusted) {
		Database database = Database.first();
		String url = database.schema(schema);
		registry.add("spring.datasource.url", () -> url);
		registry.add("spring.datasource.username", () -> "app");
		registry.add("spring.datasource.password", database::password);
		registry.add("spring.datasource.hikari.maximum-pool-size", () -> 1);
		registry.add("spring.flyway.enabled", () -> false);
		registry.add("spring.liquibase.enabled", () -> false);
		registry.add("spring.jpa.hibernate.ddl-auto", () -> "create");
		registry.add("spring.jpa.database-platform", MariaDBDialect.class::getName);
		registry.add("dbtls.provider", () -> "mysql");
		registry.add("dbtls.ca-path", () -> (trusted ? database.authority() : database.stranger()).toString());
		observation = Observation.of(database);
	}

	@AfterEach
	void stop() {
		observation.close();
	}

	@Nested
	@JdbcTest
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	@ContextConfiguration(classes = JpaApplication.class)
	@DirtiesContext
	class OfJdbc {

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry registry) {
			register(registry, "setup_jdbc_test", true);
		}

		@Test
		void connectionIsSecured(@Autowired JdbcClient client) {
			client.sql("CREATE TABLE item (name VARCHAR(40) NOT NULL)").update();
			client.sql("INSERT INTO item VALUES ('pen')").update();
			assertThat(client.sql("SELECT name FROM item").query(String.class).list()).containsExactly("pen");
			observation.assertSecured(1);
			Evidence.of(Kind.SET_UP, "@JdbcTest");
		}

	}

	@Nested
	@JdbcTest
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	@ContextConfiguration(classes = JpaApplication.class)
	@DirtiesContext
	@Transactional(propagation = Propagation.NOT_SUPPORTED)
	class OfJdbcWithAnotherAuthority {

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry registry) {
			register(registry, "setup_jdbc_test_refused", false);
		}

		@Test
		void connectionIsRefused(@Autowired JdbcClient client) {
			Application.assertRefused(() -> client.sql("SELECT 1").query(Integer.class).single());
			observation.assertNobodyLoggedIn();
		}

	}

	@Nested
	@DataJpaTest
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	@ContextConfiguration(classes = JpaApplication.class)
	@DirtiesContext
	class OfDataJpa {

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry registry) {
			register(registry, "setup_data_jpa_test", true);
		}

		@Test
		void repositoryIsSecured(@Autowired CustomerRepository customers) {
			customers.saveAllAndFlush(List.of(new Customer("Ann"), new Customer("Bob")));
			assertThat(customers.findByNameStartingWith("A")).extracting(Customer::getName).containsExactly("Ann");
			observation.assertSecured(1);
			Evidence.of(Kind.SET_UP, "@DataJpaTest");
		}

	}

	@Nested
	@DataJpaTest
	@AutoConfigureTestDatabase(replace = Replace.NONE)
	@ContextConfiguration(classes = JpaApplication.class)
	@DirtiesContext
	@Transactional(propagation = Propagation.NOT_SUPPORTED)
	class OfDataJpaWithAnotherAuthority {

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry registry) {
			register(registry, "setup_data_jpa_test_refused", false);
			registry.add("spring.jpa.hibernate.ddl-auto", () -> "none");
		}

		@Test
		void repositoryIsRefused(@Autowired CustomerRepository customers) {
			assertThatThrownBy(customers::count).hasStackTraceContaining(TlsHandshakeException.class.getName())
				.hasStackTraceContaining("no trusted authority issued the server's certificate");
			observation.assertNobodyLoggedIn();
		}

	}

}
