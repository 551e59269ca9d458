package io.github.dbtls.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

/**
 * Secures the DataSources of an application by bean name, and checks in the end that none
 * was missed.
 */
final class DataSourceSecurer {

	private static final String SCOPED_TARGET = "scopedTarget.";

	private final Policies policies;

	private final Exemptions exemptions;

	private final PoolSecurer securer;

	private final DataSourceReader reader;

	DataSourceSecurer(Policies policies, Exemptions exemptions, PoolSecurer securer, DataSourceReader reader) {
		this.policies = policies;
		this.exemptions = exemptions;
		this.securer = securer;
		this.reader = reader;
	}

	/**
	 * Secure a DataSource that opens connections itself before it is initialized. Others
	 * know what is inside of them only afterwards.
	 * @param beanName the bean's name
	 * @param dataSource the DataSource
	 */
	void beforeInitialization(String beanName, DataSource dataSource) {
		if (this.reader.isSource(dataSource)) {
			secure(beanName, dataSource);
		}
	}

	/**
	 * Secure what a DataSource opens connections with.
	 * @param beanName the bean's name
	 * @param dataSource the DataSource
	 * @return whether any of it leads to a MySQL-protocol database
	 */
	boolean secure(String beanName, DataSource dataSource) {
		String name = name(beanName);
		if (!this.policies.isActive() || this.exemptions.covers(name)) {
			return false;
		}
		List<ConnectionSource> sources = this.reader.read(dataSource);
		boolean mySql = false;
		for (ConnectionSource source : sources) {
			mySql |= this.securer.secure(name, source);
		}
		return mySql;
	}

	/**
	 * Check that a DataSource is secured, as the driver reads its settings now.
	 * @param beanName the bean's name
	 * @param dataSource the DataSource
	 * @return whether any of it leads to a MySQL-protocol database
	 */
	boolean requireSecured(String beanName, DataSource dataSource) {
		String name = name(beanName);
		if (this.exemptions.covers(name)) {
			return false;
		}
		boolean mySql = false;
		for (ConnectionSource source : this.reader.read(dataSource)) {
			mySql |= this.securer.requireSecured(name, source);
		}
		return mySql;
	}

	private static String name(String beanName) {
		return beanName.startsWith(SCOPED_TARGET) ? beanName.substring(SCOPED_TARGET.length()) : beanName;
	}

}
