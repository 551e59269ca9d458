package io.github.dbtls.tls;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.connectorj.HandshakeProbe;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.Jsse;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Mutual TLS with handshakes that are not the JDK's.
 */
class OtherJsseClientCertificateTests {

	/** A server hangs up behind its alert: a client can meet the end first. */
	private static final int ATTEMPTS = 8;

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Authority clients = TestCertificates.authority("CN=Client CA");

	private static final Identity server = authority.server("localhost");

	static Stream<Arguments> others() {
		return Stream.of(Jsse.CONSCRYPT, Jsse.BCJSSE)
			.flatMap((jsse) -> Stream.of(TlsVersion.values()).map((version) -> Arguments.of(jsse, version)));
	}

	/**
	 * BouncyCastle's asks for keys of TLS 1.3 by names that our key manager does not
	 * know: it may show none then, and the server refuses the connection.
	 */
	static Stream<Arguments> showing() {
		return others()
			.filter((arguments) -> arguments.get()[0] != Jsse.BCJSSE || arguments.get()[1] == TlsVersion.TLS_1_2);
	}

	@ParameterizedTest
	@MethodSource("showing")
	void certificateWhenServerAsksIsShown(Jsse jsse, TlsVersion version) throws Exception {
		for (KeyType keyType : new KeyType[] { KeyType.EC_P256, KeyType.EC_P384, KeyType.RSA_2048 }) {
			Identity client = clients.intermediate("CN=Department").issue("CN=app").key(keyType).identity();
			try (TestPool pool = TestPool.withClient(jsse::in, client, version, authority.certificate());
					FakeMySqlServer fake = mutual()) {
				for (int i = 0; i < 2; i++) {
					try (Connection connection = pool.connect(url(fake))) {
						TlsSession session = ConnectionSession.of(connection);
						assertThat(session.protocol()).isEqualTo(version.jsseName());
						assertThat(connection.isValid(5)).isTrue();
					}
					assertThat(fake.lastConnection().clientCertificates()).isEqualTo(client.chain());
					assertThat(pool.tls().attempts().isClientCertificateUnasked()).isFalse();
				}
				assertThat(pool.failures()).isEmpty();
			}
		}
	}

	@ParameterizedTest
	@MethodSource("others")
	void certificateWhenServerRefusesItIsSaid(Jsse jsse, TlsVersion version) {
		Identity stranger = TestCertificates.authority("CN=Stranger").client("app");
		try (TestPool pool = TestPool.withClient(jsse::in, stranger, version, authority.certificate());
				FakeMySqlServer fake = mutual()) {
			for (int i = 0; i < ATTEMPTS && !hasFailed(pool, HandshakeFailure.CLIENT_CERTIFICATE_REFUSED); i++) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pool.connect(url(fake)));
			}
			assertThat(hasFailed(pool, HandshakeFailure.CLIENT_CERTIFICATE_REFUSED)).as("%s", pool.failures()).isTrue();
			assertThat(probe(pool, fake, HandshakeFailure.CLIENT_CERTIFICATE_REFUSED)).isTrue();
			fake.assertNoLoginReceivedInClear();
		}
	}

	@ParameterizedTest
	@MethodSource("others")
	void certificateWhenThereIsNoneIsSaidToBeMissing(Jsse jsse, TlsVersion version) {
		try (TestPool pool = TestPool.of(
				jsse.in(TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), version)),
				authority.certificate()); FakeMySqlServer fake = mutual()) {
			assertThat(probe(pool, fake, HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED)).as("%s", pool.failures())
				.isTrue();
			fake.assertNoLoginReceived();
		}
	}

	private static boolean probe(TestPool pool, FakeMySqlServer fake, HandshakeFailure expected) {
		for (int i = 0; i < ATTEMPTS; i++) {
			TlsHandshakeException failure = catchThrowableOfType(TlsHandshakeException.class,
					() -> HandshakeProbe.probe(pool.tls(), new HostAddress("localhost", fake.port())));
			if (failure != null && failure.getFailure() == expected) {
				return true;
			}
		}
		return false;
	}

	private static boolean hasFailed(TestPool pool, HandshakeFailure failure) {
		return pool.failures().stream().anyMatch((thrown) -> thrown.getFailure() == failure);
	}

	private static String url(FakeMySqlServer fake) {
		return fake.jdbcUrl().replace("127.0.0.1", "localhost");
	}

	private static FakeMySqlServer mutual() {
		return FakeMySqlServer.tls(server).needClientAuth(clients.certificate()).start();
	}

}
