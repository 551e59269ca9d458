package io.github.dbtls.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The diagnosis of a failure, without the exception and its stack trace. It is remembered
 * when a later handshake succeeds: of several hosts, only one may be back.
 *
 * @param time when it was
 * @param host the host as the driver knows it
 * @param port its port
 * @param cause the kind of failure
 * @param description what happened
 * @param action what the user can do about it
 * @param presented the chain that the server presented, leaf first; may be empty
 * @param nextSuccess the first handshake that succeeded after it, or {@code null} if none
 * has yet
 */
public record PastFailure(Instant time, String host, int port, HandshakeFailure cause, String description,
		String action, List<X509Certificate> presented, @Nullable PastHandshake nextSuccess) {

	public PastFailure {
		presented = List.copyOf(presented);
	}

	static PastFailure of(TlsHandshakeException failure, Instant time) {
		return new PastFailure(time, failure.getHost(), failure.getPort(), failure.getFailure(),
				failure.getDescription(), failure.getAction(), failure.getPresented(), null);
	}

	PastFailure followedBy(PastHandshake success) {
		return (this.nextSuccess != null) ? this : new PastFailure(this.time, this.host, this.port, this.cause,
				this.description, this.action, this.presented, success);
	}

}
