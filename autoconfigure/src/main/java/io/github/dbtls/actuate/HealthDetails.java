package io.github.dbtls.actuate;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSession;
import io.github.dbtls.diagnosis.CertificateText;
import io.github.dbtls.tls.PoolTls;

import org.springframework.boot.health.contributor.Health;

/**
 * The details of {@code /actuator/health/dbtls}. Their names and their order are a
 * contract.
 */
final class HealthDetails {

	private final Map<String, Object> details = new LinkedHashMap<>();

	private final PoolTls tls;

	private HealthDetails(PoolTls tls) {
		this.tls = tls;
		TlsPolicy policy = tls.policy();
		this.details.put("provider", policy.provider().id());
		this.details.put("sslMode", policy.sslMode().propertyValue());
		this.details.put("verified", policy.sslMode().isVerifying());
	}

	static HealthDetails of(PoolTls tls) {
		return new HealthDetails(tls);
	}

	HealthDetails session(TlsSession session) {
		this.details.put("protocol", session.protocol());
		this.details.put("cipher", session.cipher());
		this.details.put("resumed", session.resumed());
		this.details.put("host", session.host() + ":" + session.port());
		this.details.put("certificate", certificate(session.peerCertificates().get(0)));
		return this;
	}

	HealthDetails server(ServerView server, TlsSession session) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("version", server.version());
		if (server.protocol() != null) {
			view.put("protocol", server.protocol());
		}
		if (server.cipher() != null) {
			view.put("cipher", server.cipher());
		}
		this.details.put("server", view);
		if (server.differsFrom(session)) {
			this.details.put("proxied", true);
		}
		return this;
	}

	HealthDetails failure(TlsHandshakeException failure) {
		this.details.put("host", failure.getHost() + ":" + failure.getPort());
		if (!failure.getPresented().isEmpty()) {
			this.details.put("certificate", certificate(failure.getPresented().get(0)));
		}
		return error(failure.getFailure(), String.valueOf(failure.getMessage()));
	}

	HealthDetails broken(TlsSession session, String message) {
		this.details.put("host", session.host() + ":" + session.port());
		return error(HandshakeFailure.OTHER, message);
	}

	HealthDetails error(HandshakeFailure cause, String message) {
		String host = this.tls.attempts().lastAttempt();
		if (host != null) {
			this.details.putIfAbsent("host", host);
		}
		Map<String, Object> error = new LinkedHashMap<>();
		error.put("cause", cause.name());
		error.put("message", message);
		expiring();
		trust();
		this.details.put("error", error);
		return this;
	}

	/**
	 * End with a connection that is as it shall be.
	 * @return the health, which is not that good if a certificate expires soon and the
	 * user asked for it
	 */
	Health up() {
		boolean expiring = expiring();
		trust();
		Health.Builder builder = (expiring && this.tls.expiryRule().outOfService()) ? Health.outOfService()
				: Health.up();
		return builder.withDetails(this.details).build();
	}

	Health down() {
		return Health.down().withDetails(this.details).build();
	}

	private boolean expiring() {
		List<Map<String, Object>> expiring = this.tls.expiring(Instant.now()).stream().map((certificate) -> {
			Map<String, Object> details = new LinkedHashMap<>();
			details.put("certificate", certificate.role().name().toLowerCase(Locale.ROOT));
			details.put("subject", CertificateText.name(certificate.certificate().getSubjectX500Principal()));
			if (!certificate.hosts().isEmpty()) {
				details.put("hosts", certificate.hosts());
			}
			Details.validity(details, certificate.certificate());
			return details;
		}).toList();
		if (!expiring.isEmpty()) {
			this.details.put("expiring", expiring);
		}
		return !expiring.isEmpty();
	}

	private void trust() {
		Map<String, Object> trust = Details.trust(this.tls, this.tls.trust());
		int outdated = this.tls.outdatedConnections();
		if (outdated > 0) {
			trust.put("outdatedConnections", outdated);
		}
		this.details.put("trust", trust);
	}

	private static Map<String, Object> certificate(X509Certificate certificate) {
		Map<String, Object> details = Details.certificate(certificate);
		Details.validity(details, certificate);
		return details;
	}

}
