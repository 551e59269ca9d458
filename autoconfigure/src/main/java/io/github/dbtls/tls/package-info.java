/**
 * TLS to the database server: contexts, trust decisions and handshakes.
 */
@NullMarked
package io.github.dbtls.tls;

import org.jspecify.annotations.NullMarked;
