package io.github.dbtls.tls;

/**
 * Is told what becomes of a pool's handshakes and of its trust, in the thread that it
 * happens in: it must be quick, and what it throws is logged and goes no further.
 */
@FunctionalInterface
public interface PoolListener {

	/**
	 * An attempt to open a connection is over, well or not. The pool itself knows
	 * already.
	 * @param outcome what became of it
	 */
	void finished(HandshakeOutcome outcome);

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
