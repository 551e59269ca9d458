package io.github.dbtls.autoconfigure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * TLS sessions of the pools of applications that use the same server: each pool has its
 * own.
 */
class PoolSessionsTests {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	@TempDir
	private Path directory;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void prepare() {
		this.contextRunner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + authority.writeTo(this.directory));
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void poolsOfOneApplicationShareNone(String version) {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("db.example.com")).start()) {
			this.contextRunner
				.withPropertyValues("dbtls.tls-versions=" + version, "dbtls.data-sources.lax.ssl-mode=verify-ca",
						"dbtls.data-sources.twin.ssl-mode=verify-ca")
				.withBean("lax", HikariDataSource.class, () -> pool(server))
				.withBean("twin", HikariDataSource.class, () -> pool(server))
				.withBean("strict", HikariDataSource.class, () -> pool(server))
				.run((context) -> {
					assertThat(open(context, "lax").resumed()).isFalse();
					assertThat(open(context, "lax").resumed()).isTrue();
					assertThat(open(context, "twin").resumed()).isFalse();
					assertThat(open(context, "twin").resumed()).isTrue();
					assertThatExceptionOfType(SQLException.class).isThrownBy(() -> open(context, "strict"))
						.havingRootCause()
						.isNotNull();
					TlsHandshakeException failure = context.getBean(SecuredPools.class)
						.all()
						.stream()
						.filter((pool) -> pool.target() == context.getBean("strict"))
						.findFirst()
						.orElseThrow()
						.tls()
						.attempts()
						.lastFailure();
					assertThat(failure.getFailure()).isEqualTo(HandshakeFailure.HOST_NAME_MISMATCH);
				});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void applicationsOfOneJvmShareNone(String version) {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			ApplicationContextRunner runner = this.contextRunner.withPropertyValues("dbtls.tls-versions=" + version)
				.withBean("pool", HikariDataSource.class, () -> pool(server));
			runner.run((first) -> {
				assertThat(open(first, "pool").resumed()).isFalse();
				assertThat(open(first, "pool").resumed()).isTrue();
				runner.run((second) -> {
					assertThat(open(second, "pool").resumed()).isFalse();
					assertThat(open(second, "pool").resumed()).isTrue();
				});
				assertThat(open(first, "pool").resumed()).isTrue();
			});
			// Nor does one that starts again find what it left.
			runner.run((third) -> assertThat(open(third, "pool").resumed()).isFalse());
		}
	}

	private static HikariDataSource pool(FakeMySqlServer server) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(server.jdbcUrl());
		pool.setUsername("app");
		pool.setMaximumPoolSize(1);
		pool.setMinimumIdle(0);
		pool.setInitializationFailTimeout(-1);
		pool.setConnectionTimeout(2000);
		return pool;
	}

	private static TlsSession open(ApplicationContext context, String name) throws SQLException {
		HikariDataSource pool = context.getBean(name, HikariDataSource.class);
		try (Connection connection = pool.getConnection()) {
			pool.evictConnection(connection);
			return ConnectionSession.of(connection);
		}
	}

}
