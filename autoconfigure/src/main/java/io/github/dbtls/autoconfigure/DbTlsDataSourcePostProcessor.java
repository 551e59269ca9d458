package io.github.dbtls.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Secures each DataSource before anything can use it.
 */
final class DbTlsDataSourcePostProcessor implements BeanPostProcessor, PriorityOrdered {

	private final ObjectProvider<DataSourceSecurer> securer;

	private final List<MigrationTool> migrationTools;

	DbTlsDataSourcePostProcessor(ObjectProvider<DataSourceSecurer> securer, List<MigrationTool> migrationTools) {
		this.securer = securer;
		this.migrationTools = migrationTools;
	}

	@Override
	public int getOrder() {
		// After Boot has bound the properties (+ 1) and applied the connection details,
		// a service connection's URL for example (+ 2).
		return Ordered.HIGHEST_PRECEDENCE + 3;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof DataSource dataSource) {
			this.securer.getObject().beforeInitialization(beanName, dataSource);
		}
		for (MigrationTool tool : this.migrationTools) {
			DataSource dataSource = tool.dataSourceOf(bean);
			if (dataSource != null) {
				this.securer.getObject().secure(beanName, dataSource);
			}
		}
		return bean;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		// Routes are resolved by now, and objects of factory beans come by here only.
		if (bean instanceof DataSource dataSource) {
			this.securer.getObject().secure(beanName, dataSource);
		}
		return bean;
	}

}
