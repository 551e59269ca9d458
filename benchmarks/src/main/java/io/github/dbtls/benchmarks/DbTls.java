package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Objects;
import java.util.Properties;

import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;
import com.zaxxer.hikari.HikariConfig;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import org.jspecify.annotations.Nullable;

/**
 * MySQL Connector/J secured by dbtls: the URL and the properties of a pool that dbtls
 * secured, opened without the pool.
 * <p>
 * It resumes as an application does; or never, since all its TLS sessions are forgotten
 * between two connections, where the clock stands still. The server does not know of it:
 * it issues its tickets all the same.
 */
final class DbTls implements Variant {

	static final String RESUMED = "dbtls, resumed";

	static final String RESUMED_MANY = "dbtls, resumed, PEM of %d CAs".formatted(TrustFiles.MANY);

	static final String RESUMED_CONSCRYPT = "dbtls, resumed, handshakes by Conscrypt";

	static final String FIRST = "dbtls, not resumed";

	private final String name;

	private final boolean forgetful;

	private final Driver driver = StockDriver.driver();

	private final HikariConfig config;

	private final Properties properties = new Properties();

	private volatile @Nullable SSLSessionContext sessions;

	private DbTls(String name, boolean forgetful, HikariConfig config) {
		this.name = name;
		this.forgetful = forgetful;
		this.config = config;
		this.properties.putAll(config.getDataSourceProperties());
		this.properties.setProperty("user", config.getUsername());
		this.properties.setProperty("password", config.getPassword());
	}

	static DbTls resumed(Leg leg, DbTlsApplication application) {
		return new DbTls(RESUMED, false, application.secure(DbTlsApplication.pool(leg)));
	}

	static DbTls resumedWithMany(Leg leg, DbTlsApplication application) {
		return new DbTls(RESUMED_MANY, false, application.secure(DbTlsApplication.pool(leg)));
	}

	static DbTls resumedByConscrypt(Leg leg, DbTlsApplication application) {
		return new DbTls(RESUMED_CONSCRYPT, false, application.secure(DbTlsApplication.pool(leg)));
	}

	static DbTls first(Leg leg, DbTlsApplication application) {
		return new DbTls(FIRST, true, application.secure(DbTlsApplication.pool(leg)));
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Connection open() throws SQLException {
		return this.driver.connect(this.config.getJdbcUrl(), this.properties);
	}

	@Override
	public boolean isResumed(Connection connection) throws SQLException {
		TlsSession session = ConnectionSession.of(connection);
		return Objects.requireNonNull(session, "dbtls did not secure this connection").resumed();
	}

	@Override
	public void beforeClose(Connection connection) throws SQLException, IOException {
		if (this.forgetful && this.sessions == null
				&& connection.unwrap(JdbcConnection.class).getSession() instanceof NativeSession session) {
			SSLSocket socket = (SSLSocket) session.getProtocol().getSocketConnection().getMysqlSocket();
			this.sessions = socket.getSession().getSessionContext();
		}
	}

	@Override
	public void afterClose() {
		SSLSessionContext sessions = this.sessions;
		if (this.forgetful && sessions != null) {
			for (byte[] id : Collections.list(sessions.getIds())) {
				SSLSession session = sessions.getSession(id);
				if (session != null) {
					session.invalidate();
				}
			}
		}
	}

}
