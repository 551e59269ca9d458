package io.github.dbtls.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * Knows the DataSources of one library, which need not be on the class path.
 */
interface DataSourceLayer {

	/**
	 * Return the type that wrappers are asked for.
	 * @return the type, or {@code null}
	 */
	default @Nullable Class<? extends DataSource> type() {
		return null;
	}

	/**
	 * Return why nobody can tell where the connections of a DataSource come from,
	 * although this layer knows its kind.
	 * @param dataSource a DataSource that is initialized
	 * @return what it does, or {@code null} if {@link #unwrap} and {@link #read} have it
	 * all
	 */
	default @Nullable String concealment(DataSource dataSource) {
		return null;
	}

	/**
	 * Return the DataSources that connections come from.
	 * @param dataSource a DataSource
	 * @return the DataSources underneath, or {@code null} if this layer does not know it
	 * as one that has any
	 */
	default @Nullable List<DataSource> unwrap(DataSource dataSource) {
		return null;
	}

	/**
	 * Return what opens the connections.
	 * @param dataSource a DataSource
	 * @return the source, or {@code null} if this layer does not know it
	 */
	default @Nullable ConnectionSource read(DataSource dataSource) {
		return null;
	}

}
