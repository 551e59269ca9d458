package io.github.dbtls.sample.orders;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Orders that are due and not placed. They are taken in the order in which they fell due,
 * and stay here until they are placed.
 */
final class OrderBacklog {

	private final int most;

	/** In the order in which they fell due. Guarded by this, as all else. */
	private final Map<String, Order> unplaced = new LinkedHashMap<>();

	/** Those of them that nobody is placing. */
	private final Deque<Order> ready = new ArrayDeque<>();

	/**
	 * Create an empty backlog.
	 * @param most how many orders may wait
	 */
	OrderBacklog(int most) {
		this.most = most;
	}

	/**
	 * Add an order, unless too many wait: a shop that is closed for long takes no more
	 * orders rather than run out of memory.
	 * @param order the order
	 * @return whether it was added
	 */
	synchronized boolean add(Order order) {
		if (this.unplaced.size() >= this.most) {
			return false;
		}
		this.unplaced.put(order.id(), order);
		this.ready.addLast(order);
		notifyAll();
		return true;
	}

	/**
	 * Wait for an order that nobody is placing.
	 * @return the order that has waited longest
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized Order take() throws InterruptedException {
		while (this.ready.isEmpty()) {
			wait();
		}
		return this.ready.removeFirst();
	}

	/**
	 * Take down that an order is placed.
	 * @param order the order
	 */
	synchronized void placed(Order order) {
		this.unplaced.remove(order.id());
		notifyAll();
	}

	/**
	 * Wait until no order waits.
	 * @param most how long to wait at most
	 * @return whether none waits
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized boolean awaitEmpty(Duration most) throws InterruptedException {
		long end = System.nanoTime() + most.toNanos();
		for (long left = most.toNanos(); !this.unplaced.isEmpty() && left > 0; left = end - System.nanoTime()) {
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
		return this.unplaced.isEmpty();
	}

	synchronized int size() {
		return this.unplaced.size();
	}

	/**
	 * Return how long the first order has waited.
	 * @param now the time
	 * @return the time, zero if none waits
	 */
	synchronized Duration longestWait(long now) {
		Iterator<Order> orders = this.unplaced.values().iterator();
		return orders.hasNext() ? Duration.ofNanos(now - orders.next().dueAt()) : Duration.ZERO;
	}

}
