package io.github.dbtls.autoconfigure;

import java.sql.SQLException;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.connectorj.DriverFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains the driver's own gate: it breaks off before our handshake when the server
 * offers no TLS.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
final class TlsNotOfferedFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
		if (DriverFailure.classify(cause) != HandshakeFailure.TLS_NOT_OFFERED) {
			return null;
		}
		return new FailureAnalysis(
				"The database server does not offer TLS, so the connection was broken off before any login was sent.",
				"Switch TLS on at the server, and check host and port, and that no proxy in between removes TLS. "
						+ "There is no fallback to plain text.",
				rootFailure);
	}

}
