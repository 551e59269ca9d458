package io.github.dbtls.autoconfigure;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * DataSources that the user keeps out of dbtls. Each is shouted once.
 */
final class Exemptions {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final Policies policies;

	private final Set<String> used = ConcurrentHashMap.newKeySet();

	Exemptions(Policies policies) {
		this.policies = policies;
	}

	boolean covers(String dataSource) {
		if (!this.policies.isExempt(dataSource)) {
			return false;
		}
		if (this.used.add(dataSource)) {
			logger.warn("%s: not secured by dbtls, since 'dbtls.data-sources.%s.enabled' is false".formatted(dataSource,
					dataSource));
		}
		return true;
	}

	Set<String> used() {
		return Set.copyOf(this.used);
	}

	/**
	 * Return what a user can do about a DataSource that cannot be secured.
	 * @param remedy the way that keeps it secured, without a full stop
	 * @param dataSource its name
	 * @return both ways
	 */
	static String orElse(String remedy, String dataSource) {
		return "%s. If this DataSource shall stay without dbtls, exempt it with 'dbtls.data-sources.%s.enabled: false': its connections are then what their own settings make of them."
			.formatted(remedy, dataSource);
	}

}
