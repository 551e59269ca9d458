package io.github.dbtls.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.dbtls.tls.PoolObserver;
import io.github.dbtls.tls.PoolTls;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationEventPublisherAware;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes what becomes of secured pools as application events. What happens before the
 * context runs is kept until it does: pools connect earlier than listeners are there.
 * <p>
 * Listeners are the application's, and may do anything: borrow a connection of the very
 * pool that has just failed, throw, or never return. So they run in a thread of ours,
 * where they hold up nothing but each other.
 */
final class PoolEvents implements PoolObserver, ApplicationEventPublisherAware, BeanClassLoaderAware, SmartLifecycle {

	/** Events that wait; the oldest go if there are more. */
	static final int MOST_WAITING = 256;

	/** How often certificates are looked at although nothing happens. */
	static final Duration LOOK_INTERVAL = ExpirySettings.SHORTEST_WARNING;

	private static final Duration LAST_LISTENER = Duration.ofSeconds(2);

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final Clock clock;

	private final NoticeThread thread;

	private final Map<PoolTls, PoolNotices> pools = new ConcurrentHashMap<>();

	/** Guarded by this. */
	private final Deque<Object> waiting = new ArrayDeque<>();

	/** Guarded by this. */
	private boolean publishing;

	/** Guarded by this. */
	private boolean running;

	private volatile @Nullable ApplicationEventPublisher publisher;

	PoolEvents() {
		this(Clock.systemUTC(), LOOK_INTERVAL);
	}

	PoolEvents(Clock clock, Duration lookInterval) {
		this.clock = clock;
		this.thread = new NoticeThread(lookInterval);
	}

	@Override
	public void setApplicationEventPublisher(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	@Override
	public void setBeanClassLoader(ClassLoader classLoader) {
		this.thread.setClassLoader(classLoader);
	}

	@Override
	public void secured(PoolTls pool) {
		PoolNotices notices = new PoolNotices(pool, this, this.clock);
		this.pools.put(pool, notices);
		pool.addListener(notices);
		// The client's certificate is known before the first handshake.
		notices.lookSoon();
	}

	@Override
	public void released(PoolTls pool) {
		PoolNotices notices = this.pools.remove(pool);
		if (notices != null) {
			pool.removeListener(notices);
			if (this.pools.isEmpty()) {
				this.thread.regularly(null);
			}
		}
	}

	/**
	 * Publish an event, or keep it until the context runs.
	 * @param event the event
	 */
	synchronized void publish(Object event) {
		if (this.waiting.size() >= MOST_WAITING) {
			this.waiting.poll();
		}
		this.waiting.add(event);
		publishWaiting();
	}

	private void publishWaiting() {
		if (this.running && !this.publishing && !this.waiting.isEmpty()) {
			this.thread.execute(this::deliverAll);
			this.publishing = true;
		}
	}

	private void deliverAll() {
		Object event = next();
		while (event != null) {
			deliver(event);
			event = next();
		}
	}

	private synchronized @Nullable Object next() {
		Object event = this.running ? this.waiting.poll() : null;
		this.publishing = event != null;
		return event;
	}

	private void deliver(Object event) {
		ApplicationEventPublisher publisher = this.publisher;
		try {
			if (publisher != null) {
				publisher.publishEvent(event);
			}
		}
		catch (Throwable ex) {
			// The application's code: whatever it is, the next listener gets its event.
			logger.warn("A listener to %s failed".formatted(event.getClass().getSimpleName()), ex);
		}
	}

	/**
	 * Look for certificates that expire, now and from now on.
	 * @param look what looks
	 * @return whether it will; not while the context does not run
	 */
	synchronized boolean look(Runnable look) {
		if (this.running) {
			this.thread.execute(() -> {
				safely(look);
				lookRegularly();
			});
		}
		return this.running;
	}

	private synchronized void lookRegularly() {
		if (this.running && this.pools.values().stream().anyMatch(PoolNotices::hasCertificates)) {
			this.thread.regularly(() -> this.pools.values().forEach((notices) -> safely(notices::look)));
		}
	}

	private static void safely(Runnable look) {
		try {
			look.run();
		}
		catch (Throwable ex) {
			// Whatever it is, the certificates of the next pool are looked at.
			logger.warn("Looking for certificates that expire failed", ex);
		}
	}

	@Override
	public void start() {
		synchronized (this) {
			this.running = true;
			publishWaiting();
		}
		this.pools.values().forEach(PoolNotices::start);
	}

	@Override
	public void stop() {
		synchronized (this) {
			this.running = false;
			this.publishing = false;
		}
		// Not under the lock, which the thread may be waiting for.
		this.thread.end(LAST_LISTENER);
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

}
