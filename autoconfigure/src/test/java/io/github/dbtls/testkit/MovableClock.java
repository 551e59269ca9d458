package io.github.dbtls.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that stands still until it is moved.
 */
public final class MovableClock extends Clock {

	private volatile Instant now = Instant.now();

	/**
	 * Move the clock.
	 * @param time by how much, which may be negative
	 */
	public void move(Duration time) {
		this.now = this.now.plus(time);
	}

	/**
	 * Set the clock.
	 * @param instant the time
	 */
	public void set(Instant instant) {
		this.now = instant;
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return this;
	}

	@Override
	public Instant instant() {
		return this.now;
	}

}
