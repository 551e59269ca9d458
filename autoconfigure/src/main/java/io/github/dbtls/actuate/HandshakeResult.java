package io.github.dbtls.actuate;

import java.time.Duration;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.tls.HandshakeOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What meters keep of an attempt to open a connection: certificates and exceptions would
 * add up while there is no registry yet.
 *
 * @param kind what tells the timers of handshakes apart
 * @param nanos how long the handshake took, or -1 if it failed before
 * @param failure why it failed, or {@code null} if it did not
 */
record HandshakeResult(Kind kind, long nanos, @Nullable HandshakeFailure failure) {

	static HandshakeResult of(HandshakeOutcome outcome) {
		TlsSession session = outcome.session();
		TlsHandshakeException failure = outcome.failure();
		Duration duration = outcome.duration();
		return new HandshakeResult(
				(session != null) ? new Kind("success", session.protocol(), session.resumed()) : Kind.FAILURE,
				(duration != null) ? duration.toNanos() : -1, (failure != null) ? failure.getFailure() : null);
	}

	/**
	 * What tells the timers of handshakes apart. A failed one has all tags as well: some
	 * monitoring systems want the same tags of all meters of one name.
	 *
	 * @param outcome {@code success} or {@code failure}
	 * @param protocol JSSE's name of the protocol, or {@code none}
	 * @param resumed whether an earlier TLS session was resumed
	 */
	record Kind(String outcome, String protocol, boolean resumed) {

		static final Kind FAILURE = new Kind("failure", "none", false);

	}

}
