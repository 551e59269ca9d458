package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One way to open a physical connection, without any pool: a driver and its settings.
 */
interface Variant {

	/** The base of all ratios: see {@link StockDriver}. */
	String BASE = "stock, PKCS#12 of one CA";

	/**
	 * Return the name in the report.
	 * @return the name
	 */
	String name();

	/**
	 * Open a connection, logged in and ready.
	 * @return a new connection
	 * @throws SQLException if it comes to none
	 */
	Connection open() throws SQLException;

	/**
	 * Return whether a connection resumed a TLS session.
	 * @param connection a connection of this variant
	 * @return whether it is known to have
	 * @throws SQLException if the driver does not say
	 */
	default boolean isResumed(Connection connection) throws SQLException {
		return false;
	}

	/**
	 * Called for each connection before it is closed, and not measured.
	 * @param connection a connection of this variant
	 * @throws SQLException if the driver does not give access to what is wanted
	 * @throws IOException if it has lost its connection
	 */
	default void beforeClose(Connection connection) throws SQLException, IOException {
	}

	/**
	 * Called after each connection was closed, and not measured.
	 */
	default void afterClose() {
	}

	/**
	 * Return the operation "open and close a connection".
	 * @return a contestant with the name of this variant
	 */
	default Contestant contestant() {
		return new Contestant(name(), (meter) -> {
			meter.start();
			Connection connection = open();
			meter.stop();
			meter.count(1, isResumed(connection) ? 1 : 0);
			beforeClose(connection);
			meter.start();
			connection.close();
			meter.stop();
			afterClose();
		});
	}

}
