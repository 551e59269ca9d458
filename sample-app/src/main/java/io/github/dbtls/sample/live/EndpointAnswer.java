package io.github.dbtls.sample.live;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What {@code /actuator/dbtls} says of one DataSource, as far as the page shows it.
 *
 * @param policy the settings by name, and the list of weakenings
 * @param trust who is trusted
 * @param connections the open connections
 * @param certificates what open connections depend on, the server's certificates first
 * @param handshakes the last handshakes, newest first
 * @param lastFailure the last failure
 */
record EndpointAnswer(@Nullable Map<String, JsonNode> policy, @Nullable Trust trust, @Nullable Connections connections,
		@Nullable List<Certificate> certificates, @Nullable List<Handshake> handshakes, @Nullable Failure lastFailure) {

	record Trust(@Nullable String source, int certificates, int generation, @Nullable Instant loadedAt,
			@Nullable String lastError, @Nullable Instant lastErrorAt, @Nullable List<Certificate> authorities) {
	}

	record Certificate(@Nullable String role, @Nullable String subject, @Nullable String issuer,
			@Nullable String serialNumber, @Nullable List<String> subjectAlternativeNames, @Nullable Instant notBefore,
			@Nullable Instant notAfter, boolean inUse) {
	}

	record Connections(int open, int outdated) {
	}

	record Handshake(@Nullable Instant time, @Nullable String host, @Nullable String outcome,
			@Nullable Duration duration, @Nullable String protocol, @Nullable Boolean resumed,
			@Nullable Integer generation) {
	}

	record Failure(@Nullable Instant time, @Nullable String host, @Nullable String cause, @Nullable String description,
			@Nullable String action, @Nullable Handshake nextSuccess) {

		/**
		 * Return whether no connection has succeeded since.
		 * @return whether it goes on, as far as is known
		 */
		boolean goesOn() {
			return this.nextSuccess == null;
		}

	}

}
