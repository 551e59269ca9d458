package io.github.dbtls.autoconfigure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.connectorj.DriverDiagnosis;
import io.github.dbtls.connectorj.DriverFailure;
import io.github.dbtls.diagnosis.LoginRefusal;
import io.github.dbtls.tls.PoolTls;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Keeps the TLS of pools where a failure analyzer finds it, and with it why their
 * handshakes failed or whether a login was not accepted: Hibernate drops the cause of
 * what it throws, the driver knows nothing of policies, and when analyzers run all
 * singletons are gone. Attributes of bean definitions are not. The attribute is set once,
 * while the context starts: its map is not made for the threads that shake hands.
 */
final class LastFailure {

	private static final String BEAN = "dbTlsPolicies";

	private static final String ATTRIBUTE = LastFailure.class.getName();

	/** More than an application starts with; pools of scopes must not add up. */
	private static final int MOST_POOLS = 64;

	/** The newest pool is the first; guarded by itself. */
	private final Deque<PoolTls> watched = new ArrayDeque<>();

	private LastFailure() {
	}

	static LastFailure keptBy(ConfigurableListableBeanFactory beanFactory) {
		LastFailure lastFailure = new LastFailure();
		if (beanFactory.containsBeanDefinition(BEAN)) {
			beanFactory.getBeanDefinition(BEAN).setAttribute(ATTRIBUTE, lastFailure);
		}
		return lastFailure;
	}

	/**
	 * Find what was kept.
	 * @param beanFactory the bean factory of the application, even after it was closed
	 * @return what was kept, or {@code null} if dbtls secures nothing there
	 */
	static @Nullable LastFailure in(@Nullable BeanFactory beanFactory) {
		return (beanFactory instanceof ConfigurableListableBeanFactory listable && listable.containsBeanDefinition(BEAN)
				&& listable.getBeanDefinition(BEAN).getAttribute(ATTRIBUTE) instanceof LastFailure lastFailure)
						? lastFailure : null;
	}

	/**
	 * Keep a pool in mind.
	 * @param tls the TLS of the pool
	 */
	void watch(PoolTls tls) {
		synchronized (this.watched) {
			this.watched.addFirst(tls);
			if (this.watched.size() > MOST_POOLS) {
				this.watched.removeLast();
			}
		}
	}

	/**
	 * Explain a failure whose cause was dropped.
	 * @param failure the failure
	 * @return the last failed handshake that no success of the same pool has made up for,
	 * or else the last login that was not accepted, or {@code null} if there is neither
	 */
	@Nullable TlsHandshakeException explainLost(Throwable failure) {
		TlsHandshakeException last = last();
		return (last != null) ? last : explainLogin(LoginRefusal.inLog(), failure);
	}

	/**
	 * Explain what the driver threw, by the pool that it threw it for.
	 * @param thrown what was thrown
	 * @return the explanation, or {@code null} if it is no pool's that dbtls secured, or
	 * TLS and login have nothing to do with it
	 */
	@Nullable TlsHandshakeException explain(Throwable thrown) {
		PoolTls pool = lastTried();
		if (pool == null) {
			return null;
		}
		LoginRefusal refusal = DriverFailure.refusal(thrown);
		if (refusal != null) {
			TlsHandshakeException last = pool.lastFailure();
			boolean inPlaceOfGreeting = last != null && last.getFailure() == HandshakeFailure.LOGIN_REFUSED;
			return inPlaceOfGreeting ? last : explainLogin(refusal, thrown);
		}
		return (DriverFailure.classify(thrown) != HandshakeFailure.OTHER && DriverFailure.isOfDriver(thrown))
				? DriverDiagnosis.explain(pool, thrown) : null;
	}

	private @Nullable TlsHandshakeException explainLogin(LoginRefusal refusal, Throwable thrown) {
		// A statement of whatever database may have failed, while a login is on its way.
		return (refusal.kind() == LoginRefusal.Kind.OTHER) ? null
				: watched().stream()
					.map((tls) -> tls.explainLogin(refusal, thrown))
					.filter(Objects::nonNull)
					.findFirst()
					.orElse(null);
	}

	private @Nullable TlsHandshakeException last() {
		PoolTls last = null;
		for (PoolTls tls : watched()) {
			last = (last == null || tls.failedAfter(last)) ? tls : last;
		}
		return (last != null) ? last.lastFailure() : null;
	}

	// The driver does not say for which pool it throws: the one that tried last.
	private @Nullable PoolTls lastTried() {
		PoolTls last = null;
		for (PoolTls tls : watched()) {
			last = (tls.lastAttempt() != null && (last == null || tls.attemptedAfter(last))) ? tls : last;
		}
		return last;
	}

	private List<PoolTls> watched() {
		synchronized (this.watched) {
			return List.copyOf(this.watched);
		}
	}

}
