package io.github.dbtls.tls;

import java.time.Duration;
import java.time.Instant;

import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * What became of one attempt to open a verified connection: either a session or a
 * failure.
 *
 * @param time when it was over
 * @param duration how long the handshake took, or {@code null} if it failed before
 * @param session what was negotiated, or {@code null} if it failed
 * @param failure why it failed, or {@code null} if it did not
 */
public record HandshakeOutcome(Instant time, @Nullable Duration duration, @Nullable TlsSession session,
		@Nullable TlsHandshakeException failure) {

	public HandshakeOutcome {
		if ((session != null) == (failure != null)) {
			throw new IllegalArgumentException("Either a session or a failure");
		}
	}

}
