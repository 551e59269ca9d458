package io.github.dbtls.connectorj;

import io.github.dbtls.TlsSession;

/**
 * What a handshake without login found.
 *
 * @param session what was negotiated
 * @param clientCertificateAsked whether the server asked for a certificate of the client;
 * it does not when a session is resumed
 */
public record ProbeResult(TlsSession session, boolean clientCertificateAsked) {
}
