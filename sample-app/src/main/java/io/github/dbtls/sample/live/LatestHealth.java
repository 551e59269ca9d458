package io.github.dbtls.sample.live;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;

/**
 * What is known of the health of the connection, without asking for it: that may take as
 * long as a connection takes.
 */
public interface LatestHealth {

	/**
	 * Return what health said last.
	 * @return the answer, or {@code null} if there is none
	 */
	@Nullable HealthDescriptor health();

	/**
	 * Return whether the connection is known to be lost by now, whatever health said
	 * last.
	 * @return whether it is
	 */
	boolean isLost();

}
