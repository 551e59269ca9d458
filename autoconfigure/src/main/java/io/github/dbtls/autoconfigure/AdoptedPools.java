package io.github.dbtls.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Pools of an application context without dbtls, which a child of it secured. They live
 * as long as their own context, however soon the child closes: so what dbtls has to keep
 * for them is a bean there. It is of a type of its own, for which no condition looks.
 */
final class AdoptedPools implements SmartLifecycle, DisposableBean {

	static final String BEAN = "dbTlsAdoptedPools";

	private final Reloads reloads = new Reloads(TrustPublisher.none());

	private final SecuredPools pools;

	AdoptedPools(PoolOwners owners, @Nullable ClassLoader classLoader) {
		if (classLoader != null) {
			this.reloads.setBeanClassLoader(classLoader);
		}
		this.pools = new SecuredPools(owners, this.reloads);
	}

	SecuredPools pools() {
		return this.pools;
	}

	@Override
	public void start() {
		this.reloads.start();
	}

	@Override
	public void stop() {
		this.reloads.stop();
	}

	@Override
	public boolean isRunning() {
		return this.reloads.isRunning();
	}

	@Override
	public int getPhase() {
		return this.reloads.getPhase();
	}

	@Override
	public void destroy() {
		stop();
		this.pools.destroy();
	}

}
