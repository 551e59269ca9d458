package io.github.dbtls.connectorj;

import java.net.ConnectException;
import java.sql.SQLException;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Builder;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DriverDiagnosis}, with the real driver and what it really throws.
 */
@ExtendWith(OutputCaptureExtension.class)
class DriverDiagnosisTests {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private final TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());

	static Stream<Arguments> loginThatIsRefusedInsideTls() {
		return Stream.of(Arguments.of(1045, "28000", "Access denied for user 'app'@'10.0.0.1' (using password: YES)",
				"Check name and password of the DataSource, 'spring.datasource.username' and "
						+ "'spring.datasource.password' for Spring Boot's own. If name and password are right, the user may be "
						+ "declared with REQUIRE X509, REQUIRE SUBJECT or REQUIRE ISSUER: then set 'dbtls.client-certificate' "
						+ "and 'dbtls.client-private-key'."),
				Arguments.of(3159, "HY000",
						"Connections using insecure transport are prohibited while --require_secure_transport=ON.",
						"something in between ends TLS"),
				Arguments.of(1524, "HY000", "Plugin 'mysql_native_password' is not loaded",
						"IDENTIFIED WITH caching_sha2_password"),
				Arguments.of(1251, "08004",
						"Client does not support authentication protocol requested by server; consider upgrading MySQL client",
						"does not know"),
				Arguments.of(1105, "HY000",
						"Missing user name prefix. See https://docs.pingcap.com/tidbcloud/select-cluster-tier#user-name-prefix",
						"'dbtls.provider' to 'tidb-serverless'"),
				Arguments.of(1226, "42000",
						"User 'app' has exceeded the 'max_user_connections' resource (current value: 1)",
						"nothing to do with TLS"),
				Arguments.of(1049, "42000", "Unknown database 'shop'", "The server's words say what to do"));
	}

	@ParameterizedTest
	@MethodSource
	void loginThatIsRefusedInsideTls(int code, String state, String words, String action, CapturedOutput output) {
		try (this.pool;
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost"))
					.denyLogin(code, state, words)
					.start()) {
			SQLException thrown = refused(server);
			assertThat(thrown.getMessage()).contains(words);
			TlsHandshakeException explained = explain(thrown);
			assertThat(explained.getFailure()).isEqualTo(HandshakeFailure.LOGIN_REFUSED);
			assertThat(explained.getDescription()).isEqualTo(
					"TLS to localhost:%d is in order, but the login behind it was refused: error %d, %s (provider 'mysql', ssl-mode verify-identity).%n  TLS: TLSv1.3, TLSv1.2 allowed%n  Cause: LOGIN_REFUSED"
						.formatted(server.port(), code, words.replaceFirst("\\.$", "")));
			assertThat(explained.getAction()).contains(action);
			assertThat(explained.getPort()).isEqualTo(server.port());
			// The handshake was good, whoever listens to it.
			assertThat(this.pool.failures()).isEmpty();
			assertThat(output.getOut()).doesNotContain("WARN");
		}
	}

	static Stream<Arguments> clientThatIsRefusedBeforeTls() {
		return Stream.of(
				Arguments.of(1040, "08004", "Too many connections", "spring.datasource.hikari.maximum-pool-size"),
				Arguments.of(1129, "HY000",
						"Host '10.0.0.1' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'",
						"max_connect_errors"),
				Arguments.of(1130, "HY000", "Host '10.0.0.1' is not allowed to connect to this MySQL server",
						"'user'@'%'"),
				Arguments.of(1105, null, "no backend is available", "The server's words say what to do"));
	}

	@ParameterizedTest
	@MethodSource
	void clientThatIsRefusedBeforeTls(int code, String state, String words, String action, CapturedOutput output) {
		try (this.pool;
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost"))
					.refuse(code, state, words)
					.start()) {
			SQLException thrown = refused(server);
			TlsHandshakeException explained = explain(thrown);
			assertThat(explained.getFailure()).isEqualTo(HandshakeFailure.LOGIN_REFUSED);
			assertThat(explained.getDescription()).isEqualTo(
					"No verified TLS connection to localhost:%d: the server refuses the client before TLS begins; error %d, %s (provider 'mysql', ssl-mode verify-identity).%n  TLS: TLSv1.3, TLSv1.2 allowed%n  Cause: LOGIN_REFUSED"
						.formatted(server.port(), code, words));
			assertThat(explained.getAction()).contains(action);
			assertThat(this.pool.failures()).containsExactly(explained);
			assertThat(output.getOut()).containsOnlyOnce("WARN").contains(explained.getDescription());
			server.assertNoLoginReceived();
		}
	}

	static Stream<Arguments> connectionThatEndsBeforeTls() {
		return Stream.of(
				Arguments.of(FakeMySqlServer.plain(), HandshakeFailure.TLS_NOT_OFFERED,
						"the server does not offer TLS"),
				Arguments.of(FakeMySqlServer.tls(authority.server("localhost")).withoutTlsOffer(),
						HandshakeFailure.TLS_NOT_OFFERED, "the server does not offer TLS"),
				Arguments.of(FakeMySqlServer.plain().closeAfter(Step.ACCEPT), HandshakeFailure.CONNECTION_CLOSED,
						"the connection ended: The server closed the connection before its greeting"),
				Arguments.of(FakeMySqlServer.plain().resetAfter(Step.ACCEPT), HandshakeFailure.CONNECTION_CLOSED,
						"the connection ended"),
				Arguments.of(FakeMySqlServer.plain().stallAfter(Step.ACCEPT), HandshakeFailure.HANDSHAKE_TIMEOUT,
						"did not answer in time"));
	}

	@ParameterizedTest
	@MethodSource
	void connectionThatEndsBeforeTls(Builder builder, HandshakeFailure expected, String what, CapturedOutput output) {
		try (this.pool; FakeMySqlServer server = builder.start()) {
			long start = System.nanoTime();
			SQLException thrown = Assertions.catchThrowableOfType(SQLException.class,
					() -> this.pool.connect(server.jdbcUrl(), "connectTimeout", "700", "socketTimeout", "300"));
			TlsHandshakeException explained = DriverDiagnosis.explain(this.pool.tls(), thrown, start);
			assertThat(explained).isNotNull();
			assertThat(explained.getFailure()).isEqualTo(expected);
			assertThat(explained).hasMessageContaining("No verified TLS connection to localhost:" + server.port())
				.hasMessageContaining(what)
				.hasMessageContaining(explained.getAction());
			assertThat(this.pool.failures()).containsExactly(explained);
			assertThat(output.getOut()).containsOnlyOnce("WARN").contains(explained.getDescription());
			server.assertNoLoginReceived();
		}
	}

	@Test
	void resetIsNoServerThatIsAwayHoweverSoonItComes() {
		try (this.pool; FakeMySqlServer server = FakeMySqlServer.plain().resetAfter(Step.ACCEPT).start()) {
			for (int i = 0; i < 100; i++) {
				Assertions.catchThrowableOfType(SQLException.class, () -> this.pool.connect(server.jdbcUrl()));
			}
			assertThat(this.pool.failures()).hasSize(100)
				.allSatisfy((failure) -> assertThat(failure.getFailure()).as(failure.getMessage())
					.isEqualTo(HandshakeFailure.CONNECTION_CLOSED));
		}
	}

	@Test
	void serverThatIsGoneIsExplainedByTheLastAttempt() {
		FakeMySqlServer gone = FakeMySqlServer.plain().start();
		gone.close();
		try (this.pool) {
			TlsHandshakeException explained = explain(refused(gone));
			assertThat(explained.getFailure()).isEqualTo(HandshakeFailure.UNREACHABLE);
			assertThat(explained)
				.hasMessageStartingWith(
						"No verified TLS connection to localhost:%d: nothing answers there; ".formatted(gone.port()))
				.hasMessageContaining("Check host and port of the JDBC URL");
		}
	}

	@Test
	void serverThatIsGoneIsTakenDownOnceItIsTried(CapturedOutput output) throws SQLException {
		FakeMySqlServer gone = FakeMySqlServer.plain().start();
		gone.close();
		try (this.pool; FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			Throwable thrown = refused(gone);
			refused(gone);
			assertThat(thrown).hasRootCauseInstanceOf(ConnectException.class);
			assertThat(this.pool.failures()).hasSize(2)
				.allSatisfy((failure) -> assertThat(failure.getFailure()).isEqualTo(HandshakeFailure.UNREACHABLE));
			assertThat(output.getOut()).containsOnlyOnce("WARN")
				.contains("localhost:%d: nothing answers there".formatted(gone.port()));
			// No handshake: the pool's last one was not that.
			assertThat(this.pool.tls().attempts().lastFailure()).isNull();
			this.pool.connect("jdbc:mysql://localhost:%d,localhost:%d/shop".formatted(gone.port(), server.port()))
				.close();
			assertThat(this.pool.failures()).hasSize(3);
			assertThat(this.pool.tls().attempts().lastFailure()).isNull();
			assertThat(DriverDiagnosis.explain(this.pool.tls(), new SQLException("other"))).isNull();
		}
	}

	/**
	 * Of several hosts the driver's exception tells of the one it tried last: here the
	 * first, since it begins anew when all have failed.
	 */
	@ParameterizedTest
	@CsvSource({ "true, UNTRUSTED_ISSUER", "false, UNREACHABLE" })
	void hostsOfWhichOneIsAnImpostorAndOneIsGoneAreExplainedByTheImpostor(boolean impostorFirst,
			HandshakeFailure ofDriver) {
		FakeMySqlServer gone = FakeMySqlServer.plain().start();
		gone.close();
		try (this.pool;
				FakeMySqlServer impostor = FakeMySqlServer
					.tls(TestCertificates.authority("CN=Other CA").server("localhost"))
					.start()) {
			long start = System.nanoTime();
			SQLException thrown = Assertions.catchThrowableOfType(SQLException.class,
					() -> this.pool.connect("jdbc:mysql://localhost:%d,localhost:%d/shop?retriesAllDown=1".formatted(
							impostorFirst ? impostor.port() : gone.port(),
							impostorFirst ? gone.port() : impostor.port())));
			assertThat(DriverFailure.classify(thrown)).isEqualTo(ofDriver);
			TlsHandshakeException explained = DriverDiagnosis.explain(this.pool.tls(), thrown, start);
			assertThat(explained).isNotNull();
			assertThat(explained.getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
			assertThat(explained.getPort()).isEqualTo(impostor.port());
			// What failed before has nothing to do with what the driver tells of.
			explained = DriverDiagnosis.explain(this.pool.tls(), thrown, System.nanoTime());
			assertThat(explained).isNotNull();
			assertThat(explained.getFailure()).isEqualTo(ofDriver);
		}
	}

	@Test
	void loginThatWasAcceptedIsNotExplained(CapturedOutput output) throws SQLException {
		SQLException statement = new SQLException("Table 'shop.orders' doesn't exist", "42S02", 1146);
		try (this.pool;
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost"))
					.denyLogin(1045, "28000", "Access denied")
					.start();
				FakeMySqlServer other = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			SQLException thrown = refused(server);
			this.pool.tls().attempts().loginRefused(explain(thrown));
			this.pool.tls().attempts().loginRefused(explain(thrown));
			assertThat(output.getOut()).containsOnlyOnce("the login behind it was refused: error 1045");
			// Elsewhere: it heals nothing here.
			this.pool.connect(other.jdbcUrl()).close();
			assertThat(DriverDiagnosis.explain(this.pool.tls(), thrown, 0)).isNull();
			assertThat(DriverDiagnosis.explain(this.pool.tls(), statement, 0)).isNull();
			assertThat(output.getOut()).doesNotContain("accepts the login now");
		}
	}

	private SQLException refused(FakeMySqlServer server) {
		return Assertions.catchThrowableOfType(SQLException.class, () -> this.pool.connect(server.jdbcUrl()));
	}

	private TlsHandshakeException explain(SQLException thrown) {
		TlsHandshakeException explained = DriverDiagnosis.explain(this.pool.tls(), thrown, System.nanoTime());
		assertThat(explained).isNotNull();
		return explained;
	}

}
