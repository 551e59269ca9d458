package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Queries per second over a connection that is open.
 */
final class Queries implements Scenario {

	static final String NAME = "queries";

	static final String TEXT = "text query";

	static final String LOOKUP = "lookup of a row";

	private static final int BATCH = 100;

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String description() {
		return """
				One operation is one query over a connection that stays open: `SELECT 1`, and the lookup of a row by \
				its key with a prepared statement. CPU time and memory are those of the thread that asks. *%s* is \
				the base a second time: what it differs by is noise.""".formatted(OpenConnection.CONTROL);
	}

	@Override
	public boolean takesPart(Leg.Label leg) {
		return isMeasured(leg);
	}

	static boolean isMeasured(Leg.Label leg) {
		return leg.isMain() && (leg.tls().equals("TLSv1.3") || leg.jdk() == Jdk.FEATURES.get(0));
	}

	@Override
	public void run(Leg leg, Rounds rounds) throws SQLException, IOException {
		OpenConnection.compare(leg, rounds, NAME, List.of(new OpenConnection.NamedWork(TEXT, Queries::ask),
				new OpenConnection.NamedWork(LOOKUP, Queries::lookUp)));
	}

	private static long ask(Connection connection) throws SQLException {
		for (int i = 0; i < BATCH; i++) {
			try (Statement statement = connection.createStatement();
					ResultSet result = statement.executeQuery("SELECT 1")) {
				require(result.next() && result.getInt(1) == 1);
			}
		}
		return BATCH;
	}

	private static long lookUp(Connection connection) throws SQLException {
		for (int i = 0; i < BATCH; i++) {
			try (PreparedStatement statement = connection
				.prepareStatement("SELECT name FROM %s WHERE id = ?".formatted(SampleRows.TABLE))) {
				statement.setInt(1, i);
				try (ResultSet result = statement.executeQuery()) {
					require(result.next() && !result.getString(1).isEmpty());
				}
			}
		}
		return BATCH;
	}

	private static void require(boolean answered) {
		if (!answered) {
			throw new IllegalStateException("The server gave another answer");
		}
	}

}
