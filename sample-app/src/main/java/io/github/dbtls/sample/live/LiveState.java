package io.github.dbtls.sample.live;

import java.time.Instant;
import java.util.List;

import io.github.dbtls.sample.journal.Journal;
import io.github.dbtls.sample.orders.OrderLoadState;
import io.github.dbtls.sample.stage.StageState;
import org.jspecify.annotations.Nullable;

/**
 * All that the page shows, as it is sent. What is not known is left out.
 *
 * @param at when it was so
 * @param application the application
 * @param connection the connection to the database
 * @param policy what was decided, and by whom
 * @param trust who is trusted
 * @param handshakes the last handshakes, newest first
 * @param lastFailure the last failure, whether later handshakes succeeded or not
 * @param pool the connection pool
 * @param orders how the orders fare
 * @param yaml the configuration
 * @param journal what happened, newest first
 * @param stage what the demonstrations act on
 */
record LiveState(@Nullable Instant at, Application application, Connection connection, List<Setting> policy,
		@Nullable Trust trust, List<Handshake> handshakes, @Nullable Failure lastFailure, @Nullable Pool pool,
		OrderLoadState orders, @Nullable Yaml yaml, List<Journal.Entry> journal, @Nullable StageState stage) {

	LiveState at(@Nullable Instant time) {
		return new LiveState(time, this.application, this.connection, this.policy, this.trust, this.handshakes,
				this.lastFailure, this.pool, this.orders, this.yaml, this.journal, this.stage);
	}

	/**
	 * Return whether another state says the same.
	 * @param other the other state
	 * @return whether nothing but the time is different
	 */
	boolean saysTheSameAs(LiveState other) {
		return at(null).equals(other.at(null));
	}

	/**
	 * The application.
	 *
	 * @param startedAt since when it runs
	 * @param profile its profile
	 */
	record Application(Instant startedAt, String profile) {
	}

	/**
	 * The connection to the database.
	 *
	 * @param status UP, DOWN or UNKNOWN
	 * @param verified whether the server's identity is proven
	 * @param protocol the TLS version
	 * @param cipher the cipher suite
	 * @param resumed whether an earlier TLS session was resumed
	 * @param host the server as {@code host:port}
	 * @param server the server's version
	 * @param error why there is no connection
	 * @param path the certificates, the server's first
	 */
	record Connection(String status, @Nullable Boolean verified, @Nullable String protocol, @Nullable String cipher,
			@Nullable Boolean resumed, @Nullable String host, @Nullable String server, @Nullable Error error,
			@Nullable List<PathCertificate> path) {
	}

	/**
	 * Why there is no connection.
	 *
	 * @param cause the kind of reason
	 * @param message the reason
	 */
	record Error(@Nullable String cause, @Nullable String message) {
	}

	/**
	 * A certificate on the way from the server to a trusted authority.
	 *
	 * @param role server, chain or anchor
	 * @param subject whose it is
	 * @param issuer who signed it
	 * @param names the hosts that it is for
	 * @param notBefore from when it is valid
	 * @param notAfter until when
	 * @param daysLeft whole days until then
	 */
	record PathCertificate(String role, @Nullable String subject, @Nullable String issuer, @Nullable List<String> names,
			@Nullable Instant notBefore, @Nullable Instant notAfter, @Nullable Long daysLeft) {
	}

	/**
	 * A part of the policy.
	 *
	 * @param name its name
	 * @param value its value
	 * @param origin who decided
	 * @param property the property behind it
	 * @param location where that was set
	 */
	record Setting(String name, String value, @Nullable String origin, @Nullable String property,
			@Nullable String location) {
	}

	/**
	 * Who is trusted.
	 *
	 * @param source where the authorities come from
	 * @param certificates how many they are
	 * @param generation how many times they came into force
	 * @param loadedAt when they were read
	 * @param lastError why changed ones did not come into force
	 * @param lastErrorAt since when
	 * @param authorities the authorities, those in use first; not all if they are many
	 */
	record Trust(@Nullable String source, int certificates, int generation, @Nullable Instant loadedAt,
			@Nullable String lastError, @Nullable Instant lastErrorAt, List<Authority> authorities) {
	}

	/**
	 * A trusted authority.
	 *
	 * @param subject its name
	 * @param notAfter until when it is valid
	 * @param inUse whether an open connection relies on it
	 */
	record Authority(@Nullable String subject, @Nullable Instant notAfter, boolean inUse) {
	}

	/**
	 * A handshake, or an attempt that did not come so far.
	 *
	 * @param time when
	 * @param host the server as {@code host:port}
	 * @param outcome SUCCESS or the kind of failure
	 * @param millis how long it took
	 * @param protocol the TLS version
	 * @param resumed whether an earlier TLS session was resumed
	 * @param generation the generation of trust
	 */
	record Handshake(@Nullable Instant time, @Nullable String host, @Nullable String outcome, @Nullable Double millis,
			@Nullable String protocol, @Nullable Boolean resumed, @Nullable Integer generation) {
	}

	/**
	 * A failure.
	 *
	 * @param time when
	 * @param host the server as {@code host:port}
	 * @param cause the kind of failure
	 * @param description what happened
	 * @param action what can be done
	 * @param nextSuccess when a handshake succeeded again
	 */
	record Failure(@Nullable Instant time, @Nullable String host, @Nullable String cause, @Nullable String description,
			@Nullable String action, @Nullable Instant nextSuccess) {
	}

	/**
	 * The connection pool.
	 *
	 * @param active connections that are used
	 * @param idle connections that are not
	 * @param waiting threads that wait for one
	 * @param total all connections
	 * @param max as many as there may be
	 * @param outdated connections from before the last change of trust
	 */
	record Pool(int active, int idle, int waiting, int total, int max, int outdated) {
	}

	/**
	 * The configuration that is in force.
	 *
	 * @param file where it stands
	 * @param text what it says
	 * @param elsewhere what is set in other places, and in force as well
	 */
	record Yaml(String file, String text, List<Setting> elsewhere) {
	}

}
