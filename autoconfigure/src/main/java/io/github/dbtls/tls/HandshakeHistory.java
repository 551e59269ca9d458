package io.github.dbtls.tls;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * What became of the handshakes of one pool: where the last one led to, why it failed,
 * and which servers keep a client certificate from being shown. It tells the log, and
 * whoever else wants to know of failures.
 */
final class HandshakeHistory {

	/**
	 * More hosts than any URL has; one whose names come from DNS must not add up.
	 */
	static final int MOST_HOSTS = 256;

	private final HandshakeLog log;

	private final PoolListener listener;

	private final Clock clock;

	/** Hosts and ports that did not ask for the client certificate that there is. */
	private final Set<Attempt> unasked = ConcurrentHashMap.newKeySet();

	private final KnownServers servers = new KnownServers();

	private volatile @Nullable Attempt lastAttempt;

	/** Whether nothing came of the last attempt, or it goes on. */
	private volatile boolean unfinished;

	/** Why there was no connection at all the last time; of the driver's exception. */
	private volatile @Nullable Throwable unreached;

	private volatile @Nullable Attempt pendingLogin;

	private volatile @Nullable Failed lastFailed;

	/**
	 * Begin the history of a pool.
	 * @param pool the name that the log uses for it
	 * @param listener is told of each success and failure
	 * @param clock tells the time
	 */
	HandshakeHistory(String pool, PoolListener listener, Clock clock) {
		this.log = new HandshakeLog(pool);
		this.listener = listener;
		this.clock = clock;
	}

	void attempting(String host, int port) {
		this.lastAttempt = new Attempt(host, port);
		this.unfinished = true;
	}

	/**
	 * A connection came to be, with its login, or it was not meant to log in.
	 */
	void finished() {
		this.unfinished = false;
		this.unreached = null;
	}

	/**
	 * Return whether a connection was tried, and none came to be since.
	 * @return whether what is thrown now may be of that connection
	 */
	boolean isUnfinished() {
		return this.unfinished;
	}

	/**
	 * Return what was thrown when nothing answered the last time.
	 * @return what was thrown, or {@code null} if something answered
	 */
	@Nullable Throwable unreached() {
		return this.unreached;
	}

	@Nullable Attempt lastAttempt() {
		return this.lastAttempt;
	}

	void loginBegins(String host, int port) {
		this.pendingLogin = new Attempt(host, port);
	}

	void loggedIn(String host, int port) {
		this.pendingLogin = null;
		finished();
		this.log.loggedIn(host, port);
	}

	/**
	 * Return where a login is on its way to, or was never accepted.
	 * @return the server, or {@code null} if the last login was accepted
	 */
	@Nullable Attempt pendingLogin() {
		return this.pendingLogin;
	}

	/**
	 * Log, if it is news, that a server refuses the login.
	 * @param explained why
	 */
	void loginRefused(TlsHandshakeException explained) {
		this.log.failed(explained);
	}

	void succeeded(TlsSession session, ServedPath path) {
		this.log.succeeded(session);
		this.lastFailed = null;
		Instant now = this.clock.instant();
		boolean news = this.servers.add(session, path, now);
		this.listener.finished(new HandshakeOutcome(now, session.duration(), session, null));
		if (news) {
			this.listener.certificatesChanged();
		}
	}

	void failed(TlsHandshakeException failure, @Nullable Duration duration) {
		this.lastFailed = new Failed(failure, System.nanoTime());
		this.unreached = null;
		this.log.failed(failure);
		this.listener.finished(new HandshakeOutcome(this.clock.instant(), duration, null, failure));
	}

	/**
	 * Take down that nothing answered. It is no handshake: of several hosts, one that
	 * failed its handshake tells more.
	 * @param failure what is said of it
	 */
	void unreachable(TlsHandshakeException failure) {
		this.unreached = failure.getCause();
		this.log.failed(failure);
		this.listener.finished(new HandshakeOutcome(this.clock.instant(), null, null, failure));
	}

	/**
	 * Return what the servers show.
	 * @return the servers
	 */
	KnownServers servers() {
		return this.servers;
	}

	/**
	 * Return why the last handshake failed.
	 * @return the failure, or {@code null} if the last handshake succeeded
	 */
	@Nullable TlsHandshakeException lastFailure() {
		Failed last = this.lastFailed;
		return (last != null) ? last.failure() : null;
	}

	/**
	 * Return why the last handshake failed, if that is news.
	 * @param start a time of {@link System#nanoTime()}
	 * @return the failure, or {@code null} if the last handshake succeeded, or failed
	 * before that time
	 */
	@Nullable TlsHandshakeException lastFailureSince(long start) {
		Failed last = this.lastFailed;
		return (last != null && last.time() - start >= 0) ? last.failure() : null;
	}

	/**
	 * Return whether the last handshake failed, and later than that of another pool.
	 * @param other the history of the other pool
	 * @return whether it is this one that failed last
	 */
	boolean failedAfter(HandshakeHistory other) {
		Failed here = this.lastFailed;
		Failed there = other.lastFailed;
		return here != null && (there == null || here.time() - there.time() > 0);
	}

	/**
	 * Take down whether a server asked for the client certificate that there is. It is
	 * logged when a server is found not to, not at each of its handshakes.
	 * @param session what was negotiated with it
	 * @param property the property that names the certificate
	 * @param asked whether it was shown
	 */
	void clientCertificate(TlsSession session, String property, boolean asked) {
		Attempt server = new Attempt(session.host(), session.port());
		if (asked) {
			this.unasked.remove(server);
			return;
		}
		if (this.unasked.size() >= MOST_HOSTS) {
			this.unasked.clear();
		}
		if (this.unasked.add(server)) {
			this.log.clientCertificateUnasked(session, property);
		}
	}

	/**
	 * Return whether the server of the last attempt is one that does not ask for the
	 * client certificate that there is.
	 * @return whether it was kept back there
	 */
	boolean isClientCertificateUnasked() {
		Attempt last = this.lastAttempt;
		return last != null && this.unasked.contains(last);
	}

	/**
	 * Where a connection was opened to.
	 *
	 * @param host the host as the driver knows it
	 * @param port the port
	 */
	record Attempt(String host, int port) {

		@Override
		public String toString() {
			return this.host + ":" + this.port;
		}

	}

	/**
	 * A failure and its time.
	 *
	 * @param failure why the handshake failed
	 * @param time when, as {@link System#nanoTime()} has it
	 */
	private record Failed(TlsHandshakeException failure, long time) {
	}

}
