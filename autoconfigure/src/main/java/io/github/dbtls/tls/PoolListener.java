package io.github.dbtls.tls;

import io.github.dbtls.TlsHandshakeException;

/**
 * Is told what becomes of a pool's handshakes and of its trust, in the thread that it
 * happens in: it must be quick, and what it throws is logged and goes no further.
 */
@FunctionalInterface
public interface PoolListener {

	/**
	 * A handshake failed, or what comes before it. The pool knows the failure as its last
	 * one already.
	 * @param failure why
	 */
	void failed(TlsHandshakeException failure);

	/**
	 * An attempt to open a connection is over, well or not.
	 * @param outcome what became of it
	 */
	default void finished(HandshakeOutcome outcome) {
	}

	/**
	 * A server showed certificates that it had not shown before.
	 */
	default void certificatesChanged() {
	}

	/**
	 * New material came into force.
	 * @param generation its generation
	 */
	default void renewed(int generation) {
	}

	/**
	 * Changed material does not come into force. Not told again while the reason stays
	 * the same.
	 * @param fault why
	 */
	default void reloadRefused(PoolTls.ReloadFault fault) {
	}

}
