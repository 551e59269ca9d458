package io.github.dbtls.integration;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.RealServers;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.tidb.TiDBContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RealServers}, with the driver as it comes.
 */
@Tag("once")
@EnabledWithDocker
class TestkitServersIntegrationTests {

	private final Authority authority = TestCertificates.authority("CN=Test CA");

	private final Identity identity = this.authority.intermediate("CN=Test Intermediate")
		.server("localhost", "127.0.0.1");

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "9.7", "8.0" })
	void mysqlShowsOurCertificate(String version) throws Exception {
		try (MySQLContainer server = RealServers.mysql(version, this.identity, "--tls-version=TLSv1.3")) {
			server.start();
			assertThat(verifiedVersion(server)).startsWith(version + ".");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, properties("DISABLED")))
				.withMessageContaining("Connections using insecure transport are prohibited");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
				Properties properties = properties("VERIFY_CA");
				TestCertificates.authority("CN=Test CA").writeTrustStoreTo(this.directory);
				connect(server, properties);
			}).withStackTraceContaining("Path does not chain with any of the trust anchors");
		}
	}

	@Test
	void tidbShowsOurCertificate() throws Exception {
		try (TiDBContainer server = RealServers.tidb(this.identity)) {
			server.start();
			assertThat(verifiedVersion(server)).isEqualTo("8.0.11-TiDB-v8.5.4");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(server, properties("DISABLED")))
				.withMessageContaining("Connections using insecure transport are prohibited");
		}
	}

	@Test
	void clientCertificateIsAskedForWhereItIsRequired() throws Exception {
		Path keyStore = TestCertificates.write(this.authority.client("app").toKeyStore(),
				this.directory.resolve("client.p12"));
		Properties withoutCertificate = properties("VERIFY_IDENTITY");
		Properties withCertificate = properties("VERIFY_IDENTITY");
		withCertificate.setProperty("clientCertificateKeyStoreUrl", keyStore.toUri().toString());
		withCertificate.setProperty("clientCertificateKeyStoreType", "PKCS12");
		withCertificate.setProperty("clientCertificateKeyStorePassword", TestCertificates.PASSWORD);
		List<JdbcDatabaseContainer<?>> servers = List.of(
				RealServers.mysql("9.7", this.identity, List.of(this.authority.certificate())),
				RealServers.tidb(this.identity, List.of(this.authority.certificate())));
		for (JdbcDatabaseContainer<?> container : servers) {
			try (JdbcDatabaseContainer<?> server = container) {
				server.start();
				try (Connection connection = connectAsRoot(server);
						Statement statement = connection.createStatement()) {
					statement.execute("CREATE USER 'mutual'@'%' IDENTIFIED BY 'hidden-word' REQUIRE X509");
				}
				for (Properties properties : List.of(withCertificate, withoutCertificate)) {
					properties.setProperty("user", "mutual");
					properties.setProperty("password", "hidden-word");
				}
				String url = "jdbc:mysql://localhost:%d/".formatted(server.getFirstMappedPort());
				DriverManager.getConnection(url, withCertificate).close();
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> DriverManager.getConnection(url, withoutCertificate))
					.withMessageStartingWith("Access denied");
			}
		}
	}

	private String verifiedVersion(JdbcDatabaseContainer<?> server) throws SQLException {
		try (Connection connection = connect(server, properties("VERIFY_IDENTITY"));
				Statement statement = connection.createStatement();
				ResultSet status = statement
					.executeQuery("SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_version')")) {
			assertThat(status.next()).isTrue();
			assertThat(status.getString("Value")).isEqualTo("TLSv1.3");
			return connection.getMetaData().getDatabaseProductVersion();
		}
	}

	private static Connection connect(JdbcDatabaseContainer<?> server, Properties properties) throws SQLException {
		properties.setProperty("user", server.getUsername());
		properties.setProperty("password", server.getPassword());
		return DriverManager.getConnection("jdbc:mysql://localhost:%d/".formatted(server.getFirstMappedPort()),
				properties);
	}

	private Connection connectAsRoot(JdbcDatabaseContainer<?> server) throws SQLException {
		Properties properties = properties("VERIFY_IDENTITY");
		properties.setProperty("user", "root");
		properties.setProperty("password", server.getPassword());
		return DriverManager.getConnection("jdbc:mysql://localhost:%d/".formatted(server.getFirstMappedPort()),
				properties);
	}

	private Properties properties(String sslMode) {
		Properties properties = new Properties();
		properties.setProperty("sslMode", sslMode);
		properties.setProperty("trustCertificateKeyStoreUrl",
				this.authority.writeTrustStoreTo(this.directory).toUri().toString());
		properties.setProperty("trustCertificateKeyStoreType", "PKCS12");
		properties.setProperty("trustCertificateKeyStorePassword", TestCertificates.PASSWORD);
		return properties;
	}

}
