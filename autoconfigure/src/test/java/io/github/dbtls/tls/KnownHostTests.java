package io.github.dbtls.tls;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link KnownHost} and {@link KeyAgreement}, with a server of the JDK's and
 * the bytes that go to it.
 */
class KnownHostTests {

	private static final int SECP256R1 = 23;

	private static final int SECP384R1 = 24;

	private static final int SECP521R1 = 25;

	private static final int X25519 = 29;

	private static final int SUPPORTED_GROUPS = 10;

	private static final int KEY_SHARE = 51;

	// On no curve, so that the agreement is all that a refusal touches.
	private static final Authority authority = TestCertificates.authority("CN=Test CA", KeyType.RSA_2048);

	private final Deque<Socket> sockets = new ConcurrentLinkedDeque<>();

	private ServerSocket listener;

	private volatile String refusedAgreement = "none";

	@BeforeEach
	void startServer() throws IOException {
		serve(authority.issue("CN=localhost").key(KeyType.RSA_2048).names("localhost", "127.0.0.1").identity());
	}

	private void serve(Identity identity) throws IOException {
		SSLSocketFactory factory = identity.serverContext().getSocketFactory();
		ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.listener = listener;
		Thread thread = new Thread(() -> {
			while (!listener.isClosed()) {
				try {
					Socket raw = listener.accept();
					this.sockets.add(raw);
					Thread connection = new Thread(() -> serve(factory, raw), "tls-connection");
					connection.setDaemon(true);
					connection.start();
				}
				catch (IOException ex) {
					// The test is over.
				}
			}
		}, "tls-server");
		thread.setDaemon(true);
		thread.start();
	}

	private void serve(SSLSocketFactory factory, Socket raw) {
		try {
			SSLSocket socket = (SSLSocket) factory.createSocket(raw, null, raw.getPort(), true);
			socket.setUseClientMode(false);
			SSLParameters parameters = socket.getSSLParameters();
			parameters.setAlgorithmConstraints(new Refusal(this.refusedAgreement));
			socket.setSSLParameters(parameters);
			int value = socket.getInputStream().read();
			if (value >= 0) {
				socket.getOutputStream().write(value);
			}
		}
		catch (IOException ex) {
			// The client sees it.
		}
	}

	@AfterEach
	void stopServer() throws IOException {
		this.listener.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	@Test
	void serverThatChoseACurveGetsNoOtherKey() throws Exception {
		this.refusedAgreement = "XDH";
		TlsContext context = context(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
		assertThat(shares(context)).containsExactly(X25519, SECP256R1);
		Map<Integer, List<Integer>> hello = hello(context);
		assertThat(hello.get(KEY_SHARE)).containsExactly(SECP256R1);
		assertThat(hello.get(SUPPORTED_GROUPS)).containsExactly(SECP256R1, SECP384R1, SECP521R1);
		// What is known of one host is not applied to another.
		try (CapturingSocket raw = new CapturingSocket(this.listener)) {
			talk(handshake(context, "127.0.0.1", raw));
			assertThat(raw.groups().get(KEY_SHARE)).containsExactly(X25519, SECP256R1);
		}
	}

	@Test
	void serverThatChoseX25519GetsBothKeys() throws Exception {
		TlsContext context = context(TlsVersion.TLS_1_3);
		assertThat(shares(context)).containsExactly(X25519, SECP256R1);
		Map<Integer, List<Integer>> hello = hello(context);
		assertThat(hello.get(KEY_SHARE)).containsExactly(X25519, SECP256R1);
		assertThat(hello.get(SUPPORTED_GROUPS)).contains(X25519, SECP256R1, SECP384R1, SECP521R1);
	}

	@ParameterizedTest
	@EnumSource(value = KeyType.class, names = { "RSA_2048", "EC_P256" })
	void certificateWithoutKeyUsageIsNoAgreement(KeyType keyType) throws Exception {
		stopServer();
		Authority without = TestCertificates.selfSigned("CN=Test CA").key(keyType).withoutKeyUsage().authority();
		serve(without.issue("CN=localhost").key(keyType).names("localhost").withoutKeyUsage().identity());
		TlsContext context = new TlsContext(TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), TlsVersion.TLS_1_3),
				TestPool.trust(without.certificate()), null, 1, Clock.systemUTC());
		assertThat(shares(context)).containsExactly(X25519, SECP256R1);
		assertThat(shares(context)).containsExactly(X25519, SECP256R1);
	}

	@Test
	void certificateWithoutKeyUsageHidesNoAgreement() throws Exception {
		stopServer();
		this.refusedAgreement = "XDH";
		Authority without = TestCertificates.selfSigned("CN=Test CA")
			.key(KeyType.RSA_2048)
			.withoutKeyUsage()
			.authority();
		serve(without.issue("CN=localhost").key(KeyType.RSA_2048).names("localhost").withoutKeyUsage().identity());
		TlsContext context = new TlsContext(TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), TlsVersion.TLS_1_3),
				TestPool.trust(without.certificate()), null, 1, Clock.systemUTC());
		assertThat(shares(context)).containsExactly(X25519, SECP256R1);
		assertThat(shares(context)).containsExactly(SECP256R1);
	}

	@Test
	void serverOfTls12GetsAllGroupsAgain() throws Exception {
		this.refusedAgreement = "XDH";
		TlsContext context = context(TlsVersion.TLS_1_2);
		Map<Integer, List<Integer>> first = hello(context);
		assertThat(first.get(SUPPORTED_GROUPS)).contains(X25519, SECP256R1);
		assertThat(hello(context).get(SUPPORTED_GROUPS)).isEqualTo(first.get(SUPPORTED_GROUPS));
	}

	@Test
	void serverThatLosesItsCurvesIsRefusedOnceOnly() throws Exception {
		this.refusedAgreement = "XDH";
		TlsContext context = context(TlsVersion.TLS_1_3);
		hello(context);
		this.refusedAgreement = "EC";
		assertThatExceptionOfType(TlsHandshakeException.class).isThrownBy(() -> hello(context));
		assertThat(shares(context)).containsExactly(X25519, SECP256R1);
	}

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	void connectionsOpenedAtTheSameMomentResume(TlsVersion version) throws Exception {
		TlsContext context = context(version);
		assertThat(open(context, 1)).containsExactly(false);
		assertThat(open(context, 1)).containsExactly(true);
		open(context, 5);
		assertThat(open(context, 5)).containsOnly(true);
		assertThat(open(context, 5)).containsOnly(true);
		// One after the other they need no more than one.
		assertThat(open(context, 1)).containsOnly(true);
		assertThat(open(context, 1)).containsOnly(true);
	}

	@Test
	void lanesAreTakenOnceTheHostHasResumed() throws Exception {
		KnownHost host = new KnownHost();
		try (Socket first = new Socket(); Socket second = new Socket()) {
			assertThat(host.enter(first).index()).isZero();
			assertThat(host.enter(second).index()).isZero();
			host.succeeded(session("TLSv1.3", false), host.agreement());
			assertThat(host.enter(first).index()).isZero();
			assertThat(host.enter(second).index()).isZero();
			host.succeeded(session("TLSv1.3", true), host.agreement());
			KnownHost.Lane lane = host.enter(first);
			assertThat(lane.index()).isZero();
			int other = (KnownHost.LANES > 1) ? 1 : 0;
			assertThat(host.enter(second).index()).isEqualTo(other);
			lane.leave();
			assertThat(host.enter(first).index()).isZero();
			second.close();
			assertThat(host.enter(first).index()).isEqualTo(other);
			host.succeeded(session("TLSv1.2", true), host.agreement());
			assertThat(host.enter(first).index()).isZero();
		}
	}

	@Test
	void lanesWhenAllAreTakenShareTheFirst() throws Exception {
		KnownHost host = new KnownHost();
		host.succeeded(session("TLSv1.3", true), host.agreement());
		try (Socket socket = new Socket()) {
			for (int i = 0; i < KnownHost.LANES; i++) {
				assertThat(host.enter(socket).index()).isEqualTo(i);
			}
			assertThat(host.enter(socket).index()).isZero();
		}
	}

	private List<Boolean> open(TlsContext context, int count) throws IOException {
		List<SecuredSocket> open = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			open.add(handshake(context, "localhost", socket()));
		}
		List<Boolean> resumed = new ArrayList<>();
		for (SecuredSocket secured : open) {
			resumed.add(secured.session().resumed());
			talk(secured);
			secured.loggedIn().run();
			secured.socket().close();
		}
		return resumed;
	}

	private Socket socket() throws IOException {
		Socket socket = new Socket(this.listener.getInetAddress(), this.listener.getLocalPort());
		this.sockets.add(socket);
		return socket;
	}

	private List<Integer> shares(TlsContext context) throws IOException {
		return hello(context).get(KEY_SHARE);
	}

	private Map<Integer, List<Integer>> hello(TlsContext context) throws IOException {
		try (CapturingSocket raw = new CapturingSocket(this.listener)) {
			talk(handshake(context, "localhost", raw));
			return raw.groups();
		}
	}

	private static SecuredSocket handshake(TlsContext context, String host, Socket raw) throws IOException {
		try (HandshakeDeadline deadline = HandshakeDeadline.start(raw, Duration.ofSeconds(20), () -> {
		})) {
			return context.handshake(raw, host, raw.getPort(), deadline).secured();
		}
	}

	// Tickets come with the first answer.
	private static void talk(SecuredSocket secured) throws IOException {
		secured.socket().getOutputStream().write(7);
		assertThat(secured.socket().getInputStream().read()).isEqualTo(7);
	}

	private static TlsContext context(TlsVersion... versions) {
		return new TlsContext(TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), versions),
				TestPool.trust(authority.certificate()), null, 1, Clock.systemUTC());
	}

	private static TlsSession session(String protocol, boolean resumed) {
		return new TlsSession("localhost", 3306, protocol, "TLS_AES_256_GCM_SHA384", List.of(), null, resumed, 1,
				Duration.ZERO);
	}

	/**
	 * Refuses one kind of key agreement.
	 *
	 * @param agreement its algorithm
	 */
	private record Refusal(String agreement) implements AlgorithmConstraints {

		@Override
		public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
			return !primitives.contains(CryptoPrimitive.KEY_AGREEMENT) || !algorithm.equals(this.agreement);
		}

		@Override
		public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
			return true;
		}

		@Override
		public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, Key key,
				AlgorithmParameters parameters) {
			return true;
		}

	}

	/**
	 * Remembers what is sent.
	 */
	private static final class CapturingSocket extends Socket {

		private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

		private CapturingSocket(ServerSocket server) throws IOException {
			super(server.getInetAddress(), server.getLocalPort());
		}

		@Override
		public OutputStream getOutputStream() throws IOException {
			return new FilterOutputStream(super.getOutputStream()) {

				@Override
				public void write(byte[] bytes, int offset, int length) throws IOException {
					CapturingSocket.this.sent.write(bytes, offset, length);
					this.out.write(bytes, offset, length);
				}

			};
		}

		/**
		 * Read the groups out of the hello: RFC 8446, 4.1.2, 4.2.7 and 4.2.8.
		 */
		private Map<Integer, List<Integer>> groups() {
			ByteBuffer hello = ByteBuffer.wrap(this.sent.toByteArray());
			// Record, message, version and random.
			hello.position(5 + 4 + 2 + 32);
			skip(hello, hello.get());
			skip(hello, hello.getShort());
			skip(hello, hello.get());
			int end = hello.getShort() + hello.position();
			Map<Integer, List<Integer>> groups = new HashMap<>();
			while (hello.position() < end) {
				int type = hello.getShort();
				ByteBuffer content = hello.slice(hello.position() + 2, hello.getShort(hello.position()));
				skip(hello, hello.getShort());
				if (type == SUPPORTED_GROUPS || type == KEY_SHARE) {
					content.getShort();
					List<Integer> found = groups.computeIfAbsent(type, (key) -> new ArrayList<>());
					while (content.hasRemaining()) {
						found.add((int) content.getShort());
						if (type == KEY_SHARE) {
							skip(content, content.getShort());
						}
					}
				}
			}
			return groups;
		}

		private static void skip(ByteBuffer buffer, int count) {
			buffer.position(buffer.position() + count);
		}

	}

}
