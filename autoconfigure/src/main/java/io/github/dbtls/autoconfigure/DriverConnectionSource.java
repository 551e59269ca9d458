package io.github.dbtls.autoconfigure;

import java.util.Properties;

import io.github.dbtls.connectorj.PoolProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Spring's DataSources without a pool, which Flyway, Liquibase and scripts use for users
 * of their own.
 */
final class DriverConnectionSource implements ConnectionSource {

	private final AbstractDriverBasedDataSource dataSource;

	DriverConnectionSource(AbstractDriverBasedDataSource dataSource) {
		this.dataSource = dataSource;
	}

	@Override
	public AbstractDriverBasedDataSource target() {
		return this.dataSource;
	}

	@Override
	public @Nullable String url() {
		return this.dataSource.getUrl();
	}

	@Override
	public @Nullable String driverClassName() {
		return (this.dataSource instanceof SimpleDriverDataSource simple && simple.getDriver() != null)
				? simple.getDriver().getClass().getName() : null;
	}

	@Override
	public Properties properties() {
		Properties properties = new Properties();
		if (this.dataSource.getConnectionProperties() != null) {
			properties.putAll(this.dataSource.getConnectionProperties());
		}
		properties.remove("password");
		return properties;
	}

	@Override
	public @Nullable String userName() {
		return this.dataSource.getUsername();
	}

	@Override
	public @Nullable String obstacle() {
		return null;
	}

	@Override
	public @Nullable String evict() {
		// Each connection is closed by whoever asked for it, except for the one that is
		// kept; closing that one under its user is not soft.
		return (this.dataSource instanceof SingleConnectionDataSource)
				? "a SingleConnectionDataSource keeps its connection. Call 'resetConnection()' on it while nobody uses it, or use a HikariDataSource in its place, to have it renewed."
				: null;
	}

	@Override
	public void secure(String url, PoolProperties properties) {
		this.dataSource.setUrl(url);
		Properties settings = new Properties();
		if (this.dataSource.getConnectionProperties() != null) {
			settings.putAll(this.dataSource.getConnectionProperties());
		}
		settings.putAll(properties.asMap());
		this.dataSource.setConnectionProperties(settings);
		if (this.dataSource instanceof SingleConnectionDataSource single) {
			// It may have connected before, and would serve that connection for ever.
			single.resetConnection();
		}
	}

}
