package io.github.dbtls.autoconfigure;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * Knows Flyway, with {@code spring.flyway.url} or {@code spring.flyway.user}.
 */
final class FlywayMigrationTool implements MigrationTool {

	@Override
	public Class<Flyway> type() {
		return Flyway.class;
	}

	@Override
	public @Nullable DataSource dataSourceOf(Object bean) {
		return (bean instanceof Flyway flyway) ? flyway.getConfiguration().getDataSource() : null;
	}

}
