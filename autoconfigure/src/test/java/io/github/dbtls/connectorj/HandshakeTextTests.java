package io.github.dbtls.connectorj;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.TrustSource;
import io.github.dbtls.diagnosis.CertificateText;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Builder;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.testkit.TlsRecords;
import io.github.dbtls.testkit.golden.GoldenCase;
import io.github.dbtls.testkit.golden.GoldenCases;
import io.github.dbtls.testkit.golden.GoldenFile;
import io.github.dbtls.tls.HandshakeDeadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What users read about failed handshakes: each text comes out of a real one and is
 * compared with {@code src/test/resources/golden/handshake}.
 * {@code -Ddbtls-test.write-docs=true} writes them.
 */
class HandshakeTextTests {

	private static final Authority authority = TestCertificates.authority("CN=Shop Root CA,O=Shop");

	private static final Identity server = authority.server("localhost");

	private static final Authority clients = TestCertificates.authority("CN=Shop Clients CA,O=Shop");

	static List<GoldenCase> certificates() {
		return GoldenCases.all();
	}

	@ParameterizedTest
	@MethodSource
	void certificates(GoldenCase golden) throws IOException {
		try (FakeMySqlServer fake = FakeMySqlServer.tls(golden.server()).start();
				TestPool pool = TestPool.of(golden.policy(), golden.trust());
				Socket socket = new Socket(fake.host(), fake.port())) {
			ConnectionPhase.requestTls(socket);
			TlsHandshakeException failure = catchThrowableOfType(TlsHandshakeException.class,
					() -> pool.tls()
						.handshake(socket, golden.host(), fake.port(),
								HandshakeDeadline.start(socket, Duration.ofSeconds(30), () -> {
								})));
			assertText(golden.name(), failure, golden.failure(), fake.port());
			assertHelpsNoStranger(golden, failure);
			fake.assertNoLoginReceived();
		}
	}

	@ParameterizedTest
	@MethodSource
	void servers(String name, HandshakeFailure expected, Builder builder) {
		try (FakeMySqlServer fake = builder.start();
				TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate())) {
			assertText(name, probe(pool, fake.port()), expected, fake.port());
		}
	}

	static Stream<Object[]> servers() {
		return Stream.of(new Object[] { "tls-not-offered", HandshakeFailure.TLS_NOT_OFFERED, FakeMySqlServer.plain() },
				new Object[] { "no-common-protocol", HandshakeFailure.NO_COMMON_PROTOCOL,
						FakeMySqlServer.tls(server).tls11Only() },
				new Object[] { "no-common-cipher", HandshakeFailure.NO_COMMON_CIPHER,
						FakeMySqlServer.tls(server)
							.protocols("TLSv1.2")
							.ciphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256") },
				new Object[] { "connection-closed", HandshakeFailure.CONNECTION_CLOSED,
						FakeMySqlServer.tls(server).closeAfter(Step.SSL_REQUEST) },
				new Object[] { "server-refuses", HandshakeFailure.LOGIN_REFUSED,
						FakeMySqlServer.tls(server).refuse(1129, "HY000", "Host is blocked") },
				new Object[] { "internal-error", HandshakeFailure.OTHER,
						FakeMySqlServer.tls(server).alert(TlsRecords.INTERNAL_ERROR) },
				new Object[] { "not-mysql", HandshakeFailure.NOT_MYSQL,
						FakeMySqlServer.tls(server)
							.sendAfter(Step.ACCEPT, "SSH-2.0-OpenSSH_9.6\r\n")
							.closeAfter(Step.ACCEPT) });
	}

	@Test
	void timeout() {
		try (FakeMySqlServer fake = FakeMySqlServer.tls(server).stallAfter(Step.SSL_REQUEST).start();
				TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate())) {
			TlsHandshakeException failure = catchThrowableOfType(TlsHandshakeException.class, () -> HandshakeProbe
				.probe(pool.tls(), new HostAddress("localhost", fake.port()), Duration.ofMillis(300)));
			assertText("handshake-timeout", failure, HandshakeFailure.HANDSHAKE_TIMEOUT, fake.port());
		}
	}

	@Test
	void nobodyAnswers() throws IOException {
		int port;
		try (ServerSocket unused = new ServerSocket(0)) {
			port = unused.getLocalPort();
		}
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate())) {
			assertText("unreachable", probe(pool, port), HandshakeFailure.UNREACHABLE, port);
		}
	}

	@Test
	void clientCertificateIsMissing() {
		try (FakeMySqlServer fake = FakeMySqlServer.tls(server).needClientAuth(clients.certificate()).start();
				TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate())) {
			assertText("client-certificate-required", probe(pool, fake.port()),
					HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED, fake.port());
		}
	}

	@Test
	void clientCertificateIsRefused() {
		Identity stranger = TestCertificates.authority("CN=Other CA").client("app");
		try (FakeMySqlServer fake = FakeMySqlServer.tls(server).needClientAuth(clients.certificate()).start();
				TestPool pool = TestPool.withClient(stranger, TlsVersion.TLS_1_3, authority.certificate())) {
			assertText("client-certificate-refused", probe(pool, fake.port()),
					HandshakeFailure.CLIENT_CERTIFICATE_REFUSED, fake.port());
		}
	}

	@Test
	void sessionIsResumedUnderAnotherCipherSuite() throws Exception {
		TlsPolicy policy = TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), TlsVersion.TLS_1_2);
		try (TestPool pool = TestPool.of(policy, authority.certificate())) {
			int port;
			try (FakeMySqlServer fake = FakeMySqlServer.tls(server)
				.ciphers("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
				.start()) {
				port = fake.port();
				HandshakeProbe.probe(pool.tls(), new HostAddress("localhost", port));
			}
			byte[] random = new byte[32];
			try (FakeMySqlServer fake = FakeMySqlServer.tls(server)
				.port(port)
				.answerHello((hello) -> TlsRecords.serverHello(hello, random, 0xc02b, 0))
				.closeAfter(Step.CLIENT_HELLO)
				.start()) {
				assertText("altered-resumption", probe(pool, port), HandshakeFailure.OTHER, fake.port());
			}
		}
	}

	@Test
	void textsAreThoseOfTheTests() {
		assumeThat(GoldenFile.isWriting()).as("another run than the one that writes").isFalse();
		List<String> names = new ArrayList<>(GoldenCases.all().stream().map(GoldenCase::name).toList());
		servers().forEach((arguments) -> names.add((String) arguments[0]));
		names.addAll(List.of("handshake-timeout", "unreachable", "client-certificate-required",
				"client-certificate-refused", "altered-resumption"));
		assertThat(GoldenFile.names()).containsExactlyInAnyOrderElementsOf(names);
	}

	@Test
	void textsTellEachKindOfFailure() {
		assumeThat(GoldenFile.isWriting()).as("another run than the one that writes").isFalse();
		Set<HandshakeFailure> told = EnumSet.noneOf(HandshakeFailure.class);
		for (String name : GoldenFile.names()) {
			GoldenFile.read(name)
				.lines()
				.filter((line) -> line.startsWith("  Cause: "))
				.forEach((line) -> told.add(HandshakeFailure.valueOf(line.substring("  Cause: ".length()))));
		}
		assertThat(told).containsExactly(HandshakeFailure.values());
	}

	private static TlsHandshakeException probe(TestPool pool, int port) {
		return catchThrowableOfType(TlsHandshakeException.class,
				() -> HandshakeProbe.probe(pool.tls(), new HostAddress("localhost", port)));
	}

	private static void assertHelpsNoStranger(GoldenCase golden, TlsHandshakeException failure) {
		TrustSource trust = golden.policy().trust();
		if (golden.policy().sslMode().isVerifying() && !(trust instanceof TrustSource.SystemRoots)) {
			assertThat(failure.getAction()).doesNotContain("required");
		}
		if (golden.failure() == HandshakeFailure.UNTRUSTED_ISSUER
				|| golden.failure() == HandshakeFailure.HOST_NAME_MISMATCH) {
			assertThat(failure.getAction()).startsWith(
					"Unless you know this certificate to be the database's, neither trust it nor lower 'dbtls.ssl-mode': "
							+ "somebody else may answer at %s:%d. ".formatted(failure.getHost(), failure.getPort()));
		}
		if (golden.failure() == HandshakeFailure.HOST_NAME_MISMATCH && trust.usesSystemRoots()) {
			assertThat(failure.getPresented()).isNotEmpty();
			assertThat(failure.getAction())
				.doesNotContain(CertificateText.subjectAlternativeNames(failure.getPresented().get(0))
					.stream()
					.map((name) -> name.substring(name.indexOf(':') + 1))
					.toList());
		}
	}

	private static void assertText(String name, TlsHandshakeException failure, HandshakeFailure expected, int port) {
		assertThat(failure).isNotNull();
		assertThat(failure.getFailure()).as(failure.getMessage()).isEqualTo(expected);
		assertThat(failure.getMessage()).doesNotContain("stack trace", "null", "%s", TestPool.PASSWORD);
		// Which alert a server sends for a certificate of the client depends on its JVM.
		String text = name.startsWith("client-certificate-")
				? failure.getMessage().replaceFirst("fatal alert: [a-z_]+", "fatal alert: <alert>")
				: failure.getMessage();
		GoldenFile.assertSame(name, text, port);
	}

}
