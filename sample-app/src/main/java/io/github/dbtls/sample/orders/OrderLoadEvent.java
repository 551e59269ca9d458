package io.github.dbtls.sample.orders;

/**
 * Published as an application event when something about the orders is news.
 *
 * @param news what it is
 * @param orders how many orders it is about: those that wait, waited or are lost
 * @param lost how many orders are lost in all, as far as is known
 */
public record OrderLoadEvent(News news, long orders, long lost) {

	/**
	 * What is news about the orders.
	 */
	public enum News {

		/** Orders began to fall due. */
		STARTED,

		/** No more orders fall due. */
		STOPPED,

		/** Orders have to wait. */
		WAITING,

		/** Too many orders wait: no more are taken until they are placed. */
		TURNED_AWAY,

		/** The application ends, and the orders that wait with it. */
		GIVEN_UP,

		/** Orders that had to wait are placed, and were looked up in the database. */
		SERVED_AGAIN,

		/** Orders that were acknowledged are not in the database. */
		LOST

	}

}
