package io.github.dbtls.autoconfigure;

import io.github.dbtls.DbTlsConfigurationException;

/**
 * Refuses to start without MySQL Connector/J while a provider is named: whatever opens
 * the connections instead would not be secured, and nobody would notice.
 */
final class MissingDriverCheck {

	MissingDriverCheck(Policies policies) {
		if (policies.isActive()) {
			throw new DbTlsConfigurationException("dbtls.provider",
					"'dbtls.provider' is set, but MySQL Connector/J is not on the class path.",
					"Add the dependency com.mysql:mysql-connector-j (dbtls-spring-boot-starter brings it), "
							+ "or set 'dbtls.enabled: false'.");
		}
	}

}
