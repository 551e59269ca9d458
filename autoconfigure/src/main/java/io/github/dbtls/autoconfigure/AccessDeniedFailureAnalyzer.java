package io.github.dbtls.autoconfigure;

import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.dbtls.Provider;
import io.github.dbtls.connectorj.DriverFailure;
import io.github.dbtls.diagnosis.LoginDiagnosis;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says that a login may have been denied for want of a client certificate. It reads the
 * environment, since all beans are gone when it runs, and is silent where it cannot be
 * sure: with several policies, or a provider of the application's own.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
final class AccessDeniedFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {

	private static final Set<String> MUTUAL = Provider.builtIn()
		.stream()
		.filter(Provider::acceptsClientCertificate)
		.map(Provider::id)
		.collect(Collectors.toUnmodifiableSet());

	private final @Nullable Environment environment;

	AccessDeniedFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
		if (!DriverFailure.isAccessDenied(cause) || this.environment == null
				|| !isWithoutCertificate(this.environment)) {
			return null;
		}
		return new FailureAnalysis("The database server denies the login: %s.".formatted(DriverFailure.message(cause)),
				LoginDiagnosis.withoutCertificate("dbtls"), rootFailure);
	}

	private static boolean isWithoutCertificate(Environment environment) {
		Binder binder = Binder.get(environment);
		return MUTUAL.contains(binder.bind("dbtls.provider", String.class).orElse(""))
				&& binder.bind("dbtls.enabled", Boolean.class).orElse(true)
				&& !binder.bind("dbtls.client-certificate", String.class).isBound()
				&& !binder.bind("dbtls.data-sources", Bindable.mapOf(String.class, Object.class)).isBound();
	}

}
