package io.github.dbtls.actuate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.dbtls.tls.PoolTls;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The meters of all pools of one name: of the targets of a router, or of a scope's.
 */
final class DataSourceMeters {

	/**
	 * As many attempts as a dead URL makes in hours. Whoever takes longer to start has
	 * another problem.
	 */
	static final int MOST_EARLY = 100_000;

	private final String name;

	private final SharedMeters shared;

	private final List<PoolTls> pools = new CopyOnWriteArrayList<>();

	private final List<RegisteredMeters> registered = new CopyOnWriteArrayList<>();

	/** What came before the first registry; guarded by this. */
	private final List<HandshakeResult> early = new ArrayList<>();

	/** Guarded by this. */
	private int earlyReloadFailures;

	DataSourceMeters(String name, SharedMeters shared) {
		this.name = name;
		this.shared = shared;
	}

	String name() {
		return this.name;
	}

	List<PoolTls> pools() {
		return this.pools;
	}

	synchronized void add(PoolTls pool) {
		this.pools.add(pool);
		certificatesChanged();
	}

	/**
	 * Forget a pool, and the meters with the last one.
	 * @param pool the pool
	 * @return whether it was the last
	 */
	synchronized boolean remove(PoolTls pool) {
		this.pools.remove(pool);
		if (this.pools.isEmpty()) {
			this.registered.forEach((meters) -> this.shared.leave(meters, this));
			this.registered.clear();
			return true;
		}
		return false;
	}

	synchronized void bindTo(MeterRegistry registry) {
		RegisteredMeters meters = this.shared.join(registry, this);
		this.early.forEach(meters::record);
		this.early.clear();
		for (; this.earlyReloadFailures > 0; this.earlyReloadFailures--) {
			meters.reloadRefused();
		}
		meters.certificatesChanged();
		this.registered.add(meters);
	}

	void record(HandshakeResult result) {
		if (this.registered.isEmpty()) {
			synchronized (this) {
				if (this.registered.isEmpty()) {
					keep(result);
					return;
				}
			}
		}
		this.registered.forEach((meters) -> meters.record(result));
	}

	private void keep(HandshakeResult result) {
		if (!this.pools.isEmpty() && this.early.size() < MOST_EARLY) {
			this.early.add(result);
		}
	}

	synchronized void reloadRefused() {
		if (this.registered.isEmpty()) {
			this.earlyReloadFailures++;
		}
		this.registered.forEach(RegisteredMeters::reloadRefused);
	}

	void certificatesChanged() {
		this.registered.forEach(RegisteredMeters::certificatesChanged);
	}

}
