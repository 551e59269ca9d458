package io.github.dbtls.sample.orders;

import java.util.function.Consumer;

import io.github.dbtls.sample.orders.OrderLoadEvent.News;

/**
 * Notices when orders begin to wait, when too many do, when those that waited are placed,
 * and when some are lost. That none is lost it says only after a look into the database.
 */
final class OrderLoadWatch {

	private final Consumer<OrderLoadEvent> events;

	/** Guarded by this, as all else. */
	private boolean waiting;

	private boolean full;

	private boolean recovered;

	private long lateBefore;

	private long lateAfter;

	private long lost;

	OrderLoadWatch(Consumer<OrderLoadEvent> events) {
		this.events = events;
	}

	/**
	 * Look at the orders, some times a second.
	 * @param late whether orders have to wait
	 * @param waiting how many orders are due and not placed
	 * @param placedLate how many of all orders had to wait and are placed
	 */
	synchronized void look(boolean late, long waiting, long placedLate) {
		if (late && !this.waiting) {
			this.waiting = true;
			if (!this.recovered) {
				this.lateBefore = placedLate;
			}
			this.recovered = false;
			this.events.accept(new OrderLoadEvent(News.WAITING, waiting, this.lost));
		}
		else if (!late && this.waiting) {
			this.waiting = false;
			this.full = false;
			this.recovered = true;
			this.lateAfter = placedLate;
		}
	}

	/**
	 * Take down that an order was turned away. That is news once until orders are placed
	 * in time again.
	 * @param waiting how many orders are due and not placed
	 */
	synchronized void turnedAway(long waiting) {
		if (!this.full) {
			this.full = true;
			this.events.accept(new OrderLoadEvent(News.TURNED_AWAY, waiting, this.lost));
		}
	}

	/**
	 * Take down what a look into the database found.
	 * @param placedLate how many orders had to wait and were placed before the look
	 * @param lost how many orders are lost
	 */
	synchronized void checked(long placedLate, long lost) {
		if (lost > this.lost) {
			this.events.accept(new OrderLoadEvent(News.LOST, lost - this.lost, lost));
		}
		this.lost = lost;
		if (this.recovered && placedLate >= this.lateAfter) {
			this.recovered = false;
			this.events.accept(new OrderLoadEvent(News.SERVED_AGAIN, this.lateAfter - this.lateBefore, lost));
		}
	}

}
