package io.github.dbtls.sample.live;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Reads the numbers of the connection pool.
 */
@Component
class PoolReader {

	private final ObjectProvider<HikariDataSource> dataSource;

	PoolReader(ObjectProvider<HikariDataSource> dataSource) {
		this.dataSource = dataSource;
	}

	LiveState.@Nullable Pool read(int outdated) {
		HikariDataSource dataSource = this.dataSource.getIfUnique();
		HikariPoolMXBean pool = (dataSource != null) ? dataSource.getHikariPoolMXBean() : null;
		if (dataSource == null || pool == null) {
			return null;
		}
		return new LiveState.Pool(pool.getActiveConnections(), pool.getIdleConnections(),
				pool.getThreadsAwaitingConnection(), pool.getTotalConnections(), dataSource.getMaximumPoolSize(),
				outdated);
	}

}
