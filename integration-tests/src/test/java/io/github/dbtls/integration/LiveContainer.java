package io.github.dbtls.integration;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.RealServers;
import io.github.dbtls.testkit.TestCertificates;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.tidb.TiDBContainer;

/**
 * A server in a container, which all test classes of this JVM share: Testcontainers
 * removes it when the JVM ends. Each test shows the certificate that it needs before it
 * connects.
 */
final class LiveContainer extends LiveServer {

	private static final Map<String, LiveContainer> shared = new ConcurrentHashMap<>();

	private final JdbcDatabaseContainer<?> container;

	private LiveContainer(JdbcDatabaseContainer<?> container) {
		this.container = container;
		container.start();
	}

	/**
	 * Return the MySQL server that all share.
	 * @param version its version
	 * @return the server, started
	 */
	static LiveContainer mySql(String version) {
		return shared.computeIfAbsent("MySQL " + version, (name) -> {
			LiveContainer server = new LiveContainer(RealServers.mysql(version, anyIdentity()));
			// With an authority above it, without which MySQL 9.7 reloads nothing.
			server.show(TestCertificates.authority("CN=Unused CA"), "unused.example.com");
			return server;
		});
	}

	/**
	 * Return the TiDB server that all share.
	 * @return the server, started
	 */
	static LiveContainer tidb() {
		return shared.computeIfAbsent("TiDB", (name) -> tidb(RealServers.tidb(anyIdentity())));
	}

	/**
	 * Return a TiDB server of one's own.
	 * @param container the server, not started yet; to be closed by the caller
	 * @return the server, started
	 */
	static LiveContainer tidb(TiDBContainer container) {
		LiveContainer server = new LiveContainer(container);
		server.createUser(server.user(), "NONE");
		return server;
	}

	private static Identity anyIdentity() {
		return TestCertificates.authority("CN=Unused CA").server("unused.example.com");
	}

	private boolean isTidb() {
		return this.container instanceof TiDBContainer;
	}

	@Override
	int port() {
		return this.container.getFirstMappedPort();
	}

	@Override
	String database() {
		return this.container.getDatabaseName();
	}

	@Override
	String user() {
		return "app";
	}

	@Override
	String password() {
		return RealServers.PASSWORD;
	}

	@Override
	String administrator() {
		return "root";
	}

	@Override
	String administratorPassword() {
		return this.container.getPassword();
	}

	/**
	 * Return the container, for what Spring Boot does with one.
	 * @return the container
	 */
	JdbcDatabaseContainer<?> container() {
		return this.container;
	}

	@Override
	void show(Identity identity, Authority issuer) {
		RealServers.replaceCertificate(this.container, identity, issuer.root().certificate());
		execute("ALTER INSTANCE RELOAD TLS");
	}

	/**
	 * Return the authority that MySQL made at its first start.
	 * @return PEM
	 */
	String ownAuthority() {
		return this.container.copyFileFromContainer("/var/lib/mysql/ca.pem",
				(content) -> new String(content.readAllBytes(), StandardCharsets.US_ASCII));
	}

	/**
	 * Do something while MySQL shows the certificate that it made at its first start.
	 * @param task what to do
	 */
	void withOwnCertificate(Runnable task) {
		useCertificate("ca.pem", "server-cert.pem", "server-key.pem");
		try {
			task.run();
		}
		finally {
			useCertificate("/dbtls/ca.pem", "/dbtls/cert.pem", "/dbtls/key.pem");
		}
	}

	private void useCertificate(String ca, String certificate, String key) {
		execute("SET GLOBAL ssl_ca = '%s', ssl_cert = '%s', ssl_key = '%s'".formatted(ca, certificate, key),
				"ALTER INSTANCE RELOAD TLS");
	}

	@Override
	void withoutTls(Consumer<LiveServer> task) {
		if (isTidb()) {
			try (TiDBContainer other = RealServers.tidbWithoutTls()) {
				task.accept(tidb(other));
			}
			return;
		}
		requireSecureTransport(false);
		try {
			// What cannot be used switches TLS off.
			execute("SET GLOBAL tls_version = ''", "ALTER INSTANCE RELOAD TLS NO ROLLBACK ON ERROR");
			task.accept(this);
		}
		finally {
			execute("SET GLOBAL tls_version = DEFAULT", "ALTER INSTANCE RELOAD TLS");
		}
	}

}
