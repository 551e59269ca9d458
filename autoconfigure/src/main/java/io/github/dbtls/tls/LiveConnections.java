package io.github.dbtls.tls;

import java.lang.ref.WeakReference;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import javax.net.ssl.SSLSocket;

import io.github.dbtls.TlsSession;

/**
 * The open connections of one pool and what was negotiated for each, to tell which of
 * them new trust no longer vouches for. It keeps no socket alive, and forgets those that
 * closed before they can add up.
 */
final class LiveConnections {

	/**
	 * Longest time that a connection may take from its handshake until its pool knows it:
	 * the login and the pool's first statements lie in between.
	 */
	private static final Duration ARRIVAL = Duration.ofSeconds(60);

	private static final int FEW = 32;

	private final Set<Live> connections = ConcurrentHashMap.newKeySet();

	private volatile int forgetAt = FEW;

	void add(SecuredSocket secured, Instant now) {
		this.connections.add(new Live(new WeakReference<>(secured.socket()), secured.session(), now));
		if (this.connections.size() >= this.forgetAt) {
			forgetClosed();
			this.forgetAt = Math.max(FEW, 2 * this.connections.size());
		}
	}

	/**
	 * Judge each connection by new trust. One that it vouches for again is no longer
	 * outdated.
	 * @param vouchedFor whether the trust vouches for the chain at a time
	 * @param now the time
	 */
	void judge(VouchedFor vouchedFor, Instant now) {
		forgetClosed();
		for (Live live : this.connections) {
			// A certificate that expired since the handshake is no reason to hang up: the
			// old trust would not have either.
			List<X509Certificate> chain = live.session.peerCertificates();
			live.outdated = !vouchedFor.test(chain, live.since) && !vouchedFor.test(chain, now);
			live.arriving = live.outdated && live.since.plus(ARRIVAL).isAfter(now);
		}
	}

	/**
	 * Return how many open connections the trust in force does not vouch for.
	 * @return the number
	 */
	int outdated() {
		return count((live) -> live.outdated);
	}

	/**
	 * Return how many of them may have been on their way to the pool when the trust
	 * changed.
	 * @return the number
	 */
	int arriving() {
		return count((live) -> live.arriving);
	}

	/**
	 * Return those whose socket is open.
	 * @return a copy, in no order
	 */
	List<OpenConnection> open() {
		forgetClosed();
		return this.connections.stream()
			.map((live) -> new OpenConnection(live.session, live.since, live.outdated))
			.toList();
	}

	/**
	 * Return how many are remembered, closed ones included.
	 * @return the number
	 */
	int known() {
		return this.connections.size();
	}

	private int count(Predicate<Live> condition) {
		forgetClosed();
		return Math.toIntExact(this.connections.stream().filter(condition).count());
	}

	private void forgetClosed() {
		this.connections.removeIf(Live::isClosed);
	}

	/**
	 * Tells whether trust vouches for a chain.
	 */
	@FunctionalInterface
	interface VouchedFor {

		boolean test(List<X509Certificate> chain, Instant time);

	}

	/**
	 * An open connection.
	 */
	private static final class Live {

		private final WeakReference<SSLSocket> socket;

		private final TlsSession session;

		private final Instant since;

		private volatile boolean outdated;

		private volatile boolean arriving;

		private Live(WeakReference<SSLSocket> socket, TlsSession session, Instant since) {
			this.socket = socket;
			this.session = session;
			this.since = since;
		}

		private boolean isClosed() {
			SSLSocket open = this.socket.get();
			return open == null || open.isClosed();
		}

	}

}
