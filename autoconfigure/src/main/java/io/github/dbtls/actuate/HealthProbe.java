package io.github.dbtls.actuate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;

import javax.sql.DataSource;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.connectorj.DriverDiagnosis;
import io.github.dbtls.connectorj.DriverFailure;
import io.github.dbtls.diagnosis.CertificateText;
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
		TlsSession session = null;
		try (Connection connection = this.pool.getConnection()) {
			session = ConnectionSession.of(connection);
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
			return (session != null) ? broken(session, ex) : down(ex, null);
		}
	}

	private Health broken(TlsSession session, Exception thrown) {
		// Whatever became of other connections meanwhile: this one was good.
		return HealthDetails.of(this.tls)
			.broken(session,
					("The pool's connection to %s:%d (%s, %s) broke while its server was asked what it says of it: %s.%n"
							+ "Its handshake and login were in order; the pool opens another connection. "
							+ "The server's log says why it ended this one.")
						.formatted(session.host(), session.port(), session.protocol(), session.cipher(),
								CertificateText.clean(DriverFailure.message(thrown))))
			.down();
	}

	private Health fault(HandshakeFailure cause, String message) {
		return HealthDetails.of(this.tls).error(cause, message).down();
	}

	Health down(Throwable thrown, @Nullable String message) {
		TlsHandshakeException explained = DriverDiagnosis.explain(this.tls, thrown, this.started);
		if (explained == null) {
			return HealthDetails.of(this.tls)
				.error(DriverFailure.classify(thrown),
						(message != null) ? message : CertificateText.clean(DriverFailure.message(thrown)))
				.down();
		}
		if (explained.getFailure() == HandshakeFailure.LOGIN_REFUSED
				&& explained != this.tls.attempts().lastFailure()) {
			// Nobody else sees it: what listens to handshakes was told that this one was
			// good.
			this.tls.attempts().loginRefused(explained);
		}
		return HealthDetails.of(this.tls).failure(explained).down();
	}

}
