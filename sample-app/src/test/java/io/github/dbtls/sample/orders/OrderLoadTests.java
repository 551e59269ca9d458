package io.github.dbtls.sample.orders;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import io.github.dbtls.sample.orders.OrderLoadEvent.News;
import io.github.dbtls.sample.orders.OrderLoadState.State;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OrderLoad}.
 */
class OrderLoadTests {

	private final FakeOrders orders = new FakeOrders();

	private final List<OrderLoadEvent> events = new CopyOnWriteArrayList<>();

	private final OrderLoad load = new OrderLoad(this.orders, 50, this.events::add);

	@AfterEach
	void close() {
		this.orders.hanging = false;
		this.load.close();
	}

	@Test
	void nothingHappensBeforeStart() {
		assertThat(this.load.state()).isEqualTo(new OrderLoadState(State.STOPPED, 0, 0, 0, 0, 0, 0, 0, 0));
		this.load.stop();
		assertThat(this.events).isEmpty();
	}

	@Test
	void ordersArePlacedAndFound() throws Exception {
		this.load.start();
		this.load.start();
		OrderLoadState state = await((found) -> found.inDatabase() >= 40);
		assertThat(state.lost()).isZero();
		assertThat(state.retried()).isZero();
		assertThat(state.perSecond()).isPositive();
		assertThat(this.events).first().isEqualTo(new OrderLoadEvent(News.STARTED, 0, 0));
		await((found) -> found.state() == State.SERVING);
	}

	@Test
	void ordersWaitWhileDatabaseIsAwayAndAreNotLost() throws Exception {
		this.load.start();
		await((state) -> state.placed() > 0);
		this.orders.away = true;
		await((state) -> state.state() == State.WAITING && state.retried() > 0 && state.waiting() > 10
				&& last().news() == News.WAITING);
		this.orders.away = false;
		await((state) -> state.state() == State.SERVING && last().news() == News.SERVED_AGAIN);
		OrderLoadEvent served = last();
		assertThat(served.orders()).isPositive();
		assertThat(served.lost()).isZero();
	}

	@Test
	void ordersWaitWhileDatabaseHangs() throws Exception {
		this.load.start();
		await((state) -> state.placed() > 0);
		this.orders.hanging = true;
		await((state) -> state.state() == State.WAITING);
		this.orders.hanging = false;
		await((state) -> state.state() == State.SERVING && state.waiting() <= 1);
	}

	@Test
	void orderWhoseAcknowledgementIsLostIsPlacedOnce() throws Exception {
		this.orders.silent = true;
		this.load.start();
		await((state) -> state.retried() > 2);
		assertThat(this.load.state().placed()).isZero();
		this.load.stop();
		this.orders.silent = false;
		OrderLoadState state = await((found) -> found.waiting() == 0 && found.inDatabase() == found.placed());
		assertThat(state.state()).isEqualTo(State.STOPPED);
		assertThat(this.orders.table).hasSize((int) state.placed());
	}

	@Test
	void orderThatVanishesIsLost() throws Exception {
		this.load.start();
		await((state) -> state.inDatabase() > 0);
		this.load.stop();
		await((state) -> state.waiting() == 0 && state.inDatabase() == state.placed());
		this.orders.table.remove(this.orders.table.keySet().iterator().next());
		OrderLoadState state = await((found) -> found.lost() > 0);
		assertThat(state.lost()).isOne();
		assertThat(this.events).contains(new OrderLoadEvent(News.LOST, 1, 1));
	}

	@Test
	void noMoreOrdersThanAreBearableWait() throws Exception {
		OrderBacklog backlog = new OrderBacklog(2);
		assertThat(backlog.add(Order.of("Bread", 0))).isTrue();
		Order taken = backlog.take();
		assertThat(backlog.add(Order.of("Bread", 5))).isTrue();
		assertThat(backlog.add(Order.of("Bread", 6))).isFalse();
		assertThat(backlog.longestWait(10)).isEqualTo(Duration.ofNanos(10));
		backlog.placed(taken);
		assertThat(backlog.size()).isOne();
		assertThat(backlog.longestWait(10)).isEqualTo(Duration.ofNanos(5));
	}

	@Test
	void ordersThatAreTurnedAwayAreCountedAndToldOfOnce() throws Exception {
		this.orders.away = true;
		try (OrderLoad small = new OrderLoad(this.orders, 100, 5, this.events::add)) {
			small.start();
			await(small, (state) -> state.turnedAway() > 20);
			assertThat(small.state().waiting()).isEqualTo(5);
			assertThat(this.events).filteredOn((event) -> event.news() == News.TURNED_AWAY)
				.containsExactly(new OrderLoadEvent(News.TURNED_AWAY, 5, 0));
			await(small, (state) -> state.state() == State.WAITING && last().news() == News.WAITING);
			this.orders.away = false;
			await(small, (state) -> last().news() == News.SERVED_AGAIN);
			this.orders.away = true;
			await(small, (state) -> timesTurnedAway() == 2);
		}
	}

	private long timesTurnedAway() {
		return this.events.stream().filter((event) -> event.news() == News.TURNED_AWAY).count();
	}

	@Test
	void ordersThatWaitAtTheEndAreToldOf() throws Exception {
		this.orders.away = true;
		this.load.start();
		await((state) -> state.waiting() > 3);
		this.load.stop();
		long waiting = this.load.state().waiting();
		this.load.close();
		assertThat(last()).isEqualTo(new OrderLoadEvent(News.GIVEN_UP, waiting, 0));
	}

	@Test
	void ordersThatAreBeingPlacedAtTheEndAreNotGivenUp() throws Exception {
		this.load.start();
		await((state) -> state.placed() > 0);
		this.orders.hanging = true;
		await((state) -> state.waiting() > 3);
		this.orders.hanging = false;
		this.load.close();
		assertThat(this.load.state().waiting()).isZero();
		assertThat(this.events).noneMatch((event) -> event.news() == News.GIVEN_UP);
	}

	@Test
	void closeRemovesOrdersOfThisRun() throws Exception {
		this.orders.place("other", Order.of("Bread", 0));
		this.load.start();
		await((state) -> state.placed() > 5);
		this.load.close();
		assertThat(this.orders.table).containsValue("other").hasSize(1);
		this.load.start();
		assertThat(this.load.state().state()).isEqualTo(State.STOPPED);
	}

	@Test
	void closeWhenDatabaseHangsIsQuick() throws Exception {
		this.load.start();
		await((state) -> state.placed() > 0);
		this.orders.hanging = true;
		long start = System.nanoTime();
		this.load.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
	}

	private OrderLoadEvent last() {
		return this.events.get(this.events.size() - 1);
	}

	private OrderLoadState await(Predicate<OrderLoadState> condition) {
		return await(this.load, condition);
	}

	private OrderLoadState await(OrderLoad load, Predicate<OrderLoadState> condition) {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(20))
			.until(load::state, condition);
	}

}
