package io.github.dbtls.integration;

import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.trust.PoolMaterial;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sessions resume wherever a server lets them, and nothing of what a full handshake
 * proves is lost by it: on real servers, through the real driver.
 */
class ResumptionIntegrationTests {

	private static final int POOL_SIZE = 10;

	/** How many tickets of TLS 1.3 a JVM keeps for one host; the older ones keep one. */
	private static final int MOST_TICKETS = 10;

	private final Authority old = TestCertificates.authority("CN=Old Shop CA");

	private final Authority next = TestCertificates.authority("CN=Next Shop CA");

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	@EnabledWithDocker
	void mySql(TlsVersion version) throws SQLException {
		LiveServer server = LiveContainer.mySql("9.7");
		server.show(this.old, "localhost");
		long before = server.count("Ssl_session_cache_hits");
		List<Boolean> reused = new ArrayList<>();
		assertOneFullHandshakeAndNineResumed(fill(server, version, (connection) -> reused.add(isReused(connection))));
		// The server sees the same.
		assertThat(server.count("Ssl_session_cache_hits") - before).isEqualTo(POOL_SIZE - 1);
		assertThat(reused).hasSize(POOL_SIZE).containsOnlyOnce(false);
		assertNothingIsLost(server, version);
	}

	@Test
	@EnabledWithDocker
	void tidb() throws SQLException {
		LiveServer server = LiveContainer.tidb();
		server.show(this.old, "localhost");
		assertOneFullHandshakeAndNineResumed(fill(server, TlsVersion.TLS_1_3));
		assertNothingIsLost(server, TlsVersion.TLS_1_3);
	}

	/**
	 * TiDB's ticket says nothing of its lifetime (0), and the JDK drops it: RFC 5077, 3.3
	 * leaves that to the client.
	 */
	@Test
	@EnabledWithDocker
	void tidbWithTls12IsNeverResumed() throws SQLException {
		assertNeverResumed(LiveContainer.tidb(), TlsVersion.TLS_1_2);
	}

	@Test
	void mariaDb() throws SQLException {
		LiveServer server = LiveMariaDb.shared();
		server.show(this.old, "localhost");
		assertOneFullHandshakeAndNineResumed(fill(server, TlsVersion.TLS_1_2));
		assertNothingIsLost(server, TlsVersion.TLS_1_2);
	}

	/**
	 * MariaDB sends no ticket with TLS 1.3.
	 */
	@Test
	void mariaDbWithTls13IsNeverResumed() throws SQLException {
		assertNeverResumed(LiveMariaDb.shared(), TlsVersion.TLS_1_3);
	}

	private void assertNeverResumed(LiveServer server, TlsVersion version) throws SQLException {
		server.show(this.old, "localhost");
		assertThat(fill(server, version)).hasSize(POOL_SIZE).noneMatch(TlsSession::resumed);
		proven(server, version);
	}

	private void assertNothingIsLost(LiveServer server, TlsVersion version) throws SQLException {
		sessionsEndWithTheirTrust(server, version);
		sessionsEndWithTheServersCertificate(server, version);
		sessionsEndWithTheirLifetime(server, version);
		sessionsStayWithTheirName(server, version);
		sessionsStayWithTheirPool(server, version);
		sessionsEndWithTheValidityOfTheCertificate(server, version);
		proven(server, version);
	}

	private static void proven(LiveServer server, TlsVersion version) {
		Evidence.of(Evidence.Kind.RESUMPTION,
				"%s on %s".formatted(version.jsseName().replace("TLSv", "TLS "), server.name()));
	}

	private static void assertOneFullHandshakeAndNineResumed(List<TlsSession> sessions) {
		assertThat(sessions).hasSize(POOL_SIZE).filteredOn((session) -> !session.resumed()).hasSize(1);
	}

	private List<TlsSession> fill(LiveServer server, TlsVersion version) throws SQLException {
		return fill(server, version, (connection) -> {
		});
	}

	// As the pool does it: it is told how many connections to keep, and nobody asks.
	private List<TlsSession> fill(LiveServer server, TlsVersion version, Look look) throws SQLException {
		try (TestPool tls = pool(SslMode.VERIFY_IDENTITY, version, this.old);
				HikariDataSource pool = tls.hikari(url("localhost", server))) {
			pool.setUsername(server.user());
			pool.setPassword(server.password());
			pool.setMaximumPoolSize(POOL_SIZE);
			pool.getConnection().close();
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> pool.getHikariPoolMXBean().getTotalConnections() == POOL_SIZE);
			List<TlsSession> sessions = new ArrayList<>();
			List<Connection> connections = new ArrayList<>();
			try {
				for (int i = 0; i < POOL_SIZE; i++) {
					connections.add(pool.getConnection());
					sessions.add(ConnectionSession.of(connections.get(i)));
					look.at(connections.get(i));
				}
			}
			finally {
				for (Connection connection : connections) {
					connection.close();
				}
			}
			assertThat(sessions).extracting(TlsSession::protocol).containsOnly(version.jsseName());
			return sessions;
		}
	}

	private static boolean isReused(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_session%reused'")) {
			assertThat(rows.next()).isTrue();
			return !List.of("0", "OFF").contains(rows.getString(2));
		}
	}

	private void sessionsEndWithTheirTrust(LiveServer server, TlsVersion version) throws SQLException {
		server.show(this.old, "localhost");
		try (TestPool pool = pool(SslMode.VERIFY_IDENTITY, version, this.old)) {
			assertResumes(pool, server);
			pool.tls().renew(material(this.old, this.next));
			assertThat(connect(pool, server).generation()).isEqualTo(2);
			assertResumes(pool, server);
			pool.tls().renew(material(this.old));
			assertResumesAfterOneInFull(pool, server);
			pool.tls().renew(material(this.next));
			assertThat(failure(pool, server).getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
			// Nor does the first generation's session come back with its trust.
			pool.tls().renew(material(this.old));
			assertResumesAfterOneInFull(pool, server);
		}
	}

	private void sessionsEndWithTheServersCertificate(LiveServer server, TlsVersion version) throws SQLException {
		server.show(this.old, "localhost");
		try (TestPool pool = pool(SslMode.VERIFY_IDENTITY, version, this.old)) {
			assertResumes(pool, server);
			Identity renewed = this.old.server("localhost");
			server.show(renewed, this.old);
			TlsSession session = connect(pool, server);
			assertThat(session.resumed()).isFalse();
			assertThat(session.peerCertificates()).startsWith(renewed.certificate());
			assertResumes(pool, server);
			server.show(this.next, "localhost");
			assertThat(failure(pool, server).getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
		}
	}

	private void sessionsEndWithTheirLifetime(LiveServer server, TlsVersion version) throws SQLException {
		server.show(this.old, "localhost");
		Duration lifetime = Duration.ofSeconds(1);
		try (TestPool brief = TestPool.of(TestPool.policy(SslMode.VERIFY_IDENTITY, lifetime, version),
				this.old.certificate()); TestPool lasting = pool(SslMode.VERIFY_IDENTITY, version, this.old)) {
			connect(brief, server);
			connect(lasting, server);
			Instant end = Instant.now().plus(lifetime).plus(lifetime);
			Awaitility.await().until(() -> Instant.now().isAfter(end));
			assertThat(connect(lasting, server).resumed()).isTrue();
			assertThat(connect(brief, server).resumed()).isFalse();
		}
	}

	private void sessionsStayWithTheirName(LiveServer server, TlsVersion version) throws SQLException {
		server.show(this.old, "localhost", "127.0.0.1");
		try (TestPool pool = pool(SslMode.VERIFY_IDENTITY, version, this.old)) {
			assertResumes(pool, server);
			assertThat(connect(pool, server, "127.0.0.1").resumed()).isFalse();
			assertThat(connect(pool, server, "127.0.0.1").resumed()).isTrue();
			assertThat(connect(pool, server).resumed()).isTrue();
		}
	}

	private void sessionsStayWithTheirPool(LiveServer server, TlsVersion version) throws SQLException {
		server.show(this.old, "db.shop.example.com");
		try (TestPool unverified = pool(SslMode.REQUIRED, version);
				TestPool authorityOnly = pool(SslMode.VERIFY_CA, version, this.old);
				TestPool another = pool(SslMode.VERIFY_CA, version, this.old);
				TestPool stranger = pool(SslMode.VERIFY_CA, version, this.next);
				TestPool strict = pool(SslMode.VERIFY_IDENTITY, version, this.old)) {
			assertResumesAfterOneInFull(unverified, server);
			assertResumesAfterOneInFull(authorityOnly, server);
			assertResumesAfterOneInFull(another, server);
			assertThat(failure(stranger, server).getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
			assertThat(failure(strict, server).getFailure()).isEqualTo(HandshakeFailure.HOST_NAME_MISMATCH);
			assertThat(connect(unverified, server).anchor()).isNull();
		}
	}

	private void sessionsEndWithTheValidityOfTheCertificate(LiveServer server, TlsVersion version) throws SQLException {
		// The shortest that leaves time for two connections: more on a busy machine.
		Duration validity = Duration.ofSeconds(4);
		while (!expiresBehindASession(server, version, validity)) {
			assertThat(validity).isLessThan(Duration.ofMinutes(1));
			validity = validity.multipliedBy(2);
		}
	}

	private boolean expiresBehindASession(LiveServer server, TlsVersion version, Duration validity)
			throws SQLException {
		Identity brief = this.old.issue("CN=localhost").names("localhost").expiresIn(validity).identity();
		server.show(brief, this.old);
		try (TestPool pool = pool(SslMode.VERIFY_IDENTITY, version, this.old)) {
			Instant end = brief.certificate().getNotAfter().toInstant();
			try {
				connect(pool, server);
				assertThat(connect(pool, server).resumed()).isTrue();
			}
			catch (SQLException ex) {
				assertThat(Instant.now()).as("%s", ex).isAfter(end);
				return false;
			}
			Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> Instant.now().isAfter(end.plusSeconds(1)));
			if (server.name().startsWith("MySQL")) {
				assertSessionsAreRefusedAndForgotten(pool, server);
			}
			assertExpired(pool, server);
			server.show(this.old, "localhost");
			assertResumesAfterOneInFull(pool, server);
		}
		return true;
	}

	// MySQL tells whether it was the server who refused the session, or we.
	private static void assertSessionsAreRefusedAndForgotten(TestPool pool, LiveServer server) {
		long before = server.count("Ssl_session_cache_hits");
		assertExpired(pool, server);
		long after = server.count("Ssl_session_cache_hits");
		assertThat(after - before).isOne();
		for (int i = 0; i < MOST_TICKETS && after > before; i++) {
			before = after;
			assertExpired(pool, server);
			after = server.count("Ssl_session_cache_hits");
		}
		assertThat(after - before).as("refused sessions that were tried again").isZero();
	}

	private static void assertExpired(TestPool pool, LiveServer server) {
		TlsHandshakeException failure = failure(pool, server);
		assertThat(failure.getFailure()).isEqualTo(HandshakeFailure.EXPIRED);
		assertThat(failure).hasMessageContaining("CN=localhost was valid until");
	}

	private static void assertResumesAfterOneInFull(TestPool pool, LiveServer server) throws SQLException {
		assertThat(connect(pool, server).resumed()).isFalse();
		assertThat(connect(pool, server).resumed()).isTrue();
	}

	private static void assertResumes(TestPool pool, LiveServer server) throws SQLException {
		connect(pool, server);
		assertThat(connect(pool, server).resumed()).isTrue();
	}

	private static TestPool pool(SslMode mode, TlsVersion version, Authority... trusted) {
		return TestPool.of(TestPool.policy(mode, Duration.ofHours(1), version), certificates(trusted));
	}

	private static PoolMaterial material(Authority... trusted) {
		return new PoolMaterial(TestPool.trust(certificates(trusted)), null, List.of());
	}

	private static X509Certificate[] certificates(Authority... authorities) {
		return Arrays.stream(authorities).map(Authority::certificate).toArray(X509Certificate[]::new);
	}

	private static String url(String host, LiveServer server) {
		return "jdbc:mysql://%s:%d/%s".formatted(host, server.port(), server.database());
	}

	private static TlsSession connect(TestPool pool, LiveServer server) throws SQLException {
		return connect(pool, server, "localhost");
	}

	private static TlsSession connect(TestPool pool, LiveServer server, String host) throws SQLException {
		try (Connection connection = pool.connect(url(host, server), "user", server.user(), "password",
				server.password())) {
			return ConnectionSession.of(connection);
		}
	}

	private static TlsHandshakeException failure(TestPool pool, LiveServer server) {
		int before = pool.failures().size();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(pool, server));
		assertThat(pool.failures()).hasSize(before + 1);
		return pool.failures().get(before);
	}

	/**
	 * Looks at a connection.
	 */
	@FunctionalInterface
	private interface Look {

		void at(Connection connection) throws SQLException;

	}

}
