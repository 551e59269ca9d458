package io.github.dbtls.connectorj;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.EmbeddedMariaDb;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Handshakes with a real server.
 */
class MariaDbTlsTests {

	private final EmbeddedMariaDb server = EmbeddedMariaDb.shared();

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void connectionUsesTheVersionThatIsAllowed(TlsVersion version) throws SQLException {
		try (TestPool tls = pool(version);
				HikariDataSource pool = hikari(tls, this.server.sslUser(), 1);
				Connection connection = pool.getConnection()) {
			TlsSession session = ConnectionSession.of(connection);
			assertThat(session).isNotNull();
			assertThat(session.protocol()).isEqualTo(version.jsseName());
			assertThat(session.anchor()).isEqualTo(this.server.authority().certificate());
			try (Statement statement = connection.createStatement();
					ResultSet rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_version'")) {
				assertThat(rows.next()).isTrue();
				assertThat(rows.getString(2)).isEqualTo(version.jsseName());
			}
		}
	}

	@Test
	void poolWhenFilledShakesHandsInFullOnceAndResumes() throws SQLException {
		try (TestPool tls = pool(TlsVersion.TLS_1_2); HikariDataSource pool = hikari(tls, this.server.user(), 10)) {
			List<Connection> connections = new ArrayList<>();
			try {
				List<TlsSession> sessions = new ArrayList<>();
				for (int i = 0; i < 10; i++) {
					connections.add(pool.getConnection());
					sessions.add(ConnectionSession.of(connections.get(i)));
				}
				assertThat(sessions).doesNotContainNull().filteredOn(TlsSession::resumed).hasSize(9);
			}
			finally {
				for (Connection connection : connections) {
					connection.close();
				}
			}
		}
	}

	@Test
	void connectionWhenAuthorityIsAnotherFails() {
		try (TestPool tls = TestPool.of(SslMode.VERIFY_CA,
				TestCertificates.authority("CN=Embedded MariaDB CA").certificate())) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> tls.connect(this.server.jdbcUrl()))
				.withStackTraceContaining("no trusted authority issued the server's certificate");
			assertThat(tls.failures()).singleElement()
				.satisfies((failure) -> assertThat(failure.getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER));
		}
	}

	@Test
	void probeShakesHandsWithoutLogin() throws Exception {
		try (TestPool tls = pool(TlsVersion.TLS_1_3)) {
			assertThat(
					HandshakeProbe.probe(tls.tls(), new HostAddress(this.server.host(), this.server.port())).protocol())
				.isEqualTo("TLSv1.3");
		}
	}

	private TestPool pool(TlsVersion version) {
		return TestPool.of(TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), version),
				this.server.authority().certificate());
	}

	private HikariDataSource hikari(TestPool tls, String user, int size) {
		HikariDataSource pool = tls.hikari(this.server.jdbcUrl());
		pool.setUsername(user);
		pool.setPassword(this.server.password());
		pool.setMaximumPoolSize(size);
		return pool;
	}

}
