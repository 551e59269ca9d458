package io.github.dbtls.sample.embedded;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The only accounts of the database: the application's, twice, and that of the
 * {@link MaintenanceClient}.
 *
 * @param password the application's password
 * @param maintenancePassword the other password
 */
record Accounts(String password, String maintenancePassword) {

	static final String USERNAME = "shop";

	/** In TiDB Cloud Starter user names begin with the prefix of the cluster. */
	static final String PREFIXED_USERNAME = "demo." + USERNAME;

	static Accounts create() {
		return new Accounts(random(), random());
	}

	private static String random() {
		byte[] bytes = new byte[24];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	/**
	 * Returns what makes them.
	 * @return statements, one on each line
	 */
	String statements() {
		return """
				DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';
				FLUSH PRIVILEGES;
				CREATE DATABASE shop CHARACTER SET utf8mb4;
				CREATE USER '%1$s'@'127.0.0.1' IDENTIFIED BY '%3$s' REQUIRE SSL;
				GRANT ALL PRIVILEGES ON shop.* TO '%1$s'@'127.0.0.1';
				CREATE USER '%2$s'@'127.0.0.1' IDENTIFIED BY '%3$s' REQUIRE SSL;
				GRANT ALL PRIVILEGES ON shop.* TO '%2$s'@'127.0.0.1';
				CREATE USER '%4$s'@'localhost' IDENTIFIED BY '%5$s';
				GRANT RELOAD ON *.* TO '%4$s'@'localhost';
				""".formatted(USERNAME, PREFIXED_USERNAME, this.password, MaintenanceClient.USERNAME,
				this.maintenancePassword);
	}

	@Override
	public String toString() {
		return "Accounts[%s, %s]".formatted(USERNAME, PREFIXED_USERNAME);
	}

}
