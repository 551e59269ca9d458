package io.github.dbtls.autoconfigure;

import java.util.function.Consumer;

import io.github.dbtls.TlsHandshakeException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Keeps the last failed handshake where a failure analyzer finds it: Hibernate drops the
 * cause of what it throws, and when analyzers run all singletons are gone. Attributes of
 * bean definitions are not.
 */
final class LastFailure implements Consumer<TlsHandshakeException> {

	private static final String BEAN = "dbTlsPolicies";

	private static final String ATTRIBUTE = LastFailure.class.getName();

	private final ConfigurableListableBeanFactory beanFactory;

	LastFailure(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public void accept(TlsHandshakeException failure) {
		if (this.beanFactory.containsBeanDefinition(BEAN)) {
			this.beanFactory.getBeanDefinition(BEAN).setAttribute(ATTRIBUTE, failure);
		}
	}

	static @Nullable TlsHandshakeException of(@Nullable BeanFactory beanFactory) {
		if (beanFactory instanceof ConfigurableListableBeanFactory listable && listable.containsBeanDefinition(BEAN)) {
			return (TlsHandshakeException) listable.getBeanDefinition(BEAN).getAttribute(ATTRIBUTE);
		}
		return null;
	}

}
