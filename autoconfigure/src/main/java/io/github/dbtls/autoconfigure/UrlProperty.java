package io.github.dbtls.autoconfigure;

import java.beans.PropertyDescriptor;
import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Reads the JDBC URL of a DataSource that is not known otherwise. Most have a property
 * for it.
 */
final class UrlProperty {

	private static final List<String> NAMES = List.of("url", "jdbcUrl", "URL", "jdbcURL");

	private UrlProperty() {
	}

	static @Nullable String read(Object dataSource) {
		for (String name : NAMES) {
			PropertyDescriptor descriptor = BeanUtils.getPropertyDescriptor(dataSource.getClass(), name);
			Method getter = (descriptor != null) ? descriptor.getReadMethod() : null;
			if (getter != null && getter.getReturnType() == String.class
					&& call(getter, dataSource) instanceof String url && !url.isBlank()) {
				return url;
			}
		}
		return null;
	}

	private static @Nullable Object call(Method getter, Object dataSource) {
		try {
			ReflectionUtils.makeAccessible(getter);
			return getter.invoke(dataSource);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			// Then it cannot be read: the caller refuses what it cannot read.
			return null;
		}
	}

}
