package io.github.dbtls.tls;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * All that listen to one pool. None of them can fail a handshake or a reload.
 */
final class PoolListeners implements PoolListener {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final String pool;

	private final List<PoolListener> listeners = new CopyOnWriteArrayList<>();

	PoolListeners(String pool) {
		this.pool = pool;
	}

	void add(PoolListener listener) {
		this.listeners.add(listener);
	}

	void remove(PoolListener listener) {
		this.listeners.remove(listener);
	}

	@Override
	public void finished(HandshakeOutcome outcome) {
		tell((listener) -> listener.finished(outcome));
	}

	@Override
	public void certificatesChanged() {
		tell(PoolListener::certificatesChanged);
	}

	@Override
	public void renewed(int generation) {
		tell((listener) -> listener.renewed(generation));
	}

	@Override
	public void reloadRefused(PoolTls.ReloadFault fault) {
		tell((listener) -> listener.reloadRefused(fault));
	}

	private void tell(Consumer<PoolListener> news) {
		for (PoolListener listener : this.listeners) {
			try {
				news.accept(listener);
			}
			catch (RuntimeException | LinkageError ex) {
				// Of a listener's library that is missing or too old, too.
				logger.warn("%s: a listener failed".formatted(this.pool), ex);
			}
		}
	}

}
