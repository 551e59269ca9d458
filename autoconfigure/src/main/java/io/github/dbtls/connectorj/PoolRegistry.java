package io.github.dbtls.connectorj;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.github.dbtls.tls.PoolTls;
import org.jspecify.annotations.Nullable;

/**
 * Leads from the id in a pool's driver properties to its TLS. The driver makes its socket
 * factories itself, by name, and passes them strings only: so this one map is static.
 * Nothing else is. Entries leave it when their application context closes; an id that is
 * not there makes the connection fail.
 */
public final class PoolRegistry {

	private static final Map<String, PoolTls> pools = new ConcurrentHashMap<>();

	private PoolRegistry() {
	}

	/**
	 * Add a pool.
	 * @param pool the pool's TLS
	 * @return its id
	 */
	public static String add(PoolTls pool) {
		String id = UUID.randomUUID().toString();
		pools.put(id, pool);
		return id;
	}

	/**
	 * Remove a pool: its connections fail from now on.
	 * @param id the pool's id
	 */
	public static void remove(String id) {
		pools.remove(id);
	}

	static @Nullable PoolTls find(@Nullable String id) {
		return (id != null) ? pools.get(id) : null;
	}

}
