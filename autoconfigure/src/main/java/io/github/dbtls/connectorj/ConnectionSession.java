package io.github.dbtls.connectorj;

import java.sql.Connection;
import java.sql.SQLException;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.SocketFactory;
import io.github.dbtls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * Leads from a pooled connection to what was negotiated for it.
 */
public final class ConnectionSession {

	private ConnectionSession() {
	}

	/**
	 * Return what was negotiated for the physical connection under a connection.
	 * @param connection a connection, as the pool gives it
	 * @return the session, or {@code null} if dbtls did not secure this connection
	 * @throws SQLException if the driver does not give access to itself
	 */
	public static @Nullable TlsSession of(Connection connection) throws SQLException {
		if (!connection.isWrapperFor(JdbcConnection.class)) {
			return null;
		}
		if (connection.unwrap(JdbcConnection.class).getSession() instanceof NativeSession session) {
			SocketFactory factory = session.getProtocol().getSocketConnection().getSocketFactory();
			return (factory instanceof DbTlsSocketFactory ours) ? ours.session() : null;
		}
		return null;
	}

}
