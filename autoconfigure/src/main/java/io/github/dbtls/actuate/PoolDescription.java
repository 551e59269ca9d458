package io.github.dbtls.actuate;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.dbtls.tls.CertificateInUse;
import io.github.dbtls.tls.OpenConnection;
import io.github.dbtls.tls.PastFailure;
import io.github.dbtls.tls.PastHandshake;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.TrustMaterial;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /actuator/dbtls} says of a pool. Its names and their order are a contract,
 * so it is maps: JSON mappers sort what they find in records by their own lights.
 */
final class PoolDescription {

	/** The system's roots are 140, those of Amazon RDS 115: too many for an overview. */
	static final int MOST_AUTHORITIES = 20;

	private final PoolTls tls;

	private final List<OpenConnection> connections;

	private PoolDescription(PoolTls tls) {
		this.tls = tls;
		this.connections = tls.openConnections();
	}

	static Map<String, Object> overview(ReportedPool pool) {
		return new PoolDescription(pool.tls()).describe(pool.settings(), MOST_AUTHORITIES);
	}

	static Map<String, Object> whole(ReportedPool pool) {
		return new PoolDescription(pool.tls()).describe(pool.settings(), Integer.MAX_VALUE);
	}

	private Map<String, Object> describe(List<DecidedSetting> settings, int mostAuthorities) {
		Map<String, Object> description = new LinkedHashMap<>();
		description.put("policy", policy(settings));
		description.put("trust", trust(mostAuthorities));
		description.put("certificates", certificates());
		description.put("connections", connections());
		description.put("handshakes", this.tls.pastHandshakes().stream().map(PoolDescription::handshake).toList());
		PastFailure failure = this.tls.pastFailure();
		if (failure != null) {
			description.put("lastFailure", failure(failure));
		}
		return description;
	}

	private Map<String, Object> policy(List<DecidedSetting> settings) {
		Map<String, Object> policy = new LinkedHashMap<>();
		for (DecidedSetting setting : settings) {
			Map<String, Object> decided = new LinkedHashMap<>();
			decided.put("value", setting.value());
			decided.put("origin", setting.origin().toString());
			putIfPresent(decided, "property", setting.property());
			putIfPresent(decided, "location", setting.location());
			policy.put(setting.name(), decided);
		}
		policy.put("weakenings", this.tls.policy().weakenings());
		return policy;
	}

	private Map<String, Object> trust(int most) {
		TrustMaterial material = this.tls.trust();
		Map<String, Object> trust = Details.trust(this.tls, material);
		trust.put("authorities", authorities(material.certificates(), most));
		return trust;
	}

	private List<Map<String, Object>> authorities(List<X509Certificate> certificates, int most) {
		Set<X509Certificate> used = new HashSet<>();
		this.connections.stream().map((open) -> open.session().anchor()).filter(Objects::nonNull).forEach(used::add);
		// Those that matter must not be cut.
		List<X509Certificate> ordered = new ArrayList<>(certificates);
		ordered.sort(Comparator.comparing((certificate) -> !used.contains(certificate)));
		return ordered.stream().limit(most).map((certificate) -> {
			Map<String, Object> authority = certificate(certificate);
			authority.put("inUse", used.contains(certificate));
			return authority;
		}).toList();
	}

	private static Map<String, Object> certificate(X509Certificate certificate) {
		Map<String, Object> details = dated(certificate);
		details.put("notAfter", certificate.getNotAfter().toInstant().toString());
		return details;
	}

	// An authority has no such names.
	private static Map<String, Object> dated(X509Certificate certificate) {
		Map<String, Object> details = Details.certificate(certificate);
		details.remove("subjectAlternativeNames", List.of());
		details.put("notBefore", certificate.getNotBefore().toInstant().toString());
		return details;
	}

	private List<Map<String, Object>> certificates() {
		return this.tls.certificatesInUse().stream().map(PoolDescription::inUse).toList();
	}

	private static Map<String, Object> inUse(CertificateInUse used) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("role", used.role().name().toLowerCase(Locale.ROOT));
		if (!used.hosts().isEmpty()) {
			details.put("hosts", used.hosts());
		}
		details.putAll(dated(used.certificate()));
		Details.validity(details, used.certificate());
		return details;
	}

	private Map<String, Object> connections() {
		Map<String, Object> connections = new LinkedHashMap<>();
		connections.put("open", this.connections.size());
		connections.put("outdated", this.connections.stream().filter(OpenConnection::outdated).count());
		Map<Kind, List<OpenConnection>> kinds = this.connections.stream().collect(Collectors.groupingBy(Kind::of));
		connections.put("sessions",
				kinds.entrySet()
					.stream()
					.sorted(Map.Entry.comparingByKey(Kind.order()))
					.map((kind) -> sessions(kind.getKey(), kind.getValue()))
					.toList());
		return connections;
	}

	private static Map<String, Object> sessions(Kind kind, List<OpenConnection> connections) {
		Map<String, Object> sessions = new LinkedHashMap<>();
		sessions.put("host", kind.host());
		sessions.put("protocol", kind.protocol());
		sessions.put("cipher", kind.cipher());
		sessions.put("generation", kind.generation());
		sessions.put("open", connections.size());
		sessions.put("outdated", connections.stream().filter(OpenConnection::outdated).count());
		return sessions;
	}

	private static Map<String, Object> handshake(PastHandshake handshake) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("time", handshake.time().toString());
		details.put("host", handshake.host() + ":" + handshake.port());
		details.put("outcome", (handshake.failure() != null) ? handshake.failure().name() : "SUCCESS");
		if (handshake.duration() != null) {
			details.put("duration", handshake.duration().toString());
		}
		PastHandshake.Negotiated negotiated = handshake.negotiated();
		if (negotiated != null) {
			details.put("protocol", negotiated.protocol());
			details.put("cipher", negotiated.cipher());
			details.put("resumed", negotiated.resumed());
			details.put("generation", negotiated.generation());
		}
		return details;
	}

	private static Map<String, Object> failure(PastFailure failure) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("time", failure.time().toString());
		details.put("host", failure.host() + ":" + failure.port());
		details.put("cause", failure.cause().name());
		details.put("description", failure.description());
		details.put("action", failure.action());
		if (!failure.presented().isEmpty()) {
			details.put("presented", failure.presented().stream().map(PoolDescription::certificate).toList());
		}
		PastHandshake success = failure.nextSuccess();
		if (success != null) {
			Map<String, Object> next = new LinkedHashMap<>();
			next.put("time", success.time().toString());
			next.put("host", success.host() + ":" + success.port());
			details.put("nextSuccess", next);
		}
		return details;
	}

	private static void putIfPresent(Map<String, Object> details, String name, @Nullable Object value) {
		if (value != null) {
			details.put(name, value);
		}
	}

	/**
	 * What open connections are counted by.
	 *
	 * @param host {@code host:port}
	 * @param protocol the protocol
	 * @param cipher the cipher suite
	 * @param generation the generation of trust
	 */
	private record Kind(String host, String protocol, String cipher, int generation) {

		private static Kind of(OpenConnection open) {
			return new Kind(open.session().host() + ":" + open.session().port(), open.session().protocol(),
					open.session().cipher(), open.session().generation());
		}

		private static Comparator<Kind> order() {
			return Comparator.comparing(Kind::host)
				.thenComparing(Kind::protocol)
				.thenComparing(Kind::cipher)
				.thenComparing(Kind::generation);
		}

	}

}
