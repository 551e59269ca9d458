package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.tls.HandshakeOutcome;
import io.github.dbtls.trust.MaterialSnapshot;
import io.github.dbtls.trust.MaterialSource;
import io.github.dbtls.trust.PoolMaterial;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.context.SmartLifecycle;

/**
 * Looks for changed files while the application context runs. A timer keeps the times and
 * tells pools to drop connections; {@link LookThreads} read the files, since reading may
 * hang. It stops with the context, and for a checkpoint.
 * <p>
 * It starts before all else does. The first time it looks in the background: the files
 * were read a moment ago. After a stop it looks before pools resume and a web server
 * takes requests, so that no connection is made under the trust of a checkpoint that was
 * withdrawn meanwhile. A file that cannot be read by then does not hold up the restart.
 */
final class Reloads implements SmartLifecycle, BeanClassLoaderAware {

	/** When a look is said to hang: a file of some kilobytes takes milliseconds. */
	static final Duration HANGING = Duration.ofSeconds(10);

	/** How long files may keep changing when the context starts again. */
	static final Duration CATCH_UP = Duration.ofSeconds(2);

	/** How long reading files may hold up the start of a context that was stopped. */
	static final Duration HOLD_UP = Duration.ofSeconds(3);

	/** Failed handshakes make it look at once, but not more often than this. */
	private static final Duration SHORTEST_NUDGE = Duration.ofSeconds(1);

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final TrustPublisher publisher;

	private final Map<SecuredPool, Watched> watched = new ConcurrentHashMap<>();

	private final ReloadThreads threads = new ReloadThreads();

	private final Duration hanging;

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
		this.threads.setClassLoader(classLoader);
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
				new PoolReload(pool, source, snapshot, inForce, interval, () -> evictOutdated(pool), this.publisher),
				this.threads);
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
				this.threads.endTimer();
			}
		}
	}

	/**
	 * Look at once if what failed may be healed by a file that changed meanwhile.
	 * @param outcome what became of a handshake
	 */
	void handshakeFinished(HandshakeOutcome outcome) {
		TlsHandshakeException failure = outcome.failure();
		if (failure == null) {
			return;
		}
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
			this.watched.values()
				.stream()
				.filter((watched) -> watched.sinceLastLook().compareTo(SHORTEST_NUDGE) >= 0)
				.forEach((watched) -> {
					watched.lookBegins();
					scheduleLook(watched, Duration.ZERO);
				});
		}
	}

	private boolean isDue(Watched watched) {
		return this.running && this.watched.containsValue(watched);
	}

	private synchronized void scheduleLook(Watched watched, Duration delay) {
		if (isDue(watched)) {
			watched.scheduleLook(() -> beginLook(watched), delay);
		}
	}

	private synchronized void beginLook(Watched watched) {
		if (isDue(watched) && watched.beginLook()) {
			checkHangingLater(watched);
			this.threads.look(() -> look(watched));
		}
	}

	private void checkHangingLater(Watched watched) {
		watched.scheduleHangingCheck(() -> checkHanging(watched), this.hanging);
	}

	private synchronized void checkHanging(Watched watched) {
		if (isDue(watched) && watched.isLooking()) {
			watched.reload().hangs(watched.sinceLastLook());
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
			if (watched.reload().pool().source().isClosed()) {
				remove(watched.reload().pool());
				return;
			}
			next = (restart != null) ? watched.reload().catchUp(CATCH_UP) : watched.reload().look();
			if (restart != null) {
				// Not later, as otherwise: who borrows a connection next comes behind the
				// start.
				watched.evict(true);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("%s: looking for changed files failed".formatted(watched.reload().pool().name()), ex);
		}
		finally {
			// What was interrupted did not catch up with anything.
			endLook(watched, next, Thread.interrupted() ? null : restart);
		}
	}

	private synchronized @Nullable Look beginNow(Watched watched) {
		if (!isDue(watched)) {
			// It waited for a thread until nobody asked for it any more.
			watched.abandonLook();
			return null;
		}
		watched.lookBegins();
		return new Look(watched.restart());
	}

	private synchronized void endLook(Watched watched, Duration next, @Nullable CompletableFuture<Void> restart) {
		boolean again = watched.endLook(restart);
		scheduleLook(watched, again ? Duration.ZERO : next);
	}

	private synchronized void evictOutdated(SecuredPool pool) {
		Watched watched = this.watched.get(pool);
		if (this.running && watched != null) {
			watched.scheduleEvictions();
		}
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
					restarts.add(watched.beginRestart());
				}
				if (watched.isLooking()) {
					// It has not returned since before the stop.
					checkHangingLater(watched);
				}
				beginLook(watched);
				if (watched.reload().hasOutdated()) {
					evictOutdated(watched.reload().pool());
				}
			});
		}
		return restarts.toArray(CompletableFuture[]::new);
	}

	private synchronized void restartHangs() {
		this.watched.values()
			.stream()
			.filter((watched) -> watched.restart() != null)
			.forEach((watched) -> watched.reload().hangs(watched.sinceLastLook()));
	}

	@Override
	public void stop() {
		ExecutorService timer;
		synchronized (this) {
			this.running = false;
			this.stopped = true;
			this.watched.values().forEach(Watched::cancel);
			this.threads.interruptLooks();
			timer = this.threads.endTimer();
		}
		// Not under the lock, which a look may be waiting for.
		this.threads.awaitEnd(timer, Duration.ofSeconds(2));
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

}
