package io.github.dbtls.actuate;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder.Purpose;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.tls.ExpiryRule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.AbstractDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DbTlsHealthIndicator}, with a real pool.
 */
@ExtendWith(OutputCaptureExtension.class)
class DbTlsHealthIndicatorTests {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private final TestPool tls = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());

	private final List<HikariDataSource> pools = new ArrayList<>();

	@AfterEach
	void close() {
		this.pools.forEach(HikariDataSource::close);
		this.tls.close();
	}

	@Test
	void healthWhenConnectedHasAllDetailsInOrder() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost", "127.0.0.1")).start()) {
			Health health = indicator(server.jdbcUrl(), Duration.ofSeconds(10)).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails().keySet()).containsExactly("provider", "sslMode", "verified", "protocol",
					"cipher", "resumed", "host", "certificate", "server", "trust");
			assertThat(health.getDetails()).containsEntry("provider", "mysql")
				.containsEntry("sslMode", "verify-identity")
				.containsEntry("verified", true)
				.containsEntry("protocol", "TLSv1.3")
				.containsEntry("cipher", server.lastConnection().cipher())
				.containsEntry("resumed", false)
				.containsEntry("host", "localhost:" + server.port());
			Map<String, Object> certificate = map(health, "certificate");
			assertThat(certificate.keySet()).containsExactly("subject", "issuer", "subjectAlternativeNames",
					"serialNumber", "notAfter", "expiresIn");
			assertThat(certificate).containsEntry("subject", "CN=localhost")
				.containsEntry("issuer", "CN=Test CA")
				.containsEntry("subjectAlternativeNames", List.of("DNS:localhost", "IP:127.0.0.1"));
			assertThat(String.valueOf(certificate.get("notAfter"))).endsWith("Z");
			assertThat(Duration.parse(String.valueOf(certificate.get("expiresIn")))).isBetween(Duration.ofDays(364),
					Duration.ofDays(366));
			assertThat(map(health, "server")).containsEntry("version", "8.4.0-fake")
				.containsEntry("protocol", "TLSv1.3")
				.containsOnlyKeys("version", "protocol", "cipher");
			assertThat(map(health, "trust").keySet()).containsExactly("source", "certificates", "generation",
					"loadedAt");
			assertThat(map(health, "trust")).containsEntry("source", "ca.pem")
				.containsEntry("certificates", 1)
				.containsEntry("generation", 1);
			assertThat(health.getDetails().toString()).doesNotContain(TestPool.PASSWORD, TestPool.USER);
		}
	}

	@Test
	void healthWhenAskedAgainUsesThePooledConnection() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			DbTlsHealthIndicator indicator = indicator(server.jdbcUrl(), Duration.ofSeconds(10));
			assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
			int before = server.lastConnection().queries().size();
			for (int i = 0; i < 5; i++) {
				assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
			}
			assertThat(server.connectionCount()).isOne();
			// One statement each time, and no other.
			List<String> queries = server.lastConnection().queries();
			assertThat(queries.subList(before, queries.size())).hasSize(5)
				.containsOnly("SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_version', 'Ssl_cipher')");
		}
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			TLSv1.2, TLS_AES_256_GCM_SHA384,      true
			TLSv1.3, TLS_AES_128_GCM_SHA256,      true
			TLSv1.3, ECDHE-RSA-AES128-GCM-SHA256, true
			'',      '',                          true
			'',      -,                           true
			-,       '',                          true
			TLSv1.3, TLS_AES_256_GCM_SHA384,      false
			tlsv1.3, tls_aes_256_gcm_sha384,      false
			TLSv1.3, SOME-NEW-CIPHER,             false
			""")
	void healthWhenServerSeesAnotherConnectionTellsOfProxy(String protocol, String cipher, boolean proxied) {
		FakeMySqlServer.Builder builder = FakeMySqlServer.tls(authority.server("localhost"))
			.ciphers("TLS_AES_256_GCM_SHA384");
		if (protocol != null) {
			builder.status("Ssl_version", protocol);
		}
		if (cipher != null) {
			builder.status("Ssl_cipher", cipher);
		}
		try (FakeMySqlServer server = builder.start()) {
			Health health = indicator(server.jdbcUrl(), Duration.ofSeconds(10)).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails().get("proxied")).isEqualTo(proxied ? true : null);
			if (proxied) {
				assertThat(health.getDetails().keySet()).containsSubsequence("server", "proxied", "trust");
			}
		}
	}

	@Test
	void healthWhenNamesOfOpenSslDifferOnlyTellsOfNoProxy() {
		try (TestPool old = TestPool.of(TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), TlsVersion.TLS_1_2),
				authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();
				HikariDataSource pool = old.hikari(server.jdbcUrl())) {
			Health health = new DbTlsHealthIndicator(pool, old.tls(), Duration.ofSeconds(10)).health();
			assertThat(map(health, "server").get("cipher")).asString().startsWith("ECDHE-ECDSA-AES");
			assertThat(health.getDetails()).containsEntry("protocol", "TLSv1.2").doesNotContainKey("proxied");
		}
	}

	@Test
	void healthWhenCertificateIsRefusedTellsWhichAndWhy() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(TestCertificates.authority("CN=Other CA").server("localhost"))
			.start()) {
			Health health = indicator(server.jdbcUrl(), Duration.ofSeconds(10)).health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails().keySet()).containsExactly("provider", "sslMode", "verified", "host",
					"certificate", "trust", "error");
			assertThat(health.getDetails()).containsEntry("host", "localhost:" + server.port());
			assertThat(map(health, "certificate")).containsEntry("issuer", "CN=Other CA");
			assertThat(map(health, "error")).containsOnlyKeys("cause", "message")
				.containsEntry("cause", "UNTRUSTED_ISSUER");
			assertThat(map(health, "error").get("message")).asString()
				.contains("no trusted authority issued the server's certificate", "CN=Other CA", "CN=Test CA");
		}
	}

	@Test
	void healthWhenDriverFailsByItselfHasItsWordsInOneLine() {
		DataSource failing = new AbstractDataSource() {

			@Override
			public Connection getConnection() throws SQLException {
				throw new SQLException("no\nstatus: UP\u202e" + "x".repeat(9000));
			}

			@Override
			public Connection getConnection(String username, String password) throws SQLException {
				return getConnection();
			}

		};
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate())) {
			Health health = new HealthProbe(failing, pool.tls()).call();
			assertThat(String.valueOf(map(health, "error").get("message"))).startsWith("no?status: UP?xxx")
				.hasSizeLessThan(300);
		}
	}

	@Test
	void healthWhenServerIsGoneOrPlainTellsSoWhateverFailedBefore() {
		int port;
		DbTlsHealthIndicator indicator;
		try (FakeMySqlServer server = FakeMySqlServer.tls(TestCertificates.authority("CN=Other CA").server("localhost"))
			.start()) {
			port = server.port();
			indicator = indicator(server.jdbcUrl(), Duration.ofSeconds(10));
			assertThat(map(indicator.health(), "error")).containsEntry("cause", "UNTRUSTED_ISSUER");
		}
		Health gone = indicator.health();
		assertThat(gone.getStatus()).isEqualTo(Status.DOWN);
		assertThat(gone.getDetails()).containsEntry("host", "localhost:" + port).doesNotContainKey("certificate");
		assertThat(map(gone, "error")).containsEntry("cause", "UNREACHABLE");
		try (FakeMySqlServer plain = FakeMySqlServer.plain().port(port).start()) {
			Health health = indicator.health();
			assertThat(map(health, "error")).containsEntry("cause", "TLS_NOT_OFFERED");
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			plain.assertNoLoginReceived();
		}
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).port(port).start()) {
			assertThat(server.port()).isEqualTo(port);
			assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		}
	}

	@Test
	void healthWhenRunningServerGoesAwayIsDown() {
		DbTlsHealthIndicator indicator;
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			indicator = indicator(server.jdbcUrl(), Duration.ofSeconds(10));
			assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		}
		assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
	}

	@Test
	void healthWhenHostsAreSilentAnswersInTimeAndAsksOnceOnly() throws Exception {
		try (FakeMySqlServer first = FakeMySqlServer.tls(authority.server("localhost")).stallAfter(Step.ACCEPT).start();
				FakeMySqlServer second = FakeMySqlServer.tls(authority.server("localhost"))
					.stallAfter(Step.CLIENT_HELLO)
					.start()) {
			DbTlsHealthIndicator indicator = indicator(
					"jdbc:mysql://localhost:%d,localhost:%d/shop?connectTimeout=3000&retriesAllDown=1"
						.formatted(first.port(), second.port()),
					Duration.ofMillis(600));
			ExecutorService callers = Executors.newFixedThreadPool(4);
			long start = System.nanoTime();
			List<CompletableFuture<Health>> answers = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				answers.add(CompletableFuture.supplyAsync(indicator::health, callers));
			}
			for (CompletableFuture<Health> answer : answers) {
				Health health = answer.get(10, TimeUnit.SECONDS);
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(map(health, "error").get("message")).asString()
					.contains("No connection of the pool within 600 ms");
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
			callers.shutdownNow();
			assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> thread.getName().startsWith("dbtls-health-"))
				.hasSizeLessThanOrEqualTo(1);
			assertThat(first.connectionCount() + second.connectionCount()).isLessThanOrEqualTo(2);
		}
	}

	@Test
	void healthWhenPoolIsExhaustedAnswersInTimeAndRecovers() throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();
				HikariDataSource pool = this.tls.hikari(server.jdbcUrl())) {
			pool.setConnectionTimeout(20_000);
			DbTlsHealthIndicator indicator = new DbTlsHealthIndicator(pool, this.tls.tls(), Duration.ofMillis(300));
			try (Connection borrowed = pool.getConnection()) {
				assertThat(borrowed.isValid(1)).isTrue();
				for (int i = 0; i < 3; i++) {
					long start = System.nanoTime();
					Health health = indicator.health();
					assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
					assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				}
			}
			long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
			while (indicator.health().getStatus() != Status.UP && System.nanoTime() < end) {
				Thread.sleep(20);
			}
			assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
			assertThat(server.connectionCount()).isOne();
		}
	}

	@Test
	void healthWhenNothingIsVerifiedSaysSo() {
		try (TestPool lax = TestPool.of(SslMode.REQUIRED);
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("other")).start();
				HikariDataSource pool = lax.hikari(server.jdbcUrl())) {
			Health health = new DbTlsHealthIndicator(pool, lax.tls(), Duration.ofSeconds(10)).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("sslMode", "required").containsEntry("verified", false);
		}
	}

	@Test
	void healthWhenConnectionIsNotOursIsDown() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();
				HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl(server.jdbcUrl() + "?sslMode=REQUIRED");
			pool.setUsername(TestPool.USER);
			Health health = new DbTlsHealthIndicator(pool, this.tls.tls(), Duration.ofSeconds(10)).health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(map(health, "error")).containsEntry("cause", "TLS_NOT_OFFERED");
			assertThat(map(health, "error").get("message")).asString().contains("was not secured by dbtls");
		}
	}

	@Test
	void healthWhenConnectionIsWeakerThanThePolicyTellsInWhichWay() {
		try (TestPool lax = TestPool.of(SslMode.REQUIRED);
				TestPool old = TestPool.of(TestPool.policy(SslMode.REQUIRED, Duration.ofHours(1), TlsVersion.TLS_1_2));
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();
				HikariDataSource pool = lax.hikari(server.jdbcUrl())) {
			Health unverified = new DbTlsHealthIndicator(pool, this.tls.tls(), Duration.ofSeconds(10)).health();
			assertThat(unverified.getStatus()).isEqualTo(Status.DOWN);
			assertThat(map(unverified, "error")).containsEntry("cause", "OTHER");
			assertThat(map(unverified, "error").get("message")).asString().contains("was not verified");
			Health version = new DbTlsHealthIndicator(pool, old.tls(), Duration.ofSeconds(10)).health();
			assertThat(version.getStatus()).isEqualTo(Status.DOWN);
			assertThat(map(version, "error")).containsEntry("cause", "NO_COMMON_PROTOCOL");
			assertThat(map(version, "error").get("message")).asString().contains("TLSv1.3", "does not allow");
		}
	}

	@Test
	void healthWhenTheLastHostIsGoneTellsOfTheHandshakeBeforeIt() {
		FakeMySqlServer gone = FakeMySqlServer.tls(authority.server("localhost")).start();
		gone.close();
		try (FakeMySqlServer impostor = FakeMySqlServer
			.tls(TestCertificates.authority("CN=Other CA").server("localhost"))
			.start()) {
			Health health = indicator("jdbc:mysql://localhost:%d,localhost:%d/shop?retriesAllDown=1"
				.formatted(impostor.port(), gone.port()), Duration.ofSeconds(10)).health();
			assertThat(map(health, "error")).containsEntry("cause", "UNTRUSTED_ISSUER");
			assertThat(health.getDetails()).containsEntry("host", "localhost:" + impostor.port());
		}
	}

	@Test
	void healthWhenLoginIsDeniedWithoutClientCertificateSaysThatOneMayBeRequired() {
		assertDenied(this.tls, FakeMySqlServer.tls(authority.server("localhost", "127.0.0.1")),
				"If name and password are right, the user may be declared with REQUIRE X509, REQUIRE SUBJECT or REQUIRE "
						+ "ISSUER: then set 'dbtls.client-certificate' and 'dbtls.client-private-key'.");
	}

	@Test
	void healthWhenLoginIsDeniedWithClientCertificateSaysWhatBecameOfIt() {
		Authority clients = TestCertificates.authority("CN=Client CA");
		try (TestPool mutual = TestPool.withClient(clients.client("app"), TlsVersion.TLS_1_3,
				authority.certificate())) {
			assertDenied(mutual,
					FakeMySqlServer.tls(authority.server("localhost", "127.0.0.1"))
						.needClientAuth(clients.certificate()),
					"The certificate of 'dbtls.client-certificate' was sent. If the user is declared with REQUIRE SUBJECT "
							+ "or REQUIRE ISSUER, compare the names with those of the certificate.");
			assertDenied(mutual, FakeMySqlServer.tls(authority.server("localhost", "127.0.0.1")),
					"The server did not ask for the certificate of 'dbtls.client-certificate', so none was sent: give it "
							+ "the authority of the certificate ('ssl_ca' of MySQL, 'ssl-ca' of TiDB).");
		}
	}

	private void assertDenied(TestPool tls, FakeMySqlServer.Builder builder, String hint) {
		String denied = "Access denied for user 'app'@'localhost' (using password: YES)";
		try (FakeMySqlServer server = builder.denyLogin(1045, "28000", denied).start()) {
			Health health = indicator(tls, server.jdbcUrl(), Duration.ofSeconds(10)).health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("host", "localhost:" + server.port());
			assertThat(map(health, "error")).containsEntry("cause", "LOGIN_REFUSED")
				.containsEntry("message",
						("TLS to localhost:%d is in order, but the login behind it was refused: error 1045, %s "
								+ "(provider 'mysql', ssl-mode verify-identity).%n"
								+ "  TLS: %s allowed%n  Cause: LOGIN_REFUSED%n"
								+ "Check name and password of the DataSource, 'spring.datasource.username' and "
								+ "'spring.datasource.password' for Spring Boot's own. %s")
							.formatted(server.port(), denied, String.join(", ", tls.tls().policy().protocols()), hint));
		}
	}

	@Test
	void healthWhenLoginIsRefusedIsLoggedOnceAndWhenItIsAcceptedAgain(CapturedOutput output) {
		int port;
		DbTlsHealthIndicator indicator;
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost"))
			.denyLogin(1524, "HY000", "Plugin 'mysql_native_password' is not loaded")
			.start()) {
			port = server.port();
			indicator = indicator(server.jdbcUrl(), Duration.ofSeconds(10));
			for (int i = 0; i < 3; i++) {
				assertThat(map(indicator.health(), "error")).containsEntry("cause", "LOGIN_REFUSED");
			}
			assertThat(server.connectionCount()).isGreaterThanOrEqualTo(3);
		}
		assertThat(output).containsOnlyOnce(
				"WARN  io.github.dbtls - orders: TLS to localhost:%d is in order, but the login behind it was refused: "
					.formatted(port) + "error 1524, Plugin 'mysql_native_password' is not loaded");
		assertThat(output).doesNotContain("succeeds now", "accepts the login now");
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).port(port).start()) {
			assertThat(server.port()).isEqualTo(port);
			assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		}
		assertThat(output)
			.containsOnlyOnce("INFO  io.github.dbtls - orders: localhost:%d accepts the login now".formatted(port));
	}

	@Test
	void healthWhenServerOffersNoTlsSaysWhatToDo() {
		try (FakeMySqlServer plain = FakeMySqlServer.plain().start()) {
			Health health = indicator(plain.jdbcUrl(), Duration.ofSeconds(10)).health();
			assertThat(map(health, "error")).containsEntry("cause", "TLS_NOT_OFFERED")
				.containsEntry("message",
						("No verified TLS connection to localhost:%d: the server does not offer TLS "
								+ "(provider 'mysql', ssl-mode verify-identity).%n"
								+ "  Presented by the server: no certificate%n  Trusted: ca.pem (1 authority)%n"
								+ "  TLS: TLSv1.3, TLSv1.2 allowed%n  Cause: TLS_NOT_OFFERED%n"
								+ "Switch TLS on at the server, and check that no proxy in between removes it. "
								+ "dbtls never falls back to plain text.")
							.formatted(plain.port()));
		}
	}

	@Test
	void healthWhenTheConnectionBreaksIsNoFailedHandshakeOfAnotherHost() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			DbTlsHealthIndicator indicator = indicator(server.jdbcUrl(), Duration.ofSeconds(10));
			assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
			this.tls.tls().attempts().attempting("other.example.com", 3306);
			this.tls.tls()
				.attempts()
				.failed("other.example.com", 3306, HandshakeFailure.HOST_NAME_MISMATCH, new IOException("other"));
			// The pool trusts a connection that it used half a second ago.
			server.disconnectAll();
			Health health = indicator.health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("host", "localhost:" + server.port())
				.doesNotContainKey("certificate");
			assertThat(map(health, "error")).containsEntry("cause", "OTHER");
			assertThat(map(health, "error").get("message")).asString()
				.startsWith("The pool's connection to localhost:%d (TLSv1.3, ".formatted(server.port()))
				.contains("Its handshake and login were in order")
				.doesNotContain("other.example.com");
		}
	}

	@Test
	void healthWhenACertificateExpiresSoonStaysUpAndSaysSo() {
		Identity server = authority.issue("CN=db").names("localhost").expiresIn(Duration.ofDays(3)).identity();
		try (FakeMySqlServer fake = FakeMySqlServer.tls(server).start()) {
			Health health = indicator(fake.jdbcUrl(), Duration.ofSeconds(10)).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails().keySet()).containsSubsequence("server", "expiring", "trust");
			Map<String, Object> expiring = expiring(health);
			assertThat(expiring.keySet()).containsExactly("certificate", "subject", "hosts", "notAfter", "expiresIn");
			assertThat(expiring).containsEntry("certificate", "server")
				.containsEntry("subject", "CN=db")
				.containsEntry("hosts", List.of("localhost:" + fake.port()))
				.containsEntry("notAfter", server.certificate().getNotAfter().toInstant().toString());
			assertThat(Duration.parse(String.valueOf(expiring.get("expiresIn")))).isBetween(Duration.ofDays(2),
					Duration.ofDays(3));
		}
	}

	@Test
	void healthWhenTheAuthorityExpiresSoonIsOutOfServiceIfAskedFor() {
		Authority expiring = TestCertificates.selfSigned("CN=Old CA").expiresIn(Duration.ofDays(3)).authority();
		try (TestPool strict = TestPool.of(new ExpiryRule(Duration.ofDays(7), true), expiring.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(expiring.server("localhost")).start()) {
			Health health = indicator(strict, server.jdbcUrl(), Duration.ofSeconds(10)).health();
			assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
			assertThat(expiring(health)).containsEntry("certificate", "anchor").containsEntry("subject", "CN=Old CA");
			assertThat(health.getDetails()).containsEntry("protocol", "TLSv1.3");
		}
	}

	@Test
	void healthWhenTheClientCertificateExpiresSoonSaysSo() {
		Identity client = TestCertificates.authority("CN=Client CA")
			.issue("CN=app")
			.purposes(Purpose.CLIENT_AUTH)
			.expiresIn(Duration.ofDays(3))
			.identity();
		try (TestPool mutual = TestPool.withClient(client, TlsVersion.TLS_1_3, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			Health health = indicator(mutual, server.jdbcUrl(), Duration.ofSeconds(10)).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(expiring(health)).containsEntry("certificate", "client").doesNotContainKey("hosts");
		}
	}

	@Test
	void healthWhenOnlyAnUnusedAuthorityExpiresOrTheWarningIsOffSaysNothing() {
		Authority expiring = TestCertificates.selfSigned("CN=Old CA").expiresIn(Duration.ofDays(3)).authority();
		Identity soon = expiring.server("localhost");
		try (TestPool bundle = TestPool.of(SslMode.VERIFY_IDENTITY, expiring.certificate(), authority.certificate());
				TestPool silent = TestPool.of(new ExpiryRule(Duration.ZERO, false), expiring.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();
				FakeMySqlServer old = FakeMySqlServer.tls(soon).start()) {
			assertThat(indicator(bundle, server.jdbcUrl(), Duration.ofSeconds(10)).health().getDetails())
				.containsEntry("protocol", "TLSv1.3")
				.doesNotContainKey("expiring");
			assertThat(indicator(silent, old.jdbcUrl(), Duration.ofSeconds(10)).health().getDetails())
				.containsEntry("protocol", "TLSv1.3")
				.doesNotContainKey("expiring");
		}
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> expiring(Health health) {
		List<Map<String, Object>> expiring = (List<Map<String, Object>>) health.getDetails().get("expiring");
		assertThat(expiring).hasSize(1);
		return expiring.get(0);
	}

	private DbTlsHealthIndicator indicator(String url, Duration timeout) {
		return indicator(this.tls, url, timeout);
	}

	private DbTlsHealthIndicator indicator(TestPool tls, String url, Duration timeout) {
		HikariDataSource pool = tls.hikari(url);
		pool.setConnectionTimeout(1000);
		this.pools.add(pool);
		return new DbTlsHealthIndicator(pool, tls.tls(), timeout);
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(Health health, String name) {
		return (Map<String, Object>) health.getDetails().get(name);
	}

}
