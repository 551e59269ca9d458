package io.github.dbtls.sample.orders;

import java.util.UUID;

/**
 * Order that fell due.
 *
 * @param id its identity, the same at each attempt to place it
 * @param item what is ordered
 * @param dueAt when it fell due, on the clock of {@link System#nanoTime()}
 */
record Order(String id, String item, long dueAt) {

	static Order of(String item, long now) {
		return new Order(UUID.randomUUID().toString(), item, now);
	}

}
