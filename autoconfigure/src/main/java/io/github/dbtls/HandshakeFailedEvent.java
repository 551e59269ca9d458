package io.github.dbtls;

import java.time.Instant;

/**
 * Published as an application event when a connection could not be secured: for each host
 * and kind of failure once until a connection to the host succeeds, and once a minute at
 * most. With {@link HandshakeFailure#LOGIN_REFUSED} (in place of the server's greeting)
 * and {@link HandshakeFailure#UNREACHABLE} TLS is not the reason.
 *
 * @param dataSource the name of the DataSource
 * @param time when
 * @param failure the kind of failure
 * @param host the host that was connected to
 * @param port its port
 * @param description what happened; holds no secret
 * @param action what can be done about it
 */
public record HandshakeFailedEvent(String dataSource, Instant time, HandshakeFailure failure, String host, int port,
		String description, String action) {
}
