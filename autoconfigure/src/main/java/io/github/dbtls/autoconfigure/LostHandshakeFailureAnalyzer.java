package io.github.dbtls.autoconfigure;

import java.sql.SQLException;

import io.github.dbtls.Causes;
import io.github.dbtls.TlsHandshakeException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says why no connection came about where the failure itself does not: Hibernate logs
 * what it was told and throws "Unable to determine Dialect without JDBC metadata" without
 * a cause. Its other failures have reasons of their own, which must not be hidden behind
 * a handshake.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class LostHandshakeFailureAnalyzer implements FailureAnalyzer {

	private static final String HIBERNATE = "org.hibernate.HibernateException";

	/** How the message of {@code DialectFactoryImpl} begins. */
	private static final String NO_METADATA = "Unable to determine Dialect without JDBC metadata";

	private final @Nullable BeanFactory beanFactory;

	LostHandshakeFailureAnalyzer(@Nullable BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		LastFailure kept = isCauseLost(failure) ? LastFailure.in(this.beanFactory) : null;
		TlsHandshakeException handshake = (kept != null) ? kept.explainLost(failure) : null;
		return (handshake != null) ? new FailureAnalysis(handshake.getDescription(), handshake.getAction(), failure)
				: null;
	}

	private static boolean isCauseLost(Throwable failure) {
		// With one of these the database answered, or it is said why it did not.
		return Causes.find(failure, SQLException.class) == null && isFromHibernate(Causes.innermost(failure));
	}

	private static boolean isFromHibernate(Throwable thrown) {
		return thrown.getClass().getName().equals(HIBERNATE) && thrown.getMessage() != null
				&& thrown.getMessage().startsWith(NO_METADATA);
	}

}
