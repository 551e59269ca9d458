package io.github.dbtls.benchmarks;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;

/**
 * MariaDB Connector/J, which reads PEM and keeps what it has read.
 */
final class MariaDbDriver implements Variant {

	static final String NAME = "MariaDB Connector/J, PEM of one CA";

	private final Driver driver = new org.mariadb.jdbc.Driver();

	private final String url;

	private final Properties properties;

	MariaDbDriver(Leg leg) {
		this.url = leg.server().jdbcUrl().replace("jdbc:mysql:", "jdbc:mariadb:");
		this.properties = leg.server().account().properties();
		this.properties.setProperty("sslMode", "verify-full");
		this.properties.setProperty("serverSslCert", leg.server().trust().pem().toString());
		this.properties.setProperty("enabledSslProtocolSuites", leg.tls());
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public Connection open() throws SQLException {
		return this.driver.connect(this.url, this.properties);
	}

}
