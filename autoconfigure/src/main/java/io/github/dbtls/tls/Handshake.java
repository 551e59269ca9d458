package io.github.dbtls.tls;

import io.github.dbtls.diagnosis.HandshakeFacts;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that succeeded, as the client sees it.
 *
 * @param secured the socket to go on with
 * @param path what the connection depends on
 * @param awaiting what is known of it if the server may still refuse the client for its
 * certificate or the want of one, {@code null} if it cannot
 */
record Handshake(SecuredSocket secured, ServedPath path, @Nullable HandshakeFacts awaiting) {
}
