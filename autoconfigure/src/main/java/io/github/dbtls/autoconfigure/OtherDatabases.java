package io.github.dbtls.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Drivers of databases that do not speak MySQL's protocol, for DataSources that have no
 * JDBC URL.
 */
final class OtherDatabases {

	private static final List<String> PACKAGES = List.of("org.h2.", "org.hsqldb.", "org.apache.derby.",
			"org.postgresql.", "oracle.jdbc.", "com.microsoft.sqlserver.", "com.ibm.db2.", "org.sqlite.", "com.sap.db.",
			"org.duckdb.", "com.clickhouse.");

	private OtherDatabases() {
	}

	static boolean isDriver(@Nullable String className) {
		return className != null && PACKAGES.stream().anyMatch(className::startsWith);
	}

}
