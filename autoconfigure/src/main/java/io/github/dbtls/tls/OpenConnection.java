package io.github.dbtls.tls;

import java.time.Instant;

import io.github.dbtls.TlsSession;

/**
 * A connection of a pool whose socket is open.
 *
 * @param session what was negotiated for it
 * @param since when its handshake was over
 * @param outdated whether the trust in force does not vouch for it
 */
public record OpenConnection(TlsSession session, Instant since, boolean outdated) {
}
