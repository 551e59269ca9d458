package io.github.dbtls.autoconfigure;

import java.util.List;
import java.util.function.Predicate;

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
		return this.policies.isActive() && process(name, dataSource, (source) -> this.securer.secure(name, source));
	}

	/**
	 * Check that a DataSource is secured, as the driver reads its settings now.
	 * @param beanName the bean's name
	 * @param dataSource the DataSource
	 * @return whether any of it leads to a MySQL-protocol database
	 */
	boolean requireSecured(String beanName, DataSource dataSource) {
		String name = name(beanName);
		return process(name, dataSource, (source) -> this.securer.requireSecured(name, source));
	}

	private boolean process(String name, DataSource dataSource, Predicate<ConnectionSource> action) {
		List<ConnectionSource> sources = this.reader.read(dataSource);
		if (this.exemptions.covers(name)) {
			// A pool that has a name of its own, and was secured under it, stays so.
			sources.stream().filter((source) -> !this.securer.isSecured(source)).forEach(this.exemptions::add);
			return false;
		}
		boolean mySql = false;
		for (ConnectionSource source : sources) {
			mySql |= !this.exemptions.covers(source) && action.test(source);
		}
		return mySql;
	}

	private static String name(String beanName) {
		return beanName.startsWith(SCOPED_TARGET) ? beanName.substring(SCOPED_TARGET.length()) : beanName;
	}

}
