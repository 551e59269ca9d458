package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;

/**
 * A connection that stays open while it is measured what its use costs.
 *
 * @param name whose it is, for the report
 * @param connection the connection
 * @param resumed whether it resumed a TLS session
 */
record OpenConnection(String name, Connection connection, boolean resumed) implements AutoCloseable {

	/** A second connection of the base: how far two equals are apart in this run. */
	static final String CONTROL = "stock, another connection";

	/**
	 * Open one connection of each kind, the base first.
	 * @param leg where
	 * @param application secures those of dbtls
	 * @return the connections
	 * @throws SQLException if it comes to none
	 */
	static List<OpenConnection> openAll(Leg leg, DbTlsApplication application) throws SQLException {
		Variant stock = StockDriver.base(leg);
		Variant dbTls = DbTls.resumed(leg, application);
		List<OpenConnection> connections = new ArrayList<>();
		connections.add(open(Variant.BASE, stock));
		connections.add(open(CONTROL, stock));
		connections.add(open(DbTls.FIRST, dbTls));
		connections.add(open(DbTls.RESUMED, dbTls));
		connections.add(open(StockDriver.PLAIN_TEXT, StockDriver.plainText(leg)));
		return connections;
	}

	private static OpenConnection open(String name, Variant variant) throws SQLException {
		Connection connection = variant.open();
		if (!name.equals(DbTls.FIRST)) {
			// A ticket of TLS 1.3 comes with the first bytes that are read.
			return new OpenConnection(name, connection, variant.isResumed(connection));
		}
		if (variant.isResumed(connection)) {
			throw new IllegalStateException("The first connection resumed a session");
		}
		return new OpenConnection(name, connection, false);
	}

	/**
	 * Note through which socket a connection is read: the one that awaits the server's
	 * verdict about a client certificate stays under it as long as it is open.
	 * @param group where the note belongs
	 * @return the note
	 * @throws SQLException if the driver does not give access to its socket
	 * @throws IOException if the connection is lost
	 */
	Note socket(Group group) throws SQLException, IOException {
		if (!(this.connection.unwrap(JdbcConnection.class).getSession() instanceof NativeSession session)) {
			throw new IllegalStateException("Not a session of Connector/J");
		}
		return new Note(group, this.name, "%s, read through `%s`.".formatted(this.resumed ? "resumed" : "not resumed",
				session.getProtocol().getSocketConnection().getMysqlSocket().getClass().getSimpleName()));
	}

	Contestant contestant(Work work) {
		return new Contestant(this.name, (meter) -> {
			meter.start();
			long operations = work.run(this.connection);
			meter.stop();
			meter.count(operations, this.resumed ? operations : 0);
		});
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

	/**
	 * Let connections of all kinds do the same work.
	 * @param leg where
	 * @param rounds what measures
	 * @param scenario the name of the scenario
	 * @param works what is done, by setting
	 * @throws SQLException if it comes to no connection
	 * @throws IOException if a connection is lost
	 */
	static void compare(Leg leg, Rounds rounds, String scenario, List<NamedWork> works)
			throws SQLException, IOException {
		SampleRows.create(leg.server());
		try (DbTlsApplication application = DbTlsApplication.start(leg)) {
			List<OpenConnection> connections = openAll(leg, application);
			for (NamedWork named : works) {
				rounds.compare(scenario, named.setting(), 1, Meter.Scope.THREAD,
						connections.stream().map((connection) -> connection.contestant(named.work())).toList());
			}
			Group group = new Group(scenario, leg.label(), works.get(0).setting());
			for (OpenConnection connection : connections) {
				rounds.results().add(connection.socket(group));
				connection.close();
			}
		}
	}

	/**
	 * What is done with a connection.
	 */
	@FunctionalInterface
	interface Work {

		/**
		 * Do it.
		 * @param connection the connection
		 * @return how many operations it was
		 * @throws SQLException if it fails
		 */
		long run(Connection connection) throws SQLException;

	}

	/**
	 * Work and its name.
	 *
	 * @param setting the name in the report
	 * @param work the work
	 */
	record NamedWork(String setting, Work work) {
	}

}
