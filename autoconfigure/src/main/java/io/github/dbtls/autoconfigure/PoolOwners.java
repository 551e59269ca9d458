package io.github.dbtls.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.ssl.SslBundles;

/**
 * Finds the application context that a secured pool belongs to. That is mostly the one
 * that secures it; but a context secures the pools of its ancestors as well where those
 * have no dbtls, and these must not become unusable when it closes.
 */
final class PoolOwners {

	private final ConfigurableListableBeanFactory own;

	private final DataSourceReader reader;

	private final List<MigrationTool> migrationTools;

	PoolOwners(ConfigurableListableBeanFactory own, DataSourceReader reader, List<MigrationTool> migrationTools) {
		this.own = own;
		this.reader = reader;
		this.migrationTools = migrationTools;
	}

	/**
	 * Return what is secured in ancestors, the nearest first.
	 * @return what they own
	 */
	Stream<SecuredPools> ancestors() {
		// Singletons that are there: an ancestor may be closed already.
		return ancestorFactories()
			.flatMap((factory) -> Stream.of(factory.getSingleton(SecuredPools.BEAN),
					(factory.getSingleton(AdoptedPools.BEAN) instanceof AdoptedPools adopted) ? adopted.pools() : null))
			.filter(SecuredPools.class::isInstance)
			.map(SecuredPools.class::cast);
	}

	/**
	 * Return the ancestor that a source of connections belongs to.
	 * @param source the source
	 * @return what that ancestor owns, or {@code null} if it belongs to none
	 */
	@Nullable SecuredPools ancestorWith(ConnectionSource source) {
		return ancestorFactories()
			.flatMap((factory) -> beanNames(factory).filter((name) -> has(factory, name, source))
				.findFirst()
				.map((name) -> ownedBy(factory, name))
				.stream())
			.findFirst()
			.orElse(null);
	}

	private Stream<ConfigurableListableBeanFactory> ancestorFactories() {
		return Stream.iterate(parent(this.own), Objects::nonNull, PoolOwners::parent);
	}

	private static @Nullable ConfigurableListableBeanFactory parent(@Nullable ConfigurableListableBeanFactory factory) {
		BeanFactory parent = (factory != null) ? factory.getParentBeanFactory() : null;
		return (parent instanceof ConfigurableListableBeanFactory listable) ? listable : null;
	}

	private Stream<String> beanNames(ConfigurableListableBeanFactory factory) {
		return Stream.concat(Stream.of(DataSource.class), this.migrationTools.stream().map(MigrationTool::type))
			.flatMap((type) -> Arrays.stream(factory.getBeanNamesForType(type, true, false)));
	}

	private boolean has(ConfigurableListableBeanFactory factory, String name, ConnectionSource source) {
		Object bean = factory.containsSingleton(name) ? factory.getBean(name) : null;
		Stream<@Nullable DataSource> dataSources = Stream.concat(
				Stream.of((bean instanceof DataSource dataSource) ? dataSource : null),
				this.migrationTools.stream().map((tool) -> (bean != null) ? tool.dataSourceOf(bean) : null));
		return dataSources.filter(Objects::nonNull)
			.flatMap((dataSource) -> this.reader.read(dataSource).stream())
			.anyMatch((inside) -> inside.target() == source.target());
	}

	private @Nullable SecuredPools ownedBy(ConfigurableListableBeanFactory factory, String beanName) {
		if (factory.containsLocalBean(SecuredPools.BEAN)) {
			// It has dbtls, but no provider.
			return (factory.getBean(SecuredPools.BEAN) instanceof SecuredPools pools) ? pools : null;
		}
		if (!(factory instanceof DefaultSingletonBeanRegistry registry)) {
			return null;
		}
		AdoptedPools adopted = adoptedBy(factory, registry);
		// The pool closes before its registration goes.
		registry.registerDependentBean(AdoptedPools.BEAN, beanName);
		return adopted.pools();
	}

	private AdoptedPools adoptedBy(ConfigurableListableBeanFactory factory, DefaultSingletonBeanRegistry registry) {
		if (factory.getSingleton(AdoptedPools.BEAN) instanceof AdoptedPools adopted) {
			return adopted;
		}
		AdoptedPools created = new AdoptedPools(new PoolOwners(factory, this.reader, this.migrationTools),
				factory.getBeanClassLoader());
		try {
			// It takes the lock that it needs. Another of ours around it would be one to
			// wait for with the other in hand.
			registry.registerSingleton(AdoptedPools.BEAN, created);
		}
		catch (IllegalStateException ex) {
			if (factory.getSingleton(AdoptedPools.BEAN) instanceof AdoptedPools adopted) {
				// Another child was faster.
				return adopted;
			}
			throw ex;
		}
		registry.registerDisposableBean(AdoptedPools.BEAN, created);
		created.start();
		return created;
	}

	/**
	 * Return whether SSL bundles are there as long as the pools of this application
	 * context: whether they are a bean of it, or of one of its ancestors.
	 * @param bundles the SSL bundles
	 * @return whether they are
	 */
	boolean have(SslBundles bundles) {
		return Stream.concat(Stream.of(this.own), ancestorFactories())
			.anyMatch((factory) -> Arrays.stream(factory.getBeanNamesForType(SslBundles.class, true, false))
				.filter(factory::containsSingleton)
				.anyMatch((name) -> factory.getBean(name) == bundles));
	}

}
