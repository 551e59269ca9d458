package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder;
import io.github.dbtls.testkit.EmbeddedMariaDb;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.RealServers;
import io.github.dbtls.testkit.TestCertificates;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.tidb.TiDBContainer;

/**
 * Starts the servers once, for all JVMs that measure. They allow plain text too, which is
 * one of the contestants.
 */
final class Servers implements AutoCloseable {

	private static final String HOST = "localhost";

	private final Path directory;

	private final Deque<AutoCloseable> started = new ArrayDeque<>();

	private final List<Server> servers = new ArrayList<>();

	/** Names and versions, as they say it themselves. */
	private final Map<String, String> versions = new LinkedHashMap<>();

	Servers(Path directory) {
		this.directory = directory;
	}

	/**
	 * Return whether containers can be started.
	 * @return whether Docker answers
	 */
	static boolean isDockerAvailable() {
		return DockerClientFactory.instance().isDockerAvailable();
	}

	void start(List<String> names) throws IOException, SQLException {
		for (String name : names) {
			switch (name) {
				case "mysql" -> {
					mysql(Server.RSA);
					mysql(Server.EC);
				}
				case "tidb" -> tidb();
				case "mariadb" -> {
					mariadb(Server.RSA);
					mariadb(Server.EC);
				}
				default -> throw new IllegalArgumentException(
						"benchmarks.servers: '%s' is none of mysql, tidb, mariadb".formatted(name));
			}
		}
	}

	List<Server> servers() {
		return List.copyOf(this.servers);
	}

	Map<String, String> versions() {
		return this.versions;
	}

	void mysql(String key) throws IOException, SQLException {
		Authority authority = authority(key);
		MySQLContainer container = RealServers.mysql("9.7", identity(authority, key), List.of(authority.certificate()),
				"--require-secure-transport=OFF");
		this.started.push(container);
		container.start();
		Server.Account root = new Server.Account("root", RealServers.PASSWORD);
		add(new Server("MySQL 9.7", key, HOST, container.getMappedPort(MySQLContainer.MYSQL_PORT), "shop",
				new Server.Account("app", RealServers.PASSWORD), root, "ALTER INSTANCE RELOAD TLS",
				trust("mysql-" + key, authority)));
	}

	void tidb() throws IOException, SQLException {
		Authority authority = authority(Server.RSA);
		TiDBContainer container = RealServers.tidb(identity(authority, Server.RSA));
		this.started.push(container);
		container.start();
		Server.Account root = new Server.Account("root", "");
		Server server = new Server("TiDB 8.5", Server.RSA, HOST, container.getMappedPort(4000), "test", root, root,
				"ALTER INSTANCE RELOAD TLS", trust("tidb", authority));
		execute(server, "SET GLOBAL require_secure_transport = OFF");
		add(server);
	}

	void mariadb(String key) throws IOException, SQLException {
		Authority authority = authority(key);
		EmbeddedMariaDb database = EmbeddedMariaDb.start(identity(authority, key), null,
				"--require-secure-transport=OFF");
		this.started.push(database);
		Server.Account app = new Server.Account(database.user(), database.password());
		add(new Server("MariaDB 11.4", key, database.host(), database.port(), "shop", app, app, "FLUSH SSL",
				trust("mariadb-" + key, authority)));
	}

	private void add(Server server) throws SQLException {
		try (Connection connection = connect(server)) {
			this.versions.put(server.name(), connection.getMetaData().getDatabaseProductVersion());
		}
		this.servers.add(server);
	}

	static void execute(Server server, String sql) throws SQLException {
		try (Connection connection = connect(server); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static Connection connect(Server server) throws SQLException {
		Properties properties = server.administrator().properties();
		properties.setProperty("sslMode", "REQUIRED");
		return DriverManager.getConnection(server.jdbcUrl(), properties);
	}

	private TrustFiles trust(String name, Authority authority) throws IOException {
		return TrustFiles.write(this.directory.resolve(name), authority);
	}

	private static Authority authority(String key) {
		return TestCertificates.authority("CN=Benchmark CA",
				key.equals(Server.EC) ? KeyType.EC_P384 : KeyType.RSA_2048);
	}

	private static Identity identity(Authority authority, String key) {
		return authority.issue("CN=" + HOST)
			.names(HOST, "127.0.0.1")
			.purposes(CertificateBuilder.Purpose.SERVER_AUTH)
			// Of its own: the test kit would give that of the authority.
			.key(Keys.make(key))
			.identity();
	}

	@Override
	public void close() {
		while (!this.started.isEmpty()) {
			try {
				this.started.pop().close();
			}
			catch (Exception ex) {
				System.err.println("A server did not stop: " + ex.getMessage());
			}
		}
	}

}
