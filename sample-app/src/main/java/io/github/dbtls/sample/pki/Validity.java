package io.github.dbtls.sample.pki;

import java.time.Duration;
import java.time.Instant;

/**
 * From when until when a certificate is valid.
 *
 * @param start when it begins
 * @param end when it ends
 */
record Validity(Instant start, Instant end) {

	// Clocks of client and server are the same; an hour covers a step of that clock.
	private static final Duration MARGIN = Duration.ofHours(1);

	/**
	 * From now on.
	 * @param lifetime for how long
	 * @return the validity
	 */
	static Validity of(Duration lifetime) {
		Instant now = Instant.now();
		return new Validity(now.minus(MARGIN), now.plus(lifetime));
	}

	/**
	 * Until a minute ago.
	 * @return the validity
	 */
	static Validity over() {
		Instant end = Instant.now().minus(Duration.ofMinutes(1));
		return new Validity(end.minus(Duration.ofDays(1)), end);
	}

}
