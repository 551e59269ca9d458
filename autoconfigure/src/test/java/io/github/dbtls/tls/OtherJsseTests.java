package io.github.dbtls.tls;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.JsseProvider;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder.Purpose;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.Jsse;
import io.github.dbtls.testkit.MovableClock;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JsseContext}: whoever makes the handshakes, the same is checked.
 */
class OtherJsseTests {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Identity identity = authority.issue("CN=localhost")
		.names("localhost")
		.expiresIn(Duration.ofDays(10))
		.identity();

	private final MovableClock clock = new MovableClock();

	static Stream<Arguments> both() {
		return Stream.of(Jsse.values())
			.flatMap((jsse) -> Stream.of(TlsVersion.values()).map((version) -> Arguments.of(jsse, version)));
	}

	/**
	 * BouncyCastle 1.82 resumes no session of TLS 1.3.
	 */
	static Stream<Arguments> resuming() {
		return both()
			.filter((arguments) -> arguments.get()[0] != Jsse.BCJSSE || arguments.get()[1] == TlsVersion.TLS_1_2);
	}

	@ParameterizedTest
	@MethodSource("both")
	void handshakeIsTheJdksInItsNames(Jsse jsse, TlsVersion version) throws Exception {
		try (EchoServer server = new EchoServer(identity.serverContext())) {
			TlsSession session = shake(context(jsse, version), server);
			assertThat(session.protocol()).isEqualTo(version.jsseName());
			assertThat(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites())
				.contains(session.cipher());
			assertThat(session.peerCertificates()).isEqualTo(identity.chain());
			assertThat(session.anchor()).isEqualTo(authority.certificate());
			assertThat(session.resumed()).isFalse();
		}
	}

	@ParameterizedTest
	@MethodSource("resuming")
	void sessionIsResumedWithinItsLifetimeOnly(Jsse jsse, TlsVersion version) throws Exception {
		TlsContext context = context(jsse, version);
		try (EchoServer server = new EchoServer(identity.serverContext())) {
			assertThat(shake(context, server).resumed()).isFalse();
			for (int i = 0; i < 3; i++) {
				TlsSession session = shake(context, server);
				assertThat(session.resumed()).isTrue();
				assertThat(session.anchor()).isEqualTo(authority.certificate());
				assertThat(session.peerCertificates()).isEqualTo(identity.chain());
			}
			if (jsse != Jsse.JDK) {
				// Each resumed session made a new ticket: none of them counts from then.
				this.clock.move(Duration.ofMinutes(61));
				assertThat(shake(context, server).resumed()).isFalse();
			}
		}
	}

	@ParameterizedTest
	@MethodSource("both")
	void sessionOfAnotherGenerationIsNotResumed(Jsse jsse, TlsVersion version) throws Exception {
		try (EchoServer server = new EchoServer(identity.serverContext())) {
			assertThat(shake(context(jsse, version), server).resumed()).isFalse();
			assertThat(shake(context(jsse, version), server).resumed()).isFalse();
		}
	}

	@ParameterizedTest
	@MethodSource("resuming")
	void sessionWhoseCertificateHasExpiredIsRefusedAndForgotten(Jsse jsse, TlsVersion version) throws Exception {
		TlsContext context = context(jsse, SslMode.VERIFY_IDENTITY, Duration.ofDays(7), version);
		Identity brief = authority.issue("CN=localhost").names("localhost").expiresIn(Duration.ofDays(2)).identity();
		try (EchoServer server = new EchoServer(brief.serverContext())) {
			assertThat(shake(context, server).resumed()).isFalse();
			assertThat(shake(context, server).resumed()).isTrue();
			this.clock.move(Duration.ofDays(3));
			assertThatExceptionOfType(TlsHandshakeException.class).isThrownBy(() -> shake(context, server))
				.withMessageContaining("CN=localhost was valid until")
				.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.EXPIRED))
				.satisfies((ex) -> assertThat(ex.getPresented()).containsExactly(brief.certificate()));
			this.clock.set(Instant.now());
			assertThat(shake(context, server).resumed()).isFalse();
		}
	}

	@ParameterizedTest
	@MethodSource("resuming")
	void sessionOfOneHostServesNoOther(Jsse jsse, TlsVersion version) throws Exception {
		TlsContext context = context(jsse, version);
		Identity two = authority.issue("CN=two").names("localhost", "127.0.0.1").identity();
		try (EchoServer server = new EchoServer(two.serverContext())) {
			assertThat(shake(context, server, "localhost").resumed()).isFalse();
			assertThat(shake(context, server, "127.0.0.1").resumed()).isFalse();
			assertThat(shake(context, server, "localhost").resumed()).isTrue();
		}
	}

	@ParameterizedTest
	@MethodSource("both")
	void serverIsRefusedForItsReason(Jsse jsse, TlsVersion version) throws Exception {
		assertRefused(jsse, version, authority.server("other.example.com"), HandshakeFailure.HOST_NAME_MISMATCH);
		assertRefused(jsse, version, TestCertificates.authority("CN=Test CA").server("localhost"),
				HandshakeFailure.UNTRUSTED_ISSUER);
		assertRefused(jsse, version, authority.issue("CN=localhost").names("localhost").expired().identity(),
				HandshakeFailure.EXPIRED);
		assertRefused(jsse, version,
				authority.issue("CN=localhost").names("localhost").purposes(Purpose.CLIENT_AUTH).identity(),
				HandshakeFailure.CERTIFICATE_INVALID);
	}

	private void assertRefused(Jsse jsse, TlsVersion version, Identity shown, HandshakeFailure failure)
			throws IOException {
		TlsContext context = context(jsse, version);
		try (EchoServer server = new EchoServer(shown.serverContext())) {
			for (int i = 0; i < 2; i++) {
				assertThatExceptionOfType(TlsHandshakeException.class).isThrownBy(() -> shake(context, server))
					.satisfies((ex) -> assertThat(ex.getFailure()).as(ex.getMessage()).isEqualTo(failure))
					.satisfies((ex) -> assertThat(ex.getPresented()).isEqualTo(shown.chain()));
			}
			assertThat(server.echoed).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(Jsse.class)
	void versionThatTheServerLacksIsSaid(Jsse jsse) throws Exception {
		try (EchoServer server = new EchoServer(identity.serverContext(), "TLSv1.2")) {
			assertThatExceptionOfType(TlsHandshakeException.class)
				.isThrownBy(() -> shake(context(jsse, TlsVersion.TLS_1_3), server))
				.satisfies((ex) -> assertThat(ex.getFailure()).as(ex.getMessage())
					.isEqualTo(HandshakeFailure.NO_COMMON_PROTOCOL));
		}
	}

	@ParameterizedTest
	@EnumSource(Jsse.class)
	void cipherSuiteThatIsNotAllowedIsNotNegotiated(Jsse jsse) throws Exception {
		// Conscrypt negotiates another one all the same.
		try (EchoServer server = new EchoServer(identity.serverContext(), "TLSv1.3") {
			@Override
			void prepare(SSLServerSocket listener) {
				listener.setEnabledCipherSuites(new String[] { "TLS_AES_128_GCM_SHA256" });
			}
		}) {
			TlsPolicy policy = TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), TlsVersion.TLS_1_3);
			TlsPolicy narrowed = new TlsPolicy(policy.prefix(), policy.provider(), policy.sslMode(),
					policy.tlsVersions(), List.of("TLS_AES_256_GCM_SHA384"), policy.trust(), policy.clientKey(),
					policy.sessionLifetime(), jsse.provider(), policy.weakenings());
			TlsContext context = new TlsContext(narrowed, TestPool.trust(authority.certificate()), null, 1, this.clock);
			assertThatExceptionOfType(TlsHandshakeException.class).isThrownBy(() -> shake(context, server))
				.satisfies((ex) -> assertThat(ex.getFailure()).as(ex.getMessage())
					.isEqualTo(HandshakeFailure.NO_COMMON_CIPHER))
				.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo("Remove or extend 'dbtls.ciphers'."));
			assertThat(server.echoed).isZero();
		}
	}

	@Test
	void preferenceOfTheJvmCountsLikeAChoice() throws Exception {
		JsseProvider conscrypt = Jsse.CONSCRYPT.provider();
		assertThat(conscrypt).isNotNull();
		// The server's is made before, and stays the JDK's.
		try (EchoServer server = new EchoServer(identity.serverContext())) {
			Security.insertProviderAt(conscrypt.provider(), 1);
			TlsContext context = context(Jsse.JDK, TlsVersion.TLS_1_3);
			assertThat(context.isForeign()).isTrue();
			assertThat(shake(context, server).resumed()).isFalse();
			assertThat(shake(context, server).resumed()).isTrue();
			assertThatExceptionOfType(DbTlsConfigurationException.class)
				.isThrownBy(() -> context(Jsse.JDK, SslMode.REQUIRED, Duration.ofHours(1), TlsVersion.TLS_1_3))
				.withMessage("'dbtls.ssl-mode' is 'required', and the JSSE provider that this JVM prefers is '%s': "
						+ "only the JDK's can do that here.", conscrypt.provider().getName())
				.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("dbtls.ssl-mode"))
				.satisfies((ex) -> assertThat(ex.getAction()).contains("'dbtls.jsse-provider' to SunJSSE"));
		}
		finally {
			Security.removeProvider(conscrypt.provider().getName());
		}
		assertThat(context(Jsse.JDK, TlsVersion.TLS_1_3).isForeign()).isFalse();
	}

	private TlsContext context(Jsse jsse, TlsVersion version) {
		return context(jsse, SslMode.VERIFY_IDENTITY, Duration.ofHours(1), version);
	}

	private TlsContext context(Jsse jsse, SslMode mode, Duration lifetime, TlsVersion version) {
		return new TlsContext(jsse.in(TestPool.policy(mode, lifetime, version)),
				TestPool.trust(authority.certificate()), null, 1, this.clock);
	}

	private static TlsSession shake(TlsContext context, EchoServer server) throws IOException {
		return shake(context, server, "localhost");
	}

	private static TlsSession shake(TlsContext context, EchoServer server, String host) throws IOException {
		try (Socket raw = new Socket(host, server.port());
				HandshakeDeadline deadline = HandshakeDeadline.start(raw, Duration.ofSeconds(20), () -> {
				})) {
			raw.setSoTimeout(10_000);
			SecuredSocket secured = context.handshake(raw, host, server.port(), deadline).secured();
			SSLSocket socket = secured.socket();
			// Tickets of TLS 1.3 come with the first answer.
			socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
			// Conscrypt waits for data where nothing is asked for, as readNBytes does.
			byte[] answer = new byte[5];
			new DataInputStream(socket.getInputStream()).readFully(answer);
			assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("hello");
			socket.close();
			return secured.session();
		}
	}

	private static class EchoServer implements AutoCloseable {

		private final SSLServerSocket listener;

		private volatile int echoed;

		EchoServer(SSLContext context, String... protocols) throws IOException {
			this.listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
			if (protocols.length > 0) {
				this.listener.setEnabledProtocols(protocols);
			}
			prepare(this.listener);
			Thread thread = new Thread(this::serve, "echo");
			thread.setDaemon(true);
			thread.start();
		}

		void prepare(SSLServerSocket listener) {
		}

		private void serve() {
			ServerSocket socket = this.listener;
			while (!socket.isClosed()) {
				try (Socket client = socket.accept()) {
					InputStream input = client.getInputStream();
					byte[] bytes = input.readNBytes(5);
					this.echoed += bytes.length;
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
