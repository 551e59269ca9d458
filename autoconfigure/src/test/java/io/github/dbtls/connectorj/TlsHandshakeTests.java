package io.github.dbtls.connectorj;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlConnection;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Builder;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.testkit.TlsRecords;
import io.github.dbtls.tls.HandshakeDeadline;
import io.github.dbtls.tls.SecuredSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Handshakes of the real driver through our socket factory, with servers that behave and
 * servers that do not.
 */
class TlsHandshakeTests {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Identity identity = authority.server("localhost");

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void connectionWhenServerIsHonestIsVerifiedAndLaterOnesResume(String protocol) throws Exception {
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(identity).protocols(protocol).start()) {
			List<TlsSession> sessions = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				sessions.add(connect(pool, server));
			}
			assertThat(sessions).extracting(TlsSession::resumed).containsExactly(false, true, true);
			assertThat(server.connections()).extracting(FakeMySqlConnection::resumed)
				.containsExactly(false, true, true);
			assertThat(sessions).allSatisfy((session) -> {
				assertThat(session.protocol()).isEqualTo(protocol);
				assertThat(session.cipher()).isEqualTo(server.lastConnection().cipher());
				assertThat(session.host()).isEqualTo("localhost");
				assertThat(session.port()).isEqualTo(server.port());
				assertThat(session.peerCertificates()).containsExactly(identity.certificate());
				assertThat(session.anchor()).isEqualTo(authority.certificate());
				assertThat(session.generation()).isOne();
				assertThat(session.duration()).isPositive();
			});
			assertThat(server.lastConnection().password()).isEqualTo(TestPool.PASSWORD);
			server.assertNoLoginReceivedInClear();
			assertThat(pool.failures()).isEmpty();
			assertThat(pool.tls().attempts().lastAttempt()).isEqualTo("localhost:" + server.port());
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void connectionWhenSessionLifetimeIsOverIsVerifiedInFull(TlsVersion version) throws Exception {
		Duration lifetime = Duration.ofSeconds(2);
		TlsPolicy policy = TestPool.policy(SslMode.VERIFY_IDENTITY, lifetime, version);
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			boolean proven = false;
			for (int i = 0; i < 10 && !proven; i++) {
				try (TestPool pool = TestPool.of(policy, authority.certificate())) {
					proven = resumesUntilLifetimeIsOver(pool, lifetime, server);
				}
			}
			assertThat(proven).as("two connections within the lifetime").isTrue();
		}
	}

	private static boolean resumesUntilLifetimeIsOver(TestPool pool, Duration lifetime, FakeMySqlServer server)
			throws Exception {
		long start = System.nanoTime();
		assertThat(connect(pool, server).resumed()).isFalse();
		boolean resumed = connect(pool, server).resumed();
		if (!resumed && System.nanoTime() - start >= lifetime.toNanos()) {
			// The machine was too busy for a second connection in time.
			return false;
		}
		assertThat(resumed).as("the second, within its lifetime").isTrue();
		// Resuming in between does not prolong it: sooner or later one is in full.
		long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
		while (resumed && System.nanoTime() < end) {
			Thread.sleep(100);
			resumed = connect(pool, server).resumed();
		}
		assertThat(resumed).isFalse();
		return true;
	}

	@Test
	void connectionWhenVersionIsRestrictedUsesIt() throws Exception {
		TlsPolicy policy = TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), TlsVersion.TLS_1_2);
		try (TestPool pool = TestPool.of(policy, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			TlsSession session = connect(pool, server);
			assertThat(session.protocol()).isEqualTo("TLSv1.2");
			assertThat(session.cipher()).startsWith("TLS_ECDHE_ECDSA_WITH_AES_");
		}
	}

	@Test
	void connectionWhenServerHasTheVersionsThatAreNotAllowedOnlyFails() throws Exception {
		TlsPolicy policy = TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), TlsVersion.TLS_1_3);
		try (TestPool pool = TestPool.of(policy, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(identity).protocols("TLSv1.2").start()) {
			TlsHandshakeException failure = failure(pool, server);
			assertThat(failure.getFailure()).isEqualTo(HandshakeFailure.NO_COMMON_PROTOCOL);
			assertThat(failure).hasMessageContaining("the server speaks none of TLSv1.3");
			server.assertNoLoginReceived();
		}
	}

	@Test
	void handshakeWhenHostIsNameSendsServerName() throws Exception {
		Identity db = authority.server("db.example.com");
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(db).start()) {
			handshakeAs("db.example.com", pool, server);
			assertThat(server.lastConnection().serverNames()).containsExactly("db.example.com");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			# common name      | alternative names            | host            | accepted
			db.example.com     | db.example.com               | db.example.com  | true
			db.example.com     | db.example.com               | DB.Example.COM  | true
			other              | db.example.com               | other           | false
			db.example.com     | other.example.com            | db.example.com  | false
			server             | *.example.com                | db.example.com  | true
			server             | *.example.com                | a.b.example.com | false
			server             | *.example.com                | example.com     | false
			server             | d*.example.com               | db.example.com  | false
			server             | db.*.com                     | db.example.com  | false
			server             | *.*.com                      | db.example.com  | false
			server             | *                            | localhost       | false
			db.example.com     |                              | db.example.com  | true
			*.example.com      |                              | db.example.com  | true
			db.*.com           |                              | db.example.com  | false
			db.example.com     |                              | db2.example.com | false
			db.example.com     | 192.0.2.1                    | db.example.com  | false
			server             | 192.0.2.1                    | 192.0.2.1       | true
			192.0.2.1          |                              | 192.0.2.1       | false
			server             | 192.0.2.1                    | 192.0.2.2       | false
			""")
	void handshakeWhenNamesDifferFails(String commonName, String names, String host, boolean accepted)
			throws Exception {
		Identity server = authority.issue("CN=" + commonName)
			.names((names != null) ? new String[] { names } : new String[0])
			.identity();
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				TestPool authorityOnly = TestPool.of(SslMode.VERIFY_CA, authority.certificate());
				FakeMySqlServer mysql = FakeMySqlServer.tls(server).start()) {
			assertThat(handshakeAs(host, authorityOnly, mysql).anchor()).isEqualTo(authority.certificate());
			if (accepted) {
				assertThat(handshakeAs(host, pool, mysql).anchor()).isEqualTo(authority.certificate());
			}
			else {
				assertThatExceptionOfType(TlsHandshakeException.class).isThrownBy(() -> handshakeAs(host, pool, mysql))
					.withMessageContaining("the server's certificate is not issued to '%s'", host)
					.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.HOST_NAME_MISMATCH))
					.satisfies((ex) -> assertThat(ex.getPresented()).containsExactly(server.certificate()));
			}
			mysql.assertNoLoginReceived();
		}
	}

	@Test
	void connectionWhenAddressIsOnlyDnsNameFails() {
		Identity wrong = authority.issue("CN=127.0.0.1").dns("127.0.0.1").identity();
		assertRefused(new Hostile("IP address as DNS name", wrong, HandshakeFailure.HOST_NAME_MISMATCH,
				"is not issued to '127.0.0.1'", authority), "jdbc:mysql://127.0.0.1:%d/shop");
	}

	@Test
	void connectionWhenAddressIsAlternativeNameIsVerified() throws Exception {
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("127.0.0.1")).start()) {
			pool.connect("jdbc:mysql://127.0.0.1:%d/shop".formatted(server.port())).close();
			assertThat(server.lastConnection().serverNames()).isEmpty();
		}
	}

	@Test
	void connectionWhenAuthorityOnlyIsVerifiedIgnoresTheName() throws Exception {
		try (TestPool pool = TestPool.of(SslMode.VERIFY_CA, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("db.example.com")).start()) {
			assertThat(connect(pool, server).anchor()).isEqualTo(authority.certificate());
		}
	}

	@Test
	void connectionWhenNothingIsVerifiedAcceptsAnyAuthorityButNotOutsideItsDates() throws Exception {
		try (TestPool pool = TestPool.of(SslMode.REQUIRED)) {
			try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
				assertThat(connect(pool, server).anchor()).isNull();
			}
			try (FakeMySqlServer server = FakeMySqlServer
				.tls(authority.issue("CN=localhost").names("localhost").expired().identity())
				.start()) {
				TlsHandshakeException failure = failure(pool, server);
				assertThat(failure.getFailure()).isEqualTo(HandshakeFailure.EXPIRED);
				assertThat(failure.getDescription()).contains("CN=localhost was valid until")
					.contains("ssl-mode required")
					.doesNotContain("Trusted:");
				server.assertNoLoginReceived();
			}
			try (FakeMySqlServer server = FakeMySqlServer
				.tls(authority.issue("CN=localhost").names("localhost").notYetValid().identity())
				.start()) {
				assertThat(failure(pool, server).getFailure()).isEqualTo(HandshakeFailure.NOT_YET_VALID);
				server.assertNoLoginReceived();
			}
		}
	}

	private static void assertRefused(Hostile hostile, String url) {
		for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
			try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, hostile.trusted());
					FakeMySqlServer server = FakeMySqlServer.tls(hostile.identity()).protocols(protocol).start()) {
				TlsHandshakeException failure = failure(pool, () -> pool.connect(url.formatted(server.port())));
				assertThat(failure.getFailure()).as(failure.getMessage()).isEqualTo(hostile.failure());
				assertThat(failure).hasMessageContaining(hostile.message());
				assertThat(failure.getDescription()).contains("Presented by the server:",
						"1. " + hostile.identity().certificate().getSubjectX500Principal().getName(),
						"Trusted: ca.pem (");
				assertThat(failure.getPresented()).isEqualTo(hostile.identity().chain());
				assertThat(failure.getAction()).isNotBlank();
				assertThat(pool.tls().attempts().lastFailure()).isSameAs(failure);
				server.assertNoLoginReceived();
				server.assertAllClosed();
				assertThat(server.containsBytes(TestPool.USER)).isFalse();
			}
		}
	}

	@ParameterizedTest
	@MethodSource
	void connectionWhenServerMisbehavesFails(String name, Builder builder, HandshakeFailure expected, String message) {
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = builder.start()) {
			TlsHandshakeException failure = failure(pool, server);
			assertThat(failure.getFailure()).as(failure.getMessage()).isEqualTo(expected);
			assertThat(failure).hasMessageContaining(message);
			server.assertNoLoginReceived();
			server.assertAllClosed();
			assertThat(server.containsBytes(TestPool.USER)).isFalse();
		}
	}

	static Stream<Arguments> connectionWhenServerMisbehavesFails() {
		String http = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
		return Stream.of(
				Arguments.of("TLS 1.1 only", tls().tls11Only(), HandshakeFailure.NO_COMMON_PROTOCOL,
						"the server speaks none of TLSv1.3, TLSv1.2"),
				Arguments.of("alert protocol_version", tls().alert(TlsRecords.PROTOCOL_VERSION),
						HandshakeFailure.NO_COMMON_PROTOCOL, "protocol_version"),
				Arguments.of("alert handshake_failure", tls().alert(TlsRecords.HANDSHAKE_FAILURE),
						HandshakeFailure.NO_COMMON_CIPHER, "handshake_failure"),
				Arguments.of("alert internal_error", tls().alert(TlsRecords.INTERNAL_ERROR), HandshakeFailure.OTHER,
						"internal_error"),
				Arguments.of("no common cipher",
						tls().protocols("TLSv1.2").ciphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
						HandshakeFailure.NO_COMMON_CIPHER, "no cipher suite in common"),
				Arguments.of("client certificate wanted",
						tls().protocols("TLSv1.2").needClientAuth(authority.certificate()),
						HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED, "the server wants a certificate of the client"),
				Arguments.of("HTTP instead of TLS",
						tls().sendAfter(Step.SSL_REQUEST, http).closeAfter(Step.SSL_REQUEST),
						HandshakeFailure.NOT_MYSQL, "what answers there is no MySQL server"),
				Arguments.of("HTTP in clear before TLS", tls().sendAfter(Step.SSL_REQUEST, http),
						HandshakeFailure.NOT_MYSQL, "what answers there is no MySQL server"),
				Arguments.of("HTTP as ServerHello",
						tls().sendAfter(Step.CLIENT_HELLO, http).closeAfter(Step.CLIENT_HELLO),
						HandshakeFailure.NOT_MYSQL, "what answers there is no MySQL server"),
				Arguments.of("second greeting", tls().greetAfter(Step.SSL_REQUEST).stallAfter(Step.SSL_REQUEST),
						HandshakeFailure.NOT_MYSQL, "what answers there is no MySQL server"),
				Arguments.of("error in clear instead of TLS",
						tls().errorAfter(Step.SSL_REQUEST, 3159, "HY000", "no").closeAfter(Step.SSL_REQUEST),
						HandshakeFailure.NOT_MYSQL, "what answers there is no MySQL server"),
				Arguments.of("close after request", tls().closeAfter(Step.SSL_REQUEST),
						HandshakeFailure.CONNECTION_CLOSED, "the connection ended"),
				Arguments.of("reset after request", tls().resetAfter(Step.SSL_REQUEST),
						HandshakeFailure.CONNECTION_CLOSED, "the connection ended"),
				Arguments.of("close after hello", tls().closeAfter(Step.CLIENT_HELLO),
						HandshakeFailure.CONNECTION_CLOSED, "the connection ended"),
				Arguments.of("reset after hello", tls().resetAfter(Step.CLIENT_HELLO),
						HandshakeFailure.CONNECTION_CLOSED, "the connection ended"));
	}

	/**
	 * What goes wrong before the driver asks for TLS, the driver reports itself.
	 */
	@ParameterizedTest
	@MethodSource
	void connectionWhenServerMisbehavesBeforeTlsFails(String name, Builder builder, HandshakeFailure expected,
			String message) {
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = builder.start()) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> pool.connect(server.jdbcUrl(), "connectTimeout", "700"))
				.satisfies((ex) -> assertThat(DriverFailure.classify(ex)).isEqualTo(expected))
				.satisfies((ex) -> assertThat(DriverFailure.message(ex)).contains(message));
			server.assertNoLoginReceived();
			server.assertAllClosed();
			assertThat(server.lastConnection().sslRequested()).isFalse();
		}
	}

	static Stream<Arguments> connectionWhenServerMisbehavesBeforeTlsFails() {
		return Stream.of(
				Arguments.of("plain", FakeMySqlServer.plain(), HandshakeFailure.TLS_NOT_OFFERED,
						"SSL Connection required, but not provided by server"),
				Arguments.of("TLS offer stripped", tls().withoutTlsOffer(), HandshakeFailure.TLS_NOT_OFFERED,
						"SSL Connection required, but not provided by server"),
				Arguments.of("close at once", tls().closeAfter(Step.ACCEPT), HandshakeFailure.CONNECTION_CLOSED,
						"Can not read response from server"),
				Arguments.of("reset at once", tls().resetAfter(Step.ACCEPT), HandshakeFailure.CONNECTION_CLOSED, ""),
				Arguments.of("SSH", tls().sendAfter(Step.ACCEPT, "SSH-2.0-OpenSSH_9.6\r\n").stallAfter(Step.ACCEPT),
						HandshakeFailure.NOT_MYSQL, "its first bytes are no greeting of MySQL"),
				Arguments.of("too many connections", tls().refuse(1040, "08004", "Too many connections"),
						HandshakeFailure.OTHER, "Too many connections"));
	}

	@ParameterizedTest
	@EnumSource(value = Step.class, names = { "ACCEPT", "SSL_REQUEST", "CLIENT_HELLO" })
	void connectionWhenServerFallsSilentEndsInTime(Step step) {
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = tls().stallAfter(step).start()) {
			assertTimedOut(pool, server);
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 20, 100 })
	void connectionWhenServerDripsEndsInTime(long pause) {
		// A byte in time each time: the pauses alone would never end it.
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = tls().drip(Duration.ofMillis(pause)).start()) {
			assertTimedOut(pool, server);
		}
	}

	@Test
	void handshakeWhenServerDripsEndsInTime() {
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = tls().drip(Duration.ofMillis(4)).start()) {
			assertTimedOut(pool, server);
			assertThat(server.lastConnection().sslRequested()).isTrue();
		}
	}

	private static void assertTimedOut(TestPool pool, FakeMySqlServer server) {
		int threads = Thread.activeCount();
		long start = System.nanoTime();
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> pool.connect(server.jdbcUrl(), "connectTimeout", "1000"));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(800),
				Duration.ofMillis(3000));
		assertThat(pool.failures()).singleElement()
			.satisfies((failure) -> assertThat(failure.getFailure()).isEqualTo(HandshakeFailure.HANDSHAKE_TIMEOUT))
			.satisfies((failure) -> assertThat(failure).hasMessageContaining("the server did not answer in time")
				.hasMessageContaining("'connectTimeout'"));
		server.assertNoLoginReceived();
		server.assertAllClosed();
		assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 3);
	}

	@Test
	void connectionWhenPolicyOfIdDiffersFails() {
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			for (String mode : List.of("DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA")) {
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> pool.connect(server.jdbcUrl(), "sslMode", mode))
					.withStackTraceContaining(
							"The policy of 'orders' is VERIFY_IDENTITY, but the driver was told " + mode);
			}
			assertThat(server.connectionCount()).isZero();
		}
	}

	@Test
	void connectionWhenIdIsUnknownFails() {
		TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
		pool.close();
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pool.connect(server.jdbcUrl()))
				.withStackTraceContaining("its application context is gone")
				.withStackTraceContaining("Nothing was sent.");
			assertThat(server.connectionCount()).isZero();
		}
	}

	private static Builder tls() {
		return FakeMySqlServer.tls(identity);
	}

	private static TlsSession connect(TestPool pool, FakeMySqlServer server) throws SQLException {
		try (Connection connection = pool.connect(server.jdbcUrl())) {
			return ConnectionSession.of(connection);
		}
	}

	private static TlsHandshakeException failure(TestPool pool, FakeMySqlServer server) {
		return failure(pool, () -> pool.connect(server.jdbcUrl(), "connectTimeout", "5000"));
	}

	private static TlsHandshakeException failure(TestPool pool,
			org.assertj.core.api.ThrowableAssert.ThrowingCallable connecting) {
		int before = pool.failures().size();
		assertThatExceptionOfType(SQLException.class).isThrownBy(connecting)
			.havingRootCause()
			.satisfies((ex) -> assertThat(ex).isNotNull());
		assertThat(pool.failures()).hasSize(before + 1);
		return pool.failures().get(before);
	}

	static TlsSession handshakeAs(String host, TestPool pool, FakeMySqlServer server) throws IOException {
		Socket socket = new Socket(server.host(), server.port());
		try (socket; HandshakeDeadline deadline = HandshakeDeadline.start(socket, Duration.ofSeconds(5), () -> {
		})) {
			assertThat(ConnectionPhase.requestTls(socket)).isTrue();
			SecuredSocket secured = pool.tls().handshake(socket, host, server.port(), deadline);
			secured.socket().close();
			return secured.session();
		}
	}

	/**
	 * A server that must be refused.
	 */
	record Hostile(String name, Identity identity, HandshakeFailure failure, String message,
			X509Certificate... trusted) {

		Hostile(String name, Identity identity, HandshakeFailure failure, String message, Authority trusted) {
			this(name, identity, failure, message, trusted.certificate());
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
