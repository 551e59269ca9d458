package io.github.dbtls.tls;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.MovableClock;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Several sessions of one server whose certificate expires: newer JVMs keep several
 * tickets of TLS 1.3 for one host.
 */
class ExpiredSessionsTests {

	private static final int CONNECTIONS = 4;

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Identity identity = authority.issue("CN=localhost")
		.names("localhost")
		.expiresIn(Duration.ofDays(10))
		.identity();

	private final List<AutoCloseable> resources = new CopyOnWriteArrayList<>();

	private ServerSocket server;

	@BeforeEach
	void startServer() throws IOException {
		this.server = new ServerSocket(0);
		this.resources.add(this.server);
		SSLSocketFactory factory = identity.serverContext().getSocketFactory();
		start(() -> {
			while (!this.server.isClosed()) {
				Socket raw = this.server.accept();
				this.resources.add(raw);
				start(() -> echo((SSLSocket) factory.createSocket(raw, null, raw.getPort(), true)));
			}
		});
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void oneRefusalIsEnough(TlsVersion version) throws Exception {
		MovableClock clock = new MovableClock();
		TlsContext context = new TlsContext(TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), version),
				TestPool.trust(authority.certificate()), null, 1, clock);
		// All of them in full, before the first brings a ticket.
		List<SecuredSocket> open = new ArrayList<>();
		for (int i = 0; i < CONNECTIONS; i++) {
			open.add(shake(context));
		}
		for (SecuredSocket secured : open) {
			exchange(secured);
		}
		assertThat(exchange(shake(context)).session().resumed()).isTrue();
		clock.move(Duration.ofDays(11));
		assertThatExceptionOfType(TlsHandshakeException.class).isThrownBy(() -> shake(context))
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.EXPIRED));
		// As if the server had a new certificate by now, which only a handshake in full
		// would show.
		clock.move(Duration.ofDays(-11));
		assertThat(exchange(shake(context)).session().resumed()).isFalse();
		assertThat(exchange(shake(context)).session().resumed()).isTrue();
	}

	private SecuredSocket shake(TlsContext context) throws IOException {
		Socket raw = new Socket("localhost", this.server.getLocalPort());
		this.resources.add(raw);
		try (HandshakeDeadline deadline = HandshakeDeadline.start(raw, Duration.ofSeconds(20), () -> {
		})) {
			return context.handshake(raw, "localhost", this.server.getLocalPort(), deadline).secured();
		}
	}

	// Tickets of TLS 1.3 come with the first answer.
	private static SecuredSocket exchange(SecuredSocket secured) throws IOException {
		secured.socket().getOutputStream().write(42);
		assertThat(secured.socket().getInputStream().read()).isEqualTo(42);
		secured.loggedIn().run();
		return secured;
	}

	private static void echo(SSLSocket socket) throws IOException {
		socket.setUseClientMode(false);
		int read = socket.getInputStream().read();
		while (read >= 0) {
			socket.getOutputStream().write(read);
			read = socket.getInputStream().read();
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// The client has refused, or the test is over.
			}
		}, "echo");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Something that a server does.
	 */
	@FunctionalInterface
	private interface Task {

		void run() throws IOException;

	}

}
