package io.github.dbtls.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Knows Spring's own DataSources.
 */
final class SpringJdbcLayer implements DataSourceLayer {

	@Override
	public Class<AbstractDriverBasedDataSource> type() {
		return AbstractDriverBasedDataSource.class;
	}

	@Override
	public @Nullable List<DataSource> unwrap(DataSource dataSource) {
		if (dataSource instanceof EmbeddedDatabase) {
			// H2, HSQLDB and Derby, inside this JVM.
			return List.of();
		}
		if (dataSource instanceof DelegatingDataSource delegating) {
			DataSource target = delegating.getTargetDataSource();
			return (target != null) ? List.of(target) : List.of();
		}
		if (dataSource instanceof AbstractRoutingDataSource routing) {
			List<DataSource> targets = new ArrayList<>(routing.getResolvedDataSources().values());
			DataSource fallback = routing.getResolvedDefaultDataSource();
			if (fallback != null && !targets.contains(fallback)) {
				targets.add(fallback);
			}
			return targets;
		}
		return null;
	}

	@Override
	public @Nullable ConnectionSource read(DataSource dataSource) {
		return (dataSource instanceof AbstractDriverBasedDataSource driverBased)
				? new DriverConnectionSource(driverBased) : null;
	}

}
