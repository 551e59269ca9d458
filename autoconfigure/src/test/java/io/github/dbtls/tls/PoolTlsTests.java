package io.github.dbtls.tls;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.tls.PoolTls.ReloadFault;
import io.github.dbtls.trust.PoolMaterial;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PoolTls} and its generations of trust.
 */
class PoolTlsTests {

	private static final Authority old = TestCertificates.authority("CN=Old CA");

	private static final Authority next = TestCertificates.authority("CN=Next CA");

	private final List<AutoCloseable> resources = new CopyOnWriteArrayList<>();

	private ServerSocket server;

	@BeforeEach
	void startServer() throws IOException {
		this.server = server(old.server("localhost"));
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	@Test
	void renewIsTheNextGenerationAndEndsTheFault() throws Exception {
		PoolTls tls = tls(SslMode.VERIFY_CA, old);
		tls.reloadFailed(new ReloadFault("broken", Instant.now()), true);
		tls.renew(material(old, next));
		assertThat(tls.generation()).isEqualTo(2);
		assertThat(tls.trust().certificates()).containsExactly(old.certificate(), next.certificate());
		assertThat(tls.reloadFault()).isNull();
		assertThat(shake(tls, socket()).session().generation()).isEqualTo(2);
	}

	@Test
	void outdatedConnectionsAreOpenOnesThatTheTrustDoesNotVouchFor() throws Exception {
		PoolTls tls = tls(SslMode.VERIFY_CA, old, next);
		SSLSocket first = shake(tls, socket()).socket();
		SSLSocket second = shake(tls, socket()).socket();
		ServerSocket renewed = server(next.server("localhost"));
		SSLSocket third = shake(tls, new Socket("localhost", renewed.getLocalPort())).socket();
		assertThat(tls.outdatedConnections()).isZero();
		tls.renew(material(next));
		assertThat(tls.outdatedConnections()).isEqualTo(2);
		assertThat(tls.arrivingConnections()).isEqualTo(2);
		first.close();
		assertThat(tls.outdatedConnections()).isEqualTo(1);
		tls.renew(material(next, old));
		assertThat(tls.outdatedConnections()).isZero();
		tls.renew(material(next));
		assertThat(tls.outdatedConnections()).isEqualTo(1);
		second.close();
		third.close();
		assertThat(tls.outdatedConnections()).isZero();
	}

	@Test
	void openConnectionsHaveTheirSessionAndAreForgottenWhenClosed() throws Exception {
		PoolTls tls = tls(SslMode.VERIFY_CA, old, next);
		SecuredSocket first = shake(tls, socket());
		tls.renew(material(next));
		assertThat(tls.openConnections()).singleElement().satisfies((open) -> {
			assertThat(open.session()).isSameAs(first.session());
			assertThat(open.session().generation()).isEqualTo(1);
			assertThat(open.outdated()).isTrue();
			assertThat(open.since()).isBeforeOrEqualTo(Instant.now());
		});
		first.socket().close();
		assertThat(tls.openConnections()).isEmpty();
	}

	@Test
	void offeredCiphersAreCipherSuitesOnly() {
		assertThat(tls(TlsVersion.TLS_1_2, SslMode.VERIFY_CA, old).offeredCiphers())
			.contains("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
			.allMatch((suite) -> suite.matches("TLS_.*_WITH_.*"));
		assertThat(tls(SslMode.VERIFY_CA, old).offeredCiphers()).contains("TLS_AES_256_GCM_SHA384")
			.allMatch((suite) -> suite.matches("TLS_(AES|CHACHA20)_.*"));
	}

	@Test
	void pastHandshakesHaveSuccessesAndFailuresNewestFirst() throws Exception {
		PoolTls tls = tls(SslMode.VERIFY_CA, old);
		shake(tls, socket());
		ServerSocket renewed = server(next.server("localhost"));
		assertThatExceptionOfType(TlsHandshakeException.class)
			.isThrownBy(() -> shake(tls, new Socket("localhost", renewed.getLocalPort())));
		assertThat(tls.pastHandshakes()).extracting(PastHandshake::failure)
			.containsExactly(HandshakeFailure.UNTRUSTED_ISSUER, null);
		assertThat(tls.pastHandshakes()).allMatch((handshake) -> handshake.duration() != null);
		assertThat(tls.pastFailure().presented().get(0).getIssuerX500Principal())
			.isEqualTo(next.certificate().getSubjectX500Principal());
		tls.attempts().failed("elsewhere", 1, HandshakeFailure.TLS_NOT_OFFERED, new IOException("no"));
		assertThat(tls.pastHandshakes()).hasSize(3);
		assertThat(tls.pastFailure().host()).isEqualTo("elsewhere");
	}

	@Test
	void outdatedConnectionsWhenNothingIsVerifiedAreNone() throws Exception {
		PoolTls tls = tls(SslMode.REQUIRED);
		shake(tls, socket());
		tls.renew(material());
		assertThat(tls.outdatedConnections()).isZero();
	}

	@Test
	void handshakeWhenTrustIsRemovedMeanwhileFails() throws Exception {
		PoolTls tls = tls(SslMode.VERIFY_CA, old);
		Socket raw = socketThatBeforeTheAnswer(() -> tls.renew(material(next)));
		assertThatExceptionOfType(TlsHandshakeException.class).isThrownBy(() -> shake(tls, raw))
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER))
			.withMessageContaining("CN=Next CA");
		assertThat(raw.isClosed()).isTrue();
		assertThat(tls.attempts().lastFailure()).isNotNull();
		assertThat(tls.outdatedConnections()).isZero();
	}

	@Test
	@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
	void handshakeWhenTrustIsRemovedMeanwhileDoesNotWaitForAGoodbye() throws Exception {
		PoolTls tls = tls(TlsVersion.TLS_1_2, SslMode.VERIFY_CA, old);
		Socket raw = new StuckGoodbye(this.server.getLocalPort(), () -> tls.renew(material(next)));
		assertThatExceptionOfType(TlsHandshakeException.class).isThrownBy(() -> shake(tls, raw))
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER));
		assertThat(raw.isClosed()).isTrue();
		assertThat(tls.outdatedConnections()).isZero();
	}

	@Test
	void handshakeWhenTrustIsAddedMeanwhileIsOfItsOwnGeneration() throws Exception {
		PoolTls tls = tls(SslMode.VERIFY_CA, old);
		SecuredSocket secured = shake(tls, socketThatBeforeTheAnswer(() -> tls.renew(material(old, next))));
		assertThat(secured.session().generation()).isEqualTo(1);
		assertThat(tls.generation()).isEqualTo(2);
		assertThat(tls.outdatedConnections()).isZero();
	}

	@Test
	void connectionsThatClosedAreForgotten() throws Exception {
		LiveConnections connections = new LiveConnections();
		PoolTls tls = tls(SslMode.VERIFY_CA, old);
		SecuredSocket open = shake(tls, socket());
		SecuredSocket closed = shake(tls, socket());
		closed.socket().close();
		connections.add(open, Instant.now());
		for (int i = 0; i < 1000; i++) {
			connections.add(closed, Instant.now());
			assertThat(connections.known()).isLessThan(40);
		}
		connections.judge((chain, time) -> false, Instant.now());
		assertThat(connections.outdated()).isEqualTo(1);
	}

	@Test
	void connectionWhoseCertificateExpiredMeanwhileIsNotOutdated() throws Exception {
		LiveConnections connections = new LiveConnections();
		Instant handshake = Instant.now();
		connections.add(shake(tls(SslMode.VERIFY_CA, old), socket()), handshake);
		Instant later = handshake.plus(Duration.ofDays(1));
		connections.judge((chain, time) -> time.isBefore(later), later);
		assertThat(connections.outdated()).isZero();
		connections.judge((chain, time) -> false, later);
		assertThat(connections.outdated()).isEqualTo(1);
		assertThat(connections.arriving()).isZero();
	}

	private static PoolTls tls(SslMode mode, Authority... trusted) {
		return tls(TlsVersion.TLS_1_3, mode, trusted);
	}

	private static PoolTls tls(TlsVersion version, SslMode mode, Authority... trusted) {
		return new PoolTls("orders", TestPool.policy(mode, Duration.ofHours(1), version), material(trusted),
				(outcome) -> {
				});
	}

	private static PoolMaterial material(Authority... trusted) {
		X509Certificate[] certificates = new X509Certificate[trusted.length];
		for (int i = 0; i < trusted.length; i++) {
			certificates[i] = trusted[i].certificate();
		}
		return new PoolMaterial(TestPool.trust(certificates), null, List.of());
	}

	private SecuredSocket shake(PoolTls tls, Socket raw) throws IOException {
		this.resources.add(raw);
		try (HandshakeDeadline deadline = HandshakeDeadline.start(raw, Duration.ofSeconds(20), () -> {
		})) {
			return tls.handshake(raw, "localhost", raw.getPort(), deadline);
		}
	}

	private Socket socket() throws IOException {
		return new Socket("localhost", this.server.getLocalPort());
	}

	private Socket socketThatBeforeTheAnswer(Runnable action) throws IOException {
		return new ActingSocket(this.server.getLocalPort(), action);
	}

	private ServerSocket server(Identity identity) throws IOException {
		ServerSocket listener = new ServerSocket(0);
		this.resources.add(listener);
		SSLSocketFactory factory = identity.serverContext().getSocketFactory();
		Thread thread = new Thread(() -> {
			while (!listener.isClosed()) {
				try {
					Socket raw = listener.accept();
					// Not its SSLSocket: closing one that another thread still shakes
					// hands with may wait for ever (JDK 17).
					this.resources.add(raw);
					SSLSocket client = (SSLSocket) factory.createSocket(raw, null, raw.getPort(), true);
					client.setUseClientMode(false);
					client.startHandshake();
				}
				catch (IOException ex) {
					// The client has refused, or the test is over.
				}
			}
		}, "tls-server");
		thread.setDaemon(true);
		thread.start();
		return listener;
	}

	/**
	 * A socket that does something when the server's first answer comes.
	 */
	private static class ActingSocket extends Socket {

		private final Runnable action;

		private boolean done;

		ActingSocket(int port, Runnable action) throws IOException {
			super("localhost", port);
			this.action = action;
		}

		@Override
		public InputStream getInputStream() throws IOException {
			return new FilterInputStream(super.getInputStream()) {

				@Override
				public int read(byte[] bytes, int offset, int length) throws IOException {
					int count = super.read(bytes, offset, length);
					if (!ActingSocket.this.done) {
						ActingSocket.this.done = true;
						ActingSocket.this.action.run();
					}
					return count;
				}

			};
		}

	}

	/**
	 * A socket whose other side takes no goodbye: an alert, which TLS 1.2 shows as such,
	 * is stuck until the socket is closed.
	 */
	private static final class StuckGoodbye extends ActingSocket {

		private static final int ALERT = 21;

		private final CountDownLatch closed = new CountDownLatch(1);

		StuckGoodbye(int port, Runnable action) throws IOException {
			super(port, action);
		}

		@Override
		public OutputStream getOutputStream() throws IOException {
			return new FilterOutputStream(super.getOutputStream()) {

				@Override
				public void write(byte[] bytes, int offset, int length) throws IOException {
					if (bytes[offset] == ALERT) {
						awaitClose();
					}
					this.out.write(bytes, offset, length);
				}

			};
		}

		private void awaitClose() throws IOException {
			try {
				this.closed.await();
			}
			catch (InterruptedException ex) {
				throw new InterruptedIOException();
			}
		}

		@Override
		public void close() throws IOException {
			super.close();
			this.closed.countDown();
		}

	}

}
