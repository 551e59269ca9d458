package io.github.dbtls.connectorj;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import javax.net.ssl.SSLSocket;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlConnection;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.testkit.TlsRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Mutual TLS of the real driver, with servers that ask for a certificate.
 */
class ClientCertificateTests {

	/**
	 * A server hangs up behind its alert: on a busy machine a client can meet the end
	 * first.
	 */
	private static final int ATTEMPTS = 5;

	private static final String REFUSED = "the server does not accept the certificate of the client; ";

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Authority clients = TestCertificates.authority("CN=Client CA");

	private static final Identity server = authority.server("localhost");

	@ParameterizedTest
	@MethodSource
	void certificateWhenServerAsksIsShownAndRemembered(TlsVersion version, KeyType keyType) throws Exception {
		Identity client = clients.intermediate("CN=Department").issue("CN=app").key(keyType).identity();
		try (TestPool pool = TestPool.withClient(client, version, authority.certificate());
				FakeMySqlServer fake = mutual()) {
			for (boolean resumed : new boolean[] { false, true }) {
				TlsSession session;
				try (Connection connection = pool.connect(url(fake))) {
					session = ConnectionSession.of(connection);
				}
				assertThat(session).isNotNull();
				assertThat(session.protocol()).isEqualTo(version.jsseName());
				assertThat(session.resumed()).isEqualTo(resumed);
				assertThat(fake.lastConnection().clientCertificates()).isEqualTo(client.chain());
				assertThat(pool.tls().attempts().isClientCertificateUnasked()).isFalse();
			}
			assertThat(pool.failures()).isEmpty();
		}
	}

	static Stream<Arguments> certificateWhenServerAsksIsShownAndRemembered() {
		return Stream.of(TlsVersion.values())
			.flatMap((version) -> Stream.of(KeyType.EC_P256, KeyType.EC_P384, KeyType.RSA_2048)
				.map((keyType) -> Arguments.of(version, keyType)));
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	@ExtendWith(OutputCaptureExtension.class)
	void certificateWhenServerDoesNotTrustItsIssuerIsShownAllTheSame(TlsVersion version, CapturedOutput output) {
		// The server lists 'CN=Client CA' as acceptable: the JDK's own key manager would
		// show nothing.
		Identity stranger = TestCertificates.authority("CN=Stranger").client("app");
		try (TestPool pool = TestPool.withClient(stranger, version, authority.certificate());
				FakeMySqlServer fake = mutual()) {
			for (int i = 1; i <= 3; i++) {
				SQLException thrown = catchThrowableOfType(SQLException.class, () -> pool.connect(url(fake)));
				assertThat(fake.lastConnection().awaitEnd(Duration.ofSeconds(10))).isTrue();
				assertThat(fake.lastConnection().failure())
					.hasStackTraceContaining("unable to find valid certification path");
				TlsHandshakeException failure = pool.tls().attempts().lastFailure();
				assertRefused(failure, fake);
				assertThat(causes(thrown)).contains(failure);
				assertThat(failure.getPresented()).isEqualTo(server.chain());
				assertThat(pool.failures()).hasSize(i).endsWith(failure);
			}
			assertThat(output).containsOnlyOnce(REFUSED).doesNotContain("succeeds now");
			fake.assertNoLoginReceivedInClear();
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	@ExtendWith(OutputCaptureExtension.class)
	void certificateThatServerTrustsInTheEndSucceedsOnce(TlsVersion version, CapturedOutput output) throws Exception {
		Identity client = clients.client("app");
		try (TestPool pool = TestPool.withClient(client, version, authority.certificate())) {
			int port;
			try (FakeMySqlServer fake = FakeMySqlServer.tls(server)
				.needClientAuth(TestCertificates.authority("CN=Other CA").certificate())
				.start()) {
				port = fake.port();
				catchThrowableOfType(SQLException.class, () -> pool.connect(url(fake)));
				assertRefused(pool.tls().attempts().lastFailure(), fake);
			}
			try (FakeMySqlServer fake = FakeMySqlServer.tls(server)
				.needClientAuth(clients.certificate())
				.port(port)
				.start()) {
				pool.connect(url(fake)).close();
				pool.connect(url(fake)).close();
			}
			assertThat(pool.tls().attempts().lastFailure()).isNull();
			assertThat(output).containsOnlyOnce("succeeds now")
				.contains("it had failed 1 times with CLIENT_CERTIFICATE_REFUSED");
		}
	}

	@Test
	void connectionWhenServerWantsACertificateBehindTheHandshakeAndThereIsNoneFails() {
		try (TestPool pool = TestPool.of(
				TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), TlsVersion.TLS_1_3),
				authority.certificate()); FakeMySqlServer fake = mutual()) {
			for (int i = 0; i < ATTEMPTS && pool.failures().isEmpty(); i++) {
				SQLException thrown = catchThrowableOfType(SQLException.class, () -> pool.connect(url(fake)));
				assertThat(causes(thrown)).containsAll(pool.failures());
			}
			assertThat(pool.tls().attempts().lastFailure()).isNotNull();
			assertThat(pool.tls().attempts().lastFailure().getFailure())
				.isEqualTo(HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED);
		}
	}

	@Test
	void connectionThatEndsBehindTheHandshakeIsARefusalOnlyIfACertificateWasShown() {
		try (FakeMySqlServer fake = FakeMySqlServer.tls(server)
			.wantClientAuth(clients.certificate())
			.closeAfter(Step.TLS_HANDSHAKE)
			.start();
				TestPool with = TestPool.withClient(clients.client("app"), TlsVersion.TLS_1_3, authority.certificate());
				TestPool without = TestPool.of(
						TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), TlsVersion.TLS_1_3),
						authority.certificate())) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> with.connect(url(fake)));
			assertRefused(with.tls().attempts().lastFailure(), fake);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> without.connect(url(fake)));
			assertThat(without.failures()).isEmpty();
		}
	}

	@Test
	void connectionWhenServerAsksForACertificateIsStillTheDriversTls() throws Exception {
		try (TestPool pool = TestPool.withClient(clients.client("app"), TlsVersion.TLS_1_3, authority.certificate());
				FakeMySqlServer fake = mutual();
				Connection connection = pool.connect(url(fake))) {
			NativeSession session = (NativeSession) connection.unwrap(JdbcConnection.class).getSession();
			assertThat(session.isSSLEstablished()).isTrue();
			assertThat(session.getProtocol().getSocketConnection().getMysqlSocket()).isInstanceOfSatisfying(
					SSLSocket.class,
					(socket) -> assertThat(socket.getSession().getProtocol()).isEqualTo(TlsVersion.TLS_1_3.jsseName()));
			assertThat(connection.isValid(5)).isTrue();
			connection.abort(Runnable::run);
			assertThat(connection.isValid(5)).isFalse();
			assertThat(pool.failures()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void probeWhenServerRefusesTheCertificateFails(TlsVersion version) {
		Identity stranger = TestCertificates.authority("CN=Stranger").client("app");
		try (TestPool pool = TestPool.withClient(stranger, version, authority.certificate());
				FakeMySqlServer fake = mutual()) {
			assertRefused(probe(pool, fake), fake);
			assertThat(pool.failures()).isNotEmpty();
			fake.assertNoLoginReceived();
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void probeWhenServerAcceptsTheCertificateSucceeds(TlsVersion version) throws Exception {
		try (TestPool pool = TestPool.withClient(clients.client("app"), version, authority.certificate());
				FakeMySqlServer fake = mutual()) {
			assertThat(HandshakeProbe.probe(pool.tls(), new HostAddress("localhost", fake.port())).protocol())
				.isEqualTo(version.jsseName());
			assertThat(pool.failures()).isEmpty();
			fake.assertNoLoginReceived();
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void probeWhenServerWantsACertificateAndThereIsNoneFails(TlsVersion version) {
		try (TestPool pool = TestPool.of(TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), version),
				authority.certificate()); FakeMySqlServer fake = mutual()) {
			TlsHandshakeException failure = probe(pool, fake);
			assertThat(failure.getFailure()).isEqualTo(HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED);
			assertThat(failure.getDescription()).contains("the server wants a certificate of the client; ");
			assertThat(failure.getAction()).isEqualTo(
					"Set 'dbtls.client-certificate' and 'dbtls.client-private-key' to a certificate of an authority that "
							+ "the server trusts, and its key.");
		}
	}

	@Test
	void handshakeThatEndsBeforeTheServerAsksIsNoRefusal() {
		// The server has shown its certificate, and is gone before it can have asked for
		// the client's.
		try (TestPool pool = TestPool.withClient(clients.client("app"), TlsVersion.TLS_1_2, authority.certificate());
				FakeMySqlServer fake = FakeMySqlServer.tls(server)
					.sendAfter(Step.CLIENT_HELLO, TlsRecords.serverHello(0x0303, 0xc02b))
					.sendAfter(Step.CLIENT_HELLO, TlsRecords.certificate(server.chain()))
					.closeAfter(Step.CLIENT_HELLO)
					.start()) {
			TlsHandshakeException failure = catchThrowableOfType(TlsHandshakeException.class,
					() -> HandshakeProbe.probe(pool.tls(), new HostAddress("localhost", fake.port())));
			assertThat(failure.getPresented()).isEqualTo(server.chain());
			assertThat(failure.getFailure()).isEqualTo(HandshakeFailure.CONNECTION_CLOSED);
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void certificateWhenServerDoesNotAskIsKeptBackAndSaidOnce(CapturedOutput output) throws Exception {
		try (TestPool pool = TestPool.withClient(clients.client("app"), TlsVersion.TLS_1_3, authority.certificate());
				FakeMySqlServer fake = FakeMySqlServer.tls(server).start()) {
			for (int i = 0; i < 3; i++) {
				pool.connect(url(fake)).close();
			}
			assertThat(fake.connections()).extracting(FakeMySqlConnection::clientCertificates)
				.allSatisfy((certificates) -> assertThat(certificates).isEmpty());
			assertThat(pool.tls().attempts().isClientCertificateUnasked()).isTrue();
			assertThat(output).containsOnlyOnce(
					"orders: the server at localhost:%d did not ask for the certificate of 'dbtls.client-certificate', so none was sent: it knows no authority of clients ('ssl_ca' of MySQL, 'ssl-ca' of TiDB), or takes no key of this kind."
						.formatted(fake.port()));
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void certificateWhenOneOfTwoServersDoesNotAskIsSaidOnceOfThatOne(CapturedOutput output) throws Exception {
		try (TestPool pool = TestPool.withClient(clients.client("app"), TlsVersion.TLS_1_3, authority.certificate());
				FakeMySqlServer silent = FakeMySqlServer.tls(server).start();
				FakeMySqlServer asking = mutual()) {
			for (int i = 0; i < 3; i++) {
				pool.connect(url(silent)).close();
				assertThat(pool.tls().attempts().isClientCertificateUnasked()).isTrue();
				pool.connect(url(asking)).close();
				assertThat(pool.tls().attempts().isClientCertificateUnasked()).isFalse();
			}
			assertThat(output).containsOnlyOnce("did not ask for the certificate")
				.contains("orders: the server at localhost:%d did not ask".formatted(silent.port()));
		}
	}

	@Test
	void explainAlertWhenThereIsNoneIsNull() {
		try (TestPool pool = TestPool.of(SslMode.REQUIRED)) {
			pool.tls().attempts().attempting("localhost", 3306);
			assertThat(pool.tls().attempts().explainAlert(new SQLException("Access denied"))).isNull();
		}
	}

	private static List<Throwable> causes(Throwable thrown) {
		return Stream.<Throwable>iterate(thrown, Objects::nonNull, Throwable::getCause).toList();
	}

	private static String url(FakeMySqlServer fake) {
		return fake.jdbcUrl().replace("127.0.0.1", "localhost");
	}

	private static FakeMySqlServer mutual() {
		return FakeMySqlServer.tls(server).needClientAuth(clients.certificate()).start();
	}

	private static TlsHandshakeException probe(TestPool pool, FakeMySqlServer fake) {
		TlsHandshakeException failure = null;
		for (int i = 0; i < ATTEMPTS
				&& (failure == null || failure.getFailure() == HandshakeFailure.CONNECTION_CLOSED); i++) {
			failure = catchThrowableOfType(TlsHandshakeException.class,
					() -> HandshakeProbe.probe(pool.tls(), new HostAddress("localhost", fake.port())));
		}
		assertThat(failure).isNotNull();
		return failure;
	}

	private static void assertRefused(TlsHandshakeException failure, FakeMySqlServer fake) {
		assertThat(failure).isNotNull();
		assertThat(failure.getFailure()).isEqualTo(HandshakeFailure.CLIENT_CERTIFICATE_REFUSED);
		assertThat(failure.getDescription())
			.startsWith("No verified TLS connection to localhost:%d: %s".formatted(fake.port(), REFUSED));
		assertThat(failure.getAction()).isEqualTo(
				"Let an authority that the server trusts ('ssl_ca' of MySQL, 'ssl-ca' of TiDB) issue the certificate of "
						+ "'dbtls.client-certificate', for clients (clientAuth) and valid today, with all certificates between the two beside it.");
	}

}
