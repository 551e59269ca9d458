package io.github.dbtls.sample.orders;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what the database acknowledged with what is in it, order by order: a number
 * alone would hide a lost order behind one whose acknowledgement was lost.
 * <p>
 * An order that was found is cleared away after a while, so that the table stays small.
 * It counts as found for good.
 */
final class OrderAudit {

	/** Statements have to end. */
	private static final int MOST_REMOVED_AT_ONCE = 500;

	private final OrderRepository orders;

	private final String run;

	private final Duration keep;

	/**
	 * Acknowledged orders and when they were, oldest first. Guarded by this, as all else.
	 */
	private final Map<String, Long> acknowledged = new LinkedHashMap<>();

	/** Found and to be cleared away, if they are not already. */
	private final Set<String> leaving = new HashSet<>();

	private long placed;

	private long clearedAway;

	private Result result = new Result(0, 0);

	/**
	 * Create an audit.
	 * @param orders the orders
	 * @param run the run of the application
	 * @param keep how long an order stays in the table
	 */
	OrderAudit(OrderRepository orders, String run, Duration keep) {
		this.orders = orders;
		this.run = run;
		this.keep = keep;
	}

	synchronized void acknowledge(Order order, long now) {
		this.acknowledged.put(order.id(), now);
		this.placed++;
	}

	synchronized long placed() {
		return this.placed;
	}

	/**
	 * Return what the last check found.
	 * @return the result
	 */
	synchronized Result result() {
		return this.result;
	}

	/**
	 * Look which orders are in the table. Only one thread may do so at a time.
	 * @param now the time
	 */
	void check(long now) {
		List<String> expected;
		Set<String> leaving;
		synchronized (this) {
			// Taken first: what is acknowledged later may be in the table or not.
			expected = List.copyOf(this.acknowledged.keySet());
			leaving = Set.copyOf(this.leaving);
		}
		if (expected.isEmpty() && leaving.isEmpty()) {
			return;
		}
		Set<String> found = this.orders.placed(this.run);
		found.removeAll(leaving);
		List<String> removable;
		synchronized (this) {
			long lost = expected.stream().filter((id) -> !found.contains(id)).count();
			this.result = new Result(this.clearedAway + found.size(), lost);
			moveOld(found, now);
			removable = new ArrayList<>(this.leaving);
		}
		clearAway(removable);
	}

	private void moveOld(Set<String> found, long now) {
		List<String> old = this.acknowledged.entrySet()
			.stream()
			.filter((order) -> now - order.getValue() > this.keep.toNanos() && found.contains(order.getKey()))
			.map(Map.Entry::getKey)
			.toList();
		old.forEach(this.acknowledged::remove);
		this.leaving.addAll(old);
		this.clearedAway += old.size();
	}

	private void clearAway(List<String> ids) {
		for (int from = 0; from < ids.size(); from += MOST_REMOVED_AT_ONCE) {
			List<String> some = ids.subList(from, Math.min(ids.size(), from + MOST_REMOVED_AT_ONCE));
			this.orders.remove(some);
			synchronized (this) {
				some.forEach(this.leaving::remove);
			}
		}
	}

	/**
	 * What a check found.
	 *
	 * @param inDatabase orders that are in the table, or were when they were cleared away
	 * @param lost orders that were acknowledged and are not in the table
	 */
	record Result(long inDatabase, long lost) {
	}

}
