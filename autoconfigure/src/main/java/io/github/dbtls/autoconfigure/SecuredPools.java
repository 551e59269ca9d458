package io.github.dbtls.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.dbtls.connectorj.PoolRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * All that dbtls secured in this application context. When it closes, nothing of it stays
 * behind in the JVM.
 */
final class SecuredPools implements DisposableBean {

	private final List<SecuredPool> pools = new CopyOnWriteArrayList<>();

	void add(SecuredPool pool) {
		this.pools.add(pool);
	}

	List<SecuredPool> all() {
		return List.copyOf(this.pools);
	}

	@Nullable SecuredPool find(Object target) {
		return this.pools.stream().filter((pool) -> pool.target() == target).findFirst().orElse(null);
	}

	@Nullable SecuredPool findById(@Nullable String id) {
		return this.pools.stream().filter((pool) -> pool.id().equals(id)).findFirst().orElse(null);
	}

	@Override
	public void destroy() {
		this.pools.forEach((pool) -> PoolRegistry.remove(pool.id()));
		this.pools.clear();
	}

}
