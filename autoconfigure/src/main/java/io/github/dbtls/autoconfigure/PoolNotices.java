package io.github.dbtls.autoconfigure;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.dbtls.HandshakeFailedEvent;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TrustReloadRefusedEvent;
import io.github.dbtls.TrustRenewedEvent;
import io.github.dbtls.tls.HandshakeOutcome;
import io.github.dbtls.tls.PoolListener;
import io.github.dbtls.tls.PoolTls;

/**
 * Makes application events of what becomes of one pool.
 */
final class PoolNotices implements PoolListener {

	private final PoolTls tls;

	private final PoolEvents events;

	private final Clock clock;

	private final FailureNotices failures = new FailureNotices();

	private final ExpiryNotices expiry;

	private final AtomicBoolean lookIsDue = new AtomicBoolean();

	PoolNotices(PoolTls tls, PoolEvents events, Clock clock) {
		this.tls = tls;
		this.events = events;
		this.clock = clock;
		Consumer<Object> publish = events::publish;
		this.expiry = new ExpiryNotices(tls, publish);
	}

	PoolTls tls() {
		return this.tls;
	}

	@Override
	public void finished(HandshakeOutcome outcome) {
		TlsHandshakeException failure = outcome.failure();
		TlsSession session = outcome.session();
		if (session != null) {
			this.failures.succeeded(session, outcome.time());
		}
		else if (failure != null && this.failures.isNews(failure, outcome.time())) {
			this.events.publish(new HandshakeFailedEvent(this.tls.name(), outcome.time(), failure.getFailure(),
					failure.getHost(), failure.getPort(), failure.getDescription(), failure.getAction()));
		}
	}

	@Override
	public void renewed(int generation) {
		this.events.publish(new TrustRenewedEvent(this.tls.name(), this.clock.instant(), generation,
				this.tls.trust().source(), this.tls.trust().certificates().size()));
		lookSoon();
	}

	@Override
	public void reloadRefused(PoolTls.ReloadFault fault) {
		this.events.publish(
				new TrustReloadRefusedEvent(this.tls.name(), fault.since(), fault.message(), this.tls.generation()));
	}

	@Override
	public void certificatesChanged() {
		lookSoon();
	}

	/**
	 * Look for certificates that expire when the context starts.
	 */
	void start() {
		// What was due when it stopped last was never done.
		this.lookIsDue.set(false);
		lookSoon();
	}

	/**
	 * Look for certificates that expire, but not in the thread that opens a connection.
	 */
	void lookSoon() {
		if (isWatched() && this.lookIsDue.compareAndSet(false, true) && !this.events.look(this::look)) {
			this.lookIsDue.set(false);
		}
	}

	/**
	 * Look for certificates that expire.
	 */
	void look() {
		this.lookIsDue.set(false);
		if (isWatched()) {
			this.expiry.look(this.clock.instant());
		}
	}

	private boolean isWatched() {
		return !this.tls.expiryRule().warning().isZero();
	}

	/**
	 * Return whether there is a certificate to look at again and again.
	 * @return whether there is
	 */
	boolean hasCertificates() {
		return isWatched() && !this.tls.certificatesInUse().isEmpty();
	}

}
