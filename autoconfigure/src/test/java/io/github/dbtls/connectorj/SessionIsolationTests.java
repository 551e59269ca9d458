package io.github.dbtls.connectorj;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlConnection;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.testkit.TlsRecords;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A TLS session resumes for whom it was made, and for nobody else: with servers that
 * would resume every session that one of them made.
 */
class SessionIsolationTests {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Authority clients = TestCertificates.authority("CN=Client CA");

	private static final Identity identity = authority.server("localhost", "127.0.0.1");

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void sessionWhenServerIsTheSameAgainResumes(TlsVersion version) throws Exception {
		// What makes the other tests tell something: on another port, or under another
		// name, these servers would do the same.
		SSLContext context = identity.serverContext();
		try (TestPool pool = pool(SslMode.VERIFY_IDENTITY, version)) {
			int port;
			try (FakeMySqlServer server = FakeMySqlServer.tls(context).start()) {
				port = server.port();
				assertThat(connect(pool, server.jdbcUrl()).resumed()).isFalse();
			}
			try (FakeMySqlServer server = FakeMySqlServer.tls(context).port(port).start()) {
				assertThat(connect(pool, server.jdbcUrl()).resumed()).isTrue();
			}
		}
	}

	@ParameterizedTest
	@MethodSource("modesAndVersions")
	void sessionWhenAddressHasTwoNamesStaysWithItsName(SslMode mode, TlsVersion version) throws Exception {
		try (TestPool pool = pool(mode, version); FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			String name = url("localhost", server);
			String address = url("127.0.0.1", server);
			assertThat(resumed(pool, name, name, address, address, name)).containsExactly(false, true, false, true,
					true);
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void sessionWhenOtherNameIsNotInTheCertificateHelpsNobody(TlsVersion version) throws Exception {
		try (TestPool pool = pool(SslMode.VERIFY_IDENTITY, version);
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			assertThat(resumed(pool, server.jdbcUrl(), server.jdbcUrl())).containsExactly(false, true);
			assertThat(failure(pool, url("127.0.0.1", server)).getFailure())
				.isEqualTo(HandshakeFailure.HOST_NAME_MISMATCH);
		}
	}

	@ParameterizedTest
	@MethodSource("modesAndVersions")
	void sessionWhenHostHasTwoPortsStaysWithItsPort(SslMode mode, TlsVersion version) throws Exception {
		SSLContext context = identity.serverContext();
		try (TestPool pool = pool(mode, version);
				FakeMySqlServer first = FakeMySqlServer.tls(context).start();
				FakeMySqlServer second = FakeMySqlServer.tls(context).start()) {
			assertThat(resumed(pool, first.jdbcUrl(), first.jdbcUrl(), second.jdbcUrl(), second.jdbcUrl(),
					first.jdbcUrl()))
				.containsExactly(false, true, false, true, true);
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void sessionWhenDriverFailsOverStaysWithItsHost(TlsVersion version) throws Exception {
		SSLContext context = identity.serverContext();
		try (TestPool pool = pool(SslMode.VERIFY_IDENTITY, version);
				FakeMySqlServer first = FakeMySqlServer.tls(context).start();
				FakeMySqlServer second = FakeMySqlServer.tls(context).start()) {
			String url = "jdbc:mysql://localhost:%d,localhost:%d/shop".formatted(first.port(), second.port());
			assertThat(resumed(pool, url, url)).containsExactly(false, true);
			assertThat(first.connectionCount()).isEqualTo(2);
			first.close();
			assertThat(resumed(pool, url, url)).containsExactly(false, true);
			assertThat(second.connectionCount()).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void sessionWhenDriverBalancesLoadStaysWithItsHost(TlsVersion version) throws Exception {
		SSLContext context = identity.serverContext();
		try (TestPool pool = pool(SslMode.VERIFY_IDENTITY, version);
				FakeMySqlServer first = FakeMySqlServer.tls(context).start();
				FakeMySqlServer second = FakeMySqlServer.tls(context).start()) {
			String url = "jdbc:mysql:loadbalance://localhost:%d,localhost:%d/shop".formatted(first.port(),
					second.port());
			// It chooses by chance: so often that it will have chosen both.
			for (int i = 0; i < 200 && Math.min(first.connectionCount(), second.connectionCount()) < 3; i++) {
				connect(pool, url);
			}
			for (FakeMySqlServer server : List.of(first, second)) {
				assertThat(server.connections()).hasSizeGreaterThan(2)
					.extracting(FakeMySqlConnection::resumed)
					.startsWith(false)
					.containsOnlyOnce(false);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void sessionWhenAnotherServerHasTheAddressIsForgotten(TlsVersion version) throws Exception {
		Identity other = authority.server("localhost");
		try (TestPool pool = pool(SslMode.VERIFY_IDENTITY, version)) {
			int port;
			try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
				port = server.port();
				assertThat(resumed(pool, server.jdbcUrl(), server.jdbcUrl())).containsExactly(false, true);
			}
			try (FakeMySqlServer server = FakeMySqlServer.tls(other).port(port).start()) {
				TlsSession session = connect(pool, server.jdbcUrl());
				assertThat(session.resumed()).isFalse();
				assertThat(session.peerCertificates()).containsExactly(other.certificate());
				assertThat(connect(pool, server.jdbcUrl()).resumed()).isTrue();
			}
		}
	}

	@ParameterizedTest
	@MethodSource
	void sessionWhenPolicyIsAnotherIsNotResumed(SslMode first, SslMode second, TlsVersion version) throws Exception {
		try (TestPool one = pool(first, version);
				TestPool other = pool(second, version);
				FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			assertThat(resumed(one, server.jdbcUrl(), server.jdbcUrl())).containsExactly(false, true);
			assertThat(resumed(other, server.jdbcUrl(), server.jdbcUrl())).containsExactly(false, true);
			assertThat(resumed(one, server.jdbcUrl())).containsExactly(true);
		}
	}

	static Stream<Arguments> sessionWhenPolicyIsAnotherIsNotResumed() {
		return Stream.of(SslMode.values())
			.flatMap((first) -> Stream.of(SslMode.values())
				.flatMap((second) -> Stream.of(TlsVersion.values())
					.map((version) -> Arguments.of(first, second, version))));
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void sessionOfLaxPolicyDoesNotServeStricterOne(TlsVersion version) throws Exception {
		Identity wrongName = authority.server("db.example.com");
		Authority stranger = TestCertificates.authority("CN=Stranger CA");
		try (TestPool unverified = pool(SslMode.REQUIRED, version);
				TestPool authorityOnly = pool(SslMode.VERIFY_CA, version);
				TestPool strict = pool(SslMode.VERIFY_IDENTITY, version);
				FakeMySqlServer server = FakeMySqlServer.tls(wrongName).start()) {
			assertThat(resumed(authorityOnly, server.jdbcUrl(), server.jdbcUrl())).containsExactly(false, true);
			assertThat(failure(strict, server.jdbcUrl()).getFailure()).isEqualTo(HandshakeFailure.HOST_NAME_MISMATCH);
			server.use(stranger.server("localhost"));
			assertThat(resumed(unverified, server.jdbcUrl(), server.jdbcUrl())).containsExactly(false, true);
			assertThat(failure(authorityOnly, server.jdbcUrl()).getFailure())
				.isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
			assertThat(failure(strict, server.jdbcUrl()).getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
			// Nor a second time: what was refused is no session.
			assertThat(failure(strict, server.jdbcUrl()).getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void sessionWithClientCertificateStaysWithItsPool(TlsVersion version) throws Exception {
		Identity alice = clients.client("alice");
		Identity bob = clients.client("bob");
		try (TestPool nobody = pool(SslMode.VERIFY_IDENTITY, version);
				TestPool first = TestPool.withClient(alice, version, authority.certificate());
				TestPool second = TestPool.withClient(bob, version, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(identity).wantClientAuth(clients.certificate()).start()) {
			String url = server.jdbcUrl();
			for (int round = 0; round < 2; round++) {
				boolean resumed = round > 0;
				assertThat(connect(nobody, url).resumed()).isEqualTo(resumed);
				assertThat(server.lastConnection().clientCertificates()).isEmpty();
				assertThat(connect(first, url).resumed()).isEqualTo(resumed);
				assertThat(server.lastConnection().clientCertificates()).containsExactly(alice.certificate());
				assertThat(connect(second, url).resumed()).isEqualTo(resumed);
				assertThat(server.lastConnection().clientCertificates()).containsExactly(bob.certificate());
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT1S", "PT1H", "P1D", "P7D" })
	void sessionLifetimeIsToldToTheJvm(Duration lifetime) throws Exception {
		TlsPolicy policy = TestPool.policy(SslMode.VERIFY_IDENTITY, lifetime, TlsVersion.TLS_1_3);
		try (TestPool pool = TestPool.of(policy, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(identity).start();
				Connection connection = pool.connect(server.jdbcUrl())) {
			NativeSession session = (NativeSession) connection.unwrap(JdbcConnection.class).getSession();
			SSLSocket socket = (SSLSocket) session.getProtocol().getSocketConnection().getMysqlSocket();
			// Zero would be 'for ever', and more than a day is the JDK's own default.
			assertThat(socket.getSession().getSessionContext().getSessionTimeout()).isEqualTo(lifetime.toSeconds());
		}
	}

	@ParameterizedTest
	@MethodSource
	void serverThatResumesWhatItDoesNotKnowGetsNoLogin(String name, TlsVersion version, String cipher,
			UnaryOperator<byte[]> answer, String text) throws Exception {
		SSLContext context = identity.serverContext();
		try (TestPool pool = pool(SslMode.VERIFY_IDENTITY, version)) {
			int port;
			try (FakeMySqlServer server = FakeMySqlServer.tls(context).ciphers(cipher).start()) {
				port = server.port();
				assertThat(resumed(pool, server.jdbcUrl(), server.jdbcUrl())).containsExactly(false, true);
			}
			try (FakeMySqlServer attacker = FakeMySqlServer.tls(authority.server("localhost"))
				.port(port)
				.answerHello(answer)
				.stallAfter(Step.CLIENT_HELLO)
				.start()) {
				TlsHandshakeException failure = failure(pool, attacker.jdbcUrl());
				assertThat(failure.getFailure()).as(failure.getMessage())
					.isIn(HandshakeFailure.OTHER, HandshakeFailure.NO_COMMON_CIPHER);
				assertThat(failure).hasMessageContaining(text);
				attacker.assertNoLoginReceived();
				attacker.assertAllClosed();
				assertThat(attacker.containsBytes(TestPool.USER)).isFalse();
			}
			try (FakeMySqlServer server = FakeMySqlServer.tls(context).port(port).start()) {
				assertThat(connect(pool, server.jdbcUrl()).anchor()).isEqualTo(authority.certificate());
			}
		}
	}

	static Stream<Arguments> serverThatResumesWhatItDoesNotKnowGetsNoLogin() {
		byte[] random = new byte[32];
		byte[] masterSecretAndRenegotiation = HexFormat.of().parseHex("00170000" + "ff01000100");
		byte[] changeOfCipher = TlsRecords.record(20, 1, (byte) 1);
		byte[] finished = TlsRecords.record(22, 40, new byte[40]);
		byte[] clearFinished = TlsRecords.record(22, 16, HexFormat.of().parseHex("1400000c000102030405060708090a0b"));
		String tls12 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
		String tls13 = "TLS_AES_128_GCM_SHA256";
		// Key exchange: x25519 with the base point as public key.
		String version = "002b00020304";
		String keyShare = "00330024" + "001d0020" + "09" + "00".repeat(31);
		byte[] encrypted = TlsRecords.record(23, 60, new byte[60]);
		return Stream.of(
				Arguments.of("1.2: echoes the session, and guesses its keys", TlsVersion.TLS_1_2, tls12,
						all((hello) -> TlsRecords.serverHello(hello, random, 0xc02b, 0, masterSecretAndRenegotiation),
								changeOfCipher, finished),
						"Tag mismatch"),
				Arguments.of("1.2: echoes the session, and goes on in clear", TlsVersion.TLS_1_2, tls12,
						all((hello) -> TlsRecords.serverHello(hello, random, 0xc02b, 0, masterSecretAndRenegotiation),
								clearFinished),
						"Missing ChangeCipherSpec message"),
				Arguments.of("1.2: echoes the session with another cipher suite", TlsVersion.TLS_1_2, tls12,
						all((hello) -> TlsRecords.serverHello(hello, random, 0xc02c, 0, masterSecretAndRenegotiation),
								changeOfCipher, finished),
						"Server returned wrong cipher suite for session"),
				Arguments.of("1.2: echoes the session without extended master secret", TlsVersion.TLS_1_2, tls12,
						all((hello) -> TlsRecords.serverHello(hello, random, 0xc02b, 0,
								HexFormat.of().parseHex("ff01000100")), changeOfCipher,
								finished),
						"Missing Extended Master Secret extension on session resumption"),
				Arguments.of("1.3: chooses the session, and guesses its keys", TlsVersion.TLS_1_3, tls13,
						all((hello) -> TlsRecords.serverHello(hello, random, 0x1301, 0,
								HexFormat.of().parseHex(version + keyShare + "002900020000")), encrypted),
						"Tag mismatch"),
				Arguments.of("1.3: chooses a session that was not offered", TlsVersion.TLS_1_3, tls13,
						all((hello) -> TlsRecords.serverHello(hello, random, 0x1301, 0,
								HexFormat.of().parseHex(version + keyShare + "002900020001")), encrypted),
						"Selected identity index is not in correct range"),
				Arguments.of("1.3: chooses the session without a new key", TlsVersion.TLS_1_3, tls13,
						all((hello) -> TlsRecords
							.serverHello(hello, random, 0x1301, 0, HexFormat.of().parseHex(version + "002900020000")),
								encrypted),
						"Not negotiated key shares"),
				Arguments.of("1.3: chooses the session with a cipher suite of another hash", TlsVersion.TLS_1_3, tls13,
						all((hello) -> TlsRecords.serverHello(hello, random, 0x1302, 0,
								HexFormat.of().parseHex(version + keyShare + "002900020000")), encrypted),
						"Tag mismatch"));
	}

	private static UnaryOperator<byte[]> all(UnaryOperator<byte[]> hello, byte[]... more) {
		return (received) -> {
			ByteArrayOutputStream answer = new ByteArrayOutputStream();
			answer.writeBytes(hello.apply(received));
			for (byte[] record : more) {
				answer.writeBytes(record);
			}
			return answer.toByteArray();
		};
	}

	static Stream<Arguments> modesAndVersions() {
		return Stream.of(SslMode.values())
			.flatMap((mode) -> Stream.of(TlsVersion.values()).map((version) -> Arguments.of(mode, version)));
	}

	private static TestPool pool(SslMode mode, TlsVersion version) {
		return TestPool.of(TestPool.policy(mode, Duration.ofHours(1), version), authority.certificate());
	}

	private static String url(String host, FakeMySqlServer server) {
		return "jdbc:mysql://%s:%d/shop".formatted(host, server.port());
	}

	private static TlsSession connect(TestPool pool, String url) throws SQLException {
		try (Connection connection = pool.connect(url)) {
			return ConnectionSession.of(connection);
		}
	}

	private static List<Boolean> resumed(TestPool pool, String... urls) throws SQLException {
		List<Boolean> resumed = new ArrayList<>();
		for (String url : urls) {
			resumed.add(connect(pool, url).resumed());
		}
		return resumed;
	}

	private static TlsHandshakeException failure(TestPool pool, String url) {
		int before = pool.failures().size();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pool.connect(url, "connectTimeout", "5000"));
		assertThat(pool.failures()).hasSize(before + 1);
		return pool.failures().get(before);
	}

}
