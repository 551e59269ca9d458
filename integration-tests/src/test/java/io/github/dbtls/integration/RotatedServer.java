package io.github.dbtls.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EmbeddedMariaDb;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.RealServers;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.images.builder.Transferable;

/**
 * A real server whose certificate is renewed while it runs, and that is restarted on the
 * same port.
 */
abstract class RotatedServer implements AutoCloseable {

	private final String name;

	private final String reloadStatement;

	private RotatedServer(String name, String reloadStatement) {
		this.name = name;
		this.reloadStatement = reloadStatement;
	}

	static RotatedServer mysql(Identity identity) {
		return new Container("MySQL 9.7", RealServers.mysql("9.7", identity), 3306, "root", RealServers.PASSWORD);
	}

	static RotatedServer tidb(Identity identity) {
		RotatedServer server = new Container("TiDB 8.5", RealServers.tidb(identity), 4000, "root", "");
		try {
			// With this and an 'ssl-ca', TiDB demands a certificate of every client after
			// its first ALTER INSTANCE RELOAD TLS.
			server.execute("SET GLOBAL require_secure_transport = OFF");
			return server;
		}
		catch (SQLException ex) {
			server.close();
			throw new IllegalStateException(ex);
		}
	}

	static RotatedServer mariaDb(Identity identity) {
		return new MariaDb(EmbeddedMariaDb.start(identity, null));
	}

	abstract String jdbcUrl();

	abstract String user();

	abstract String password();

	abstract void write(Identity identity, Authority issuer);

	abstract void stopAndStart();

	/**
	 * Show another certificate from the next connection on.
	 * @param identity what to show
	 * @param issuer who issued it
	 * @throws SQLException if the server refuses it
	 */
	void use(Identity identity, Authority issuer) throws SQLException {
		write(identity, issuer);
		execute(this.reloadStatement);
	}

	/**
	 * Restart, and come back when the server answers.
	 * @throws Exception if it does not
	 */
	void restart() throws Exception {
		stopAndStart();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
		while (true) {
			try {
				execute("SELECT 1");
				return;
			}
			catch (SQLException ex) {
				if (System.nanoTime() > end) {
					throw ex;
				}
				Thread.sleep(200);
			}
		}
	}

	/**
	 * Execute a statement as the server's administrator, over a connection that dbtls has
	 * nothing to do with.
	 * @param sql the statement
	 * @throws SQLException if it fails
	 */
	void execute(String sql) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	Connection connect() throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", user());
		properties.setProperty("password", password());
		properties.setProperty("sslMode", "REQUIRED");
		return DriverManager.getConnection(jdbcUrl(), properties);
	}

	@Override
	public abstract void close();

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * MySQL and TiDB.
	 */
	private static final class Container extends RotatedServer {

		private final JdbcDatabaseContainer<?> container;

		private final String user;

		private final String password;

		private final int port;

		private Container(String name, JdbcDatabaseContainer<?> container, int containerPort, String user,
				String password) {
			super(name, "ALTER INSTANCE RELOAD TLS");
			this.container = container;
			this.user = user;
			this.password = password;
			this.port = freePort();
			// A port that Docker chose would be another one after a restart.
			container.setPortBindings(List.of("127.0.0.1:%d:%d".formatted(this.port, containerPort)));
			container.start();
		}

		private static int freePort() {
			try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		String jdbcUrl() {
			return "jdbc:mysql://localhost:%d/%s".formatted(this.port, this.container.getDatabaseName());
		}

		@Override
		String user() {
			return this.user;
		}

		@Override
		String password() {
			return this.password;
		}

		@Override
		void write(Identity identity, Authority issuer) {
			this.container.copyFileToContainer(Transferable.of(identity.chainPem(), 0644), "/dbtls/cert.pem");
			this.container.copyFileToContainer(Transferable.of(identity.keyPem(), 0644), "/dbtls/key.pem");
			// MySQL verifies its own certificate by it, when it reads it again.
			this.container.copyFileToContainer(Transferable.of(issuer.pem(), 0644), "/dbtls/ca.pem");
		}

		@Override
		void stopAndStart() {
			this.container.getDockerClient().restartContainerCmd(this.container.getContainerId()).exec();
		}

		@Override
		public void close() {
			this.container.close();
		}

	}

	/**
	 * The embedded MariaDB.
	 */
	private static final class MariaDb extends RotatedServer {

		private final EmbeddedMariaDb server;

		private MariaDb(EmbeddedMariaDb server) {
			super("MariaDB 11.4", "FLUSH SSL");
			this.server = server;
		}

		@Override
		String jdbcUrl() {
			return this.server.jdbcUrl();
		}

		@Override
		String user() {
			return this.server.user();
		}

		@Override
		String password() {
			return this.server.password();
		}

		@Override
		void write(Identity identity, Authority issuer) {
			identity.writeTo(this.server.certificateDirectory());
		}

		@Override
		void stopAndStart() {
			this.server.restart();
		}

		@Override
		public void close() {
			this.server.close();
		}

	}

}
