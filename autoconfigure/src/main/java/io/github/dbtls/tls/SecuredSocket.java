package io.github.dbtls.tls;

import javax.net.ssl.SSLSocket;

import io.github.dbtls.TlsSession;

/**
 * A socket after its handshake.
 *
 * @param socket the socket to go on with
 * @param session what was negotiated
 * @param clientCertificateAsked whether the server asked for a certificate of the client;
 * it does not when a session is resumed
 * @param loggedIn to be called when the server has answered the login, by when it has
 * sent what the next connection resumes
 */
public record SecuredSocket(SSLSocket socket, TlsSession session, boolean clientCertificateAsked, Runnable loggedIn) {
}
