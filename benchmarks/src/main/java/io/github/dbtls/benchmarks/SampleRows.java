package io.github.dbtls.benchmarks;

import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table to read from.
 */
final class SampleRows {

	static final String TABLE = "dbtls_benchmark";

	static final int COUNT = 1000;

	private SampleRows() {
	}

	static void create(Server server) throws SQLException {
		Servers.execute(server,
				"CREATE TABLE IF NOT EXISTS %s (id INT PRIMARY KEY, name VARCHAR(100))".formatted(TABLE));
		Servers.execute(server,
				IntStream.range(0, COUNT)
					.mapToObj((id) -> "(%d, 'customer %d')".formatted(id, id))
					.collect(Collectors.joining(", ", "REPLACE INTO %s VALUES ".formatted(TABLE), "")));
	}

}
