package io.github.dbtls.autoconfigure;

import com.mysql.cj.jdbc.Driver;
import com.zaxxer.hikari.HikariConfig;
import io.github.dbtls.Provider;
import io.github.dbtls.tls.PoolObserver;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration that secures the MySQL connections of an application with TLS, as
 * {@code dbtls.*} says. It contributes no DataSource: Boot builds the pool, a
 * post-processor secures it.
 */
// Boot's registrar of bundles has the last of all orders, as ours has: then the one that
// was declared first comes first.
@AutoConfiguration(after = SslAutoConfiguration.class)
// Whatever is not plainly "false" keeps it on: "yes" must not switch security off.
@ConditionalOnProperty(name = "dbtls.enabled", matchIfMissing = true)
@EnableConfigurationProperties(DbTlsProperties.class)
public final class DbTlsAutoConfiguration {

	DbTlsAutoConfiguration() {
	}

	@Bean
	ApplicationSslBundles dbTlsSslBundles(Environment environment, ObjectProvider<SslBundles> bundles,
			ObjectProvider<TlsConnectionDetails> details) {
		return new ApplicationSslBundles(bundles, new ServiceConnections(details), new BundleProperties(environment));
	}

	@Bean
	Policies dbTlsPolicies(Environment environment, ObjectProvider<DbTlsProperties> properties,
			ObjectProvider<Provider> providers, ApplicationSslBundles sslBundles) {
		UnknownProperties.refuse(environment);
		BlankProperties.refuse(environment);
		return new Policies(properties.getObject(), new Providers(providers.orderedStream().toList()), sslBundles);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Driver.class)
	@Import(TrustPublicationConfiguration.class)
	@ImportRuntimeHints(DbTlsRuntimeHints.class)
	static class ConnectorJConfiguration {

		@Bean
		static DbTlsDataSourcePostProcessor dbTlsDataSourcePostProcessor(ObjectProvider<DataSourceSecurer> securer,
				ApplicationContext context) {
			return new DbTlsDataSourcePostProcessor(securer, Integrations.migrationTools(context.getClassLoader()));
		}

		@Bean
		static Reloads dbTlsReloads(TrustPublisher publisher) {
			return new Reloads(publisher);
		}

		@Bean
		static PoolEvents dbTlsPoolEvents() {
			return new PoolEvents();
		}

		// Observers are those of this context only: a pool of a parent has its own.
		@Bean(SecuredPools.BEAN)
		static SecuredPools dbTlsSecuredPools(Reloads reloads, ConfigurableListableBeanFactory beanFactory,
				ApplicationContext context) {
			ClassLoader classLoader = context.getClassLoader();
			return new SecuredPools(
					new PoolOwners(beanFactory, new DataSourceReader(Integrations.layers(classLoader)),
							Integrations.migrationTools(classLoader)),
					reloads, beanFactory.getBeansOfType(PoolObserver.class, true, false).values());
		}

		@Bean
		static PoolSecurer dbTlsPoolSecurer(Policies policies, SecuredPools pools, ApplicationSslBundles sslBundles,
				TrustPublisher publisher, Environment environment, ConfigurableListableBeanFactory beanFactory) {
			return new PoolSecurer(policies, pools, sslBundles, publisher, new SettingPlaces(environment),
					LastFailure.keptBy(beanFactory));
		}

		@Bean
		static StartupEnd dbTlsStartupEnd(ConfigurableListableBeanFactory beanFactory) {
			return new StartupEnd(beanFactory);
		}

		@Bean
		static Exemptions dbTlsExemptions(Policies policies, ApplicationContext context) {
			return new Exemptions(policies, ofParent(context, Exemptions.class));
		}

		@Bean
		static DataSourceSecurer dbTlsDataSourceSecurer(Policies policies, Exemptions exemptions, PoolSecurer securer,
				ApplicationContext context) {
			return new DataSourceSecurer(policies, exemptions, securer,
					new DataSourceReader(Integrations.layers(context.getClassLoader())));
		}

		@Bean
		static DataSourceCheck dbTlsDataSourceCheck(Policies policies, Exemptions exemptions, DataSourceSecurer securer,
				SecuredPools pools, ConfigurableListableBeanFactory beanFactory, ApplicationContext context) {
			return new DataSourceCheck(policies, exemptions, securer, pools,
					new ContextHierarchy(beanFactory, Integrations.migrationTools(context.getClassLoader())),
					context.getEnvironment());
		}

		private static <T> @Nullable T ofParent(ApplicationContext context, Class<T> type) {
			return (context.getParent() != null) ? context.getParent().getBeanProvider(type).getIfAvailable() : null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Driver.class, HikariConfig.class })
	static class HikariConfiguration {

		@Bean
		static DbTlsPools dbTlsPools(PoolSecurer securer, Policies policies, Exemptions exemptions) {
			return new DbTlsPools(securer, policies, exemptions);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("com.mysql.cj.jdbc.Driver")
	static class MissingDriverConfiguration {

		@Bean
		static MissingDriverPostProcessor dbTlsMissingDriverPostProcessor(ObjectProvider<Policies> policies) {
			return new MissingDriverPostProcessor(policies);
		}

		@Bean
		static MissingDriverCheck dbTlsMissingDriverCheck(Policies policies) {
			return new MissingDriverCheck(policies);
		}

	}

}
