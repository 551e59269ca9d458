package io.github.dbtls.autoconfigure;

import javax.sql.DataSource;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Refuses the first DataSource where MySQL Connector/J is missing:
 * {@link MissingDriverCheck} comes when all beans exist, and a bean before it may have
 * sent a login through another driver already.
 */
final class MissingDriverPostProcessor implements BeanPostProcessor, PriorityOrdered {

	private final ObjectProvider<Policies> policies;

	MissingDriverPostProcessor(ObjectProvider<Policies> policies) {
		this.policies = policies;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		refuse(bean, beanName);
		return bean;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		// Objects of factory beans come by here only.
		refuse(bean, beanName);
		return bean;
	}

	private void refuse(Object bean, String beanName) {
		if (!(bean instanceof DataSource)) {
			return;
		}
		String name = ScopedProxyUtils.isScopedTarget(beanName) ? ScopedProxyUtils.getOriginalBeanName(beanName)
				: beanName;
		Policies policies = this.policies.getObject();
		if (policies.isActive() && !policies.isExempt(name)) {
			throw MissingDriverCheck.refused();
		}
	}

}
