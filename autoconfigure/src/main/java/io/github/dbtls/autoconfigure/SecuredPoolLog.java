package io.github.dbtls.autoconfigure;

import java.util.List;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.connectorj.DriverSettings;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.PoolMaterial;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of a pool that was secured, and of each generation of its trust: one
 * line, and one more for everything that its reader must not miss.
 */
final class SecuredPoolLog {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private SecuredPoolLog() {
	}

	static void secured(PoolTls tls, PoolMaterial material, List<HostAddress> hosts, @Nullable SslMode asked,
			TlsPolicy basis, String url) {
		TlsPolicy policy = tls.policy();
		logger.info("%s: TLS by dbtls: provider '%s', ssl-mode %s, %s, %s%s".formatted(tls.name(),
				policy.provider().id(), policy.sslMode().propertyValue(), String.join(" ", policy.protocols()),
				material(tls), jsseProvider(policy)));
		warnings(tls, material);
		policy.weakenings().forEach((weakening) -> logger.warn("%s: %s".formatted(tls.name(), weakening)));
		raised(tls.name(), asked, basis.sslMode());
		for (HostAddress host : hosts) {
			if (policy.sslMode() == SslMode.VERIFY_IDENTITY && !policy.provider().isOwnHostName(host.host())) {
				logger.warn(("%s: host '%s' is no host name of %s. If its certificate does not name it either, "
						+ "verify-identity will refuse it: use the service's own endpoint.")
					.formatted(tls.name(), host.host(), policy.provider().name()));
			}
		}
		if (DriverSettings.areHostsFromDns(url)) {
			logger.warn(
					("%s: the hosts of the 'jdbc:mysql+srv:' or 'dnsSrv=true' name come from DNS without proof; each is verified by "
							+ "the name that came back.")
						.formatted(tls.name()));
		}
	}

	private static String jsseProvider(TlsPolicy policy) {
		return (policy.jsseProvider() != null) ? ", JSSE provider " + policy.jsseProvider().name() : "";
	}

	static void replaced(String name, BundleOrigin bundle, List<String> properties) {
		if (!properties.isEmpty()) {
			logger.info("%s: the %s take the place of '%s'".formatted(name, bundle, String.join("', '", properties)));
		}
	}

	static void notFollowed(String name, BundleOrigin bundle) {
		logger
			.warn(("%s: its application context is a parent of the one with the %s: certificates that change later do "
					+ "not come into force. Let the parent have the SSL bundle, or dbtls.")
				.formatted(name, bundle));
	}

	static void renewed(PoolTls tls, PoolMaterial material) {
		logger.info("%s: certificates changed; generation %d is in force: %s".formatted(tls.name(), tls.generation(),
				material(tls)));
		warnings(tls, material);
	}

	private static String material(PoolTls tls) {
		TlsPolicy policy = tls.policy();
		int certificates = tls.trust().certificates().size();
		String trust = policy.sslMode().isVerifying() ? "trust %s (%d %s)".formatted(policy.trust(), certificates,
				(certificates == 1) ? "certificate" : "certificates") : "nothing is verified";
		return (policy.clientKey() != null)
				? "%s, client certificate %s".formatted(trust, policy.clientKey().certificate()) : trust;
	}

	private static void warnings(PoolTls tls, PoolMaterial material) {
		material.warnings().forEach((warning) -> logger.warn("%s: %s".formatted(tls.name(), warning)));
	}

	private static void raised(String name, @Nullable SslMode asked, SslMode basis) {
		if (asked == null || asked == basis) {
			return;
		}
		if (asked.isWeakerThan(basis)) {
			logger.info("%s: its settings ask for sslMode=%s; raised to %s, the policy's".formatted(name, asked,
					basis.propertyValue()));
		}
		else {
			logger.info("%s: its settings ask for sslMode=%s, which raises the policy from %s".formatted(name, asked,
					basis.propertyValue()));
		}
	}

}
