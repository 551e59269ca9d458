package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;

import io.github.dbtls.BundleOrigin;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose files {@link Reloads} look at, and what is due for it. All but the
 * evictions themselves is guarded by the lock of those.
 */
final class Watched {

	/** When the pool is told, after connections became outdated; see PoolReload. */
	private static final List<Duration> EVICTIONS = List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2),
			Duration.ofSeconds(4), Duration.ofSeconds(8), Duration.ofSeconds(16), Duration.ofSeconds(28),
			Duration.ofSeconds(44), Duration.ofSeconds(60));

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final PoolReload reload;

	private final ReloadThreads threads;

	private final List<ScheduledFuture<?>> evictions = new ArrayList<>();

	private long lastLook = System.nanoTime();

	private @Nullable ScheduledFuture<?> nextLook;

	private boolean looking;

	private boolean lookAgain;

	private @Nullable ScheduledFuture<?> hangingCheck;

	private @Nullable CompletableFuture<Void> restart;

	Watched(PoolReload reload, ReloadThreads threads) {
		this.reload = reload;
		this.threads = threads;
	}

	PoolReload reload() {
		return this.reload;
	}

	boolean isOf(String bundle) {
		BundleOrigin origin = this.reload.pool().tls().policy().sslBundle();
		return origin != null && origin.isUpdatable() && origin.name().equals(bundle);
	}

	/**
	 * Plan the next look, instead of one that was planned before.
	 * @param look begins it
	 * @param delay when
	 */
	void scheduleLook(Runnable look, Duration delay) {
		if (this.nextLook != null) {
			this.nextLook.cancel(false);
		}
		this.nextLook = this.threads.schedule(look, delay);
	}

	/**
	 * Claim the look: there is one at a time.
	 * @return whether there is none, or else another follows it
	 */
	boolean beginLook() {
		if (this.looking) {
			this.lookAgain = true;
			return false;
		}
		this.looking = true;
		lookBegins();
		return true;
	}

	boolean isLooking() {
		return this.looking;
	}

	/**
	 * Take down that a look begins, when it is asked for and when it has got a thread.
	 */
	void lookBegins() {
		this.lastLook = System.nanoTime();
	}

	Duration sinceLastLook() {
		return Duration.ofNanos(System.nanoTime() - this.lastLook);
	}

	void scheduleHangingCheck(Runnable check, Duration delay) {
		this.hangingCheck = this.threads.schedule(check, delay);
	}

	/**
	 * Give up a look that has not begun.
	 */
	void abandonLook() {
		this.looking = false;
		this.lookAgain = false;
	}

	/**
	 * End the look.
	 * @param restart the restart that it caught up with, or {@code null}
	 * @return whether another is to follow at once
	 */
	boolean endLook(@Nullable CompletableFuture<Void> restart) {
		this.looking = false;
		cancelHangingCheck();
		this.reload.returned();
		boolean again = this.lookAgain;
		this.lookAgain = false;
		if (this.restart != restart) {
			return true;
		}
		restarted();
		return again;
	}

	/**
	 * Begin a restart: the next look that begins catches up with all that changed.
	 * @return what whoever starts the context waits for
	 */
	CompletableFuture<Void> beginRestart() {
		CompletableFuture<Void> restart = new CompletableFuture<>();
		this.restart = restart;
		return restart;
	}

	@Nullable CompletableFuture<Void> restart() {
		return this.restart;
	}

	private void restarted() {
		CompletableFuture<Void> restart = this.restart;
		this.restart = null;
		if (restart != null) {
			restart.complete(null);
		}
	}

	/**
	 * Tell the pool of outdated connections for a minute from now on.
	 */
	void scheduleEvictions() {
		cancelEvictions();
		for (Duration delay : EVICTIONS) {
			// The look of a restart tells it the first time, and not later.
			if (!delay.isZero() || this.restart == null) {
				this.evictions.add(this.threads.schedule(() -> evict(delay.isZero()), delay));
			}
		}
	}

	/**
	 * Tell the pool of outdated connections. Needs no lock.
	 * @param first whether it was not told since the trust changed
	 */
	void evict(boolean first) {
		try {
			this.reload.evict(first);
		}
		catch (RuntimeException ex) {
			logger.warn("%s: outdated connections could not be evicted".formatted(this.reload.pool().name()), ex);
		}
	}

	/**
	 * Cancel all that is due, and let nobody wait for it.
	 */
	void cancel() {
		if (this.nextLook != null) {
			this.nextLook.cancel(false);
		}
		cancelHangingCheck();
		restarted();
		cancelEvictions();
	}

	private void cancelHangingCheck() {
		if (this.hangingCheck != null) {
			this.hangingCheck.cancel(false);
			this.hangingCheck = null;
		}
	}

	private void cancelEvictions() {
		this.evictions.forEach((eviction) -> eviction.cancel(false));
		this.evictions.clear();
	}

}
