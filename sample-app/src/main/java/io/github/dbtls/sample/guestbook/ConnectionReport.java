package io.github.dbtls.sample.guestbook;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What {@code /actuator/health/dbtls} says, as far as the page shows it. Anything may be
 * missing when the connection is down.
 *
 * @param status status of the health component
 * @param details details of the connection
 */
record ConnectionReport(String status, @Nullable Details details) {

	/**
	 * Returns whether the connection can be used.
	 * @return whether the status is {@code UP}
	 */
	public boolean isUp() {
		return "UP".equals(this.status);
	}

	record Details(@Nullable String provider, @Nullable String sslMode, @Nullable Boolean verified,
			@Nullable String protocol, @Nullable String cipher, @Nullable Boolean resumed, @Nullable String host,
			@Nullable Certificate certificate, @Nullable Server server, @Nullable Trust trust, @Nullable Error error) {
	}

	record Certificate(@Nullable String subject, @Nullable String issuer,
			@Nullable List<String> subjectAlternativeNames, @Nullable String notAfter) {
	}

	record Server(@Nullable String version) {
	}

	record Trust(@Nullable String source, @Nullable Integer certificates, @Nullable String lastError) {
	}

	record Error(@Nullable String cause, @Nullable String message) {
	}

}
