package io.github.dbtls.sample.journal;

import io.github.dbtls.sample.journal.Journal.Kind;
import io.github.dbtls.sample.orders.OrderLoadEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes down how the orders fare.
 */
@Component
class OrderJournal {

	private final Journal journal;

	OrderJournal(Journal journal) {
		this.journal = journal;
	}

	@EventListener
	void on(OrderLoadEvent event) {
		switch (event.news()) {
			case STARTED -> this.journal.record(Kind.INFO, "Orders come in.");
			case STOPPED -> this.journal.record(Kind.INFO, "No more orders come in.");
			case WAITING -> this.journal.record(Kind.INFO,
					"Orders wait: there is no safe connection to place them over. They are tried again until there is.");
			case TURNED_AWAY -> this.journal.record(Kind.INFO,
					"The shop takes no more orders: %d wait already.".formatted(event.orders()));
			case GIVEN_UP ->
				this.journal.record(Kind.INFO, "The application ends, and %s given up.".formatted((event.orders() == 1)
						? "the order that waits is" : "the %d orders that wait are".formatted(event.orders())));
			case SERVED_AGAIN -> this.journal.record(Kind.SERVED, servedAgain(event));
			case LOST -> this.journal.record(Kind.INFO, "%d of the orders that the database acknowledged %s not in it."
				.formatted(event.orders(), (event.orders() == 1) ? "is" : "are"));
		}
	}

	private static String servedAgain(OrderLoadEvent event) {
		String waited = (event.orders() == 1) ? "The order that had to wait is placed"
				: "The %d orders that had to wait are placed".formatted(event.orders());
		return waited + ((event.lost() == 0) ? ", none is lost." : ", %d in all are lost.".formatted(event.lost()));
	}

}
