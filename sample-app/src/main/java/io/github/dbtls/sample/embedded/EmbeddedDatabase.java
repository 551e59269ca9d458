package io.github.dbtls.sample.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

import ch.vorburger.exec.ManagedProcessException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Database of one run of the application: its certificates, its only account and its data
 * are made at the start and gone at the end.
 * <p>
 * Start and close exclude each other, so that a Ctrl-C during the start stops a server
 * that is up rather than miss one that is coming up.
 */
final class EmbeddedDatabase implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(EmbeddedDatabase.class);

	private static final String USERNAME = "shop";

	private final String password;

	private @Nullable PrivateFolder folder;

	private @Nullable MariaDbServer server;

	private boolean closed;

	EmbeddedDatabase() {
		byte[] bytes = new byte[24];
		new SecureRandom().nextBytes(bytes);
		this.password = HexFormat.of().formatHex(bytes);
	}

	/**
	 * Starts the server and waits until it takes connections.
	 * @return the properties that tell an application how to connect
	 */
	synchronized Map<String, Object> start() {
		if (this.closed) {
			throw new IllegalStateException("The embedded database is already closed");
		}
		logger.info("Starting an embedded MariaDB, which takes some seconds");
		PrivateFolder folder = new PrivateFolder();
		this.folder = folder;
		Path initFile = folder.write("init.sql", accountStatements());
		MariaDbServer server = MariaDbServer.prepare(folder, ServerCertificate.create(), initFile);
		try {
			server.installAndStart();
			this.server = server;
			Files.delete(initFile);
		}
		catch (IOException | RuntimeException ex) {
			throw new EmbeddedDatabaseException("The embedded MariaDB does not start.", ex);
		}
		int port = server.getConfiguration().getPort();
		logger.info(
				"Embedded MariaDB takes TLS connections on 127.0.0.1:%d, its files are in %s".formatted(port, folder));
		return Map.of("embedded.port", port, "embedded.username", USERNAME, "embedded.password", this.password,
				"embedded.ca-path", folder.resolve("ca.pem").toString());
	}

	private String accountStatements() {
		// The application's account becomes the only one. Each statement has to be one
		// line.
		return """
				DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';
				FLUSH PRIVILEGES;
				CREATE DATABASE shop CHARACTER SET utf8mb4;
				CREATE USER '%1$s'@'127.0.0.1' IDENTIFIED BY '%2$s' REQUIRE SSL;
				GRANT ALL PRIVILEGES ON shop.* TO '%1$s'@'127.0.0.1';
				""".formatted(USERNAME, this.password);
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		stopServer();
		if (this.folder != null) {
			new FolderProcesses(this.folder).kill();
			this.folder.close();
			this.folder = null;
		}
	}

	private void stopServer() {
		if (this.server == null) {
			return;
		}
		try {
			this.server.stop();
			logger.info("Embedded MariaDB has stopped");
		}
		catch (ManagedProcessException ex) {
			logger.warn("Embedded MariaDB does not stop", ex);
		}
		this.server = null;
	}

}
