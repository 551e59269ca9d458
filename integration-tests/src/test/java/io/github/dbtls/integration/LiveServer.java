package io.github.dbtls.integration;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import org.awaitility.Awaitility;

/**
 * A real server that changes its certificate and its demands while it runs, so that one
 * server does for many tests.
 */
abstract class LiveServer {

	private static final Pattern TIDB = Pattern.compile(".*-TiDB-v(\\d+\\.\\d+)\\..*");

	private static final Pattern MARIADB = Pattern.compile("(\\d+\\.\\d+)\\..*-MariaDB.*");

	private static final Pattern MYSQL = Pattern.compile("(\\d+\\.\\d+)\\..*");

	// Kept open: what it was opened with may be refused by now.
	private Connection administration;

	/**
	 * Return the port on this machine.
	 * @return the port
	 */
	abstract int port();

	/**
	 * Return a database that is there.
	 * @return the name
	 */
	abstract String database();

	/**
	 * Return the user of applications.
	 * @return the name
	 */
	abstract String user();

	/**
	 * Return the user that may do everything.
	 * @return the name
	 */
	abstract String administrator();

	/**
	 * Return his password.
	 * @return the password
	 */
	abstract String administratorPassword();

	/**
	 * Return the password of applications' users, those that tests make included.
	 * @return the password
	 */
	abstract String password();

	/**
	 * Show another certificate to connections from now on; those that are open go on.
	 * @param identity what to show
	 * @param issuer who issued it
	 */
	abstract void show(Identity identity, Authority issuer);

	/**
	 * Show a new certificate to connections from now on; those that are open go on.
	 * @param issuer who issues it
	 * @param names the names to make it out to
	 */
	void show(Authority issuer, String... names) {
		show(issuer.server(names), issuer);
	}

	/**
	 * Do something while the server, or another one like it, offers no TLS.
	 * @param task what to do with the server that offers none
	 */
	abstract void withoutTls(Consumer<LiveServer> task);

	/**
	 * Return the product and version that the server gives, for the documentation's
	 * table.
	 * @return such as {@code MySQL 9.7}
	 */
	String name() {
		String version = query("SELECT VERSION()");
		Matcher tidb = TIDB.matcher(version);
		if (tidb.matches()) {
			return "TiDB " + tidb.group(1);
		}
		Matcher mariaDb = MARIADB.matcher(version);
		if (mariaDb.matches()) {
			return "MariaDB " + mariaDb.group(1);
		}
		Matcher mySql = MYSQL.matcher(version);
		if (mySql.matches() && !version.contains("-MariaDB")) {
			return "MySQL " + mySql.group(1);
		}
		throw new IllegalStateException("Which server is this? " + version);
	}

	/**
	 * Demand TLS of all connections, or take plain ones too, and see that it is so.
	 * @param required whether it is demanded
	 */
	void requireSecureTransport(boolean required) {
		execute("SET GLOBAL require_secure_transport = " + (required ? "ON" : "OFF"));
		// TiDB takes a moment, and up to half a minute where a notice between its parts
		// is
		// lost.
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> acceptsPlaintext(user()) != required);
	}

	/**
	 * Return whether somebody without TLS gets in.
	 * @param user who tries
	 * @return whether he does
	 */
	boolean acceptsPlaintext(String user) {
		try {
			connect(user, password(), "DISABLED").close();
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Make a user who may do everything in all databases.
	 * @param name his name
	 * @param requirement what is required of his connections, such as {@code SSL}
	 */
	void createUser(String name, String requirement) {
		execute("CREATE USER IF NOT EXISTS '%s'@'%%' IDENTIFIED BY '%s' REQUIRE %s".formatted(name, password(),
				requirement), "GRANT ALL ON *.* TO '%s'@'%%'".formatted(name));
	}

	/**
	 * Execute statements as administrator.
	 * @param statements the statements
	 */
	void execute(String... statements) {
		for (String text : statements) {
			try (Statement statement = administration().createStatement()) {
				statement.execute(text);
			}
			catch (SQLException ex) {
				throw new IllegalStateException("Unable to execute " + text, ex);
			}
		}
	}

	/**
	 * Return a counter of the server.
	 * @param name the name of the status variable
	 * @return its value for the whole server
	 */
	long count(String name) {
		try (Statement statement = administration().createStatement();
				ResultSet rows = statement.executeQuery("SHOW GLOBAL STATUS LIKE '%s'".formatted(name))) {
			rows.next();
			return rows.getLong(2);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Unable to read " + name, ex);
		}
	}

	private String query(String text) {
		try (Statement statement = administration().createStatement(); ResultSet rows = statement.executeQuery(text)) {
			rows.next();
			return rows.getString(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Unable to execute " + text, ex);
		}
	}

	private synchronized Connection administration() throws SQLException {
		if (this.administration == null) {
			this.administration = connect(administrator(), administratorPassword(), "PREFERRED");
		}
		return this.administration;
	}

	// The driver as it comes.
	private Connection connect(String user, String password, String sslMode) throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", user);
		properties.setProperty("password", password);
		properties.setProperty("sslMode", sslMode);
		properties.setProperty("allowPublicKeyRetrieval", "true");
		return DriverManager.getConnection("jdbc:mysql://127.0.0.1:%d/%s".formatted(port(), database()), properties);
	}

}
