package io.github.dbtls.benchmarks;

import java.nio.file.Path;
import java.util.Properties;

/**
 * A server that runs, as those who connect to it know it.
 *
 * @param name its name in the report, such as {@code MySQL 9.7}
 * @param key the kind of key of its certificate and its authority
 * @param host the host that its certificate is made out to
 * @param port its port
 * @param database a database
 * @param account who connects
 * @param administrator who may have the server forget its session tickets
 * @param forgetTickets the statement by which it forgets them, as a restart would
 * @param trust the files that make it trusted
 */
record Server(String name, String key, String host, int port, String database, Account account, Account administrator,
		String forgetTickets, TrustFiles trust) {

	static final String RSA = "RSA-2048";

	static final String EC = "P-384";

	/**
	 * Return the JDBC URL without parameters.
	 * @return the URL
	 */
	String jdbcUrl() {
		return "jdbc:mysql://%s:%d/%s".formatted(this.host, this.port, this.database);
	}

	/**
	 * Return this server as reached through a relay.
	 * @param port the relay's port
	 * @return the server
	 */
	Server behind(int port) {
		return new Server(this.name, this.key, this.host, port, this.database, this.account, this.administrator,
				this.forgetTickets, this.trust);
	}

	void write(Properties properties) {
		properties.setProperty("name", this.name);
		properties.setProperty("key", this.key);
		properties.setProperty("host", this.host);
		properties.setProperty("port", Integer.toString(this.port));
		properties.setProperty("database", this.database);
		properties.setProperty("user", this.account.user());
		properties.setProperty("password", this.account.password());
		properties.setProperty("administrator.user", this.administrator.user());
		properties.setProperty("administrator.password", this.administrator.password());
		properties.setProperty("forget-tickets", this.forgetTickets);
		properties.setProperty("trust", this.trust.directory().toString());
	}

	static Server read(Properties properties) {
		return new Server(properties.getProperty("name"), properties.getProperty("key"), properties.getProperty("host"),
				Integer.parseInt(properties.getProperty("port")), properties.getProperty("database"),
				new Account(properties.getProperty("user"), properties.getProperty("password")),
				new Account(properties.getProperty("administrator.user"),
						properties.getProperty("administrator.password")),
				properties.getProperty("forget-tickets"), new TrustFiles(Path.of(properties.getProperty("trust"))));
	}

	/**
	 * Who logs in.
	 *
	 * @param user the name
	 * @param password the password, one of the test kit's
	 */
	record Account(String user, String password) {

		Properties properties() {
			Properties properties = new Properties();
			properties.setProperty("user", this.user);
			properties.setProperty("password", this.password);
			return properties;
		}

		@Override
		public String toString() {
			return this.user;
		}

	}

}
