package io.github.dbtls.actuate;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.dbtls.tls.HandshakeOutcome;
import io.github.dbtls.tls.PoolListener;
import io.github.dbtls.tls.PoolObserver;
import io.github.dbtls.tls.PoolTls;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The meters of secured pools. Recording begins when a pool is secured: what happens
 * before there is a registry, since Flyway migrates for example, is recorded as soon as
 * there is one.
 */
public final class PoolMeters implements MeterBinder, PoolObserver {

	private final SharedMeters shared;

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	private final Map<String, DataSourceMeters> meters = new ConcurrentHashMap<>();

	private final Map<PoolTls, PoolListener> listeners = new ConcurrentHashMap<>();

	/**
	 * Create the meters of one application context.
	 * @param shared what it has in common with others
	 */
	public PoolMeters(SharedMeters shared) {
		this.shared = shared;
	}

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		// Boot and whoever else may bind the same registry.
		if (this.registries.stream().noneMatch((bound) -> bound == registry)) {
			this.registries.add(registry);
			this.meters.values().forEach((meters) -> meters.bindTo(registry));
		}
	}

	@Override
	public synchronized void secured(PoolTls pool) {
		DataSourceMeters meters = this.meters.computeIfAbsent(pool.name(), (name) -> {
			DataSourceMeters created = new DataSourceMeters(name, this.shared);
			this.registries.forEach(created::bindTo);
			return created;
		});
		PoolListener listener = new Recorder(meters);
		this.listeners.put(pool, listener);
		meters.add(pool);
		pool.addListener(listener);
	}

	@Override
	public synchronized void released(PoolTls pool) {
		PoolListener listener = this.listeners.remove(pool);
		DataSourceMeters meters = this.meters.get(pool.name());
		if (listener != null && meters != null) {
			pool.removeListener(listener);
			if (meters.remove(pool)) {
				this.meters.remove(pool.name());
			}
		}
	}

	/**
	 * Records what becomes of one pool.
	 *
	 * @param meters the meters of its name
	 */
	private record Recorder(DataSourceMeters meters) implements PoolListener {

		@Override
		public void finished(HandshakeOutcome outcome) {
			this.meters.record(HandshakeResult.of(outcome));
		}

		@Override
		public void certificatesChanged() {
			this.meters.certificatesChanged();
		}

		@Override
		public void renewed(int generation) {
			this.meters.certificatesChanged();
		}

		@Override
		public void reloadRefused(PoolTls.ReloadFault fault) {
			this.meters.reloadRefused();
		}

	}

}
