package io.github.dbtls.autoconfigure;

import java.util.Properties;

import javax.sql.DataSource;

import io.github.dbtls.connectorj.PoolProperties;
import org.jspecify.annotations.Nullable;

/**
 * A DataSource of a library that dbtls does not know. It is left alone if it leads to
 * another database, and refused otherwise.
 *
 * @param target the DataSource
 */
record UnknownConnectionSource(DataSource target) implements ConnectionSource {

	@Override
	public @Nullable String url() {
		return UrlProperty.read(this.target);
	}

	@Override
	public @Nullable String driverClassName() {
		// Its URL tells the database; what opens it is a driver of the same.
		String className = this.target.getClass().getName();
		return OtherDatabases.isDriver(className) ? className : null;
	}

	@Override
	public Properties properties() {
		return new Properties();
	}

	@Override
	public @Nullable String userName() {
		return null;
	}

	@Override
	public String obstacle() {
		return "is a %s, and dbtls secures HikariCP pools and Spring's driver-based DataSources only"
			.formatted(this.target.getClass().getName());
	}

	@Override
	public void secure(String url, PoolProperties properties) {
		throw new IllegalStateException("An unknown DataSource cannot be secured");
	}

}
