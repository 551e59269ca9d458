package io.github.dbtls.sample.live;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Asks for the health of the connection, which may take as long as a connection takes,
 * and tells what is known of it meanwhile.
 */
final class HealthWatch {

	/** While somebody looks. */
	private static final Duration INTERVAL = Duration.ofSeconds(2);

	/** Many a database in a cloud sleeps while nobody asks, and is paid for otherwise. */
	private static final Duration UNWATCHED_INTERVAL = Duration.ofSeconds(30);

	private final Supplier<HealthAnswer> health;

	private volatile Observation observation = new Observation(HealthAnswer.UNKNOWN, Instant.MIN, null);

	HealthWatch(Supplier<HealthAnswer> health) {
		this.health = health;
	}

	/**
	 * Return whether it is time to ask again.
	 * @param now the present time
	 * @param watched whether somebody looks
	 * @return whether it is
	 */
	boolean isDue(Instant now, boolean watched) {
		return !this.observation.at().plus(watched ? INTERVAL : UNWATCHED_INTERVAL).isAfter(now);
	}

	/**
	 * Ask once. Only one thread may do so.
	 */
	void ask() {
		Instant start = Instant.now();
		this.observation = new Observation(this.observation.answer(), this.observation.at(), start);
		HealthAnswer answer = HealthAnswer.UNKNOWN;
		try {
			answer = this.health.get();
		}
		finally {
			this.observation = new Observation(answer, start, null);
		}
	}

	Observation latest() {
		return this.observation;
	}

	/**
	 * What is known.
	 *
	 * @param answer the last answer
	 * @param at when it was asked for
	 * @param askingSince since when another one is awaited
	 */
	record Observation(HealthAnswer answer, Instant at, @Nullable Instant askingSince) {

		boolean isOverdue(Instant now, Duration patience) {
			return this.askingSince != null && this.askingSince.plus(patience).isBefore(now);
		}

	}

}
