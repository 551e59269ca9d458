package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;

/**
 * Decides which failures of one pool are news: the first of a kind and host until a
 * connection to the host succeeds. A host that fails every second time is news once a
 * minute.
 */
final class FailureNotices {

	static final Duration PAUSE = Duration.ofMinutes(1);

	/** More than any URL can make; a URL whose hosts come from DNS must not add up. */
	static final int MOST = 256;

	private final Map<Kind, Told> told = new ConcurrentHashMap<>();

	/**
	 * Return whether a failure is news, which it is no more afterwards.
	 * @param failure the failure
	 * @param now the time
	 * @return whether it is
	 */
	synchronized boolean isNews(TlsHandshakeException failure, Instant now) {
		Kind kind = new Kind(failure.getHost(), failure.getPort(), failure.getFailure());
		Told before = this.told.get(kind);
		if (before != null && (before.failing() || before.time().plus(PAUSE).isAfter(now))) {
			return false;
		}
		if (this.told.size() >= MOST) {
			this.told.clear();
		}
		this.told.put(kind, new Told(now, true));
		return true;
	}

	/**
	 * Take down that a connection succeeded.
	 * @param session what was negotiated
	 * @param now the time
	 */
	void succeeded(TlsSession session, Instant now) {
		if (!this.told.isEmpty()) {
			end(session, now);
		}
	}

	private synchronized void end(TlsSession session, Instant now) {
		this.told.entrySet()
			.removeIf((told) -> told.getKey().isOf(session) && !told.getValue().time().plus(PAUSE).isAfter(now));
		this.told.replaceAll((kind, told) -> kind.isOf(session) ? new Told(told.time(), false) : told);
	}

	/**
	 * What failures have in common that are told once.
	 *
	 * @param host the host
	 * @param port its port
	 * @param failure the kind of failure
	 */
	private record Kind(String host, int port, HandshakeFailure failure) {

		private boolean isOf(TlsSession session) {
			return this.host.equals(session.host()) && this.port == session.port();
		}

	}

	/**
	 * A failure that was told.
	 *
	 * @param time when
	 * @param failing whether no connection has succeeded since
	 */
	private record Told(Instant time, boolean failing) {
	}

}
