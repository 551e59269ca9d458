package io.github.dbtls.autoconfigure;

import io.github.dbtls.DbTlsConfigurationException;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Refuses to start without MySQL Connector/J while a provider is named: whatever opens
 * the connections instead would not be secured, and nobody would notice. It is a
 * {@link SmartInitializingSingleton} since Boot creates those even where all beans are
 * lazy.
 */
final class MissingDriverCheck implements SmartInitializingSingleton {

	private final Policies policies;

	MissingDriverCheck(Policies policies) {
		this.policies = policies;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.policies.isActive()) {
			throw refused();
		}
	}

	static DbTlsConfigurationException refused() {
		return new DbTlsConfigurationException("dbtls.provider",
				"'dbtls.provider' is set, but MySQL Connector/J is not on the class path.",
				"Add the dependency com.mysql:mysql-connector-j (dbtls-spring-boot-starter brings it), "
						+ "or set 'dbtls.enabled: false'.");
	}

}
