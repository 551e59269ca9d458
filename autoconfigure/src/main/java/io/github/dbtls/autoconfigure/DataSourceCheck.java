package io.github.dbtls.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.github.dbtls.DbTlsConfigurationException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
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

	private final ContextHierarchy contexts;

	private final Environment environment;

	DataSourceCheck(Policies policies, Exemptions exemptions, DataSourceSecurer securer, SecuredPools pools,
			ContextHierarchy contexts, Environment environment) {
		this.policies = policies;
		this.exemptions = exemptions;
		this.securer = securer;
		this.pools = pools;
		this.contexts = contexts;
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (!this.policies.isActive()) {
			if (this.policies.isEnabled()) {
				logger.info("dbtls secures nothing: 'dbtls.provider' is not set");
			}
			return;
		}
		this.policies.validate();
		List<ContextHierarchy.Bean> beans = this.contexts.beans();
		boolean mySql = !this.pools.all().isEmpty() || !this.contexts.ancestorPools().isEmpty();
		for (ContextHierarchy.Bean bean : beans) {
			mySql |= check(bean);
		}
		requireNamed(names(beans));
		if (!mySql && beans.stream().noneMatch(ContextHierarchy.Bean::lazy)) {
			logger.warn("'dbtls.provider' is set, but there is no MySQL DataSource that dbtls could secure");
		}
		warnOfR2dbc();
		this.pools.verifyFromNowOn();
	}

	private boolean check(ContextHierarchy.Bean bean) {
		if (bean.dataSource() != null) {
			// No post-processor of dbtls saw an ancestor's: it is secured now, or never.
			return bean.foreign() ? this.securer.secure(bean.name(), bean.dataSource())
					: this.securer.requireSecured(bean.name(), bean.dataSource());
		}
		if (bean.foreign() && bean.lazy() && !this.exemptions.covers(bean.name())) {
			throw new DbTlsConfigurationException(null,
					"DataSource '%s' cannot be secured: it is created later, in a parent application context that has no dbtls."
						.formatted(bean.name()),
					Exemptions.orElse("Let that context have 'dbtls.provider' and the auto-configuration of dbtls as "
							+ "well, or move the bean to the one that has", bean.name()));
		}
		return false;
	}

	private Set<String> names(List<ContextHierarchy.Bean> beans) {
		Set<String> names = new LinkedHashSet<>();
		// A migration tool counts if it has a pool of its own, which a lazy one may have.
		beans.stream().filter((bean) -> bean.itself() || bean.lazy()).forEach((bean) -> names.add(bean.name()));
		this.pools.all().forEach((pool) -> names.add(pool.name()));
		names.addAll(this.exemptions.used());
		names.addAll(this.contexts.ancestorNames());
		return names;
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
