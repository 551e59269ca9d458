package io.github.dbtls.sample.orders;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.github.dbtls.sample.orders.OrderLoadEvent.News;
import io.github.dbtls.sample.orders.OrderLoadState.State;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Lets orders fall due at a fixed rate and places them. One that cannot be placed stays
 * due and is tried again until it is, or until the application ends. While too many wait,
 * further ones are turned away, and counted.
 * <p>
 * The clock, the workers and the audit have threads of their own, since each but the
 * clock may have to wait for the database.
 */
public final class OrderLoad implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(OrderLoad.class);

	private static final int WORKERS = 2;

	private static final int MOST_WAITING = 1000;

	/** An order that is due for longer has to wait; a retry at once is no news. */
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(250);

	private static final Duration TICK = Duration.ofMillis(100);

	private static final Duration AUDIT_INTERVAL = Duration.ofSeconds(1);

	/** An order that is just being placed is not given up at the end. */
	private static final Duration LAST_ORDERS = Duration.ofMillis(500);

	/** How long an order stays in the table. */
	private static final Duration KEEP = Duration.ofMinutes(1);

	private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(1500);

	private static final List<String> ITEMS = List.of("Apples", "Bread", "Cheese", "Dates", "Eggs", "Figs");

	private final OrderRepository orders;

	private final Consumer<OrderLoadEvent> events;

	private final String run = UUID.randomUUID().toString();

	private final int mostWaiting;

	private final OrderBacklog backlog;

	private final AtomicLong turnedAway = new AtomicLong();

	private volatile OrderStatistics statistics = new OrderStatistics(System.nanoTime());

	private final OrderAudit audit;

	private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2, threads("orders-clock-"));

	private final ScheduledExecutorService auditor = Executors.newScheduledThreadPool(1, threads("orders-audit-"));

	private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, threads("orders-worker-"));

	private final OrderLoadWatch watch;

	private final int rate;

	private volatile boolean running;

	private volatile boolean closed;

	private boolean begun;

	private long number;

	OrderLoad(OrderRepository orders, int rate, Consumer<OrderLoadEvent> events) {
		this(orders, rate, MOST_WAITING, events);
	}

	OrderLoad(OrderRepository orders, int rate, int mostWaiting, Consumer<OrderLoadEvent> events) {
		this.orders = orders;
		this.rate = rate;
		this.mostWaiting = mostWaiting;
		this.backlog = new OrderBacklog(mostWaiting);
		this.events = events;
		this.audit = new OrderAudit(orders, this.run, KEEP);
		this.watch = new OrderLoadWatch(this::publish);
	}

	private static ThreadFactory threads(String prefix) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory(prefix);
		// One that waits for the network must not keep the JVM.
		factory.setDaemon(true);
		return factory;
	}

	/**
	 * Let orders fall due. Nothing happens if they do already.
	 */
	public synchronized void start() {
		if (this.running || this.closed) {
			return;
		}
		this.running = true;
		// First: what becomes of the orders is told after it.
		publish(new OrderLoadEvent(News.STARTED, this.backlog.size(), this.audit.result().lost()));
		if (!this.begun) {
			this.begun = true;
			this.statistics = new OrderStatistics(System.nanoTime());
			begin();
		}
	}

	private void begin() {
		this.clock.scheduleAtFixedRate(quietly(this::order), 0, TimeUnit.SECONDS.toNanos(1) / this.rate,
				TimeUnit.NANOSECONDS);
		this.clock.scheduleWithFixedDelay(quietly(this::look), 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
		this.auditor.scheduleWithFixedDelay(quietly(this::check), AUDIT_INTERVAL.toMillis(), AUDIT_INTERVAL.toMillis(),
				TimeUnit.MILLISECONDS);
		for (int worker = 0; worker < WORKERS; worker++) {
			this.workers.execute(this::work);
		}
	}

	/**
	 * Let no more orders fall due. Those that wait are placed all the same.
	 */
	public synchronized void stop() {
		if (this.running) {
			this.running = false;
			publish(new OrderLoadEvent(News.STOPPED, this.backlog.size(), this.audit.result().lost()));
		}
	}

	/**
	 * Return how the orders fare. It asks nobody and returns at once.
	 * @return the state
	 */
	public OrderLoadState state() {
		long now = System.nanoTime();
		OrderAudit.Result result = this.audit.result();
		return new OrderLoadState(stateAt(now), this.audit.placed(), this.backlog.size(), this.statistics.retries(),
				this.turnedAway.get(), result.lost(), result.inDatabase(), this.statistics.perSecond(now),
				this.statistics.medianMillis());
	}

	private State stateAt(long now) {
		if (!this.running) {
			return State.STOPPED;
		}
		return isLate(now) ? State.WAITING : State.SERVING;
	}

	private boolean isLate(long now) {
		return this.backlog.longestWait(now).compareTo(PATIENCE) > 0;
	}

	private void order() {
		if (this.running) {
			String item = ITEMS.get((int) (this.number++ % ITEMS.size()));
			if (!this.backlog.add(Order.of(item, System.nanoTime()))) {
				this.turnedAway.incrementAndGet();
				this.watch.turnedAway(this.mostWaiting);
			}
		}
	}

	private void look() {
		this.watch.look(isLate(System.nanoTime()), this.backlog.size(), this.statistics.lateOrders());
	}

	private void check() {
		long late = this.statistics.lateOrders();
		this.audit.check(System.nanoTime());
		this.watch.checked(late, this.audit.result().lost());
	}

	private void work() {
		try {
			while (!this.closed) {
				place(this.backlog.take());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void place(Order order) throws InterruptedException {
		for (boolean again = false; !this.closed; again = true) {
			if (again) {
				this.statistics.retried();
			}
			long start = System.nanoTime();
			try {
				this.orders.place(this.run, order);
				placed(order, start);
				return;
			}
			catch (RuntimeException ex) {
				report(ex);
				Thread.sleep(PAUSE_AFTER_FAILURE.toMillis());
			}
		}
	}

	private void placed(Order order, long start) {
		long now = System.nanoTime();
		this.audit.acknowledge(order, now);
		this.statistics.placed(now, now - start);
		if (now - order.dueAt() > PATIENCE.toNanos()) {
			this.statistics.late();
		}
		// Last: whoever sees that nothing waits any more sees the rest, too.
		this.backlog.placed(order);
	}

	private Runnable quietly(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (RuntimeException ex) {
				// An exception would end the schedule.
				report(ex);
			}
		};
	}

	private void report(RuntimeException ex) {
		if (this.closed) {
			return;
		}
		if (ex instanceof DataAccessException) {
			logger.debug("The database cannot take or tell of orders at the moment", ex);
		}
		else {
			logger.warn("The load of orders stumbles", ex);
		}
	}

	private void publish(OrderLoadEvent event) {
		if (!this.closed) {
			this.events.accept(event);
		}
	}

	/**
	 * End, and take the orders of this run out of the table if the database answers at
	 * once.
	 */
	@Override
	public void close() {
		synchronized (this) {
			if (this.closed) {
				return;
			}
			this.running = false;
		}
		boolean answers = !isLate(System.nanoTime()) && placeLastOrders();
		synchronized (this) {
			tellOfThoseGivenUp();
			this.closed = true;
			this.running = false;
		}
		this.clock.shutdownNow();
		this.workers.shutdownNow();
		this.auditor.shutdownNow();
		if (this.audit.placed() > 0 && !(answers && removeAll())) {
			logger.info("The orders of this run stay in the table, since the database does not answer");
		}
	}

	private boolean placeLastOrders() {
		try {
			return this.backlog.awaitEmpty(LAST_ORDERS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void tellOfThoseGivenUp() {
		int waiting = this.backlog.size();
		if (waiting == 0) {
			return;
		}
		logger.info("%d orders that wait are given up".formatted(waiting));
		try {
			publish(new OrderLoadEvent(News.GIVEN_UP, waiting, this.audit.result().lost()));
		}
		catch (RuntimeException ex) {
			// Whoever listens may have ended already, which must not keep this from it.
			logger.debug("Nobody hears of the orders that are given up", ex);
		}
	}

	private boolean removeAll() {
		ExecutorService remover = Executors.newSingleThreadExecutor(threads("orders-remover-"));
		Future<?> removal = remover.submit(() -> {
			// What a worker is placing must not come after.
			this.workers.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			this.orders.removeAll(this.run);
			return null;
		});
		try {
			removal.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		finally {
			remover.shutdownNow();
		}
	}

}
