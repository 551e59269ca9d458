package io.github.dbtls.actuate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.dbtls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * What the server itself says of the connection. Behind a proxy that ends TLS, it speaks
 * of the way from there to the database.
 *
 * @param version the server's version
 * @param protocol its name of the protocol, empty for plain text, {@code null} if it does
 * not say
 * @param cipher its name of the cipher suite, likewise
 */
record ServerView(String version, @Nullable String protocol, @Nullable String cipher) {

	/**
	 * TiDB compares names with case, and finds nothing for {@code LIKE 'ssl_%'}.
	 */
	private static final String STATUS = "SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_version', 'Ssl_cipher')";

	private static final int TIMEOUT_MILLISECONDS = 5000;

	static ServerView of(Connection connection) throws SQLException {
		String version = connection.getMetaData().getDatabaseProductVersion();
		// A query timeout would open a connection of its own, to kill the statement.
		connection.setNetworkTimeout(Runnable::run, TIMEOUT_MILLISECONDS);
		try {
			return ask(connection, version);
		}
		catch (SQLException ex) {
			if (isBroken(connection, ex)) {
				throw ex;
			}
			// A proxy or a compatible server that does not know the statement says
			// nothing against the session that was verified.
			return new ServerView(version, null, null);
		}
	}

	private static boolean isBroken(Connection connection, SQLException thrown) throws SQLException {
		String state = thrown.getSQLState();
		return (state != null && state.startsWith("08")) || !connection.isValid(TIMEOUT_MILLISECONDS / 1000);
	}

	private static ServerView ask(Connection connection, String version) throws SQLException {
		String protocol = null;
		String cipher = null;
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(STATUS)) {
			while (rows.next()) {
				if ("Ssl_version".equalsIgnoreCase(rows.getString(1))) {
					protocol = rows.getString(2);
				}
				else if ("Ssl_cipher".equalsIgnoreCase(rows.getString(1))) {
					cipher = rows.getString(2);
				}
			}
		}
		return new ServerView(version, protocol, cipher);
	}

	/**
	 * Return whether the server sees another connection than we do: then something in
	 * between ends ours. Equal views prove nothing.
	 * @param session what was negotiated with us
	 * @return whether the views differ
	 */
	boolean differsFrom(TlsSession session) {
		if (this.protocol != null && !this.protocol.equalsIgnoreCase(session.protocol())) {
			return true;
		}
		if (this.cipher != null && this.cipher.isBlank()) {
			return true;
		}
		String name = (this.cipher != null) ? CipherNames.toIana(this.cipher) : null;
		return name != null && !name.equalsIgnoreCase(session.cipher());
	}

}
