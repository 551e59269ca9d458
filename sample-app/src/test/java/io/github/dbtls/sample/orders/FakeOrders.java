package io.github.dbtls.sample.orders;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.mockito.Mockito.mock;

/**
 * Table of orders in memory that can be away, and that can take an order and not say so.
 */
class FakeOrders extends OrderRepository {

	/** Orders by id, with their run. */
	final Map<String, String> table = new ConcurrentHashMap<>();

	volatile boolean away;

	volatile boolean silent;

	volatile boolean hanging;

	FakeOrders() {
		super(mock(JdbcClient.class));
	}

	@Override
	void place(String run, Order order) {
		check();
		this.table.put(order.id(), run);
		if (this.silent) {
			throw new DataAccessResourceFailureException("The acknowledgement is lost");
		}
	}

	@Override
	Set<String> placed(String run) {
		check();
		Set<String> ids = ConcurrentHashMap.newKeySet();
		this.table.forEach((id, found) -> {
			if (found.equals(run)) {
				ids.add(id);
			}
		});
		return ids;
	}

	@Override
	void remove(Collection<String> ids) {
		check();
		ids.forEach(this.table::remove);
	}

	@Override
	void removeAll(String run) {
		check();
		this.table.values().removeIf(run::equals);
	}

	private void check() {
		if (this.hanging) {
			hang();
		}
		if (this.away) {
			throw new DataAccessResourceFailureException("The database is away");
		}
	}

	// As a socket does: interrupts do not help.
	private void hang() {
		while (this.hanging) {
			try {
				Thread.sleep(10);
			}
			catch (InterruptedException ex) {
				continue;
			}
		}
	}

}
