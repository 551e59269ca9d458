package io.github.dbtls.sample.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * MariaDB's own client, which reaches the server through its socket file: no network, and
 * so no certificate that could be wrong. Its account can do nothing but let the server
 * read its certificate again.
 */
final class MaintenanceClient {

	static final String USERNAME = "keeper";

	private final Path program;

	private final Path options;

	private final Path output;

	private MaintenanceClient(Path program, Path options, Path output) {
		this.program = program;
		this.options = options;
		this.output = output;
	}

	static MaintenanceClient create(PrivateFolder folder, ServerFiles files, String password) {
		// A password among the arguments could be seen by all users of the machine.
		Path options = folder.write("keeper.cnf", """
				[client]
				user=%s
				password=%s
				socket=%s
				protocol=socket
				skip-ssl
				""".formatted(USERNAME, password, files.socket()));
		return new MaintenanceClient(files.base().resolve("bin").resolve("mariadb"), options,
				folder.resolve("keeper.txt"));
	}

	/**
	 * Lets the server read its certificate again.
	 * @return whether it did
	 */
	boolean reloadCertificate() {
		if (!this.program.toFile().canExecute()) {
			// Windows, where the server has no socket file either.
			return false;
		}
		try {
			Process process = start("FLUSH SSL");
			try {
				return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
			}
			finally {
				process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IOException ex) {
			// As if it did not work.
		}
		return false;
	}

	private Process start(String statement) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(List.of(this.program.toString(), "--defaults-file=" + this.options,
				"--connect-timeout=5", "--execute=" + statement));
		return builder.redirectErrorStream(true).redirectOutput(this.output.toFile()).start();
	}

	@Override
	public String toString() {
		return this.program.toString();
	}

}
