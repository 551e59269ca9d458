package io.github.dbtls.autoconfigure;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * Knows the bean of a library that may have a DataSource of its own which is no bean.
 */
interface MigrationTool {

	/**
	 * Return the type of the beans.
	 * @return the type
	 */
	Class<?> type();

	/**
	 * Return the DataSource inside a bean.
	 * @param bean a bean
	 * @return its DataSource, or {@code null} if it is no bean of this library or has
	 * none
	 */
	@Nullable DataSource dataSourceOf(Object bean);

}
