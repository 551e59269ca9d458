package io.github.dbtls.sample.live;

import org.jspecify.annotations.Nullable;

/**
 * What {@code /actuator/health/dbtls} says, as far as the page shows it. Anything may be
 * missing when the connection is down.
 *
 * @param status status of the health component
 * @param details details of the connection
 */
record HealthAnswer(@Nullable String status, @Nullable Details details) {

	static final HealthAnswer UNKNOWN = new HealthAnswer(null, null);

	record Details(@Nullable Boolean verified, @Nullable String protocol, @Nullable String cipher,
			@Nullable Boolean resumed, @Nullable String host, @Nullable Server server,
			LiveState.@Nullable Error error) {
	}

	record Server(@Nullable String version) {
	}

}
