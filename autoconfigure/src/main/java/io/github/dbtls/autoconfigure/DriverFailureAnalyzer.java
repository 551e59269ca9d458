package io.github.dbtls.autoconfigure;

import java.sql.SQLException;

import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.connectorj.DriverFailure;
import io.github.dbtls.diagnosis.LoginDiagnosis;
import io.github.dbtls.diagnosis.LoginRefusal;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains what the driver throws by itself, before or after our handshake: a server
 * without TLS, one that refuses the client or its login, one that nobody answers for. It
 * is silent about connections that dbtls did not secure, but for those that fail since
 * they are not.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
final class DriverFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {

	private final @Nullable BeanFactory beanFactory;

	DriverFailureAnalyzer(@Nullable BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
		LastFailure kept = LastFailure.in(this.beanFactory);
		if (kept == null) {
			return null;
		}
		TlsHandshakeException explained = kept.explain(cause);
		if (explained != null) {
			return new FailureAnalysis(explained.getDescription(), explained.getAction(), rootFailure);
		}
		LoginRefusal refusal = DriverFailure.refusal(cause);
		String action = (refusal != null) ? LoginDiagnosis.withoutTls(refusal) : null;
		return (refusal != null && action != null)
				? new FailureAnalysis("The connection to the database was refused: %s.".formatted(refusal.words()),
						action, rootFailure)
				: null;
	}

}
