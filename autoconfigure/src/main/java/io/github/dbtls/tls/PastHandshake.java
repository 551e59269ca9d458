package io.github.dbtls.tls;

import java.time.Duration;
import java.time.Instant;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an attempt to open a verified connection: neither certificates
 * nor exceptions, which are large.
 *
 * @param time when it was over
 * @param host the host as the driver knows it
 * @param port its port
 * @param duration how long the handshake took, or {@code null} if it failed before
 * @param negotiated what came of it, or {@code null} if it failed
 * @param failure why it failed, or {@code null} if it did not
 */
public record PastHandshake(Instant time, String host, int port, @Nullable Duration duration,
		@Nullable Negotiated negotiated, @Nullable HandshakeFailure failure) {

	static PastHandshake of(HandshakeOutcome outcome) {
		TlsSession session = outcome.session();
		if (session != null) {
			return new PastHandshake(outcome.time(), session.host(), session.port(), outcome.duration(),
					new Negotiated(session.protocol(), session.cipher(), session.resumed(), session.generation()),
					null);
		}
		TlsHandshakeException failure = outcome.failure();
		if (failure == null) {
			throw new IllegalStateException("Neither a session nor a failure");
		}
		return new PastHandshake(outcome.time(), failure.getHost(), failure.getPort(), outcome.duration(), null,
				failure.getFailure());
	}

	/**
	 * What client and server agreed upon.
	 *
	 * @param protocol JSSE's name of the protocol
	 * @param cipher IANA's name of the cipher suite
	 * @param resumed whether an earlier TLS session was resumed
	 * @param generation the generation of trust that the server was verified under
	 */
	public record Negotiated(String protocol, String cipher, boolean resumed, int generation) {
	}

}
