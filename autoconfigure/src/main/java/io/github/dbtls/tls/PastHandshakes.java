package io.github.dbtls.tls;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The last handshakes of one pool, and its last failure, which a storm of later successes
 * does not displace.
 */
final class PastHandshakes implements PoolListener {

	/** A pool of ten fills twice. */
	static final int MOST = 20;

	private final Deque<PastHandshake> last = new ArrayDeque<>(MOST);

	private @Nullable PastFailure lastFailure;

	@Override
	public void finished(HandshakeOutcome outcome) {
		add(outcome, PastHandshake.of(outcome));
	}

	private synchronized void add(HandshakeOutcome outcome, PastHandshake handshake) {
		if (this.last.size() == MOST) {
			this.last.removeFirst();
		}
		this.last.addLast(handshake);
		if (outcome.failure() != null) {
			this.lastFailure = PastFailure.of(outcome.failure(), outcome.time());
		}
		else if (this.lastFailure != null) {
			this.lastFailure = this.lastFailure.followedBy(handshake);
		}
	}

	/**
	 * Return the last handshakes.
	 * @return a copy, newest first
	 */
	synchronized List<PastHandshake> newestFirst() {
		List<PastHandshake> handshakes = new ArrayList<>(this.last);
		Collections.reverse(handshakes);
		return handshakes;
	}

	/**
	 * Return the last failure, made up for or not.
	 * @return the failure, or {@code null} if there was none
	 */
	synchronized @Nullable PastFailure lastFailure() {
		return this.lastFailure;
	}

}
