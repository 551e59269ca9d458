package io.github.dbtls.autoconfigure;

import java.util.Properties;

import javax.sql.DataSource;

import io.github.dbtls.connectorj.PoolProperties;
import org.jspecify.annotations.Nullable;

/**
 * A DataSource that hands out connections of others, and does not say of which. Nothing
 * of its own tells the database, a property called {@code url} included: so it is
 * refused.
 *
 * @param target the DataSource
 * @param obstacle what it does
 */
record ConcealedConnectionSource(DataSource target, String obstacle) implements ConnectionSource {

	@Override
	public @Nullable String url() {
		return null;
	}

	@Override
	public @Nullable String driverClassName() {
		return null;
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
	public String remedy() {
		return "Let it have all its targets when it is created; or hand the configuration of each to '%s' before it starts, and exempt this one"
			.formatted(DbTlsPools.class.getName());
	}

	@Override
	public void secure(String url, PoolProperties properties) {
		throw new IllegalStateException("A DataSource that conceals its targets cannot be secured");
	}

}
