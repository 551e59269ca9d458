package io.github.dbtls.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.MovableClock;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TlsContext}, with plain sockets and a clock that can be moved.
 */
class TlsContextTests {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Identity identity = authority.issue("CN=localhost")
		.names("localhost")
		.expiresIn(Duration.ofDays(10))
		.identity();

	private final MovableClock clock = new MovableClock();

	@ParameterizedTest
	@CsvSource({ "VERIFY_IDENTITY, TLS_1_2", "VERIFY_IDENTITY, TLS_1_3", "VERIFY_CA, TLS_1_2", "REQUIRED, TLS_1_2",
			"REQUIRED, TLS_1_3" })
	void handshakeWhenCertificateOfResumedSessionHasExpiredFails(SslMode mode, TlsVersion version) throws Exception {
		TlsContext context = context(mode, version);
		try (EchoServer server = new EchoServer(identity.serverContext())) {
			assertThat(shake(context, server).resumed()).isFalse();
			assertThat(shake(context, server).resumed()).isTrue();
			this.clock.move(Duration.ofDays(11));
			assertThatExceptionOfType(TlsHandshakeException.class).isThrownBy(() -> shake(context, server))
				.withMessageContaining("CN=localhost was valid until")
				.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.EXPIRED))
				.satisfies((ex) -> assertThat(ex.getPresented()).containsExactly(identity.certificate()));
			this.clock.set(Instant.now());
			// The refused session is forgotten: a renewed certificate would be seen.
			assertThat(shake(context, server).resumed()).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void handshakeWhenAuthorityOfResumedSessionHasExpiredFails(TlsVersion version) throws Exception {
		Authority old = TestCertificates.selfSigned("CN=Old CA").expiresIn(Duration.ofDays(5)).authority();
		TlsContext context = new TlsContext(TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), version),
				TestPool.trust(old.certificate()), null, 1, this.clock);
		try (EchoServer server = new EchoServer(old.server("localhost").serverContext())) {
			assertThat(shake(context, server).resumed()).isFalse();
			this.clock.move(Duration.ofDays(6));
			assertThatExceptionOfType(TlsHandshakeException.class).isThrownBy(() -> shake(context, server))
				.withMessageContaining("the trusted authority CN=Old CA was valid until");
		}
	}

	@Test
	void handshakeWhenContextIsNewStartsInFull() throws Exception {
		try (EchoServer server = new EchoServer(identity.serverContext())) {
			assertThat(shake(context(SslMode.VERIFY_CA, TlsVersion.TLS_1_2), server).resumed()).isFalse();
			assertThat(shake(context(SslMode.VERIFY_CA, TlsVersion.TLS_1_2), server).resumed()).isFalse();
		}
	}

	@Test
	void handshakeWhenItFailsClosesSocketAndStopsClock() throws Exception {
		TlsContext context = new TlsContext(TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), TlsVersion.TLS_1_3),
				TestPool.trust(TestCertificates.authority("CN=Other CA").certificate()), null, 1, this.clock);
		try (EchoServer server = new EchoServer(identity.serverContext());
				Socket raw = new Socket("localhost", server.port());
				HandshakeDeadline deadline = deadline(raw, Duration.ofSeconds(10))) {
			assertThatExceptionOfType(TlsHandshakeException.class)
				.isThrownBy(() -> context.handshake(raw, "localhost", server.port(), deadline));
			assertThat(raw.isClosed()).isTrue();
			assertThat(deadline.isExceeded()).isFalse();
		}
	}

	@Test
	void handshakeWhenDeadlineIsOverBeforeFails() throws Exception {
		TlsContext context = context(SslMode.VERIFY_CA, TlsVersion.TLS_1_3);
		List<String> silences = new ArrayList<>();
		try (EchoServer server = new EchoServer(identity.serverContext());
				Socket raw = new Socket("localhost", server.port());
				HandshakeDeadline deadline = HandshakeDeadline.start(raw, Duration.ofMillis(50),
						() -> silences.add("silent"))) {
			Thread.sleep(300);
			assertThat(raw.isClosed()).isTrue();
			assertThat(silences).hasSize(1);
			assertThatExceptionOfType(TlsHandshakeException.class)
				.isThrownBy(() -> context.handshake(raw, "localhost", server.port(), deadline))
				.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.HANDSHAKE_TIMEOUT));
		}
	}

	@Test
	void socketWhenHandshakeIsOverOutlivesDeadline() throws Exception {
		TlsContext context = context(SslMode.VERIFY_CA, TlsVersion.TLS_1_3);
		try (EchoServer server = new EchoServer(identity.serverContext());
				Socket raw = new Socket("localhost", server.port());
				HandshakeDeadline deadline = deadline(raw, Duration.ofMillis(1500))) {
			SSLSocket socket = context.handshake(raw, "localhost", server.port(), deadline).secured().socket();
			Thread.sleep(1700);
			assertThat(echo(socket)).isEqualTo("hello");
		}
	}

	private TlsContext context(SslMode mode, TlsVersion version) {
		return new TlsContext(TestPool.policy(mode, Duration.ofHours(1), version),
				TestPool.trust(authority.certificate()), null, 1, this.clock);
	}

	private static TlsSession shake(TlsContext context, EchoServer server) throws IOException {
		try (Socket raw = new Socket("localhost", server.port());
				HandshakeDeadline deadline = deadline(raw, Duration.ofSeconds(5))) {
			SecuredSocket secured = context.handshake(raw, "localhost", server.port(), deadline).secured();
			// Tickets of TLS 1.3 come with the first answer.
			assertThat(echo(secured.socket())).isEqualTo("hello");
			secured.socket().close();
			return secured.session();
		}
	}

	private static HandshakeDeadline deadline(Socket socket, Duration timeout) {
		return HandshakeDeadline.start(socket, timeout, () -> {
		});
	}

	private static String echo(SSLSocket socket) throws IOException {
		socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
		return new String(socket.getInputStream().readNBytes(5), StandardCharsets.UTF_8);
	}

	private static final class EchoServer implements AutoCloseable {

		private final SSLServerSocket listener;

		private EchoServer(SSLContext context) throws IOException {
			this.listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
			Thread thread = new Thread(this::serve, "echo");
			thread.setDaemon(true);
			thread.start();
		}

		private void serve() {
			ServerSocket socket = this.listener;
			while (!socket.isClosed()) {
				try (Socket client = socket.accept()) {
					InputStream input = client.getInputStream();
					byte[] bytes = input.readNBytes(5);
					client.getOutputStream().write(bytes);
					input.read();
				}
				catch (IOException ex) {
					// The client has refused, or the test is over.
				}
			}
		}

		private int port() {
			return this.listener.getLocalPort();
		}

		@Override
		public void close() throws IOException {
			this.listener.close();
		}

	}

}
