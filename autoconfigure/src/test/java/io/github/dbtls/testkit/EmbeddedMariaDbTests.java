package io.github.dbtls.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EmbeddedMariaDb}, with the driver as it comes.
 */
class EmbeddedMariaDbTests {

	@TempDir
	private Path directory;

	@Test
	void sharedServerIsVerified() throws Exception {
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		assertThat(EmbeddedMariaDb.shared()).isSameAs(server);
		Properties properties = properties(server.sslUser(), server.password(), server.authority());
		try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), properties);
				Statement statement = connection.createStatement()) {
			assertThat(query(statement, "SELECT VERSION()")).startsWith("11.4.5-MariaDB");
			assertThat(query(statement, "SELECT DATABASE()")).isEqualTo("shop");
			assertThat(query(statement, "SELECT COUNT(*) FROM mysql.global_priv WHERE User = ''")).isEqualTo("0");
		}
	}

	@Test
	void sharedServerOfAnotherAuthorityIsRefused() {
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		Properties properties = properties(server.user(), server.password(),
				TestCertificates.authority("CN=Embedded MariaDB CA"));
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), properties))
			.withStackTraceContaining("Path does not chain with any of the trust anchors");
	}

	@Test
	void connectionInClearAndWrongPasswordAreRefused() {
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		Properties plain = properties(server.user(), server.password(), server.authority());
		plain.setProperty("sslMode", "DISABLED");
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), plain))
			.withMessageContaining("Connections using insecure transport are prohibited");
		Properties wrong = properties(server.user(), "wrong", server.authority());
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), wrong))
			.withMessageStartingWith("Access denied");
	}

	@Test
	void ownServerTakesArgumentsAndClientCertificatesAndRenewsItsOwn() throws Exception {
		Authority authority = TestCertificates.authority("CN=Own CA", KeyType.RSA_2048);
		Authority intermediate = authority.intermediate("CN=Own Intermediate");
		Path ca = authority.writeTo(this.directory);
		int port;
		try (EmbeddedMariaDb server = EmbeddedMariaDb.start(intermediate.server("localhost"), ca,
				"--tls-version=TLSv1.2")) {
			port = server.port();
			Properties properties = properties(server.x509User(), server.password(), authority);
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), properties))
				.withMessageStartingWith("Access denied");
			Path keyStore = TestCertificates.write(authority.client("app").toKeyStore(),
					this.directory.resolve("client.p12"));
			properties.setProperty("clientCertificateKeyStoreUrl", keyStore.toUri().toString());
			properties.setProperty("clientCertificateKeyStoreType", "PKCS12");
			properties.setProperty("clientCertificateKeyStorePassword", TestCertificates.PASSWORD);
			try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), properties);
					Statement statement = connection.createStatement()) {
				assertThat(query(statement, "SHOW SESSION STATUS LIKE 'Ssl_version'", 2)).isEqualTo("TLSv1.2");
				TestCertificates.authority("CN=Renewed").server("localhost").writeTo(server.certificateDirectory());
				statement.execute("FLUSH SSL");
			}
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), properties))
				.withStackTraceContaining("Path does not chain with any of the trust anchors");
		}
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> new Socket("localhost", port).close());
	}

	private Properties properties(String user, String password, Authority authority) {
		Properties properties = new Properties();
		properties.setProperty("user", user);
		properties.setProperty("password", password);
		properties.setProperty("sslMode", "VERIFY_IDENTITY");
		properties.setProperty("trustCertificateKeyStoreUrl",
				authority.writeTrustStoreTo(this.directory).toUri().toString());
		properties.setProperty("trustCertificateKeyStoreType", "PKCS12");
		properties.setProperty("trustCertificateKeyStorePassword", TestCertificates.PASSWORD);
		return properties;
	}

	private static String query(Statement statement, String sql) throws SQLException {
		return query(statement, sql, 1);
	}

	private static String query(Statement statement, String sql, int column) throws SQLException {
		try (ResultSet rows = statement.executeQuery(sql)) {
			assertThat(rows.next()).isTrue();
			return rows.getString(column);
		}
	}

}
