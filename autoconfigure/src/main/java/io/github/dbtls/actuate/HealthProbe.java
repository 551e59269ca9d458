package io.github.dbtls.actuate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;

import javax.sql.DataSource;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.connectorj.DriverFailure;
import io.github.dbtls.diagnosis.LoginDiagnosis;
import io.github.dbtls.tls.PoolTls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;

/**
 * Looks at one connection of a pool.
 */
final class HealthProbe implements Callable<Health> {

	private final DataSource pool;

	private final PoolTls tls;

	private volatile long started = System.nanoTime();

	HealthProbe(DataSource pool, PoolTls tls) {
		this.pool = pool;
		this.tls = tls;
	}

	@Override
	public Health call() {
		this.started = System.nanoTime();
		try (Connection connection = this.pool.getConnection()) {
			TlsSession session = ConnectionSession.of(connection);
			if (session == null) {
				return fault(HandshakeFailure.TLS_NOT_OFFERED, "The pool's connection was not secured by dbtls");
			}
			if (!this.tls.policy().protocols().contains(session.protocol())) {
				return fault(HandshakeFailure.NO_COMMON_PROTOCOL,
						"The pool's connection uses %s, which the policy does not allow".formatted(session.protocol()));
			}
			if (this.tls.policy().sslMode().isVerifying() && session.anchor() == null) {
				return fault(HandshakeFailure.OTHER, "The server of the pool's connection was not verified");
			}
			return HealthDetails.of(this.tls).session(session).server(ServerView.of(connection), session).up();
		}
		catch (SQLException | RuntimeException ex) {
			return down(ex, null);
		}
	}

	private Health fault(HandshakeFailure cause, String message) {
		return HealthDetails.of(this.tls).error(cause, message).down();
	}

	Health down(Throwable thrown, @Nullable String message) {
		TlsHandshakeException handshake = find(thrown);
		HandshakeFailure failure = DriverFailure.classify(thrown);
		if (handshake == null) {
			handshake = this.tls.explainAlert(thrown);
		}
		if (handshake == null) {
			handshake = lastFailure(failure);
		}
		if (handshake != null) {
			return HealthDetails.of(this.tls).failure(handshake).down();
		}
		return HealthDetails.of(this.tls).error(failure, (message != null) ? message : withLoginHint(thrown)).down();
	}

	private String withLoginHint(Throwable thrown) {
		String hint = DriverFailure.isAccessDenied(thrown)
				? LoginDiagnosis.accessDenied(this.tls.policy(), this.tls.isClientCertificateUnasked()) : null;
		String message = DriverFailure.message(thrown);
		return (hint != null) ? message + System.lineSeparator() + hint : message;
	}

	private @Nullable TlsHandshakeException lastFailure(HandshakeFailure failure) {
		return switch (failure) {
			// What the driver noticed by itself is newer than the last handshake.
			case TLS_NOT_OFFERED -> null;
			// The driver tells of the last host only: a host before it may have answered.
			case UNREACHABLE -> this.tls.lastFailureSince(this.started);
			default -> this.tls.lastFailure();
		};
	}

	private static @Nullable TlsHandshakeException find(Throwable thrown) {
		Throwable current = thrown;
		for (int depth = 0; current != null && depth < 30; depth++) {
			if (current instanceof TlsHandshakeException handshake) {
				return handshake;
			}
			current = current.getCause();
		}
		return null;
	}

}
