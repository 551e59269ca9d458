package io.github.dbtls.connectorj;

import io.github.dbtls.Causes;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.diagnosis.LoginRefusal;
import io.github.dbtls.tls.PoolTls;
import org.jspecify.annotations.Nullable;

/**
 * Explains what the driver or a pool threw by what is known of the pool's connections. It
 * is the driver's exception that the application gets, whoever explains it: one that we
 * throw is in it where our handshake failed, and only there.
 */
public final class DriverDiagnosis {

	private DriverDiagnosis() {
	}

	/**
	 * Explain what was thrown instead of a connection.
	 * @param tls the TLS of the pool
	 * @param thrown what the driver or the pool threw
	 * @param start a time of {@link System#nanoTime()}: a failure before it has nothing
	 * to do with this one, unless both are of one kind
	 * @return the explanation, or {@code null} if TLS and login have nothing to do with
	 * it
	 */
	public static @Nullable TlsHandshakeException explain(PoolTls tls, Throwable thrown, long start) {
		return explain(tls, thrown, tls.attempts().lastFailureSince(start));
	}

	/**
	 * Explain what was thrown instead of a connection, by whatever failed before it and
	 * was not made up for.
	 * @param tls the TLS of the pool
	 * @param thrown what the driver or the pool threw
	 * @return the explanation, or {@code null} if TLS and login have nothing to do with
	 * it
	 */
	public static @Nullable TlsHandshakeException explain(PoolTls tls, Throwable thrown) {
		return explain(tls, thrown, tls.attempts().lastFailure());
	}

	private static @Nullable TlsHandshakeException explain(PoolTls tls, Throwable thrown,
			@Nullable TlsHandshakeException recent) {
		TlsHandshakeException ours = Causes.find(thrown, TlsHandshakeException.class);
		if (ours != null) {
			return ours;
		}
		TlsHandshakeException alert = tls.attempts().explainAlert(thrown);
		if (alert != null) {
			return alert;
		}
		LoginRefusal refusal = DriverFailure.refusal(thrown);
		if (refusal != null) {
			TlsHandshakeException inPlaceOfGreeting = last(tls, HandshakeFailure.LOGIN_REFUSED);
			return (inPlaceOfGreeting != null) ? inPlaceOfGreeting : tls.attempts().explainLogin(refusal, thrown);
		}
		HandshakeFailure failure = DriverFailure.classify(thrown);
		return switch (failure) {
			case TLS_NOT_OFFERED -> or(last(tls, failure), tls, failure, thrown);
			// The driver tells of the last host only: one before it may have answered.
			case UNREACHABLE, CONNECTION_CLOSED, HANDSHAKE_TIMEOUT -> or(recent, tls, failure, thrown);
			default -> tls.attempts().lastFailure();
		};
	}

	private static @Nullable TlsHandshakeException or(@Nullable TlsHandshakeException known, PoolTls tls,
			HandshakeFailure failure, Throwable thrown) {
		return (known != null) ? known : tls.attempts().explain(failure, thrown);
	}

	private static @Nullable TlsHandshakeException last(PoolTls tls, HandshakeFailure failure) {
		TlsHandshakeException last = tls.attempts().lastFailure();
		return (last != null && last.getFailure() == failure) ? last : null;
	}

}
