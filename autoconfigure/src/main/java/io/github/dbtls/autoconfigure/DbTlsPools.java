package io.github.dbtls.autoconfigure;

import com.zaxxer.hikari.HikariConfig;

/**
 * Secures pools that are no beans; pools that are beans need no call. There is no bean of
 * this type with {@code dbtls.enabled=false}, or without MySQL Connector/J or HikariCP:
 * inject it as an {@link org.springframework.beans.factory.ObjectProvider}.
 */
public final class DbTlsPools {

	private final PoolSecurer securer;

	private final Policies policies;

	private final Exemptions exemptions;

	DbTlsPools(PoolSecurer securer, Policies policies, Exemptions exemptions) {
		this.securer = securer;
		this.policies = policies;
		this.exemptions = exemptions;
	}

	/**
	 * Secure a pool before it starts. Another database's is left alone, and so is all if
	 * no provider is configured or {@code dbtls.data-sources.<name>.enabled} is
	 * {@code false}.
	 * @param name the name for the log and {@code dbtls.data-sources.<name>.*}, and for
	 * health if it is a {@code HikariDataSource} secured before health is built
	 * @param config the pool's configuration, or the pool itself
	 * @throws io.github.dbtls.DbTlsConfigurationException if it cannot be secured
	 */
	public void secure(String name, HikariConfig config) {
		if (this.policies.isActive() && !this.exemptions.covers(name)) {
			this.securer.secure(name, new HikariConnectionSource(config));
		}
	}

	/**
	 * Forget a pool that is no longer used, so that an application which opens and closes
	 * many does not keep the TLS of each. Call it when the pool is closed: whatever still
	 * has its settings cannot connect from then on. One that was never secured, or was
	 * released before, is no mistake.
	 * @param config the object that was handed to {@link #secure}
	 */
	public void release(HikariConfig config) {
		this.securer.release(new HikariConnectionSource(config));
	}

}
