package io.github.dbtls.autoconfigure;

import io.github.dbtls.TlsHandshakeException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says why no verified connection came about where the failure itself does not: Hibernate
 * logs what it was told and throws "Unable to determine Dialect without JDBC metadata"
 * without a cause.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class LostHandshakeFailureAnalyzer implements FailureAnalyzer {

	private static final String HIBERNATE = "org.hibernate.";

	private final @Nullable BeanFactory beanFactory;

	LostHandshakeFailureAnalyzer(@Nullable BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		TlsHandshakeException handshake = isFromHibernate(failure) ? LastFailure.of(this.beanFactory) : null;
		return (handshake != null) ? new FailureAnalysis(handshake.getDescription(), handshake.getAction(), failure)
				: null;
	}

	private static boolean isFromHibernate(Throwable failure) {
		Throwable current = failure;
		for (int depth = 0; current != null && depth < 30; depth++) {
			if (current.getClass().getName().startsWith(HIBERNATE)) {
				return true;
			}
			current = current.getCause();
		}
		return false;
	}

}
