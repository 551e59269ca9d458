package io.github.dbtls.autoconfigure;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

import javax.sql.DataSource;

import io.github.dbtls.DbTlsConfigurationException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Checks, when all singletons exist, that no DataSource was missed, and makes the
 * handshakes of {@code dbtls.verify-at-startup}. A lazy bean is not created for it; the
 * post-processor checks it when it is.
 */
final class DataSourceCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final Policies policies;

	private final Exemptions exemptions;

	private final DataSourceSecurer securer;

	private final SecuredPools pools;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	DataSourceCheck(Policies policies, Exemptions exemptions, DataSourceSecurer securer, SecuredPools pools,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.policies = policies;
		this.exemptions = exemptions;
		this.securer = securer;
		this.pools = pools;
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (!this.policies.isActive()) {
			logger.info("dbtls secures nothing: 'dbtls.provider' is not set");
			return;
		}
		this.policies.validate();
		boolean mySql = !this.pools.all().isEmpty();
		boolean lazy = false;
		Set<String> names = new LinkedHashSet<>();
		for (String name : this.beanFactory.getBeanNamesForType(DataSource.class, true, false)) {
			names.add(name);
			if (this.beanFactory.containsSingleton(name)) {
				if (this.beanFactory.getBean(name) instanceof DataSource dataSource) {
					mySql |= this.securer.requireSecured(name, dataSource);
				}
			}
			else {
				lazy = true;
			}
		}
		this.pools.all().forEach((pool) -> names.add(pool.name()));
		names.addAll(this.exemptions.used());
		requireNamed(names);
		if (!mySql && !lazy) {
			logger.warn("'dbtls.provider' is set, but there is no MySQL DataSource that dbtls could secure");
		}
		warnOfR2dbc();
		this.pools.all().stream().filter(SecuredPool::verifiedAtStartup).forEach(StartupVerification::verify);
	}

	private void requireNamed(Set<String> names) {
		this.policies.entries()
			.filter((entry) -> names.stream().noneMatch((name) -> Policies.isSameName(entry, name)))
			.findFirst()
			.ifPresent((entry) -> {
				throw new DbTlsConfigurationException("dbtls.data-sources." + entry,
						"'dbtls.data-sources.%s' names no DataSource.".formatted(entry),
						names.isEmpty() ? "Remove it: there is no DataSource."
								: "Use the bean name of one: %s.".formatted(String.join(", ", names)));
			});
	}

	private void warnOfR2dbc() {
		String url = this.environment.getProperty("spring.r2dbc.url", "").toLowerCase(Locale.ROOT);
		if (url.startsWith("r2dbc:") && (url.contains(":mysql:") || url.contains(":mariadb:"))) {
			logger.warn("'spring.r2dbc.url' leads to MySQL, which dbtls does not secure: it is for JDBC only");
		}
	}

}
