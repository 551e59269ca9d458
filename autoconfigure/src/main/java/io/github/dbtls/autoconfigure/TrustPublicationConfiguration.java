package io.github.dbtls.autoconfigure;

import io.micrometer.core.instrument.config.MeterFilter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Publishes trust as bundles of Spring Boot.
 */
@Configuration(proxyBeanMethods = false)
class TrustPublicationConfiguration {

	// Boot's registry and the meter filter come early: what this one takes eagerly would
	// come early with them.
	@Bean
	static TrustPublication dbTlsTrustPublication(ObjectProvider<Policies> policies,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		return new TrustPublication(policies, beanFactory, new BundleProperties(environment));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterFilter.class)
	static class MeterFilterConfiguration {

		@Bean
		static MeterFilter dbTlsPublishedBundleMeterFilter(TrustPublication publication) {
			return new PublishedBundleMeterFilter(publication.sizes());
		}

	}

}
