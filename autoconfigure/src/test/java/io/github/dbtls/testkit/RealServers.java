package io.github.dbtls.testkit;

import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import com.github.dockerjava.api.command.InspectContainerResponse;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.tidb.TiDBContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Real servers in containers, with certificates of ours and encrypted connections only.
 * Tests that use them are {@link EnabledWithDocker}. A container is to be started and
 * closed by the test; for a certificate that is verified by name, make it out to
 * {@code localhost} and {@code 127.0.0.1}.
 */
public final class RealServers {

	/**
	 * The environment variable that makes a test fail which would otherwise be skipped
	 * for want of a server: its value must be {@code required}.
	 */
	public static final String REQUIRED_VARIABLE = "DBTLS_REAL_SERVERS";

	/**
	 * The password of every user.
	 */
	public static final String PASSWORD = "real-Pa55word";

	private static final String DIRECTORY = "/dbtls/";

	private static final String TIDB_IMAGE = "pingcap/tidb:v8.5.4";

	private RealServers() {
	}

	/**
	 * Return whether a missing server is a failure.
	 * @return whether it is
	 */
	public static boolean required() {
		return "required".equals(System.getenv(REQUIRED_VARIABLE));
	}

	/**
	 * Describe a MySQL server: database {@code shop}, user {@code app} and {@code root}.
	 * @param version a tag of the official image, such as {@code 9.7} or {@code 8.0}
	 * @param server what it shows
	 * @param extraArguments more arguments, such as {@code --tls-version=TLSv1.2}
	 * @return the container, not started yet
	 */
	public static MySQLContainer mysql(String version, Identity server, String... extraArguments) {
		return mysql(version, server, List.of(), extraArguments);
	}

	/**
	 * Describe a MySQL server that knows the authorities of client certificates.
	 * @param version a tag of the official image, such as {@code 9.7} or {@code 8.0}
	 * @param server what it shows
	 * @param clientAuthorities the authorities
	 * @param extraArguments more arguments, such as {@code --tls-version=TLSv1.2}
	 * @return the container, not started yet
	 */
	public static MySQLContainer mysql(String version, Identity server, List<X509Certificate> clientAuthorities,
			String... extraArguments) {
		MySQLContainer container = new MySQLContainer(DockerImageName.parse("mysql:" + version));
		List<String> arguments = new ArrayList<>();
		arguments.add("--ssl-cert=" + DIRECTORY + "cert.pem");
		arguments.add("--ssl-key=" + DIRECTORY + "key.pem");
		arguments.add("--ssl-ca=" + DIRECTORY + "ca.pem");
		arguments.add("--require-secure-transport=ON");
		arguments.addAll(List.of(extraArguments));
		copy(container, server, clientAuthorities);
		return container.withDatabaseName("shop")
			.withUsername("app")
			.withPassword(PASSWORD)
			.withStartupTimeoutSeconds(60)
			// Testcontainers itself connects, to see whether the server is there.
			.withUrlParam("sslMode", "REQUIRED")
			.withCommand(arguments.toArray(String[]::new));
	}

	/**
	 * Describe a TiDB server: database {@code test}, user {@code root} without password.
	 * @param server what it shows
	 * @param extraSecuritySettings more lines of the {@code [security]} part of its
	 * configuration, such as {@code tls-version = "TLSv1.2"}
	 * @return the container, not started yet
	 */
	public static TiDBContainer tidb(Identity server, String... extraSecuritySettings) {
		return tidb(server, List.of(), extraSecuritySettings);
	}

	/**
	 * Describe a TiDB server that knows the authorities of client certificates.
	 * @param server what it shows
	 * @param clientAuthorities the authorities
	 * @param extraSecuritySettings more lines of the {@code [security]} part of its
	 * configuration, such as {@code tls-version = "TLSv1.2"}
	 * @return the container, not started yet
	 */
	public static TiDBContainer tidb(Identity server, List<X509Certificate> clientAuthorities,
			String... extraSecuritySettings) {
		List<String> lines = new ArrayList<>();
		lines.add("[security]");
		lines.add("ssl-cert = \"" + DIRECTORY + "cert.pem\"");
		lines.add("ssl-key = \"" + DIRECTORY + "key.pem\"");
		// With one, and TLS required, TiDB takes nobody without a client certificate.
		if (!clientAuthorities.isEmpty()) {
			lines.add("ssl-ca = \"" + DIRECTORY + "ca.pem\"");
		}
		lines.addAll(List.of(extraSecuritySettings));
		TiDBContainer container = new SecureTidbContainer();
		copy(container, server, clientAuthorities);
		container.withCopyToContainer(Transferable.of(String.join("\n", lines) + "\n"), DIRECTORY + "config.toml");
		return container.withUrlParam("sslMode", "REQUIRED")
			.withCommand("-config", DIRECTORY + "config.toml", "-store", "unistore", "-path", "/tmp/tidb");
	}

	/**
	 * Describe a TiDB server that makes its certificate itself, which nothing can verify:
	 * database {@code test}, user {@code root} without password.
	 * @return the container, not started yet
	 */
	public static TiDBContainer tidbWithAutoTls() {
		TiDBContainer container = new SecureTidbContainer();
		container.withCopyToContainer(Transferable.of("[security]\nauto-tls = true\n"), DIRECTORY + "config.toml");
		return container.withUrlParam("sslMode", "REQUIRED")
			.withCommand("-config", DIRECTORY + "config.toml", "-store", "unistore", "-path", "/tmp/tidb");
	}

	/**
	 * Describe a TiDB server as it comes, which offers no TLS: database {@code test},
	 * user {@code root} without password.
	 * @return the container, not started yet
	 */
	public static TiDBContainer tidbWithoutTls() {
		return new TiDBContainer(DockerImageName.parse(TIDB_IMAGE)).withCommand("-store", "unistore", "-path",
				"/tmp/tidb");
	}

	/**
	 * Give a server that runs another certificate, which it shows when it is told to
	 * {@code ALTER INSTANCE RELOAD TLS}.
	 * @param container a server that was started with a certificate and that knows no
	 * authorities of client certificates
	 * @param server what it is to show
	 * @param root the root above it: MySQL 9.7 reloads no certificate that does not lead
	 * to its {@code ssl-ca}
	 */
	public static void replaceCertificate(GenericContainer<?> container, Identity server, X509Certificate root) {
		container.copyFileToContainer(Transferable.of(server.chainPem(), 0644), DIRECTORY + "cert.pem");
		container.copyFileToContainer(Transferable.of(server.keyPem(), 0644), DIRECTORY + "key.pem");
		// MySQL 9.7 loads only what leads to its 'ssl-ca', and does not look for
		// intermediates elsewhere.
		String issuers = Pem.of(server.chain().subList(1, server.chain().size())) + Pem.of(root);
		container.copyFileToContainer(Transferable.of(issuers, 0644), DIRECTORY + "ca.pem");
	}

	/**
	 * Copy certificates to where the server reads them. MySQL runs as a user of its own,
	 * so the key is readable for all inside the container. Where no authority is to be
	 * trusted, the server's own certificate stands in: without any, MySQL looks for one
	 * of its own making, and with an empty name it starts without TLS.
	 */
	private static void copy(GenericContainer<?> container, Identity server, List<X509Certificate> clientAuthorities) {
		container.withCopyToContainer(Transferable.of(server.chainPem(), 0644), DIRECTORY + "cert.pem");
		container.withCopyToContainer(Transferable.of(server.keyPem(), 0644), DIRECTORY + "key.pem");
		String authorities = clientAuthorities.isEmpty() ? Pem.of(server.certificate()) : Pem.of(clientAuthorities);
		container.withCopyToContainer(Transferable.of(authorities, 0644), DIRECTORY + "ca.pem");
	}

	/**
	 * TiDB that takes encrypted connections only. It ignores
	 * {@code require-secure-transport} in its configuration file, and allows no
	 * connection in clear to switch it on.
	 */
	private static final class SecureTidbContainer extends TiDBContainer {

		private SecureTidbContainer() {
			super(DockerImageName.parse(TIDB_IMAGE));
		}

		@Override
		protected void containerIsStarted(InspectContainerResponse containerInfo) {
			super.containerIsStarted(containerInfo);
			try (Connection connection = createConnection(""); Statement statement = connection.createStatement()) {
				statement.execute("SET GLOBAL require_secure_transport = ON");
			}
			catch (SQLException ex) {
				throw new IllegalStateException("Unable to make TiDB require TLS", ex);
			}
		}

	}

}
