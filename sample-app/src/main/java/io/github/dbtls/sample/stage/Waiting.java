package io.github.dbtls.sample.stage;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits for what happens elsewhere, and tells nobody when it does: a pool that closes
 * connections, an application that takes a changed file.
 */
final class Waiting {

	private static final Duration LOOK = Duration.ofMillis(50);

	private Waiting() {
	}

	/**
	 * Wait until something is so. An interrupt ends the waiting, and the thread stays
	 * interrupted.
	 * @param condition what shall be so
	 * @param patience how long to wait at most
	 * @return whether it is so
	 */
	static boolean until(BooleanSupplier condition, Duration patience) {
		long start = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - start > patience.toNanos()) {
				return false;
			}
			try {
				TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}
		return true;
	}

}
