package io.github.dbtls.autoconfigure;

import java.nio.file.Path;
import java.sql.Connection;

import javax.sql.DataSource;

import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A slice test includes what its annotations list only: a test against the configured
 * server must be secured as the application is.
 */
@JdbcTest
@AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
@Transactional(propagation = Propagation.NOT_SUPPORTED)
@DirtiesContext
class TestSliceTests {

	private static final Authority authority = TestCertificates.authority("CN=Slice CA");

	private static final FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();

	@TempDir
	private static Path directory;

	@Autowired
	private DataSource dataSource;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", server::jdbcUrl);
		registry.add("spring.datasource.username", () -> "app");
		// On the class path of this build, not part of the slice's job.
		registry.add("spring.liquibase.enabled", () -> "false");
		registry.add("spring.flyway.enabled", () -> "false");
		registry.add("dbtls.provider", () -> "mysql");
		registry.add("dbtls.ca-path", () -> authority.writeTo(directory).toString());
	}

	@AfterAll
	static void close() {
		server.close();
	}

	@Test
	void connectionOfASliceIsSecured() throws Exception {
		try (Connection connection = this.dataSource.getConnection()) {
			assertThat(ConnectionSession.of(connection)).isNotNull();
		}
	}

	@SpringBootApplication
	static class Application {

	}

}
