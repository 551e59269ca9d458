package io.github.dbtls.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * What of the optional libraries is on the class path.
 */
final class Integrations {

	private Integrations() {
	}

	static List<DataSourceLayer> layers(@Nullable ClassLoader classLoader) {
		List<DataSourceLayer> layers = new ArrayList<>();
		if (ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", classLoader)) {
			layers.add(new HikariLayer());
		}
		if (ClassUtils.isPresent("org.springframework.jdbc.datasource.AbstractDriverBasedDataSource", classLoader)) {
			layers.add(new SpringJdbcLayer());
		}
		return layers;
	}

	static List<MigrationTool> migrationTools(@Nullable ClassLoader classLoader) {
		List<MigrationTool> tools = new ArrayList<>();
		if (ClassUtils.isPresent("org.flywaydb.core.Flyway", classLoader)) {
			tools.add(new FlywayMigrationTool());
		}
		if (ClassUtils.isPresent("liquibase.integration.spring.SpringLiquibase", classLoader)) {
			tools.add(new LiquibaseMigrationTool());
		}
		return tools;
	}

}
