package io.github.dbtls.sample.orders;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link OrderAudit}.
 */
class OrderAuditTests {

	private static final String RUN = "run";

	private static final long LATER = Duration.ofMinutes(2).toNanos();

	private final FakeOrders orders = new FakeOrders();

	private final OrderAudit audit = new OrderAudit(this.orders, RUN, Duration.ofMinutes(1));

	@Test
	void resultWhenNothingWasCheckedIsEmpty() {
		place();
		assertThat(this.audit.placed()).isOne();
		assertThat(this.audit.result()).isEqualTo(new OrderAudit.Result(0, 0));
	}

	@Test
	void checkWhenAllOrdersAreThereFindsThem() {
		place();
		place();
		this.audit.check(0);
		assertThat(this.audit.result()).isEqualTo(new OrderAudit.Result(2, 0));
	}

	@Test
	void checkWhenOrderIsGoneFindsLoss() {
		place();
		Order gone = place();
		this.audit.check(0);
		this.orders.table.remove(gone.id());
		this.audit.check(0);
		assertThat(this.audit.result()).isEqualTo(new OrderAudit.Result(1, 1));
		this.audit.check(LATER);
		assertThat(this.audit.result()).as("A loss stays").isEqualTo(new OrderAudit.Result(1, 1));
	}

	@Test
	void checkWhenUnacknowledgedOrderIsThereStillFindsLoss() {
		Order gone = place();
		this.orders.place(RUN, order());
		this.orders.table.remove(gone.id());
		this.audit.check(0);
		assertThat(this.audit.result().lost()).isOne();
	}

	@Test
	void checkLeavesOtherRunsAlone() {
		this.orders.place("other", order());
		place();
		this.audit.check(LATER);
		assertThat(this.audit.result()).isEqualTo(new OrderAudit.Result(1, 0));
		assertThat(this.orders.table).containsValue("other").hasSize(1);
	}

	@Test
	void checkWhenOrdersAreOldClearsThemAwayAndCountsThem() {
		place();
		place();
		this.audit.check(0);
		assertThat(this.orders.table).hasSize(2);
		this.audit.check(LATER);
		assertThat(this.orders.table).isEmpty();
		this.audit.acknowledge(placed(), LATER);
		this.audit.check(LATER);
		assertThat(this.audit.result()).isEqualTo(new OrderAudit.Result(3, 0));
	}

	@Test
	void checkWhenOrderIsGoneDoesNotClearItAway() {
		Order gone = place();
		this.orders.table.remove(gone.id());
		this.audit.check(LATER);
		this.audit.check(LATER);
		assertThat(this.audit.result()).isEqualTo(new OrderAudit.Result(0, 1));
	}

	@Test
	void checkWhenClearingFailsCountsOnceAndTriesAgain() {
		place();
		FailingRemoval failing = new FailingRemoval();
		failing.table.putAll(this.orders.table);
		OrderAudit audit = new OrderAudit(failing, RUN, Duration.ofMinutes(1));
		failing.table.keySet().forEach((id) -> audit.acknowledge(new Order(id, "Bread", 0), 0));
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> audit.check(LATER));
		assertThat(audit.result()).isEqualTo(new OrderAudit.Result(1, 0));
		failing.failing = false;
		audit.check(LATER);
		assertThat(failing.table).isEmpty();
		assertThat(audit.result()).isEqualTo(new OrderAudit.Result(1, 0));
	}

	@Test
	void checkWhenDatabaseIsAwayKeepsResult() {
		place();
		this.audit.check(0);
		this.orders.away = true;
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.audit.check(0));
		assertThat(this.audit.result()).isEqualTo(new OrderAudit.Result(1, 0));
	}

	private Order place() {
		Order order = placed();
		this.audit.acknowledge(order, 0);
		return order;
	}

	private Order placed() {
		Order order = order();
		this.orders.place(RUN, order);
		return order;
	}

	private static Order order() {
		return Order.of("Bread", 0);
	}

	/**
	 * Table that nothing can be removed from.
	 */
	private static final class FailingRemoval extends FakeOrders {

		private boolean failing = true;

		@Override
		void remove(Collection<String> ids) {
			this.away = this.failing;
			super.remove(ids);
		}

		@Override
		Set<String> placed(String run) {
			this.away = false;
			return super.placed(run);
		}

	}

}
