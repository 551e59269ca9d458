package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A large result set over a connection that is open.
 */
final class Bulk implements Scenario {

	static final String NAME = "bulk";

	private static final int MEGABYTES = 100;

	static final String SETTING = "%d MB".formatted(MEGABYTES);

	private static final int ROW = 1000;

	/** A row of about a kilobyte for each pair; what works on all servers. */
	private static final String SQL = "SELECT REPEAT('x', %d) FROM %s a CROSS JOIN %2$s b WHERE b.id < %d"
		.formatted(ROW, SampleRows.TABLE, MEGABYTES * 1_000_000 / ROW / SampleRows.COUNT);

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String description() {
		return """
				A result set of %d MB in rows of %d bytes is read row by row as it arrives (`setFetchSize` with \
				`Integer.MIN_VALUE`); one operation is a megabyte of it. CPU time and memory are those of the thread \
				that reads. *%s* is the base a second time: what it differs by is noise.""".formatted(MEGABYTES, ROW,
				OpenConnection.CONTROL);
	}

	@Override
	public boolean takesPart(Leg.Label leg) {
		return Queries.isMeasured(leg);
	}

	@Override
	public void run(Leg leg, Rounds rounds) throws SQLException, IOException {
		OpenConnection.compare(leg, rounds, NAME, List.of(new OpenConnection.NamedWork(SETTING, Bulk::read)));
	}

	private static long read(Connection connection) throws SQLException {
		long bytes = 0;
		try (Statement statement = connection.createStatement(ResultSet.TYPE_FORWARD_ONLY,
				ResultSet.CONCUR_READ_ONLY)) {
			statement.setFetchSize(Integer.MIN_VALUE);
			try (ResultSet result = statement.executeQuery(SQL)) {
				while (result.next()) {
					bytes += result.getBytes(1).length;
				}
			}
		}
		if (bytes != MEGABYTES * 1_000_000L) {
			throw new IllegalStateException("The server sent %d bytes".formatted(bytes));
		}
		return MEGABYTES;
	}

}
