package io.github.dbtls.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import com.mysql.cj.jdbc.exceptions.CommunicationsException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.testkit.FakeMySqlServer.Builder;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FakeMySqlServer}, with the driver as it comes.
 */
class FakeMySqlServerTests {

	private static final String USER = "fake-user-7f3a";

	private static final String PASSWORD = "fake-password-91bc";

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Identity identity = authority.server("localhost");

	@TempDir
	private static Path directory;

	private static Path trustStore;

	@BeforeAll
	static void writeTrustStore() {
		trustStore = authority.writeTrustStoreTo(directory);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void driverVerifiesAndLogsIn(String protocol) throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).protocols(protocol).start()) {
			try (Connection connection = connect(server, "VERIFY_IDENTITY");
					Statement statement = connection.createStatement()) {
				assertThat(connection.isValid(2)).isTrue();
				assertThat(connection.getMetaData().getDatabaseProductVersion()).isEqualTo("8.4.0-fake");
				try (ResultSet rows = statement.executeQuery("SELECT 1")) {
					assertThat(rows.next()).isTrue();
					assertThat(rows.getInt(1)).isOne();
					assertThat(rows.next()).isFalse();
				}
				assertThat(status(statement, "Ssl_version")).isEqualTo(protocol);
				assertThat(status(statement, "Ssl_cipher")).isNotBlank().doesNotContain("_WITH_");
				connection.setAutoCommit(false);
				connection.setReadOnly(true);
				connection.rollback();
			}
			FakeMySqlConnection connection = server.lastConnection();
			server.assertAllClosed();
			assertThat(connection.sslRequested()).isTrue();
			assertThat(connection.encrypted()).isTrue();
			assertThat(connection.protocol()).isEqualTo(protocol);
			assertThat(connection.resumed()).isFalse();
			assertThat(connection.serverNames()).isEmpty();
			assertThat(connection.user()).isEqualTo(USER);
			assertThat(connection.password()).isEqualTo(PASSWORD);
			assertThat(connection.database()).isEqualTo("shop");
			assertThat(connection.queries()).contains("SELECT 1");
			assertThat(connection.failure()).isNull();
			assertThat(server.containsBytes(PASSWORD)).isTrue();
			assertThat(connection.loginReceivedInTls()).isTrue();
			server.assertNoLoginReceivedInClear();
			assertThatExceptionOfType(AssertionError.class).isThrownBy(server::assertNoLoginReceived)
				.withMessageContaining(USER);
		}
	}

	@Test
	void scriptedStatusIsShown() throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity)
			.version("5.7.44-fake")
			.status("Ssl_version", "TLSv1.1")
			.status("Ssl_cipher", "")
			.start();
				Connection connection = connect(server, "REQUIRED");
				Statement statement = connection.createStatement()) {
			assertThat(status(statement, "Ssl_version")).isEqualTo("TLSv1.1");
			assertThat(status(statement, "Ssl_cipher")).isEmpty();
			assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(5);
		}
	}

	@Test
	void poolWorks() throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			HikariConfig config = new HikariConfig();
			config.setJdbcUrl(server.jdbcUrl());
			config.setDataSourceProperties(properties("VERIFY_IDENTITY"));
			config.setMaximumPoolSize(2);
			try (HikariDataSource pool = new HikariDataSource(config); Connection connection = pool.getConnection()) {
				assertThat(connection.isValid(1)).isTrue();
				server.awaitConnections(2);
			}
			server.assertAllClosed();
			server.assertNoLoginReceivedInClear();
		}
	}

	@Test
	void loginInClearIsRecognised() throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.plain().start()) {
			try (Connection connection = connect(server, "PREFERRED")) {
				assertThat(connection.isValid(2)).isTrue();
			}
			assertThat(server.lastConnection().sslRequested()).isFalse();
			assertThat(server.lastConnection().encrypted()).isFalse();
			assertThat(server.lastConnection().user()).isEqualTo(USER);
			assertThat(server.containsBytes(USER)).isTrue();
			assertThat(server.containsBytes(PASSWORD)).isFalse();
			assertThatExceptionOfType(AssertionError.class).isThrownBy(server::assertNoLoginReceivedInClear);
		}
	}

	@Test
	void serverWithoutTlsIsRefused() {
		for (Builder builder : List.of(FakeMySqlServer.plain(), FakeMySqlServer.tls(identity).withoutTlsOffer())) {
			try (FakeMySqlServer server = builder.start()) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, "REQUIRED"))
					.withStackTraceContaining("SSL Connection required, but not provided by server.");
				assertThat(server.lastConnection().sslRequested()).isFalse();
				server.assertNoLoginReceived();
				assertThat(server.containsBytes(USER)).isFalse();
			}
		}
	}

	@Test
	void serverOfAnotherAuthorityIsRefused() {
		Identity other = TestCertificates.authority("CN=Test CA").server("localhost");
		try (FakeMySqlServer server = FakeMySqlServer.tls(other).start()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, "VERIFY_CA"))
				.withStackTraceContaining("Path does not chain with any of the trust anchors");
			server.assertNoLoginReceived();
			server.assertAllClosed();
			assertThat(server.lastConnection().sslRequested()).isTrue();
			assertThat(server.lastConnection().failure()).isNotNull();
		}
	}

	@Test
	void identityChangesWhileRunning() throws Exception {
		Identity other = TestCertificates.authority("CN=Other CA").server("localhost");
		try (FakeMySqlServer server = FakeMySqlServer.tls(other).start()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, "VERIFY_CA"));
			server.use(identity);
			connect(server, "VERIFY_CA").close();
			assertThat(server.connectionCount()).isEqualTo(2);
		}
	}

	@Test
	void deniedLoginIsHeard() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity)
			.denyLogin(1045, "28000", "Access denied for user")
			.start()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, "VERIFY_IDENTITY"))
				.withMessageStartingWith("Access denied for user")
				.satisfies((ex) -> assertThat(ex.getErrorCode()).isEqualTo(1045));
			assertThat(server.lastConnection().password()).isEqualTo(PASSWORD);
		}
	}

	@Test
	void refusalInsteadOfGreetingIsHeard() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity)
			.refuse(1040, "08004", "Too many connections")
			.start()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, "REQUIRED"))
				.withMessageContaining("Too many connections");
			server.assertNoLoginReceived();
		}
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity)
			.refuse(1129, null, "Host '192.0.2.1' is blocked because of many connection errors")
			.start()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, "REQUIRED"))
				.withMessageContaining("is blocked");
			server.assertNoLoginReceived();
		}
	}

	@ParameterizedTest
	@EnumSource(value = Step.class, names = { "LOGIN", "TLS_HANDSHAKE" }, mode = EnumSource.Mode.EXCLUDE)
	void connectionThatEndsEarlyCarriesNoLogin(Step step) {
		for (Builder builder : List.of(FakeMySqlServer.tls(identity).closeAfter(step),
				FakeMySqlServer.tls(identity).resetAfter(step))) {
			try (FakeMySqlServer server = builder.start()) {
				assertThatExceptionOfType(CommunicationsException.class)
					.isThrownBy(() -> connect(server, "VERIFY_IDENTITY"));
				server.assertNoLoginReceived();
				server.assertAllClosed();
			}
		}
	}

	@Test
	void connectionThatEndsAfterTheHandshakeCarriesItsLoginInsideTls() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).closeAfter(Step.TLS_HANDSHAKE).start()) {
			assertThatExceptionOfType(CommunicationsException.class)
				.isThrownBy(() -> connect(server, "VERIFY_IDENTITY"));
			server.assertNoLoginReceivedInClear();
			assertThat(server.lastConnection().password()).isNull();
		}
	}

	@ParameterizedTest
	@EnumSource(value = Step.class, names = { "ACCEPT", "SSL_REQUEST", "CLIENT_HELLO", "TLS_HANDSHAKE" })
	void silentServerIsLeftAfterTheTimeout(Step step) {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).stallAfter(step).start()) {
			assertThatExceptionOfType(CommunicationsException.class)
				.isThrownBy(() -> connect(server, "VERIFY_IDENTITY", "connectTimeout", "300", "socketTimeout", "300"));
			server.assertAllClosed();
			server.assertNoLoginReceivedInClear();
		}
	}

	@ParameterizedTest
	@MethodSource
	void garbageIsRefused(String name, Builder builder) {
		try (FakeMySqlServer server = builder.start()) {
			assertThatExceptionOfType(SQLException.class).as(name)
				.isThrownBy(() -> connect(server, "VERIFY_IDENTITY", "connectTimeout", "500", "socketTimeout", "500"));
			server.assertNoLoginReceived();
			assertThat(server.containsBytes(USER)).isFalse();
			assertThat(server.containsBytes(PASSWORD)).isFalse();
		}
	}

	static Stream<Arguments> garbageIsRefused() {
		String http = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
		return Stream.of(
				Arguments.of("SSH banner",
						tls().sendAfter(Step.ACCEPT, "SSH-2.0-OpenSSH_9.6\r\n").stallAfter(Step.ACCEPT)),
				Arguments.of("HTTP at once", tls().sendAfter(Step.ACCEPT, http).closeAfter(Step.ACCEPT)),
				Arguments.of("HTTP as TLS", tls().sendAfter(Step.SSL_REQUEST, http).closeAfter(Step.SSL_REQUEST)),
				Arguments.of("HTTP before TLS", tls().sendAfter(Step.SSL_REQUEST, http)),
				Arguments.of("HTTP as ServerHello",
						tls().sendAfter(Step.CLIENT_HELLO, http).closeAfter(Step.CLIENT_HELLO)),
				Arguments.of("second greeting", tls().greetAfter(Step.SSL_REQUEST).stallAfter(Step.SSL_REQUEST)),
				Arguments.of("error in clear instead of TLS",
						tls().errorAfter(Step.SSL_REQUEST, 3159, "HY000", "no").closeAfter(Step.SSL_REQUEST)),
				Arguments.of("protocol_version", tls().alert(TlsRecords.PROTOCOL_VERSION)),
				Arguments.of("no cipher in common",
						tls().protocols("TLSv1.2").ciphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")),
				Arguments.of("TLS 1.1", tls().tls11Only()));
	}

	@Test
	void errorInOnePieceWithTheGreetingIsNotTakenForAnAnswerInsideTls() throws Exception {
		byte[] error = MySqlPacket.framed(MySqlPacket.error(1045, "28000", "injected"), 2);
		try (FakeMySqlServer server = tls().sendWithGreeting(error).start()) {
			connect(server, "VERIFY_IDENTITY").close();
			assertThat(server.lastConnection().password()).isEqualTo(PASSWORD);
		}
	}

	@Test
	void tls11IsNamedByTheClient() {
		try (FakeMySqlServer server = tls().tls11Only().start()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, "REQUIRED"))
				.withStackTraceContaining("TLS11 is not accepted by client preferences");
		}
	}

	@Test
	void slowServerIsStillUnderstood() throws Exception {
		try (FakeMySqlServer server = tls().drip(Duration.ofNanos(50_000)).start()) {
			connect(server, "VERIFY_IDENTITY").close();
			assertThat(server.lastConnection().encrypted()).isTrue();
		}
	}

	@Test
	void scriptEndsAfterTheFirstConnections() throws Exception {
		try (FakeMySqlServer server = tls().closeAfter(Step.ACCEPT).onlyFirst(1).start()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, "REQUIRED"));
			connect(server, "REQUIRED").close();
		}
	}

	@Test
	void clientCertificateIsAskedForAndRecorded() throws Exception {
		Identity client = authority.client("app");
		Path keyStore = TestCertificates.write(client.toKeyStore(), directory.resolve("client.p12"));
		try (FakeMySqlServer server = tls().needClientAuth(authority.certificate()).start()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, "VERIFY_IDENTITY"));
			connect(server, "VERIFY_IDENTITY", "clientCertificateKeyStoreUrl", keyStore.toUri().toString(),
					"clientCertificateKeyStoreType", "PKCS12", "clientCertificateKeyStorePassword",
					TestCertificates.PASSWORD)
				.close();
			assertThat(server.lastConnection().clientCertificates()).containsExactly(client.certificate());
			assertThat(server.connections().get(0).clientCertificates()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void resumptionAndServerNameAreRecognised(String protocol) throws Exception {
		SSLContext context = TestCertificates.clientContext(authority.certificate());
		try (FakeMySqlServer server = tls().protocols(protocol).start()) {
			for (int i = 0; i < 2; i++) {
				login(server, context, "db.example.com");
			}
			server.use(identity);
			login(server, context, "db.example.com");
			assertThat(server.connections()).extracting(FakeMySqlConnection::resumed)
				.containsExactly(false, true, false);
			assertThat(server.connections()).extracting(FakeMySqlConnection::serverNames)
				.containsOnly(List.of("db.example.com"));
		}
	}

	@Test
	void closedServerLeavesNothingBehind() throws Exception {
		int port;
		try (FakeMySqlServer server = tls().stallAfter(Step.ACCEPT).start();
				Socket socket = new Socket("localhost", server.port())) {
			port = server.port();
			server.awaitConnections(1);
			server.close();
			assertThat(socket.getInputStream().read()).isEqualTo(-1);
		}
		assertThat(Thread.getAllStackTraces().keySet())
			.noneMatch((thread) -> thread.getName().startsWith("fake-mysql-" + port + "-"));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> new Socket("localhost", port).close());
		FakeMySqlServer.plain().port(port).start().close();
	}

	private static Builder tls() {
		return FakeMySqlServer.tls(identity);
	}

	private static Connection connect(FakeMySqlServer server, String sslMode, String... more) throws SQLException {
		Properties properties = properties(sslMode);
		for (int i = 0; i < more.length; i += 2) {
			properties.setProperty(more[i], more[i + 1]);
		}
		return DriverManager.getConnection(server.jdbcUrl(), properties);
	}

	private static Properties properties(String sslMode) {
		Properties properties = new Properties();
		properties.setProperty("user", USER);
		properties.setProperty("password", PASSWORD);
		properties.setProperty("sslMode", sslMode);
		if (sslMode.startsWith("VERIFY")) {
			properties.setProperty("trustCertificateKeyStoreUrl", trustStore.toUri().toString());
			properties.setProperty("trustCertificateKeyStoreType", "PKCS12");
			properties.setProperty("trustCertificateKeyStorePassword", TestCertificates.PASSWORD);
		}
		return properties;
	}

	private static String status(Statement statement, String name) throws SQLException {
		try (ResultSet rows = statement
			.executeQuery("SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_version', 'Ssl_cipher')")) {
			while (rows.next()) {
				if (rows.getString("Variable_name").equals(name)) {
					return rows.getString("Value");
				}
			}
		}
		throw new AssertionError("No " + name);
	}

	/**
	 * Log in without the driver, whose sessions are never resumed: far enough to have got
	 * a ticket.
	 */
	private static void login(FakeMySqlServer server, SSLContext context, String serverName) throws IOException {
		try (Socket socket = new Socket("localhost", server.port())) {
			byte[] header = socket.getInputStream().readNBytes(4);
			socket.getInputStream().readNBytes(header[0] & 0xff);
			byte[] request = new byte[32];
			request[1] = (byte) (MySqlPacket.CLIENT_SSL >>> 8);
			socket.getOutputStream().write(MySqlPacket.framed(request, 1));
			try (SSLSocket tls = (SSLSocket) context.getSocketFactory()
				.createSocket(socket, serverName, server.port(), true)) {
				tls.startHandshake();
				tls.getOutputStream().write(MySqlPacket.framed(new byte[34], 2));
				assertThat(tls.getInputStream().readNBytes(6)).endsWith(1, 4);
			}
		}
	}

}
