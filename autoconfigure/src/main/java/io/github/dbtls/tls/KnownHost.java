package io.github.dbtls.tls;

import java.lang.ref.WeakReference;
import java.net.Socket;

import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import org.jspecify.annotations.Nullable;

/**
 * What the handshakes with one host and port have shown so far, so that the next is
 * cheaper. Nothing that is verified depends on it.
 * <ul>
 * <li>For TLS 1.3 JSSE makes two keys ahead of each handshake, one of X25519 and one of
 * P-256, resumed ones included. A server that chose P-256 gets no X25519 from then on: it
 * costs a tenth of a resumed connection. All of NIST's curves are offered, and P-256 is
 * one that every server must have (RFC 8446, 9.1); the other way round nothing says so,
 * and MySQL 9.7 has no X25519. A handshake that fails is followed by one that offers
 * everything.</li>
 * <li>A ticket of TLS 1.3 serves one connection (RFC 8446, C.4), and before JDK 24 JSSE
 * keeps one for each host (JDK-8328608). So connections that are opened at the same
 * moment take {@link Lane}s, each with a ticket of its own, once the host has proven that
 * it resumes.</li>
 * </ul>
 */
final class KnownHost {

	/**
	 * How many connections may be opened at the same moment, and resume.
	 */
	static final int LANES = (Runtime.version().feature() < 24) ? 8 : 1;

	private volatile boolean onCurve;

	private volatile boolean ticketed;

	/** Guarded by itself. */
	private final @Nullable Lane[] lanes = new Lane[LANES];

	KeyAgreement agreement() {
		return new KeyAgreement(this.onCurve);
	}

	/**
	 * Take a lane that no other connection is in.
	 * @param raw the connection, which leaves it at the latest when it is closed
	 * @return the lane; the first if none is free
	 */
	Lane enter(Socket raw) {
		if (this.ticketed) {
			synchronized (this.lanes) {
				for (int i = 0; i < this.lanes.length; i++) {
					Lane lane = this.lanes[i];
					if (lane == null || lane.isFree()) {
						Lane taken = new Lane(i, raw);
						this.lanes[i] = taken;
						return taken;
					}
				}
			}
		}
		return new Lane(0, raw);
	}

	void succeeded(TlsSession session, KeyAgreement agreement) {
		boolean current = session.protocol().equals(TlsVersion.TLS_1_3.jsseName());
		this.onCurve = current && agreement.isOnCurve();
		this.ticketed = current && (session.resumed() || this.ticketed);
	}

	void failed() {
		this.onCurve = false;
	}

	/**
	 * One session cache among several, and who is about to get a ticket for it: from the
	 * handshake, which takes the last one, until the login is over, since the server
	 * sends the next ticket before it answers that.
	 */
	static final class Lane {

		private final int index;

		private final WeakReference<Socket> connection;

		private volatile boolean left;

		private Lane(int index, Socket connection) {
			this.index = index;
			this.connection = new WeakReference<>(connection);
		}

		int index() {
			return this.index;
		}

		void leave() {
			this.left = true;
		}

		private boolean isFree() {
			Socket socket = this.connection.get();
			return this.left || socket == null || socket.isClosed();
		}

	}

}
