package io.github.dbtls.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

/**
 * Knows HikariCP.
 */
final class HikariLayer implements DataSourceLayer {

	@Override
	public Class<HikariDataSource> type() {
		return HikariDataSource.class;
	}

	@Override
	public @Nullable ConnectionSource read(DataSource dataSource) {
		return (dataSource instanceof HikariDataSource pool) ? new HikariConnectionSource(pool) : null;
	}

}
