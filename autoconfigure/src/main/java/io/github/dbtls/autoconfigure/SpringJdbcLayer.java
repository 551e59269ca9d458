package io.github.dbtls.autoconfigure;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Knows Spring's own DataSources.
 */
final class SpringJdbcLayer implements DataSourceLayer {

	/** {@link LazyConnectionDataSourceProxy} has a setter for it only. */
	static final String READ_ONLY = "readOnlyDataSource";

	static final String DETERMINE_TARGET = "determineTargetDataSource";

	@Override
	public Class<AbstractDriverBasedDataSource> type() {
		return AbstractDriverBasedDataSource.class;
	}

	@Override
	public @Nullable String concealment(DataSource dataSource) {
		if (dataSource instanceof LazyConnectionDataSourceProxy && readOnlyField(dataSource) == null) {
			return "has a '%s' that cannot be read".formatted(READ_ONLY);
		}
		if (dataSource instanceof DelegatingDataSource delegating && targets(delegating).isEmpty()) {
			return "has no target yet, and dbtls does not see one that is set later";
		}
		if (dataSource instanceof AbstractRoutingDataSource routing) {
			if (choosesTargets(routing)) {
				return "chooses its target itself (%s overrides '%s()'), where dbtls does not see it"
					.formatted(ClassUtils.getUserClass(routing).getName(), DETERMINE_TARGET);
			}
			if (targets(routing).isEmpty()) {
				return "routes to nothing yet, and dbtls does not see targets that are added later";
			}
		}
		return null;
	}

	@Override
	public @Nullable List<DataSource> unwrap(DataSource dataSource) {
		if (dataSource instanceof EmbeddedDatabase) {
			// H2, HSQLDB and Derby, inside this JVM.
			return List.of();
		}
		if (dataSource instanceof DelegatingDataSource delegating) {
			return targets(delegating);
		}
		return (dataSource instanceof AbstractRoutingDataSource routing) ? targets(routing) : null;
	}

	@Override
	public @Nullable ConnectionSource read(DataSource dataSource) {
		return (dataSource instanceof AbstractDriverBasedDataSource driverBased)
				? new DriverConnectionSource(driverBased) : null;
	}

	private static List<DataSource> targets(DelegatingDataSource delegating) {
		List<DataSource> targets = new ArrayList<>();
		if (delegating.getTargetDataSource() != null) {
			targets.add(delegating.getTargetDataSource());
		}
		Field readOnly = (delegating instanceof LazyConnectionDataSourceProxy) ? readOnlyField(delegating) : null;
		if (readOnly != null && ReflectionUtils.getField(readOnly, delegating) instanceof DataSource reader) {
			targets.add(reader);
		}
		return targets;
	}

	private static List<DataSource> targets(AbstractRoutingDataSource routing) {
		try {
			List<DataSource> targets = new ArrayList<>(routing.getResolvedDataSources().values());
			DataSource fallback = routing.getResolvedDefaultDataSource();
			if (fallback != null && !targets.contains(fallback)) {
				targets.add(fallback);
			}
			return targets;
		}
		catch (IllegalStateException ex) {
			// Nobody has resolved them yet, as of a router that is no bean.
			return List.of();
		}
	}

	private static boolean choosesTargets(AbstractRoutingDataSource routing) {
		Method method = ReflectionUtils.findMethod(ClassUtils.getUserClass(routing), DETERMINE_TARGET);
		return method == null || method.getDeclaringClass() != AbstractRoutingDataSource.class;
	}

	private static @Nullable Field readOnlyField(DataSource proxy) {
		try {
			Field field = ReflectionUtils.findField(LazyConnectionDataSourceProxy.class, READ_ONLY);
			if (field != null) {
				ReflectionUtils.makeAccessible(field);
				ReflectionUtils.getField(field, proxy);
			}
			return field;
		}
		catch (RuntimeException ex) {
			// Then it cannot be read: the caller refuses what it cannot read.
			return null;
		}
	}

}
