package io.github.dbtls.autoconfigure;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.TargetSource;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.target.AbstractBeanFactoryBasedTargetSource;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;

/**
 * Finds what opens the connections of a DataSource, without connecting: through proxies,
 * delegates and routes down to pools and drivers.
 */
final class DataSourceReader {

	/** Its target source for {@code @Lazy} is not public. */
	private static final String LAZY_INJECTION = ContextAnnotationAutowireCandidateResolver.class.getName();

	private final List<DataSourceLayer> layers;

	DataSourceReader(List<DataSourceLayer> layers) {
		this.layers = layers;
	}

	List<ConnectionSource> read(DataSource dataSource) {
		List<ConnectionSource> sources = new ArrayList<>();
		read(dataSource, sources, 0);
		return sources;
	}

	/**
	 * Return whether a DataSource opens connections itself, so that it can be secured
	 * before it is initialized.
	 * @param dataSource the DataSource
	 * @return whether it is a pool or a driver's
	 */
	boolean isSource(DataSource dataSource) {
		return !isProxyOfBean(dataSource) && this.layers.stream().anyMatch((layer) -> layer.read(dataSource) != null);
	}

	private void read(DataSource dataSource, List<ConnectionSource> sources, int depth) {
		if (depth > 20) {
			sources.add(new UnknownConnectionSource(dataSource));
			return;
		}
		if (isProxyOfBean(dataSource)) {
			// That bean is processed itself; a scope need not be active now.
			return;
		}
		DataSource target = withoutProxy(dataSource);
		for (DataSourceLayer layer : this.layers) {
			String concealment = layer.concealment(target);
			if (concealment != null) {
				sources.add(new ConcealedConnectionSource(target, concealment));
				return;
			}
			List<DataSource> inner = layer.unwrap(target);
			if (inner != null) {
				inner.forEach((next) -> read(next, sources, depth + 1));
				return;
			}
			ConnectionSource source = layer.read(target);
			if (source != null) {
				sources.add(source);
				return;
			}
		}
		DataSource unwrapped = unwrap(target);
		if (unwrapped != null) {
			read(unwrapped, sources, depth + 1);
			return;
		}
		sources.add(new UnknownConnectionSource(target));
	}

	private static boolean isProxyOfBean(DataSource dataSource) {
		if (!AopUtils.isAopProxy(dataSource)) {
			return false;
		}
		if (dataSource instanceof ScopedObject) {
			return true;
		}
		if (!(dataSource instanceof Advised advised)) {
			return false;
		}
		TargetSource target = advised.getTargetSource();
		return target instanceof AbstractBeanFactoryBasedTargetSource
				|| target.getClass().getName().startsWith(LAZY_INJECTION);
	}

	private static DataSource withoutProxy(DataSource dataSource) {
		if (AopUtils.isAopProxy(dataSource)
				&& AopProxyUtils.getSingletonTarget(dataSource) instanceof DataSource target) {
			return target;
		}
		return dataSource;
	}

	private @Nullable DataSource unwrap(DataSource dataSource) {
		for (DataSourceLayer layer : this.layers) {
			Class<? extends DataSource> type = layer.type();
			try {
				if (type != null && dataSource.isWrapperFor(type)) {
					DataSource inner = dataSource.unwrap(type);
					return (inner != dataSource) ? inner : null;
				}
			}
			catch (SQLException | RuntimeException ex) {
				// It does not say: then it is unknown.
			}
		}
		return null;
	}

}
