package io.github.dbtls.sample.embedded;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.dbtls.sample.network.DirectRoute;
import io.github.dbtls.sample.network.Gate;
import io.github.dbtls.sample.network.Line;
import io.github.dbtls.sample.network.Route;
import io.github.dbtls.sample.pki.Hierarchy;
import io.github.dbtls.sample.pki.ServerCertificate;
import io.github.dbtls.sample.pki.TrustFormat;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Database of one run of the application: its authorities, its accounts and its data are
 * made at the start and gone at the end. Applications reach it through a gate, whose port
 * stays while the server stops and starts again.
 */
public final class EmbeddedDatabase implements AutoCloseable {

	/** Under which an application finds it. */
	public static final String BEAN_NAME = "embeddedDatabase";

	private static final Log logger = LogFactory.getLog(EmbeddedDatabase.class);

	private final Accounts accounts = Accounts.create();

	private final Installation installation = new Installation();

	private final SystemRoots systemRoots = new SystemRoots();

	private final Gate gate = new Gate();

	private volatile Hierarchy hierarchy = Hierarchy.create();

	private volatile @Nullable TrustFile trustFile;

	private volatile boolean kept;

	EmbeddedDatabase() {
	}

	/**
	 * Starts the server and waits until it takes connections.
	 */
	void install() {
		logger.info("Starting an embedded MariaDB, which takes some seconds");
		new Leftovers(this.installation.folder()).clear();
		this.installation.install(this.accounts, this.hierarchy.issue());
		this.gate.open(new DirectRoute(Objects.requireNonNull(serverPort())));
		logger.info("Embedded MariaDB takes TLS connections on 127.0.0.1:%d, its files are in %s"
			.formatted(this.gate.port(), this.installation.folder()));
	}

	/**
	 * Hands out what its clients have to trust as a provider does.
	 * @param shape the provider's shape
	 * @return the properties that tell an application how to connect
	 */
	Map<String, Object> take(Shape shape) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("embedded.port", this.gate.port());
		properties.put("embedded.username", shape.username());
		properties.put("embedded.password", this.accounts.password());
		TrustFormat format = shape.format();
		if (format != null) {
			this.systemRoots.restore();
			TrustFile file = new TrustFile(this.installation.folder(), format);
			file.write(List.of(this.hierarchy.root()));
			this.trustFile = file;
			properties.put("embedded.ca-path", file.path().toString());
		}
		else {
			this.systemRoots.add(this.installation.folder(), this.hierarchy.root());
			this.trustFile = null;
		}
		return properties;
	}

	/**
	 * Return the port that applications connect to.
	 * @return the port of the gate
	 */
	public int port() {
		return this.gate.port();
	}

	/**
	 * Return the port of the server itself.
	 * @return the port, or {@code null} if the server does not run
	 */
	public @Nullable Integer serverPort() {
		return this.installation.port();
	}

	/**
	 * Return who issues the server's certificates.
	 * @return the hierarchy
	 */
	public Hierarchy hierarchy() {
		return this.hierarchy;
	}

	/**
	 * Return the file that applications trust.
	 * @return the file, or {@code null} if they trust the JVM's roots
	 */
	public @Nullable TrustFile trustFile() {
		return this.trustFile;
	}

	/**
	 * Let another hierarchy issue the server's certificates from now on.
	 * @param next the hierarchy
	 */
	public void adopt(Hierarchy next) {
		this.hierarchy = next;
	}

	/**
	 * Let the server show another certificate.
	 * @param certificate the certificate
	 * @return how the server came to show it
	 */
	public Showing show(ServerCertificate certificate) {
		return this.installation.show(certificate);
	}

	/**
	 * Stop the server. Applications are refused at the gate.
	 */
	public void stop() {
		this.gate.shut();
		this.installation.stop();
	}

	/**
	 * Stop the server if it runs, and start it. The gate stays shut.
	 * @param protocols what TLS the server offers
	 */
	public void start(Protocols protocols) {
		this.gate.shut();
		this.installation.start(protocols);
	}

	/**
	 * Let applications in.
	 * @param route where they get to
	 */
	public void open(Route route) {
		this.gate.open(route);
	}

	/**
	 * Return the connections that applications have at this moment.
	 * @return the connections through the gate
	 */
	public Collection<Line> connections() {
		return this.gate.lines();
	}

	/**
	 * Return whether one of some connections is still there.
	 * @param some the connections
	 * @return whether there is one
	 */
	public boolean hasAnyOf(Collection<Line> some) {
		return this.gate.hasAnyOf(some);
	}

	/**
	 * Decide what happens when the application ends that it was started for.
	 * @param kept whether another application goes on with it
	 */
	public void keep(boolean kept) {
		this.kept = kept;
	}

	/**
	 * Close it, unless another application goes on with it.
	 */
	void closeUnlessKept() {
		if (!this.kept) {
			close();
		}
	}

	@Override
	public void close() {
		this.gate.close();
		try {
			this.installation.close();
		}
		finally {
			this.systemRoots.restore();
		}
	}

}
