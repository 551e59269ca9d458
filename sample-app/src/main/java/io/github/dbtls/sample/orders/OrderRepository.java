package io.github.dbtls.sample.orders;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Orders in the database. Whatever is asked here may be asked again when the answer did
 * not arrive.
 */
@Repository
class OrderRepository {

	private final JdbcClient jdbcClient;

	OrderRepository(JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	/**
	 * Place an order. It is placed when this returns; when this throws, it may be.
	 * @param run the run of the application
	 * @param order the order
	 */
	void place(String run, Order order) {
		// Not INSERT IGNORE: that makes warnings of other errors, too.
		this.jdbcClient
			.sql("INSERT INTO dbtls_sample_order (id, run, item) VALUES (:id, :run, :item) "
					+ "ON DUPLICATE KEY UPDATE id = id")
			.param("id", order.id())
			.param("run", run)
			.param("item", order.item())
			.update();
	}

	Set<String> placed(String run) {
		return new HashSet<>(this.jdbcClient.sql("SELECT id FROM dbtls_sample_order WHERE run = :run")
			.param("run", run)
			.query(String.class)
			.list());
	}

	void remove(Collection<String> ids) {
		this.jdbcClient.sql("DELETE FROM dbtls_sample_order WHERE id IN (:ids)").param("ids", ids).update();
	}

	void removeAll(String run) {
		this.jdbcClient.sql("DELETE FROM dbtls_sample_order WHERE run = :run").param("run", run).update();
	}

}
