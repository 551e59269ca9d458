package io.github.dbtls.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The beans with DataSources of an application context and its ancestors. A bean of an
 * ancestor is used here as well, but only post-processors of the ancestor saw it: where
 * that has no dbtls, this context answers for it.
 */
final class ContextHierarchy {

	private final ConfigurableListableBeanFactory own;

	private final List<MigrationTool> migrationTools;

	ContextHierarchy(ConfigurableListableBeanFactory own, List<MigrationTool> migrationTools) {
		this.own = own;
		this.migrationTools = migrationTools;
	}

	/**
	 * Return the beans that this context answers for. None is created.
	 * @return the beans
	 */
	List<Bean> beans() {
		List<Bean> beans = new ArrayList<>();
		factories().filter((factory) -> !isCoveredByAncestor(factory)).forEach((factory) -> {
			for (String name : names(factory, DataSource.class)) {
				Object bean = factory.containsSingleton(name) ? factory.getBean(name) : null;
				beans.add(new Bean(name, (bean instanceof DataSource dataSource) ? dataSource : null, bean == null,
						factory != this.own, true));
			}
			for (MigrationTool tool : this.migrationTools) {
				for (String name : names(factory, tool.type())) {
					Object bean = factory.containsSingleton(name) ? factory.getBean(name) : null;
					beans.add(new Bean(name, (bean != null) ? tool.dataSourceOf(bean) : null, bean == null,
							factory != this.own, false));
				}
			}
		});
		return beans;
	}

	/**
	 * Return the names that dbtls used in ancestors, which settings of single DataSources
	 * may be made for, as they are often inherited.
	 * @return the names
	 */
	Set<String> ancestorNames() {
		Set<String> names = new LinkedHashSet<>();
		factories().filter((factory) -> factory != this.own).forEach((factory) -> {
			names.addAll(names(factory, DataSource.class));
			names(factory, Exemptions.class)
				.forEach((name) -> names.addAll(factory.getBean(name, Exemptions.class).used()));
		});
		ancestorPools().forEach((pool) -> names.add(pool.name()));
		return names;
	}

	/**
	 * Return what dbtls secured in ancestors.
	 * @return the pools
	 */
	List<SecuredPool> ancestorPools() {
		return factories().filter((factory) -> factory != this.own)
			.flatMap((factory) -> names(factory, SecuredPools.class).stream()
				.map((name) -> factory.getBean(name, SecuredPools.class)))
			.flatMap((pools) -> pools.all().stream())
			.toList();
	}

	private Stream<ConfigurableListableBeanFactory> factories() {
		return Stream.iterate(this.own, (factory) -> factory != null, ContextHierarchy::parent);
	}

	private boolean isCoveredByAncestor(ConfigurableListableBeanFactory factory) {
		// The one that has dbtls answers for its own ancestors, too.
		return factories().filter((other) -> other != this.own && isActive(other))
			.anyMatch((active) -> Stream.iterate(active, (other) -> other != null, ContextHierarchy::parent)
				.anyMatch((other) -> other == factory));
	}

	private static boolean isActive(ConfigurableListableBeanFactory factory) {
		return names(factory, Policies.class).stream()
			.anyMatch((name) -> factory.getBean(name, Policies.class).isActive());
	}

	private static @Nullable ConfigurableListableBeanFactory parent(ConfigurableListableBeanFactory factory) {
		BeanFactory parent = factory.getParentBeanFactory();
		return (parent instanceof ConfigurableListableBeanFactory listable) ? listable : null;
	}

	private static List<String> names(ConfigurableListableBeanFactory factory, Class<?> type) {
		return Arrays.asList(factory.getBeanNamesForType(type, true, false));
	}

	/**
	 * A bean that connects to a database, or will.
	 *
	 * @param name its name
	 * @param dataSource the DataSource, or {@code null} if there is none yet or at all
	 * @param lazy whether it does not exist yet
	 * @param foreign whether it is an ancestor's
	 * @param itself whether the bean is a DataSource and not a migration tool
	 */
	record Bean(String name, @Nullable DataSource dataSource, boolean lazy, boolean foreign, boolean itself) {

	}

}
