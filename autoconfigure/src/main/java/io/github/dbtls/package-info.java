/**
 * Vocabulary of dbtls: what is decided about a connection, what was negotiated, and what
 * went wrong.
 * <p>
 * API for users are {@link io.github.dbtls.Provider}, {@link io.github.dbtls.SslMode},
 * {@link io.github.dbtls.TlsVersion}, {@link io.github.dbtls.HandshakeFailure} and the
 * two exceptions {@link io.github.dbtls.DbTlsConfigurationException} and
 * {@link io.github.dbtls.TlsHandshakeException}; outside of this package,
 * {@code io.github.dbtls.autoconfigure.DbTlsPools}. {@link io.github.dbtls.TlsPolicy},
 * {@link io.github.dbtls.TlsSettings}, {@link io.github.dbtls.TlsSession} and
 * {@link io.github.dbtls.TrustSource} are public because the other packages of dbtls
 * share them: they are no API before 1.0 and change without notice.
 */
@NullMarked
package io.github.dbtls;

import org.jspecify.annotations.NullMarked;
