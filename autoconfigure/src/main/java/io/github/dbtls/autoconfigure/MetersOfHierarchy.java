package io.github.dbtls.autoconfigure;

import io.github.dbtls.actuate.SharedMeters;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds what all application contexts of a hierarchy have in common where their meters
 * are in one registry. It is a bean of their common ancestor, whether that has dbtls or
 * not, and nothing looks for one of its type.
 */
final class MetersOfHierarchy {

	static final String BEAN = "dbTlsSharedMeters";

	private MetersOfHierarchy() {
	}

	static SharedMeters of(ConfigurableListableBeanFactory beanFactory) {
		ConfigurableListableBeanFactory root = beanFactory;
		while (root.getParentBeanFactory() instanceof ConfigurableListableBeanFactory parent) {
			root = parent;
		}
		if (root.getSingleton(BEAN) instanceof SharedMeters shared) {
			return shared;
		}
		SharedMeters created = new SharedMeters();
		try {
			root.registerSingleton(BEAN, created);
			return created;
		}
		catch (IllegalStateException ex) {
			if (root.getSingleton(BEAN) instanceof SharedMeters shared) {
				// Another child was faster.
				return shared;
			}
			throw ex;
		}
	}

}
