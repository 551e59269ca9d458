package io.github.dbtls.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.actuate.DbTlsHealthIndicator;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health of secured pools: one component for each.
 */
@AutoConfiguration(after = DbTlsAutoConfiguration.class)
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class, HikariDataSource.class })
@ConditionalOnBean(SecuredPools.class)
@ConditionalOnEnabledHealthIndicator("dbtls")
@EnableConfigurationProperties(DbTlsHealthProperties.class)
public final class DbTlsHealthContributorAutoConfiguration
		extends CompositeHealthContributorConfiguration<DbTlsHealthIndicator, SecuredPool> {

	DbTlsHealthContributorAutoConfiguration(DbTlsHealthProperties properties) {
		super((pool) -> new DbTlsHealthIndicator((HikariDataSource) pool.target(), pool.tls(), properties.timeout()));
		if (properties.timeout().isNegative() || properties.timeout().isZero()) {
			throw new DbTlsConfigurationException("management.health.dbtls.timeout",
					"'management.health.dbtls.timeout' is %s, which no check could keep."
						.formatted(properties.timeout()),
					"Set it to a duration such as '10s'.");
		}
	}

	@Bean
	@ConditionalOnMissingBean(name = { "dbtlsHealthIndicator", "dbtlsHealthContributor" })
	HealthContributor dbtlsHealthContributor(ConfigurableListableBeanFactory beanFactory, SecuredPools pools,
			Policies policies) {
		if (!policies.isActive()) {
			// No lazy DataSource is created for nothing.
			return CompositeHealthContributor.fromMap(Map.of());
		}
		// A pool is secured when its bean is created, so all of them have to be.
		SimpleAutowireCandidateResolver.resolveAutowireCandidates(beanFactory, DataSource.class, false, true);
		Map<String, SecuredPool> components = new LinkedHashMap<>();
		for (SecuredPool pool : pools.all()) {
			if (pool.target() instanceof HikariDataSource hikari) {
				components.put(HealthComponentNames.free(components.keySet(), pool.name(), hikari.getPoolName()), pool);
			}
		}
		return components.isEmpty() ? CompositeHealthContributor.fromMap(Map.of()) : createContributor(components);
	}

}
