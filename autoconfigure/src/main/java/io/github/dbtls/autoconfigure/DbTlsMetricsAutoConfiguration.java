package io.github.dbtls.autoconfigure;

import io.github.dbtls.actuate.PoolMeters;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the meters of secured pools.
 */
@AutoConfiguration(after = DbTlsAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, SecuredPools.class })
public final class DbTlsMetricsAutoConfiguration {

	DbTlsMetricsAutoConfiguration() {
	}

	// It comes with the first pool, and takes nothing that would come early with it.
	@Bean
	static PoolMeters dbTlsPoolMeters(ConfigurableListableBeanFactory beanFactory) {
		return new PoolMeters(MetersOfHierarchy.of(beanFactory));
	}

	@Bean
	ParentRegistryBinding dbTlsParentRegistryBinding(PoolMeters meters, ObjectProvider<MeterRegistry> registries) {
		return new ParentRegistryBinding(meters, registries);
	}

	/**
	 * Binds the meters where Spring Boot does not: it binds each registry with the meters
	 * of the registry's own context, and leaves those of a child out.
	 */
	static final class ParentRegistryBinding implements SmartInitializingSingleton {

		private final PoolMeters meters;

		private final ObjectProvider<MeterRegistry> registries;

		private ParentRegistryBinding(PoolMeters meters, ObjectProvider<MeterRegistry> registries) {
			this.meters = meters;
			this.registries = registries;
		}

		@Override
		public void afterSingletonsInstantiated() {
			this.registries.ifUnique(this.meters::bindTo);
		}

	}

}
