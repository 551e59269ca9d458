package io.github.dbtls.tls;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs failed handshakes of one pool: the first failure of each kind and host, then
 * counts. A dead URL with two hosts makes 240 handshakes in half a minute.
 */
final class HandshakeLog {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final String pool;

	private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();

	HandshakeLog(String pool) {
		this.pool = pool;
	}

	void failed(TlsHandshakeException failure) {
		String kind = failure.getHost() + ":" + failure.getPort() + " " + failure.getFailure();
		if (this.failures.size() >= HandshakeHistory.MOST_HOSTS && !this.failures.containsKey(kind)) {
			// Only a success heals, and hosts that DNS names no more have none.
			this.failures.clear();
		}
		if (this.failures.computeIfAbsent(kind, (key) -> new AtomicInteger()).getAndIncrement() == 0) {
			logger.warn("%s: %s%n  %s%n  The same failure is not logged again until a connection succeeds."
				.formatted(this.pool, failure.getDescription(), failure.getAction()));
		}
	}

	void succeeded(TlsSession session) {
		if (this.failures.isEmpty()) {
			return;
		}
		String host = session.host() + ":" + session.port() + " ";
		for (String kind : this.failures.keySet()) {
			// Whether the login behind the handshake is accepted is not known yet.
			boolean healed = kind.startsWith(host) && !kind.equals(host + HandshakeFailure.LOGIN_REFUSED);
			AtomicInteger count = healed ? this.failures.remove(kind) : null;
			if (count != null) {
				logger.info("%s: TLS to %s:%d succeeds now (%s, %s); it had failed %d times with %s".formatted(
						this.pool, session.host(), session.port(), session.protocol(), session.cipher(), count.get(),
						kind.substring(host.length())));
			}
		}
	}

	void loggedIn(String host, int port) {
		AtomicInteger count = this.failures.isEmpty() ? null
				: this.failures.remove(host + ":" + port + " " + HandshakeFailure.LOGIN_REFUSED);
		if (count != null) {
			logger.info("%s: %s:%d accepts the login now; it was seen to refuse %d before".formatted(this.pool, host,
					port, count.get()));
		}
	}

	void clientCertificateUnasked(TlsSession session, String property) {
		logger.warn(("%s: the server at %s:%d did not ask for the certificate of '%s', so none was sent: it knows no "
				+ "authority of clients ('ssl_ca' of MySQL, 'ssl-ca' of TiDB), or takes no key of this kind.")
			.formatted(this.pool, session.host(), session.port(), property));
	}

}
