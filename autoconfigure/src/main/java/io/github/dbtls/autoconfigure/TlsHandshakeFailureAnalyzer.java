package io.github.dbtls.autoconfigure;

import io.github.dbtls.TlsHandshakeException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says why no verified connection came about.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TlsHandshakeFailureAnalyzer extends AbstractFailureAnalyzer<TlsHandshakeException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TlsHandshakeException cause) {
		return new FailureAnalysis(cause.getDescription(), cause.getAction(), rootFailure);
	}

}
