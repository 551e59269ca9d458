package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.trust.MaterialSnapshot;
import io.github.dbtls.trust.MaterialSource;
import io.github.dbtls.trust.PoolMaterial;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.context.SmartLifecycle;

/**
 * Looks for changed files while the application context runs. One daemon thread, which
 * exists while there is something to look for, keeps the times and tells pools to drop
 * connections; {@link LookThreads} read the files, since reading may hang. It stops with
 * the context, and for a checkpoint.
 * <p>
 * It starts before all else does. The first time it looks in the background: the files
 * were read a moment ago. After a stop it looks before pools resume and a web server
 * takes requests, so that no connection is made under the trust of a checkpoint that was
 * withdrawn meanwhile. A file that cannot be read by then does not hold up the restart.
 */
final class Reloads implements SmartLifecycle, BeanClassLoaderAware {

	static final String THREAD = "dbtls-reload";

	/** When a look is said to hang: a file of some kilobytes takes milliseconds. */
	static final Duration HANGING = Duration.ofSeconds(10);

	/** How long files may keep changing when the context starts again. */
	static final Duration CATCH_UP = Duration.ofSeconds(2);

	/** How long reading files may hold up the start of a context that was stopped. */
	static final Duration HOLD_UP = Duration.ofSeconds(3);

	/** When the pool is told, after connections became outdated; see PoolReload. */
	private static final List<Duration> EVICTIONS = List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2),
			Duration.ofSeconds(4), Duration.ofSeconds(8), Duration.ofSeconds(16), Duration.ofSeconds(28),
			Duration.ofSeconds(44), Duration.ofSeconds(60));

	/** Failed handshakes make it look at once, but not more often than this. */
	private static final Duration SHORTEST_NUDGE = Duration.ofSeconds(1);

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final TrustPublisher publisher;

	private final Map<SecuredPool, Watched> watched = new ConcurrentHashMap<>();

	private final LookThreads threads = new LookThreads((look) -> thread(look, LookThreads.NAME));

	private volatile ClassLoader classLoader = Reloads.class.getClassLoader();

	private final Duration hanging;

	private @Nullable ScheduledThreadPoolExecutor executor;

	private boolean running;

	private boolean stopped;

	Reloads(TrustPublisher publisher) {
		this(publisher, HANGING);
	}

	Reloads(TrustPublisher publisher, Duration hanging) {
		this.publisher = publisher;
		this.hanging = hanging;
	}

	@Override
	public void setBeanClassLoader(ClassLoader classLoader) {
		this.classLoader = classLoader;
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
			.filter((watched) -> watched.isOf(name))
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
			watched.nextLook = schedule(() -> beginLook(watched), delay);
		}
	}

	private synchronized void beginLook(Watched watched) {
		if (!this.running || !this.watched.containsValue(watched)) {
			return;
		}
		if (watched.looking) {
			watched.lookAgain = true;
			return;
		}
		watched.looking = true;
		watched.lookBegins();
		checkHangingLater(watched);
		this.threads.execute(() -> look(watched));
	}

	private void checkHangingLater(Watched watched) {
		watched.hangingCheck = schedule(() -> checkHanging(watched), this.hanging);
	}

	private synchronized void checkHanging(Watched watched) {
		if (this.running && watched.looking && this.watched.containsValue(watched)) {
			watched.reload.hangs(Duration.ofNanos(System.nanoTime() - watched.lastLook));
			checkHangingLater(watched);
		}
	}

	private void look(Watched watched) {
		Look begun = beginNow(watched);
		if (begun == null) {
			return;
		}
		Duration next = ReloadSettings.DEFAULT_INTERVAL;
		CompletableFuture<Void> restart = begun.restart();
		try {
			if (watched.reload.pool().source().isClosed()) {
				remove(watched.reload.pool());
				return;
			}
			next = (restart != null) ? watched.reload.catchUp(CATCH_UP) : watched.reload.look();
			if (restart != null) {
				// Not later, as otherwise: who borrows a connection next comes behind the
				// start.
				evict(watched, true);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("%s: looking for changed files failed".formatted(watched.reload.pool().name()), ex);
		}
		finally {
			// What was interrupted did not catch up with anything.
			endLook(watched, next, Thread.interrupted() ? null : restart);
		}
	}

	private synchronized @Nullable Look beginNow(Watched watched) {
		if (!this.running || !this.watched.containsValue(watched)) {
			// It waited for a thread until nobody asked for it any more.
			watched.looking = false;
			watched.lookAgain = false;
			return null;
		}
		watched.lookBegins();
		return new Look(watched.restart);
	}

	private synchronized void endLook(Watched watched, Duration next, @Nullable CompletableFuture<Void> restart) {
		watched.looking = false;
		watched.cancelHangingCheck();
		watched.reload.returned();
		boolean again = watched.lookAgain;
		watched.lookAgain = false;
		if (watched.restart != restart) {
			again = true;
		}
		else {
			watched.restarted();
		}
		scheduleLook(watched, again ? Duration.ZERO : next);
	}

	private synchronized void evictOutdated(SecuredPool pool) {
		Watched watched = this.watched.get(pool);
		if (this.running && watched != null) {
			watched.cancelEvictions();
			for (Duration delay : EVICTIONS) {
				if (delay.isZero() && watched.restart != null) {
					continue;
				}
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
			this.executor = new ScheduledThreadPoolExecutor(1, (worker) -> thread(worker, THREAD));
			this.executor.setRemoveOnCancelPolicy(true);
		}
		return this.executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	private Thread thread(Runnable task, String name) {
		// Whoever comes first makes it begin, a request for example: neither what is
		// bound to that thread nor its class loader is any of ours.
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setContextClassLoader(this.classLoader);
		thread.setDaemon(true);
		return thread;
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
	public void start() {
		CompletableFuture<Void> restarted = CompletableFuture.allOf(begin());
		try {
			restarted.get(HOLD_UP.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			restartHangs();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("They are completed, or never", ex);
		}
	}

	private synchronized CompletableFuture<?>[] begin() {
		List<CompletableFuture<?>> restarts = new ArrayList<>();
		if (!this.running) {
			this.running = true;
			this.watched.values().forEach((watched) -> {
				if (this.stopped) {
					CompletableFuture<Void> restart = new CompletableFuture<>();
					watched.restart = restart;
					restarts.add(restart);
				}
				if (watched.looking) {
					// It has not returned since before the stop.
					checkHangingLater(watched);
				}
				beginLook(watched);
				if (watched.reload.hasOutdated()) {
					evictOutdated(watched.reload.pool());
				}
			});
		}
		return restarts.toArray(CompletableFuture[]::new);
	}

	private synchronized void restartHangs() {
		this.watched.values()
			.stream()
			.filter((watched) -> watched.restart != null)
			.forEach((watched) -> watched.reload.hangs(Duration.ofNanos(System.nanoTime() - watched.lastLook)));
	}

	@Override
	public void stop() {
		ScheduledThreadPoolExecutor executor;
		synchronized (this) {
			this.running = false;
			this.stopped = true;
			this.watched.values().forEach(Watched::cancel);
			this.threads.interrupt();
			executor = shutDown();
		}
		try {
			// Not under the lock, which a look may be waiting for.
			if (executor != null) {
				executor.awaitTermination(2, TimeUnit.SECONDS);
			}
			this.threads.awaitEnd(Duration.ofSeconds(2));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public int getPhase() {
		// Whatever resumes or connects when a context starts again comes later.
		return Integer.MIN_VALUE;
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	/**
	 * A look that begins.
	 *
	 * @param restart what whoever starts the context again waits for, or {@code null}
	 */
	private record Look(@Nullable CompletableFuture<Void> restart) {
	}

	/**
	 * What is looked for, and when. Guarded by the lock of all.
	 */
	private static final class Watched {

		private final PoolReload reload;

		private final List<ScheduledFuture<?>> evictions = new ArrayList<>();

		private long lastLook = System.nanoTime();

		private @Nullable ScheduledFuture<?> nextLook;

		private boolean looking;

		private boolean lookAgain;

		private @Nullable ScheduledFuture<?> hangingCheck;

		/** Whoever starts the context again waits for it. */
		private @Nullable CompletableFuture<Void> restart;

		private Watched(PoolReload reload) {
			this.reload = reload;
		}

		private void lookBegins() {
			this.lastLook = System.nanoTime();
		}

		private void cancelHangingCheck() {
			if (this.hangingCheck != null) {
				this.hangingCheck.cancel(false);
				this.hangingCheck = null;
			}
		}

		private void restarted() {
			CompletableFuture<Void> restart = this.restart;
			this.restart = null;
			if (restart != null) {
				restart.complete(null);
			}
		}

		private boolean isOf(String bundle) {
			BundleOrigin origin = this.reload.pool().tls().policy().sslBundle();
			return origin != null && origin.isUpdatable() && origin.name().equals(bundle);
		}

		private void cancel() {
			if (this.nextLook != null) {
				this.nextLook.cancel(false);
			}
			cancelHangingCheck();
			restarted();
			cancelEvictions();
		}

		private void cancelEvictions() {
			this.evictions.forEach((eviction) -> eviction.cancel(false));
			this.evictions.clear();
		}

	}

}
