package io.github.dbtls.tls;

import javax.net.ssl.SSLSocket;

import io.github.dbtls.TlsSession;

/**
 * A socket after its handshake.
 *
 * @param socket the socket to go on with
 * @param session what was negotiated
 */
public record SecuredSocket(SSLSocket socket, TlsSession session) {
}
