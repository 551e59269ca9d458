package io.github.dbtls.integration.setups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EmbeddedMariaDb;
import io.github.dbtls.testkit.TestCertificates;

/**
 * A server that takes encrypted connections only and writes down who logged in, and how.
 * All set-ups share two of them, the second with an authority of its own; each has a
 * schema of its own there.
 */
final class Database {

	private static Database first;

	private static Database second;

	private final String host;

	private final int port;

	private final String password;

	private final Path authority;

	/** Has the right name and another key. */
	private final Path stranger;

	private final Connection administration;

	private Database(String host, int port, String administrator, String password, Authority authority) {
		this.host = host;
		this.port = port;
		this.password = password;
		try {
			Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "database");
			this.authority = authority.writeTo(directory);
			this.stranger = TestCertificates.authority(authority.certificate().getSubjectX500Principal().getName())
				.writeTo(directory.resolve("stranger"));
			this.administration = connect(administrator, authority.writeTrustStoreTo(directory));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		execute("SET GLOBAL log_output = 'TABLE'");
		execute("SET GLOBAL general_log = ON");
		user("app");
	}

	static synchronized Database first() {
		if (first == null) {
			EmbeddedMariaDb server = EmbeddedMariaDb.shared();
			first = new Database("localhost", server.port(), server.user(), server.password(), server.authority());
		}
		return first;
	}

	static synchronized Database second() {
		if (second == null) {
			Authority authority = TestCertificates.authority("CN=Second MariaDB CA");
			String[] addresses = hasIpV6() ? new String[] { "localhost", "127.0.0.1", "::1" }
					: new String[] { "localhost", "127.0.0.1" };
			EmbeddedMariaDb server = EmbeddedMariaDb.start(authority.server(addresses), null,
					"--bind-address=" + (hasIpV6() ? "127.0.0.1,::1" : "127.0.0.1"));
			second = new Database("localhost", server.port(), server.user(), server.password(), authority);
		}
		return second;
	}

	static Database of(int port, String administrator, String password, Authority authority) {
		return new Database("localhost", port, administrator, password, authority);
	}

	/**
	 * Return whether this machine has the loopback address of IPv6, which the
	 * {@link #second()} database listens on then.
	 * @return whether it has
	 */
	static boolean hasIpV6() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Make an empty schema.
	 * @param name its name
	 * @return its JDBC URL, without any parameter
	 */
	String schema(String name) {
		execute("DROP DATABASE IF EXISTS " + name);
		execute("CREATE DATABASE " + name);
		return "jdbc:mysql://%s:%d/%s".formatted(this.host, this.port, name);
	}

	/**
	 * Make a user that may do everything, over TLS only.
	 * @param name its name
	 */
	void user(String name) {
		execute("CREATE USER IF NOT EXISTS '%s'@'%%' IDENTIFIED BY '%s'".formatted(name, this.password));
		execute("ALTER USER '%s'@'%%' REQUIRE SSL".formatted(name));
		execute("GRANT ALL ON *.* TO '%s'@'%%'".formatted(name));
	}

	void execute(String sql) {
		try (Statement statement = this.administration.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	List<String> query(String sql) {
		try (Statement statement = this.administration.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			List<String> values = new ArrayList<>();
			while (rows.next()) {
				values.add(rows.getString(1));
			}
			return values;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	void forgetLogins() {
		execute("TRUNCATE TABLE mysql.general_log");
	}

	/**
	 * Return the logins since the last {@link #forgetLogins()}.
	 * @return the logins, refused ones included
	 */
	List<Login> logins() {
		return query("SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log WHERE command_type = 'Connect'")
			.stream()
			.map(Login::of)
			.toList();
	}

	int port() {
		return this.port;
	}

	String password() {
		return this.password;
	}

	Path authority() {
		return this.authority;
	}

	Path stranger() {
		return this.stranger;
	}

	private Connection connect(String user, Path trustStore) {
		Properties properties = new Properties();
		properties.setProperty("user", user);
		properties.setProperty("password", this.password);
		properties.setProperty("sslMode", "VERIFY_IDENTITY");
		properties.setProperty("trustCertificateKeyStoreUrl", trustStore.toUri().toString());
		properties.setProperty("trustCertificateKeyStoreType", "PKCS12");
		properties.setProperty("trustCertificateKeyStorePassword", TestCertificates.PASSWORD);
		try {
			return DriverManager.getConnection("jdbc:mysql://%s:%d/".formatted(this.host, this.port), properties);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What the server wrote down about a login.
	 *
	 * @param user who logged in
	 * @param encrypted whether the connection was encrypted
	 * @param text the server's words
	 */
	record Login(String user, boolean encrypted, String text) {

		private static Login of(String text) {
			return new Login(text.substring(0, text.indexOf('@')), text.endsWith(" using SSL/TLS"), text);
		}

	}

}
