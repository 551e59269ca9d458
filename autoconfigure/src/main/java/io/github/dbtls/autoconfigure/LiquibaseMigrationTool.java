package io.github.dbtls.autoconfigure;

import javax.sql.DataSource;

import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;

/**
 * Knows Liquibase, with {@code spring.liquibase.url} or {@code spring.liquibase.user}.
 */
final class LiquibaseMigrationTool implements MigrationTool {

	@Override
	public Class<SpringLiquibase> type() {
		return SpringLiquibase.class;
	}

	@Override
	public @Nullable DataSource dataSourceOf(Object bean) {
		return (bean instanceof SpringLiquibase liquibase) ? liquibase.getDataSource() : null;
	}

}
