package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.trust.MaterialSnapshot;
import io.github.dbtls.trust.MaterialSource;
import io.github.dbtls.trust.PoolMaterial;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Looks for changed files while the application context runs, in one daemon thread that
 * exists while there is something to look for. It stops with the context, before any pool
 * does, and for a checkpoint; when the context starts again it looks at once.
 */
final class Reloads implements SmartLifecycle {

	static final String THREAD = "dbtls-reload";

	/** When the pool is told, after connections became outdated; see PoolReload. */
	private static final List<Duration> EVICTIONS = List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2),
			Duration.ofSeconds(4), Duration.ofSeconds(8), Duration.ofSeconds(16), Duration.ofSeconds(28),
			Duration.ofSeconds(44), Duration.ofSeconds(60));

	/** Failed handshakes make it look at once, but not more often than this. */
	private static final Duration SHORTEST_NUDGE = Duration.ofSeconds(1);

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final TrustPublisher publisher;

	private final Map<SecuredPool, Watched> watched = new ConcurrentHashMap<>();

	private @Nullable ScheduledThreadPoolExecutor executor;

	private boolean running;

	Reloads(TrustPublisher publisher) {
		this.publisher = publisher;
	}

	/**
	 * Look for changes of a pool's files from now on.
	 * @param pool the pool
	 * @param source where its material comes from
	 * @param snapshot what was read of it
	 * @param inForce the material that it starts with
	 * @param interval how often to look, or zero for never
	 */
	synchronized void add(SecuredPool pool, MaterialSource source, MaterialSnapshot snapshot, PoolMaterial inForce,
			Duration interval) {
		if (interval.isZero() || !source.isWatchable()) {
			return;
		}
		Watched added = new Watched(
				new PoolReload(pool, source, snapshot, inForce, interval, () -> evictOutdated(pool), this.publisher));
		this.watched.put(pool, added);
		if (this.running) {
			scheduleLook(added, interval);
		}
	}

	/**
	 * Look no longer for changes of a pool's files.
	 * @param pool the pool
	 */
	synchronized void remove(SecuredPool pool) {
		Watched removed = this.watched.remove(pool);
		if (removed != null) {
			removed.cancel();
			if (this.watched.isEmpty()) {
				shutDown();
			}
		}
	}

	/**
	 * Look at once if what failed may be healed by a file that changed meanwhile.
	 * @param failure why a handshake failed
	 */
	void handshakeFailed(TlsHandshakeException failure) {
		switch (failure.getFailure()) {
			case UNTRUSTED_ISSUER, EXPIRED, NOT_YET_VALID, CERTIFICATE_INVALID, CLIENT_CERTIFICATE_REQUIRED,
					CLIENT_CERTIFICATE_REFUSED ->
				nudge();
			default -> {
				// No file would have changed it.
			}
		}
	}

	/**
	 * Look at once at what an SSL bundle holds now.
	 * @param name the bundle's name
	 */
	synchronized void bundleUpdated(String name) {
		this.watched.values()
			.stream()
			.filter((watched) -> name.equals(watched.reload.pool().tls().policy().sslBundle()))
			.forEach((watched) -> scheduleLook(watched, Duration.ZERO));
	}

	private synchronized void nudge() {
		if (this.running) {
			long now = System.nanoTime();
			this.watched.values()
				.stream()
				.filter((watched) -> now - watched.lastLook >= SHORTEST_NUDGE.toNanos())
				.forEach((watched) -> {
					watched.lastLook = now;
					scheduleLook(watched, Duration.ZERO);
				});
		}
	}

	private synchronized void scheduleLook(Watched watched, Duration delay) {
		if (this.running && this.watched.containsValue(watched)) {
			if (watched.nextLook != null) {
				watched.nextLook.cancel(false);
			}
			watched.nextLook = schedule(() -> look(watched), delay);
		}
	}

	private void look(Watched watched) {
		Duration next = ReloadSettings.DEFAULT_INTERVAL;
		try {
			if (watched.reload.pool().source().isClosed()) {
				remove(watched.reload.pool());
				return;
			}
			watched.lastLook = System.nanoTime();
			next = watched.reload.look();
		}
		catch (RuntimeException ex) {
			logger.warn("%s: looking for changed files failed".formatted(watched.reload.pool().name()), ex);
		}
		finally {
			scheduleLook(watched, next);
		}
	}

	private synchronized void evictOutdated(SecuredPool pool) {
		Watched watched = this.watched.get(pool);
		if (this.running && watched != null) {
			watched.cancelEvictions();
			for (Duration delay : EVICTIONS) {
				watched.evictions.add(schedule(() -> evict(watched, delay.isZero()), delay));
			}
		}
	}

	private void evict(Watched watched, boolean first) {
		try {
			watched.reload.evict(first);
		}
		catch (RuntimeException ex) {
			logger.warn("%s: outdated connections could not be evicted".formatted(watched.reload.pool().name()), ex);
		}
	}

	private ScheduledFuture<?> schedule(Runnable task, Duration delay) {
		if (this.executor == null) {
			this.executor = new ScheduledThreadPoolExecutor(1, (runnable) -> {
				Thread thread = new Thread(runnable, THREAD);
				thread.setDaemon(true);
				return thread;
			});
			this.executor.setRemoveOnCancelPolicy(true);
		}
		return this.executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	private @Nullable ScheduledThreadPoolExecutor shutDown() {
		ScheduledThreadPoolExecutor executor = this.executor;
		this.executor = null;
		if (executor != null) {
			executor.shutdownNow();
		}
		return executor;
	}

	@Override
	public synchronized void start() {
		if (!this.running) {
			this.running = true;
			this.watched.values().forEach((watched) -> {
				// The files may have changed since they were read, or during a
				// checkpoint.
				scheduleLook(watched, Duration.ZERO);
				if (watched.reload.hasOutdated()) {
					evictOutdated(watched.reload.pool());
				}
			});
		}
	}

	@Override
	public void stop() {
		ScheduledThreadPoolExecutor executor;
		synchronized (this) {
			this.running = false;
			this.watched.values().forEach(Watched::cancel);
			executor = shutDown();
		}
		if (executor != null) {
			try {
				// Not under the lock, which a look may be waiting for.
				executor.awaitTermination(2, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	/**
	 * What is looked for, and when.
	 */
	private static final class Watched {

		private final PoolReload reload;

		private final List<ScheduledFuture<?>> evictions = new ArrayList<>();

		private volatile long lastLook = System.nanoTime();

		private @Nullable ScheduledFuture<?> nextLook;

		private Watched(PoolReload reload) {
			this.reload = reload;
		}

		private void cancel() {
			if (this.nextLook != null) {
				this.nextLook.cancel(false);
			}
			cancelEvictions();
		}

		private void cancelEvictions() {
			this.evictions.forEach((eviction) -> eviction.cancel(false));
			this.evictions.clear();
		}

	}

}
