package io.github.dbtls.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import io.github.dbtls.connectorj.PoolRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * All that dbtls secured in this application context; what its ancestors secured is found
 * as well. When it closes, nothing of it stays behind in the JVM.
 */
final class SecuredPools implements DisposableBean {

	private final List<SecuredPool> pools = new CopyOnWriteArrayList<>();

	private final @Nullable SecuredPools parent;

	private final Reloads reloads;

	private volatile boolean verifying;

	SecuredPools(@Nullable SecuredPools parent, Reloads reloads) {
		this.parent = parent;
		this.reloads = reloads;
	}

	/**
	 * Add a pool, and forget those that closed meanwhile: those of a prototype or a
	 * scope.
	 * @param pool the pool
	 */
	void add(SecuredPool pool) {
		this.pools.stream().filter((other) -> other.source().isClosed()).forEach(this::remove);
		this.pools.add(pool);
	}

	/**
	 * Forget a pool: its connections fail from now on.
	 * @param pool the pool
	 */
	void remove(SecuredPool pool) {
		if (this.pools.remove(pool)) {
			PoolRegistry.remove(pool.id());
			this.reloads.remove(pool);
		}
	}

	/**
	 * Return what was secured in this application context, not in its ancestors.
	 * @return a copy
	 */
	List<SecuredPool> all() {
		return List.copyOf(this.pools);
	}

	/**
	 * Make the handshakes of {@code dbtls.verify-at-startup}, also those of pools that
	 * come later, when they come.
	 */
	void verifyFromNowOn() {
		this.verifying = true;
		this.pools.forEach(this::verify);
	}

	/**
	 * Tell that a pool is ready.
	 * @param pool the pool
	 */
	void secured(SecuredPool pool) {
		if (this.verifying) {
			verify(pool);
		}
	}

	private void verify(SecuredPool pool) {
		if (pool.verifiedAtStartup()) {
			StartupVerification.verify(pool);
		}
	}

	@Nullable SecuredPool find(Object target) {
		return find((pool) -> pool.target() == target);
	}

	@Nullable SecuredPool findById(@Nullable String id) {
		return find((pool) -> pool.id().equals(id));
	}

	private @Nullable SecuredPool find(Predicate<SecuredPool> condition) {
		SecuredPool found = this.pools.stream().filter(condition).findFirst().orElse(null);
		return (found == null && this.parent != null) ? this.parent.find(condition) : found;
	}

	@Override
	public void destroy() {
		this.pools.forEach(this::remove);
	}

}
