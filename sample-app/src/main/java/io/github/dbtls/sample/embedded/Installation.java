package io.github.dbtls.sample.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import ch.vorburger.exec.ManagedProcessException;
import io.github.dbtls.sample.pki.ServerCertificate;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Program and data of a server, which can stop and start again on the same data.
 * <p>
 * All methods exclude each other, so that a Ctrl-C during a start stops a server that is
 * up rather than miss one that is coming up.
 */
final class Installation implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(Installation.class);

	private final PrivateFolder folder = PrivateFolder.create();

	private final ServerFiles files = new ServerFiles(this.folder);

	private @Nullable MaintenanceClient client;

	private @Nullable MariaDbServer server;

	private boolean running;

	private Protocols protocols = Protocols.TLS_1_2_AND_1_3;

	private boolean closed;

	PrivateFolder folder() {
		return this.folder;
	}

	/**
	 * Install the server, start it and wait until it takes connections.
	 * @param accounts the only accounts to be
	 * @param certificate what it shows to its clients
	 */
	synchronized void install(Accounts accounts, ServerCertificate certificate) {
		Assert.state(!this.closed, "The embedded database is already closed");
		this.files.replace(certificate);
		Path initFile = this.folder.write("init.sql", accounts.statements());
		this.client = MaintenanceClient.create(this.folder, this.files, accounts.maintenancePassword());
		MariaDbServer server = MariaDbServer.prepare(this.files);
		this.server = server;
		try {
			server.unpackAndInstall();
			server.start(arguments("--init-file=" + initFile));
			this.running = true;
			Files.delete(initFile);
		}
		catch (IOException | RuntimeException ex) {
			throw new EmbeddedDatabaseException("The embedded MariaDB does not start.", ex);
		}
	}

	/**
	 * Start the server again and wait until it takes connections.
	 * @param protocols what TLS it offers
	 */
	synchronized void start(Protocols protocols) {
		Assert.state(!this.closed, "The embedded database is already closed");
		stop();
		this.protocols = protocols;
		try {
			Objects.requireNonNull(this.server).start(arguments());
			this.running = true;
		}
		catch (ManagedProcessException | RuntimeException ex) {
			throw new EmbeddedDatabaseException("The embedded MariaDB does not start again.", ex);
		}
	}

	private List<String> arguments(String... more) {
		// In this order: naming a certificate switches TLS on again.
		List<String> arguments = new ArrayList<>(this.files.arguments());
		arguments.addAll(this.protocols.arguments());
		arguments.addAll(Arrays.asList(more));
		return arguments;
	}

	synchronized void stop() {
		if (this.server == null || !this.running) {
			return;
		}
		try {
			this.server.stop();
		}
		catch (ManagedProcessException ex) {
			logger.warn("Embedded MariaDB does not stop", ex);
		}
		this.running = false;
	}

	/**
	 * Let the server show another certificate: without a restart if it can, and when it
	 * starts if it does not run.
	 * @param certificate the certificate
	 * @return which of these it was
	 */
	synchronized Showing show(ServerCertificate certificate) {
		this.files.replace(certificate);
		if (!this.running || this.protocols == Protocols.NONE) {
			return Showing.LATER;
		}
		if (this.client != null && this.client.reloadCertificate()) {
			return Showing.RELOADED;
		}
		start(this.protocols);
		return Showing.RESTARTED;
	}

	/**
	 * Return where the server is.
	 * @return its port, or {@code null} if it does not run
	 */
	synchronized @Nullable Integer port() {
		return (this.server != null && this.running) ? this.server.port() : null;
	}

	private void killAndDelete() {
		try {
			new FolderProcesses(this.folder).kill();
		}
		finally {
			this.folder.close();
		}
	}

	@Override
	public synchronized void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		boolean running = this.running;
		try {
			stop();
		}
		finally {
			killAndDelete();
		}
		if (running) {
			logger.info("Embedded MariaDB has stopped");
		}
	}

}
