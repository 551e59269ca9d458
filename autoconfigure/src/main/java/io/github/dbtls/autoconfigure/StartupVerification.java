package io.github.dbtls.autoconfigure;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.connectorj.DriverSettings;
import io.github.dbtls.connectorj.HandshakeProbe;
import io.github.dbtls.connectorj.HostAddress;
import org.jspecify.annotations.Nullable;

/**
 * Makes one handshake without login to each host of a pool. A host that fails it stops
 * startup; one that cannot be reached does so only if none can.
 */
final class StartupVerification {

	private StartupVerification() {
	}

	static void verify(SecuredPool pool) {
		TlsHandshakeException unreachable = null;
		boolean reached = false;
		DriverSettings settings = settings(pool);
		for (HostAddress host : pool.hosts()) {
			try {
				HandshakeProbe.probe(pool.tls(), host, (settings != null) ? settings.connectTimeout(host) : null);
				reached = true;
			}
			catch (TlsHandshakeException ex) {
				if (ex.getFailure() != HandshakeFailure.UNREACHABLE) {
					throw new StartupVerificationException(pool.name(), ex);
				}
				unreachable = (unreachable != null) ? unreachable : ex;
			}
		}
		if (!reached && unreachable != null) {
			throw new StartupVerificationException(pool.name(), unreachable);
		}
	}

	private static @Nullable DriverSettings settings(SecuredPool pool) {
		String url = pool.source().url();
		return (url != null)
				? DriverSettings.read("DataSource '%s'".formatted(pool.name()), url, pool.source().properties()) : null;
	}

	/**
	 * Thrown when {@code dbtls.verify-at-startup} found a server that is not what it
	 * shall be.
	 */
	static final class StartupVerificationException extends RuntimeException {

		private StartupVerificationException(String pool, @Nullable TlsHandshakeException cause) {
			super("'dbtls.verify-at-startup': DataSource '%s' cannot be used".formatted(pool), cause);
		}

	}

}
