package io.github.dbtls.connectorj;

import java.sql.Connection;
import java.sql.DriverManager;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionSession}.
 */
class ConnectionSessionTests {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:mysql://localhost:%1$d/shop", "jdbc:mysql://localhost:1,localhost:%1$d/shop",
			"jdbc:mysql:loadbalance://localhost:%1$d,localhost:%2$d/shop",
			"jdbc:mysql:replication://localhost:%1$d,localhost:%2$d/shop",
			"jdbc:mysql://address=(host=localhost)(port=%1$d)/shop" })
	void sessionOfPooledConnectionIsThatOfItsSocket(String url) throws Exception {
		try (TestPool tls = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer first = FakeMySqlServer.tls(authority.server("localhost")).start();
				FakeMySqlServer second = FakeMySqlServer.tls(authority.server("localhost")).start();
				HikariDataSource pool = tls.hikari(url.formatted(first.port(), second.port()));
				Connection connection = pool.getConnection()) {
			TlsSession session = ConnectionSession.of(connection);
			assertThat(session).isNotNull();
			assertThat(session.host()).isEqualTo("localhost");
			assertThat(session.port()).isIn(first.port(), second.port());
			assertThat(session.anchor()).isEqualTo(authority.certificate());
			assertThat(first.connections()).allSatisfy((each) -> assertThat(each.encrypted()).isTrue());
			assertThat(second.connections()).allSatisfy((each) -> assertThat(each.encrypted()).isTrue());
		}
	}

	@Test
	void sessionOfConnectionThatIsNotOursIsNull() throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.plain().start();
				Connection connection = DriverManager.getConnection(server.jdbcUrl() + "?sslMode=DISABLED", "u", "p")) {
			assertThat(ConnectionSession.of(connection)).isNull();
		}
		try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:session")) {
			assertThat(ConnectionSession.of(connection)).isNull();
		}
	}

}
