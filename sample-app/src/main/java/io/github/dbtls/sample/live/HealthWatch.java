package io.github.dbtls.sample.live;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the health of the connection, which may take as long as a connection takes,
 * and tells what is known of it meanwhile.
 */
final class HealthWatch {

	private static final Log logger = LogFactory.getLog(HealthWatch.class);

	private final Supplier<HealthAnswer> health;

	private volatile Observation observation = new Observation(HealthAnswer.UNKNOWN, Instant.MIN, null);

	HealthWatch(Supplier<HealthAnswer> health) {
		this.health = health;
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
		catch (RuntimeException ex) {
			logger.warn("Health does not tell of the connection", ex);
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
