package io.github.dbtls.connectorj;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Builder;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HandshakeProbe} and the {@link ConnectionPhase} that it plays.
 */
class HandshakeProbeTests {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Identity identity = authority.server("localhost");

	private final TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());

	@Test
	void probeWhenServerIsHonestShakesHandsAndHangsUp() throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			TlsSession session = HandshakeProbe.probe(this.pool.tls(), new HostAddress("localhost", server.port()));
			assertThat(session.anchor()).isEqualTo(authority.certificate());
			assertThat(this.pool.tls().attempts().lastAttempt()).isEqualTo("localhost:" + server.port());
			assertThat(server.lastConnection().sslRequested()).isTrue();
			server.assertNoLoginReceived();
			server.assertAllClosed();
		}
	}

	@ParameterizedTest
	@MethodSource
	void probeWhenServerIsNotFails(String name, Builder builder, HandshakeFailure expected, String message) {
		try (FakeMySqlServer server = builder.start()) {
			HostAddress address = new HostAddress("localhost", server.port());
			long start = System.nanoTime();
			assertThatExceptionOfType(TlsHandshakeException.class)
				.isThrownBy(() -> HandshakeProbe.probe(this.pool.tls(), address, Duration.ofMillis(1000)))
				.withMessageContaining(message)
				.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(expected))
				.satisfies((ex) -> assertThat(ex.getDescription().lines().count()).isLessThan(9))
				.satisfies((ex) -> assertThat(this.pool.failures()).containsExactly(ex));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
			server.assertNoLoginReceived();
			server.assertAllClosed();
		}
	}

	static Stream<Arguments> probeWhenServerIsNotFails() {
		return Stream.of(
				Arguments.of("plain", FakeMySqlServer.plain(), HandshakeFailure.TLS_NOT_OFFERED,
						"the server does not offer TLS"),
				Arguments.of("unknown root",
						FakeMySqlServer.tls(TestCertificates.authority("CN=Other CA").server("localhost")),
						HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued"),
				Arguments.of("too many connections", tls().refuse(1040, "08004", "Too many connections"),
						HandshakeFailure.LOGIN_REFUSED, "error 1040, Too many connections"),
				Arguments.of("blocked", tls().refuse(1129, null, "Host is blocked\n2026 INFO forged"),
						HandshakeFailure.LOGIN_REFUSED, "error 1129, Host is blocked?2026 INFO forged"),
				Arguments.of("SSH", tls().sendAfter(Step.ACCEPT, "SSH-2.0-OpenSSH_9.6\r\n").stallAfter(Step.ACCEPT),
						HandshakeFailure.NOT_MYSQL, "its first bytes are no greeting of MySQL"),
				Arguments.of("HTTP", tls().sendAfter(Step.ACCEPT, "HTTP/1.1 400\r\n\r\n").closeAfter(Step.ACCEPT),
						HandshakeFailure.NOT_MYSQL, "its first bytes are no greeting of MySQL"),
				Arguments.of("length of 16 MiB",
						tls().sendAfter(Step.ACCEPT, new byte[] { -1, -1, -1, 0 }).stallAfter(Step.ACCEPT),
						HandshakeFailure.NOT_MYSQL, "its first bytes are no greeting of MySQL"),
				Arguments.of("empty packet",
						tls().sendAfter(Step.ACCEPT, new byte[] { 0, 0, 0, 0 }).stallAfter(Step.ACCEPT),
						HandshakeFailure.NOT_MYSQL, "its first bytes are no greeting of MySQL"),
				Arguments.of("protocol 9",
						tls().sendAfter(Step.ACCEPT, new byte[] { 2, 0, 0, 0, 9, 0 }).stallAfter(Step.ACCEPT),
						HandshakeFailure.NOT_MYSQL, "its greeting is not of protocol version 10"),
				Arguments.of("greeting without end",
						tls().sendAfter(Step.ACCEPT, new byte[] { 4, 0, 0, 0, 10, 'a', 'b', 'c' })
							.stallAfter(Step.ACCEPT),
						HandshakeFailure.NOT_MYSQL, "its greeting is cut short"),
				Arguments.of("half a greeting",
						tls().sendAfter(Step.ACCEPT, new byte[] { 70, 0, 0, 0, 10 }).closeAfter(Step.ACCEPT),
						HandshakeFailure.CONNECTION_CLOSED, "closed the connection within its greeting"),
				Arguments.of("close", tls().closeAfter(Step.ACCEPT), HandshakeFailure.CONNECTION_CLOSED,
						"closed the connection before its greeting"),
				Arguments.of("close after request", tls().closeAfter(Step.SSL_REQUEST),
						HandshakeFailure.CONNECTION_CLOSED, "the connection ended"),
				Arguments.of("stall", tls().stallAfter(Step.ACCEPT), HandshakeFailure.HANDSHAKE_TIMEOUT,
						"the server did not answer in time"),
				Arguments.of("stall after request", tls().stallAfter(Step.SSL_REQUEST),
						HandshakeFailure.HANDSHAKE_TIMEOUT, "the server did not answer in time"),
				Arguments.of("slow drip", tls().drip(Duration.ofMillis(100)), HandshakeFailure.HANDSHAKE_TIMEOUT,
						"the server did not answer in time"));
	}

	@Test
	void probeWhenServerTalksOnAfterTheHandshakeIsOverInTime() throws Exception {
		// The largest record, byte by byte: each comes soon, the last one after a quarter
		// of a minute.
		try (FakeMySqlServer server = tls().sendOnWireAfter(Step.TLS_HANDSHAKE, new byte[] { 23, 3, 3, 0x41, 0 })
			.floodAfter(Step.TLS_HANDSHAKE, new byte[1])
			.start()) {
			long start = System.nanoTime();
			HandshakeProbe.probe(this.pool.tls(), new HostAddress("localhost", server.port()));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
			assertThat(this.pool.failures()).isEmpty();
			server.assertAllClosed();
		}
	}

	@Test
	void probeWhenNobodyListensFails() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		assertThatExceptionOfType(TlsHandshakeException.class)
			.isThrownBy(() -> HandshakeProbe.probe(this.pool.tls(), new HostAddress("localhost", port)))
			.withMessageContaining("nothing answers there")
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.UNREACHABLE));
	}

	private static Builder tls() {
		return FakeMySqlServer.tls(identity);
	}

}
