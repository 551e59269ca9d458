package io.github.dbtls.actuate;

import java.util.HashMap;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * The meters of several application contexts that are in one registry. A meter is there
 * once for each name and tags: the pools of one name, which is mostly {@code dataSource},
 * have to share it, or those of one context would hide the others'.
 */
public final class SharedMeters {

	/** Guarded by this. Registries are told apart by their identity. */
	private final Map<Key, RegisteredMeters> registered = new HashMap<>();

	/**
	 * Have the meters of a DataSource tell of its pools as well.
	 * @param registry the registry
	 * @param meters the pools, of one application context
	 * @return the meters
	 */
	synchronized RegisteredMeters join(MeterRegistry registry, DataSourceMeters meters) {
		RegisteredMeters registered = this.registered.computeIfAbsent(new Key(registry, meters.name()),
				(key) -> new RegisteredMeters(registry, meters.name()));
		registered.add(meters);
		return registered;
	}

	/**
	 * Have meters tell of pools no more, and remove them with the last ones.
	 * @param registered the meters
	 * @param meters the pools
	 */
	synchronized void leave(RegisteredMeters registered, DataSourceMeters meters) {
		if (registered.remove(meters)) {
			this.registered.values().remove(registered);
		}
	}

	/**
	 * A DataSource in a registry.
	 *
	 * @param registry the registry
	 * @param name the name of the DataSource
	 */
	private record Key(MeterRegistry registry, String name) {
	}

}
