package io.github.dbtls.autoconfigure;

import java.util.ArrayDeque;
import java.util.Deque;

import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.tls.PoolListener;
import io.github.dbtls.tls.PoolTls;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Keeps the pools whose handshakes failed where a failure analyzer finds them: Hibernate
 * drops the cause of what it throws, and when analyzers run all singletons are gone.
 * Attributes of bean definitions are not. The attribute is set once, while the context
 * starts: its map is not made for the threads that shake hands.
 */
final class LastFailure implements PoolListener {

	private static final String BEAN = "dbTlsPolicies";

	private static final String ATTRIBUTE = LastFailure.class.getName();

	private final SecuredPools pools;

	/** The pool that failed last is the last; guarded by itself. */
	private final Deque<PoolTls> failed = new ArrayDeque<>();

	private LastFailure(SecuredPools pools) {
		this.pools = pools;
	}

	static LastFailure keptBy(ConfigurableListableBeanFactory beanFactory, SecuredPools pools) {
		LastFailure lastFailure = new LastFailure(pools);
		if (beanFactory.containsBeanDefinition(BEAN)) {
			beanFactory.getBeanDefinition(BEAN).setAttribute(ATTRIBUTE, lastFailure);
		}
		return lastFailure;
	}

	@Override
	public void failed(TlsHandshakeException failure) {
		for (SecuredPool pool : this.pools.all()) {
			if (pool.tls().lastFailure() == failure) {
				synchronized (this.failed) {
					this.failed.remove(pool.tls());
					this.failed.addLast(pool.tls());
				}
			}
		}
	}

	/**
	 * Return the last failure that no success of the same pool has made up for.
	 * @param beanFactory the bean factory of the application, even after it was closed
	 * @return the failure, or {@code null} if there is none
	 */
	static @Nullable TlsHandshakeException of(@Nullable BeanFactory beanFactory) {
		if (beanFactory instanceof ConfigurableListableBeanFactory listable && listable.containsBeanDefinition(BEAN)
				&& listable.getBeanDefinition(BEAN).getAttribute(ATTRIBUTE) instanceof LastFailure lastFailure) {
			return lastFailure.find();
		}
		return null;
	}

	private @Nullable TlsHandshakeException find() {
		TlsHandshakeException last = null;
		synchronized (this.failed) {
			for (PoolTls tls : this.failed) {
				TlsHandshakeException failure = tls.lastFailure();
				last = (failure != null) ? failure : last;
			}
		}
		return last;
	}

}
