package io.github.dbtls.integration;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.integration.ShopApplication.Findings;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.RealServers;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.tidb.TiDBContainer;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Provider {@code tidb} in the shapes that TiDB has in one's own machine room.
 */
@EnabledWithDocker
class TidbSelfManagedIntegrationTests {

	private final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private Path directory;

	@Test
	void certificateOfOnesOwnAuthority() {
		LiveServer server = LiveContainer.tidb();
		server.show(this.authority, "tidb-0.tidb.shop.svc");
		Shape shape = Shape.of("tidb", server).trusting(this.authority.writeTo(this.directory));
		shape.assertWorks("verify-ca");
		shape.with("dbtls.ssl-mode", "verify-identity")
			.assertRefused(HandshakeFailure.HOST_NAME_MISMATCH, "the server's certificate is not issued to 'localhost'",
					"DNS:tidb-0.tidb.shop.svc");
		shape.trusting(TestCertificates.authority("CN=Shop CA").writeTo(this.directory.resolve("other")))
			.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued",
					"Name the file of TiDB's 'ssl-ca' in 'dbtls.ca-path'");
		shape.assertPlaintextIsRefused();
		server.show(this.authority, "localhost");
		shape.with("dbtls.ssl-mode", "verify-identity").assertWorks("verify-identity");
		shape.proven();
	}

	@Test
	void certificateOfAutoTls() {
		try (TiDBContainer container = RealServers.tidbWithAutoTls()) {
			LiveServer server = LiveContainer.tidb(container);
			Shape shape = Shape.of("tidb", server);
			Shape required = shape.with("dbtls.ssl-mode", "required");
			Findings findings = required.assertWorks("required");
			assertThat(findings.details()).containsEntry("verified", false);
			assertThat(findings.detail("certificate").get("subject").toString())
				.contains("TiDB_Server_Auto_Generated_Server_Certificate");
			required.assertPlaintextIsRefused();
			Path ca = this.authority.writeTo(this.directory);
			shape.trusting(ca)
				.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued",
						"by its name the certificate was made by TiDB's 'auto-tls'", "nothing can verify it");
			required.trusting(ca).assertDoesNotStart("DbTlsConfigurationException", "dbtls.ca-path");
			shape.assertDoesNotStart("DbTlsConfigurationException", "ca-path");
			shape.proven("auto-tls");
		}
	}

	@Test
	void certificateRenewedWhileConnected() {
		LiveServer server = LiveContainer.tidb();
		Identity old = this.authority.server("localhost");
		Identity renewed = this.authority.server("localhost");
		server.show(old, this.authority);
		Shape shape = Shape.of("tidb", server)
			.trusting(this.authority.writeTo(this.directory))
			.with("spring.datasource.hikari.maximum-pool-size", "2")
			.with("spring.datasource.hikari.minimum-idle", "0");
		ShopApplication.runner(shape.properties()).run((context) -> {
			assertThat(serialNumber(context)).isEqualTo(serialNumber(old));
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			try (Connection before = pool.getConnection()) {
				server.show(renewed, this.authority);
				assertThat(before.createStatement().executeQuery("SELECT 1").next()).isTrue();
				try (Connection after = pool.getConnection()) {
					assertThat(session(after).peerCertificates()).startsWith(renewed.certificate());
					assertThat(session(before).peerCertificates()).startsWith(old.certificate());
				}
				// The only idle connection is the new one.
				assertThat(serialNumber(context)).isEqualTo(serialNumber(renewed));
				assertThat(before.createStatement().executeQuery("SELECT 1").next()).isTrue();
			}
			assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isEqualTo(2);
		});
		Evidence.of(Evidence.Kind.SHAPE, "tidb (ALTER INSTANCE RELOAD TLS) on " + server.name());
	}

	private static Object serialNumber(AssertableApplicationContext context) {
		return ShopApplication.findings(context).detail("certificate").get("serialNumber");
	}

	private static Object serialNumber(Identity identity) {
		return identity.certificate().getSerialNumber().toString(16);
	}

	private static TlsSession session(Connection connection) throws SQLException {
		TlsSession session = ConnectionSession.of(connection);
		assertThat(session).isNotNull();
		return session;
	}

}
