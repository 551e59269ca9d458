package io.github.dbtls.sample.orders;

/**
 * How the orders fare.
 *
 * @param state what the shop does
 * @param placed orders that the database acknowledged
 * @param waiting orders that are due and not placed
 * @param retried further attempts to place an order
 * @param turnedAway orders that were not taken, as too many waited
 * @param lost orders that were acknowledged and are not in the database
 * @param inDatabase orders that were found there by the last check
 * @param perSecond orders placed in a second, of late
 * @param millis how long it took to place one, of late
 */
public record OrderLoadState(State state, long placed, long waiting, long retried, long turnedAway, long lost,
		long inDatabase, double perSecond, double millis) {

	/**
	 * What the shop does.
	 */
	public enum State {

		/** Orders are placed when they are due. */
		SERVING,

		/** Orders have to wait. */
		WAITING,

		/** No orders fall due. */
		STOPPED

	}

}
