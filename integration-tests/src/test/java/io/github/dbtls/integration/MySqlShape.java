package io.github.dbtls.integration;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.TestCertificates;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Provider {@code mysql} on any server of this protocol.
 */
final class MySqlShape {

	private MySqlShape() {
	}

	/**
	 * Prove it.
	 * @param server the server
	 * @param directory where to write certificates
	 */
	static void prove(LiveServer server, Path directory) {
		Authority authority = TestCertificates.authority("CN=Shop CA");
		Authority issuer = authority.intermediate("CN=Shop Issuing CA");
		server.show(issuer, "localhost", "127.0.0.1");
		Shape shape = Shape.of("mysql", server).trusting(authority.writeTo(directory));
		shape.assertWorks("verify-identity");
		shape.at("127.0.0.1").assertWorks("verify-identity");
		shape.trusting(TestCertificates.authority("CN=Shop CA").writeTo(directory.resolve("other")))
			.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued", "CN=Shop Issuing CA",
					"MySQL's own, made at its first start, is ca.pem in its data directory");
		shape.assertPlaintextIsRefused();
		server.show(issuer, "db.shop.example.com");
		shape.assertRefused(HandshakeFailure.HOST_NAME_MISMATCH,
				"the server's certificate is not issued to 'localhost'", "DNS:db.shop.example.com");
		shape.with("dbtls.ssl-mode", "verify-ca").assertConnects("verify-ca");
		Shape.of("mysql", server).with("dbtls.ssl-mode", "required").assertWorks("required");
		shape.proven();
	}

	/**
	 * Return whether a second connection resumes the TLS session, which the server counts
	 * too.
	 * @param context the application
	 * @return whether it does
	 */
	static boolean resumesWithServersConsent(AssertableApplicationContext context) {
		HikariDataSource pool = context.getBean(HikariDataSource.class);
		try (Connection first = pool.getConnection(); Connection second = pool.getConnection()) {
			TlsSession session = ConnectionSession.of(second);
			try (Statement statement = second.createStatement();
					ResultSet rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_session%reused'")) {
				assertThat(rows.next()).isTrue();
				boolean reused = !rows.getString(2).equals("0") && !rows.getString(2).equals("OFF");
				assertThat(session).isNotNull();
				assertThat(session.resumed()).isEqualTo(reused);
				return reused;
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
