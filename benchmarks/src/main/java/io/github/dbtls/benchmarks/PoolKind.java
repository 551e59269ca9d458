package io.github.dbtls.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;

/**
 * How a HikariCP pool gets its connections.
 *
 * @param name the name in the report
 * @param configuration makes the configuration of a new pool
 * @param release is told when the pool is closed
 */
record PoolKind(String name, Supplier<HikariConfig> configuration, Consumer<HikariConfig> release) {

	static final String DBTLS = "dbtls";

	private static final long POLLING_NANOS = 200_000;

	static PoolKind stock(Leg leg) {
		StockDriver base = StockDriver.base(leg);
		return new PoolKind(Variant.BASE, () -> {
			HikariConfig config = DbTlsApplication.pool(leg);
			base.properties().forEach((name, value) -> config.addDataSourceProperty((String) name, value));
			return config;
		}, (config) -> {
		});
	}

	/**
	 * Return the kind that dbtls secures. A new pool has new trust, read from its file,
	 * and no TLS sessions, as in an application that starts.
	 * @param leg where
	 * @param application the application
	 * @return the kind
	 */
	static PoolKind dbTls(Leg leg, DbTlsApplication application) {
		return new PoolKind(DBTLS, () -> application.secure(DbTlsApplication.pool(leg)), application::release);
	}

	/**
	 * Return the operation "configure a pool and start it, until it is full". It counts
	 * connections.
	 * @param size the size of the pool
	 * @return the contestant
	 */
	Contestant fill(int size) {
		return new Contestant(this.name, (meter) -> {
			meter.start();
			HikariConfig config = this.configuration.get();
			try (HikariDataSource pool = start(config, size)) {
				meter.stop();
				List<Connection> connections = borrowAll(pool);
				meter.count(size, resumed(connections));
				giveBack(connections);
			}
			this.release.accept(config);
		});
	}

	static HikariDataSource start(HikariConfig config, int size) {
		config.setMaximumPoolSize(size);
		HikariDataSource pool = new HikariDataSource(config);
		awaitFull(pool);
		return pool;
	}

	static void awaitFull(HikariDataSource pool) {
		while (pool.getHikariPoolMXBean().getIdleConnections() < pool.getMaximumPoolSize()) {
			LockSupport.parkNanos(POLLING_NANOS);
		}
	}

	static List<Connection> borrowAll(HikariDataSource pool) throws SQLException {
		List<Connection> connections = new ArrayList<>();
		while (connections.size() < pool.getMaximumPoolSize()) {
			connections.add(pool.getConnection());
		}
		return connections;
	}

	static void giveBack(List<Connection> connections) throws SQLException {
		for (Connection connection : connections) {
			connection.close();
		}
	}

	static int resumed(List<Connection> connections) throws SQLException {
		int resumed = 0;
		for (Connection connection : connections) {
			TlsSession session = ConnectionSession.of(connection);
			resumed += (session != null && session.resumed()) ? 1 : 0;
		}
		return resumed;
	}

}
