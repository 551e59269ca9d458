package io.github.dbtls.check;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DbTlsCheck}.
 */
class DbTlsCheckTests {

	private static final String PASSWORD = Secrets.password("check-Pa55word");

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	private static final Identity identity = authority.server("localhost");

	@TempDir
	private static Path directory;

	private static String ca;

	private final CheckRun run = new CheckRun();

	@BeforeAll
	static void writeAuthority() {
		ca = "--ca-path=" + authority.writeTo(directory);
	}

	@Test
	void checkWhenServerIsHonestTellsWhatItFound() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity)
			.ciphers("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
			.start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca)).isZero();
			assertThat(this.run.out()).containsSubsequence("negotiated: TLSv1.3, TLS_AES_128_GCM_SHA256\n",
					"resumption: yes\n", "TLSv1.3: accepted, chooses TLS_AES_128_GCM_SHA256\n",
					"TLSv1.2: accepted, chooses TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n",
					"other cipher suites: not tried, '--all-ciphers' does\n", "verdict: verified\n");
			// Each may count against the host that it comes from.
			assertThat(server.connectionCount()).isEqualTo(4);
			server.assertNoLoginReceived();
			server.assertAllClosed();
		}
	}

	@Test
	void checkWhenAllCiphersAreWantedTellsAllOfIt() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity)
			.ciphers("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
			.start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca, "--all-ciphers")).isZero();
			assertThat(this.run.out()).containsSubsequence("host: localhost:" + server.port() + "\n",
					"policy: provider 'mysql' (MySQL), ssl-mode verify-identity, TLSv1.3 TLSv1.2\n", "trusted: ",
					"ca.pem (1 authority)\n", "negotiated: TLSv1.3, TLS_AES_", "resumption: yes\n",
					"client certificate: not asked for\n", "TLSv1.3: accepted\n  TLS_AES_", "\n  TLS_AES_",
					"\nTLSv1.2: accepted\n  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n",
					"older versions: not tried, dbtls never offers them\n", "certificate 1: CN=localhost\n",
					"  issuer: CN=Shop CA\n", "  valid: ", " days left)\n", "  names: DNS:localhost\n",
					"  key: EC, 256 bits\n", "  signature: SHA256withECDSA\n", "authority: CN=Shop CA, ",
					"verdict: verified\n");
			assertThat(this.run.out()).contains("TLS_AES_128_GCM_SHA256\n", "TLS_AES_256_GCM_SHA384\n")
				.doesNotContain("CHACHA20", "perhaps more")
				.contains("connections: %d without login, which MySQL counts (max_connect_errors)\n"
					.formatted(server.connectionCount()));
			assertThat(this.run.err()).isEmpty();
			// The verdict, a resumed one, three cipher suites, and one refusal each.
			assertThat(server.connectionCount()).isEqualTo(7);
			server.assertNoLoginReceived();
			server.assertAllClosed();
		}
	}

	@Test
	void checkWhenServerHasOneVersionTellsWhyNotTheOther() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).protocols("TLSv1.2").start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca)).isZero();
			assertThat(this.run.out()).contains("negotiated: TLSv1.2, TLS_ECDHE_ECDSA_",
					"TLSv1.3: refused, NO_COMMON_PROTOCOL", "TLSv1.2: accepted, chooses TLS_ECDHE_ECDSA_");
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca, "--tls-versions=1.3")).isOne();
			assertThat(this.run.out()).contains("policy: provider 'mysql' (MySQL), ssl-mode verify-identity, TLSv1.3\n",
					"negotiated: nothing\n", "TLSv1.2: accepted, chooses ", "certificate 1: CN=localhost\n",
					"verdict: NOT VERIFIED, NO_COMMON_PROTOCOL\n  No verified TLS connection to localhost:");
			server.assertNoLoginReceived();
		}
	}

	@Test
	void checkWhenIssuerIsUnknownGivesTheDiagnosis() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(TestCertificates.authority("CN=Other CA").server("localhost"))
			.start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca)).isOne();
			assertThat(this.run.out()).containsSubsequence("negotiated: nothing\n", "TLSv1.3: accepted, chooses ",
					"certificate 1: CN=localhost\n  issuer: CN=Other CA\n", "verdict: NOT VERIFIED, UNTRUSTED_ISSUER\n",
					"  No verified TLS connection to localhost:", "Presented by the server:", "Trusted: ",
					"CN=Shop CA");
			assertThat(this.run.out()).doesNotContain("resumption:", "authority: ", "Exception");
			assertThat(this.run.err()).isEmpty();
			server.assertNoLoginReceived();
		}
	}

	@Test
	void checkWhenNothingIsVerifiedIsNoSuccess() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), "--ssl-mode=required", "--quick"))
				.isOne();
			assertThat(this.run.out()).contains("trusted: nothing is verified\n",
					"warning: '--ssl-mode' is 'required', ",
					"verdict: NOT VERIFIED, encrypted only: 'required' verifies nothing\n");
		}
	}

	@Test
	void checkWhenQuickOpensOneConnection() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca, "--quick")).isZero();
			assertThat(this.run.out()).contains("resumption: not tried\n", "versions: not tried, with '--quick'\n",
					"connections: 1 without login,", "verdict: verified\n");
			assertThat(server.connectionCount()).isOne();
		}
	}

	@Test
	void checkWhenUrlHasSeveralHostsChecksEachAndLeavesTheLoginOut() {
		try (FakeMySqlServer honest = FakeMySqlServer.tls(identity).start();
				FakeMySqlServer other = FakeMySqlServer
					.tls(TestCertificates.authority("CN=Other CA").server("localhost"))
					.start()) {
			String url = "--url=jdbc:mysql://user-4c1b:%s@localhost:%d,localhost:%d/shop-db-77?password=%s&useSSL=true"
				.formatted(PASSWORD, honest.port(), other.port(), PASSWORD);
			assertThat(this.run.of("--provider=mysql", url, ca, "--quick")).isOne();
			assertThat(this.run.out()).containsSubsequence("host: localhost:" + honest.port(), "verdict: verified\n",
					"\nhost: localhost:" + other.port(), "verdict: NOT VERIFIED, UNTRUSTED_ISSUER\n");
			for (FakeMySqlServer server : List.of(honest, other)) {
				server.assertNoLoginReceived();
				assertThat(server.containsBytes("user-4c1b") || server.containsBytes("shop-db-77")).isFalse();
			}
			assertThat(this.run.out() + this.run.err()).doesNotContain("user-4c1b", "shop-db-77", PASSWORD);
		}
	}

	@Test
	void checkWhenUrlAsksForMoreRaisesThePolicy() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("db.example.com")).start()) {
			String url = "--url=jdbc:mysql://localhost:%d/shop".formatted(server.port());
			assertThat(this.run.of("--provider=tencentdb", url, ca, "--quick")).isZero();
			assertThat(this.run.of("--provider=tencentdb", url + "?sslMode=VERIFY_IDENTITY", ca, "--quick")).isOne();
			assertThat(this.run.out()).contains("ssl-mode verify-identity", "HOST_NAME_MISMATCH");
		}
	}

	@Test
	void checkWhenThereIsAnAddressConnectsToItAndVerifiesTheHost() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("db.example.com")).start()) {
			String[] arguments = { "--provider=mysql", "--host=db.example.com", port(server), ca, "--quick",
					"--address=localhost" };
			assertThat(this.run.of(arguments)).isZero();
			assertThat(this.run.out())
				.startsWith("host: db.example.com:%d, connected to by 'localhost'\n".formatted(server.port()));
			server.use(identity);
			assertThat(this.run.of(arguments)).isOne();
			assertThat(this.run.out()).contains("HOST_NAME_MISMATCH", "is not issued to 'db.example.com'");
		}
	}

	@Test
	void checkWhenServerAsksForACertificateSaysSo() throws IOException {
		Authority clients = TestCertificates.authority("CN=Clients CA");
		Path pem = Files.createDirectories(directory.resolve("client"));
		clients.client("app").writeTo(pem);
		String[] client = { "--client-certificate=" + pem.resolve("cert.pem"),
				"--client-private-key=" + pem.resolve("key.pem") };
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).wantClientAuth(clients.certificate()).start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca, "--quick")).isZero();
			assertThat(this.run.out()).contains("client certificate: asked for, none is set\n");
		}
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).needClientAuth(clients.certificate()).start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca)).isOne();
			assertThat(this.run.out()).contains("client certificate: asked for, none is set\n",
					"TLSv1.3: accepted, chooses ", "verdict: NOT VERIFIED, CLIENT_CERTIFICATE_REQUIRED\n");
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca, client[0], client[1])).isZero();
			assertThat(this.run.out()).contains("client certificate: asked for\n", "verdict: verified\n");
			server.assertNoLoginReceived();
		}
	}

	@Test
	void checkWhenServerOffersNoTlsAsksNoMore() {
		try (FakeMySqlServer server = FakeMySqlServer.plain().start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca)).isOne();
			assertThat(this.run.out()).contains("versions: not tried: it did not come to TLS\n",
					"certificates: none was shown\n", "connections: 1 without login,",
					"verdict: NOT VERIFIED, TLS_NOT_OFFERED\n");
			server.assertNoLoginReceived();
		}
	}

	@Test
	void checkWhenNobodyListensIsNotVerified() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		assertThat(this.run.of("--provider=mysql", "--host=localhost", "--port=" + port, ca)).isOne();
		assertThat(this.run.out()).contains("connections: 0 without login,", "verdict: NOT VERIFIED, UNREACHABLE\n");
	}

	@Test
	void checkWhenServerFallsSilentIsOverInTime() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).stallAfter(Step.CLIENT_HELLO).start()) {
			long start = System.nanoTime();
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca, "--timeout=500ms")).isOne();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
			assertThat(this.run.out()).contains("verdict: NOT VERIFIED, " + HandshakeFailure.HANDSHAKE_TIMEOUT);
			assertThat(server.connectionCount()).isOne();
		}
	}

	@Test
	void checkWhenNamesHaveControlCharactersForgesNoLines() {
		Identity hostile = TestCertificates.authority("CN=Other CA")
			.issue("CN=x\nverdict: verified\u001b[2J")
			.names("localhost")
			.identity();
		try (FakeMySqlServer server = FakeMySqlServer.tls(hostile).start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca, "--quick")).isOne();
			assertThat(this.run.out().lines()).noneMatch((line) -> line.startsWith("verdict: verified"));
			assertThat(this.run.out()).doesNotContain("\u001b");
		}
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity)
			.refuse(1129, null, "blocked\nverdict: verified")
			.start()) {
			assertThat(this.run.of("--provider=mysql", host(server), port(server), ca)).isOne();
			assertThat(this.run.out().lines()).noneMatch((line) -> line.startsWith("verdict: verified"));
		}
	}

	@Test
	void stackTraceIsForDebuggingOnly() {
		try (FakeMySqlServer server = FakeMySqlServer.plain().start()) {
			this.run.of("--provider=mysql", host(server), port(server), ca, "--debug");
			assertThat(this.run.err()).contains("TlsHandshakeException", "\tat ");
			assertThat(this.run.out()).doesNotContain("\tat ");
		}
	}

	@Test
	void passwordsComeFromTheEnvironment() {
		TestCertificates.write(TestCertificates.trustStore(authority.certificate()), directory.resolve("ca.p12"));
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			String[] arguments = { "--provider=mysql", host(server), port(server),
					"--ca-path=" + directory.resolve("ca.p12"), "--quick" };
			assertThat(new CheckRun(Map.of("DBTLS_CAPASSWORD", TestCertificates.PASSWORD)).of(arguments)).isZero();
			assertThat(this.run.of(arguments)).isEqualTo(2);
			assertThat(this.run.err()).contains("DBTLS_CAPASSWORD");
		}
	}

	@Test
	void argumentsMayBeSpeltAsProperties() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			assertThat(this.run.of("--dbtls.provider=mysql", host(server), port(server), "--dbtls." + ca.substring(2),
					"--quick"))
				.isZero();
		}
	}

	@Test
	void helpNamesAllArguments() {
		assertThat(this.run.of("--help")).isZero();
		assertThat(CheckArguments.NAMES).allSatisfy((name) -> assertThat(this.run.out()).contains("--" + name));
		assertThat(this.run.err()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource
	void argumentsWhenWrongAreRefused(List<String> arguments, String description, String action) {
		assertThat(this.run.of(arguments.toArray(String[]::new))).isEqualTo(2);
		assertThat(this.run.err()).startsWith(description + "\n" + action + "\n");
		assertThat(this.run.out()).isEmpty();
	}

	static Stream<Arguments> argumentsWhenWrongAreRefused() {
		String ids = "tidb-serverless, tidb-dedicated, tidb, aws-rds, tencentdb, mysql";
		return Stream.of(wrong("'--provider' is missing.", "Set it to one of: " + ids + "."),
				wrong("'--provider' is 'rds', which is no built-in provider.",
						"The nearest is 'aws-rds'; there are: " + ids
								+ ". For a provider of your own, name 'mysql' and give the rest as arguments.",
						"--provider=rds", "--host=h"),
				wrong("'--host' is missing.",
						"Name the server, as in '--host=db.example.com', or give the application's '--url=jdbc:mysql://…'.",
						"--provider=mysql"),
				wrong("'--ca-file' is no argument of this check.", "The nearest that it has is '--ca-path'.",
						"--provider=mysql", "--host=h", "--ca-file=x"),
				wrong("'--sslmode' is no argument of this check.", "The nearest that it has is '--ssl-mode'.",
						"--sslmode=required"),
				wrong("'--password' is not needed: the check never logs in.", "Remove it.", "--password=" + PASSWORD),
				wrong("'--ca-password' would show the password to every user of this machine.",
						"Set the environment variable 'DBTLS_CAPASSWORD' instead.", "--ca-password=" + PASSWORD),
				wrong("There is an argument that does not begin with '--'.",
						"Write each as '--name=value', with '=' and without blanks.", "--host=h", PASSWORD),
				wrong("There is an argument without a name.", "Write each as '--name=value'.", "--=" + PASSWORD),
				wrong("'--host' has no value.", "Write '--host=…', with '=' and without blanks.", "--host"),
				wrong("'--quick' takes no value.", "Write '--quick' alone.", "--quick=true"),
				wrong("'--quick' and '--all-ciphers' are both there.", "Remove one of them.",
						"--provider=tidb-serverless", "--host=h", "--quick", "--all-ciphers"),
				wrong("'--host' is there more than once.", "Write it once.", "--host=a", "--host=b"),
				wrong("'--host' is no host name or address alone.",
						"Write the port as '--port=…'; a JDBC URL, also of several hosts, as '--url=…'.",
						"--provider=mysql", "--host=h:3306"),
				wrong("'--port' is '0', which is no port.", "Set it to a number from 1 to 65535, or remove it.",
						"--provider=mysql", "--host=h", "--port=0"),
				wrong("'--timeout' is 'soon'.",
						"Set it to a duration such as '10s' or '500ms', of five minutes at most.", "--provider=mysql",
						"--host=h", "--timeout=soon"),
				wrong("'--ssl-mode' is 'preferred', which is no mode.",
						"Set it to 'verify-identity', 'verify-ca' or 'required', or remove it.", "--provider=mysql",
						"--host=h", "--ssl-mode=preferred"),
				wrong("'--ssl-mode' is 'required', which is weaker than 'verify-ca', the least that provider 'aws-rds' "
						+ "(Amazon RDS or Aurora MySQL) allows.",
						"Remove '--ssl-mode', or set it to 'verify-ca' or 'verify-identity'.", "--provider=aws-rds",
						"--host=h", "--ssl-mode=required"),
				wrong("'--tls-versions' cannot be used: 'TLSv1.1' is too old: RFC 8996 and RFC 7568 forbid all before TLSv1.2.",
						"Set '--tls-versions' to 'TLSv1.3, TLSv1.2' or one of the two, or remove it to get both.",
						"--provider=mysql", "--host=h", "--tls-versions=TLSv1.1"),
				wrong("'--url' begins with 'jdbc:postgresql:…', which is no URL of MySQL Connector/J.",
						"Use a URL that begins with 'jdbc:mysql://', or '--host' and '--port'.", "--provider=mysql",
						"--url=jdbc:postgresql://user:" + PASSWORD + "@h/x"),
				wrong("'--url' and '--port' are both there.", "Remove one of them: hosts and ports stand in the URL.",
						"--provider=mysql", "--url=jdbc:mysql://h/", "--port=1"),
				wrong("'--url' has the driver setting 'useSSL=false' in it, which asks for less than dbtls guarantees.",
						"Remove it: '--ssl-mode' decides.", "--provider=mysql",
						"--url=jdbc:mysql://h/?useSSL=false&password=" + PASSWORD));
	}

	private static Arguments wrong(String description, String action, String... arguments) {
		return Arguments.of(List.of(arguments), description, action);
	}

	@Test
	void faultOfTheCheckItselfIsNoVerdict() {
		Map<String, String> broken = new HashMap<>() {

			@Override
			public String get(Object key) {
				throw new IllegalStateException("broken");
			}

		};
		CheckRun run = new CheckRun(broken);
		assertThat(run.of("--provider=mysql", "--host=h")).isEqualTo(2);
		assertThat(run.err())
			.isEqualTo("The check itself failed: IllegalStateException, broken\n'--debug' shows where.\n");
		assertThat(run.of("--provider=mysql", "--host=h", "--debug")).isEqualTo(2);
		assertThat(run.err()).contains("\tat ");
	}

	@Test
	void fileWhenMissingIsRefusedByItsArgument() {
		for (String provider : List.of("aws-rds", "tidb", "tidb-dedicated", "tencentdb")) {
			CheckRun run = new CheckRun();
			assertThat(run.of("--provider=" + provider, "--host=h")).isEqualTo(2);
			assertThat(run.err()).startsWith("'--ca-path' is not set.").doesNotContain("ssl-bundle", "dbtls.", "': ");
			assertThat(run.err().contains("'--ssl-mode=required'")).isEqualTo(provider.equals("tidb"));
		}
		assertThat(this.run.of("--provider=mysql", "--host=h", "--ca-path=/nowhere/ca.pem")).isEqualTo(2);
		assertThat(this.run.err()).startsWith("'--ca-path' names '/nowhere/ca.pem', which does not exist")
			.doesNotContain("dbtls.");
	}

	@Test
	void portWhenNotGivenIsTheProviders() {
		assertThat(hosts("--provider=mysql", "--host=h", ca)).isEqualTo("h:3306");
		assertThat(hosts("--provider=tidb-serverless", "--host=h")).isEqualTo("h:4000");
		assertThat(hosts("--provider=tidb", "--host=h", "--port=4001", ca)).isEqualTo("h:4001");
		assertThat(hosts("--provider=mysql", "--host=2001:db8::1", ca)).isEqualTo("2001:db8::1:3306");
	}

	private static String hosts(String... arguments) {
		return CheckRequest.of(CheckArguments.parse(arguments, Map.of())).hosts().get(0).toString();
	}

	private static String host(FakeMySqlServer server) {
		return "--host=" + server.host();
	}

	private static String port(FakeMySqlServer server) {
		return "--port=" + server.port();
	}

}
