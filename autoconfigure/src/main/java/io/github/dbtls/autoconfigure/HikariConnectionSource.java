package io.github.dbtls.autoconfigure;

import java.util.Properties;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.github.dbtls.connectorj.PoolProperties;
import org.jspecify.annotations.Nullable;

/**
 * A HikariCP pool, or the configuration of one.
 */
final class HikariConnectionSource implements ConnectionSource {

	private static final String MYSQL_DATA_SOURCES = "com.mysql.cj.jdbc.";

	private final HikariConfig config;

	HikariConnectionSource(HikariConfig config) {
		this.config = config;
	}

	@Override
	public HikariConfig target() {
		return this.config;
	}

	@Override
	public @Nullable String poolName() {
		return this.config.getPoolName();
	}

	@Override
	public @Nullable String url() {
		if (this.config.getDataSource() != null) {
			return UrlProperty.read(this.config.getDataSource());
		}
		return (this.config.getDataSourceClassName() != null) ? urlOfDataSourceClass() : this.config.getJdbcUrl();
	}

	private @Nullable String urlOfDataSourceClass() {
		Properties properties = this.config.getDataSourceProperties();
		Object url = (properties.get("url") != null) ? properties.get("url") : properties.get("URL");
		return (url != null) ? url.toString() : null;
	}

	@Override
	public @Nullable String driverClassName() {
		if (this.config.getDataSource() != null) {
			String className = this.config.getDataSource().getClass().getName();
			return OtherDatabases.isDriver(className) ? className : null;
		}
		String dataSource = this.config.getDataSourceClassName();
		return (dataSource != null) ? dataSource : this.config.getDriverClassName();
	}

	@Override
	public Properties properties() {
		Properties properties = new Properties();
		this.config.getDataSourceProperties().forEach((name, value) -> {
			if (name instanceof String && value != null) {
				properties.setProperty((String) name, value.toString());
			}
		});
		properties.remove("user");
		properties.remove("password");
		properties.remove("url");
		properties.remove("URL");
		return properties;
	}

	@Override
	public @Nullable String userName() {
		if (this.config.getCredentialsProvider() != null) {
			return this.config.getCredentialsProvider().getCredentials().getUsername();
		}
		Object user = this.config.getDataSourceProperties().get("user");
		return (user != null) ? user.toString() : this.config.getUsername();
	}

	@Override
	public boolean isClosed() {
		return this.config instanceof HikariDataSource pool && pool.isClosed();
	}

	/**
	 * HikariCP takes {@code dataSource} before {@code dataSourceClassName} before
	 * {@code jdbcUrl} before JNDI: with one of the first set, a secured URL is not used.
	 */
	@Override
	public @Nullable String obstacle() {
		if (this.config.getDataSource() != null) {
			return "takes its connections from another DataSource ('dataSource' is set), so that its JDBC URL is not used";
		}
		if (this.config.getDataSourceJNDI() != null) {
			return "takes its connections from JNDI ('dataSourceJNDI' is set)";
		}
		if (this.config.getDataSourceClassName() != null
				&& !this.config.getDataSourceClassName().startsWith(MYSQL_DATA_SOURCES)) {
			return "uses the 'dataSourceClassName' %s, which is none of MySQL Connector/J"
				.formatted(this.config.getDataSourceClassName());
		}
		if (this.config instanceof HikariDataSource pool && pool.getHikariPoolMXBean() != null) {
			return "has already started, perhaps since its bean method connects or calls 'new HikariDataSource(config)'";
		}
		return null;
	}

	@Override
	public @Nullable String evict() {
		if (!(this.config instanceof HikariDataSource pool)) {
			return "dbtls does not know their pool. Hand the HikariDataSource itself to '%s', not its configuration, to have them renewed."
				.formatted(DbTlsPools.class.getName());
		}
		HikariPoolMXBean started = pool.getHikariPoolMXBean();
		if (started != null) {
			started.softEvictConnections();
		}
		return null;
	}

	@Override
	public void secure(String url, PoolProperties properties) {
		if (this.config.getDataSourceClassName() != null) {
			// Its setters do not know ours, and its URL wins over them.
			Properties settings = this.config.getDataSourceProperties();
			properties.asMap().keySet().forEach(settings::remove);
			settings.remove("URL");
			settings.setProperty("url", url);
			return;
		}
		this.config.setJdbcUrl(url);
		properties.asMap().forEach(this.config::addDataSourceProperty);
	}

}
