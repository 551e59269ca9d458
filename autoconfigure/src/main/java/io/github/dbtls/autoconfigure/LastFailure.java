package io.github.dbtls.autoconfigure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

import io.github.dbtls.Causes;
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

	/** Guarded by the pools. */
	private boolean ended;

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
			if (!this.ended) {
				this.watched.addFirst(tls);
			}
			if (this.watched.size() > MOST_POOLS) {
				this.watched.removeLast();
			}
		}
	}

	/**
	 * Keep nothing in mind any more: no analyzer will ask.
	 */
	void end() {
		synchronized (this.watched) {
			this.ended = true;
			this.watched.clear();
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
	 * Explain what the driver threw, by the pool that it threw it for. The driver does
	 * not say which one that is: it is one that tried to connect, to no end, and failed
	 * in that way.
	 * @param thrown what was thrown
	 * @return the explanation, or {@code null} if it is no pool's that dbtls secured, or
	 * may be that of several, or TLS and login have nothing to do with it
	 */
	@Nullable TlsHandshakeException explain(Throwable thrown) {
		LoginRefusal refusal = DriverFailure.refusal(thrown);
		if (refusal != null) {
			PoolTls pool = only((tls) -> hasFailedWith(tls, HandshakeFailure.LOGIN_REFUSED));
			return (pool != null) ? pool.attempts().lastFailure() : explainLogin(refusal, thrown);
		}
		if (!DriverFailure.isOfDriver(thrown)) {
			return null;
		}
		HandshakeFailure failure = DriverFailure.classify(thrown);
		PoolTls pool = switch (failure) {
			case OTHER -> null;
			case UNREACHABLE -> only((tls) -> Causes.of(thrown).contains(tls.attempts().unreached()));
			case TLS_NOT_OFFERED -> only((tls) -> hasFailedWith(tls, failure));
			default -> only((tls) -> tls.attempts().isUnfinished() && tls.attempts().unreached() == null);
		};
		return (pool != null) ? DriverDiagnosis.explain(pool, thrown) : null;
	}

	private static boolean hasFailedWith(PoolTls tls, HandshakeFailure failure) {
		TlsHandshakeException last = tls.attempts().lastFailure();
		return tls.attempts().isUnfinished() && last != null && last.getFailure() == failure;
	}

	private @Nullable TlsHandshakeException explainLogin(LoginRefusal refusal, Throwable thrown) {
		// A statement of whatever database may have failed, while a login is on its way.
		return (refusal.kind() == LoginRefusal.Kind.OTHER) ? null
				: watched().stream()
					.map((tls) -> tls.attempts().explainLogin(refusal, thrown))
					.filter(Objects::nonNull)
					.findFirst()
					.orElse(null);
	}

	private @Nullable TlsHandshakeException last() {
		PoolTls last = null;
		for (PoolTls tls : watched()) {
			last = (last == null || tls.attempts().failedAfter(last.attempts())) ? tls : last;
		}
		return (last != null) ? last.attempts().lastFailure() : null;
	}

	// Of several nobody knows which one it was.
	private @Nullable PoolTls only(Predicate<PoolTls> condition) {
		List<PoolTls> matching = watched().stream().filter(condition).toList();
		return (matching.size() == 1) ? matching.get(0) : null;
	}

	private List<PoolTls> watched() {
		synchronized (this.watched) {
			return List.copyOf(this.watched);
		}
	}

}
