package io.github.dbtls.sample.orders;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * How fast orders are placed.
 */
final class OrderStatistics {

	private static final Duration WINDOW = Duration.ofSeconds(5);

	/** After an outage many come at once. */
	private static final int MOST = 10_000;

	private static final int RECENT = 100;

	/** Guarded by this, as all else. */
	private final Deque<Long> times = new ArrayDeque<>();

	private final Deque<Long> durations = new ArrayDeque<>();

	private final long start;

	private long retried;

	private long late;

	OrderStatistics(long now) {
		this.start = now;
	}

	synchronized void placed(long now, long nanos) {
		add(this.times, now, MOST);
		add(this.durations, nanos, RECENT);
	}

	private static void add(Deque<Long> values, long value, int most) {
		values.addLast(value);
		if (values.size() > most) {
			values.removeFirst();
		}
	}

	synchronized void retried() {
		this.retried++;
	}

	synchronized void late() {
		this.late++;
	}

	synchronized long retries() {
		return this.retried;
	}

	/**
	 * Return how many orders had to wait before they were placed.
	 * @return the number
	 */
	synchronized long lateOrders() {
		return this.late;
	}

	synchronized double perSecond(long now) {
		while (!this.times.isEmpty() && now - this.times.getFirst() >= WINDOW.toNanos()) {
			this.times.removeFirst();
		}
		// At the start the window is shorter, but a second at least.
		long nanos = Math.max(Math.min(now - this.start, WINDOW.toNanos()), TimeUnit.SECONDS.toNanos(1));
		return Math.round(this.times.size() * 10.0 * TimeUnit.SECONDS.toNanos(1) / nanos) / 10.0;
	}

	/**
	 * Return how long it took to place one of the last orders, in the middle of them.
	 * @return milliseconds, zero if none was placed
	 */
	synchronized double medianMillis() {
		if (this.durations.isEmpty()) {
			return 0;
		}
		long[] sorted = this.durations.stream().mapToLong(Long::longValue).sorted().toArray();
		return Math.round(sorted[sorted.length / 2] / 100_000.0) / 10.0;
	}

}
