package io.github.dbtls.connectorj;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

import com.mysql.cj.conf.PropertyDefinitions;
import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.conf.RuntimeProperty;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketConnection;
import com.mysql.cj.protocol.StandardSocketFactory;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.tls.HandshakeDeadline;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.tls.SecuredSocket;
import org.jspecify.annotations.Nullable;

/**
 * Socket factory that MySQL Connector/J makes for each physical connection of a secured
 * pool. It leaves everything to the driver's own except the TLS handshake, looks at the
 * first bytes of the greeting, and remembers what was negotiated. The driver loads it by
 * name: do not name it yourself.
 */
public final class DbTlsSocketFactory extends StandardSocketFactory {

	/**
	 * For a pool with neither {@code connectTimeout} nor login timeout; HikariCP's
	 * default.
	 */
	private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

	private @Nullable PoolTls pool;

	private @Nullable HostAddress address;

	private @Nullable HandshakeDeadline deadline;

	private volatile @Nullable TlsHandshakeException silence;

	private volatile @Nullable TlsSession session;

	private @Nullable Runnable loggedIn;

	@Override
	public <T extends Closeable> T connect(String hostname, int portNumber, PropertySet pset, int loginTimeout)
			throws IOException {
		PoolTls pool = pool(pset);
		this.pool = pool;
		this.address = new HostAddress(hostname, portNumber);
		pool.attempts().attempting(hostname, portNumber);
		Duration timeout = shorter(pset.getIntegerProperty(PropertyKey.connectTimeout).getValue(), loginTimeout);
		T socket = connect(pool, hostname, portNumber, pset, loginTimeout);
		this.deadline = HandshakeDeadline.start(this.rawSocket, timeout,
				() -> this.silence = pool.attempts()
					.failed(hostname, portNumber, HandshakeFailure.HANDSHAKE_TIMEOUT,
							new SocketTimeoutException("No greeting within %d ms".formatted(timeout.toMillis()))));
		return socket;
	}

	private <T extends Closeable> T connect(PoolTls pool, String hostname, int portNumber, PropertySet pset,
			int loginTimeout) throws IOException {
		try {
			return super.connect(hostname, portNumber, pset, loginTimeout);
		}
		catch (IOException ex) {
			// The driver's exception stays the driver's. Somebody may have answered, and
			// hung up before connecting was over.
			if (DriverFailure.classify(ex) == HandshakeFailure.CONNECTION_CLOSED) {
				pool.attempts().failed(hostname, portNumber, HandshakeFailure.CONNECTION_CLOSED, ex);
			}
			else {
				pool.attempts().unreachable(hostname, portNumber, ex);
			}
			throw ex;
		}
	}

	@Override
	protected Socket createSocket(PropertySet props) {
		return new GreetingSocket(new Beginning());
	}

	private IOException explain(IOException thrown) {
		TlsHandshakeException silence = this.silence;
		if (silence != null) {
			return silence;
		}
		if (thrown instanceof ConnectionPhase.NotMySqlException && this.pool != null && this.address != null) {
			return this.pool.attempts()
				.failed(this.address.host(), this.address.port(), HandshakeFailure.NOT_MYSQL, thrown);
		}
		return thrown;
	}

	private static PoolTls pool(PropertySet pset) throws IOException {
		RuntimeProperty<String> id = pset.getStringProperty(DriverProperty.POOL_ID);
		PoolTls pool = PoolRegistry.find((id != null) ? id.getValue() : null);
		if (pool == null) {
			throw new IOException("This connection is secured by a dbtls that is closed or in another JVM; "
					+ "its application context is gone, or its JDBC URL was copied. Nothing was sent.");
		}
		PropertyDefinitions.SslMode mode = pset.<PropertyDefinitions.SslMode>getEnumProperty(PropertyKey.sslMode)
			.getValue();
		// With less, the driver could go on in plain text where the server offers no TLS.
		if (!pool.policy().sslMode().name().equals(mode.name())) {
			throw new IOException("The policy of '%s' is %s, but the driver was told %s. Nothing was sent."
				.formatted(pool.name(), pool.policy().sslMode(), mode));
		}
		return pool;
	}

	private static Duration shorter(int connectTimeout, int loginTimeout) {
		if (connectTimeout > 0 && loginTimeout > 0) {
			return Duration.ofMillis(Math.min(connectTimeout, loginTimeout));
		}
		int set = Math.max(connectTimeout, loginTimeout);
		return (set > 0) ? Duration.ofMillis(set) : DEFAULT_TIMEOUT;
	}

	@Override
	public <T extends Closeable> T performTlsHandshake(SocketConnection socketConnection, ServerSession serverSession)
			throws IOException {
		return performTlsHandshake(socketConnection, serverSession, null);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T extends Closeable> T performTlsHandshake(SocketConnection socketConnection, ServerSession serverSession,
			@Nullable Log log) throws IOException {
		if (this.pool == null || this.address == null || this.deadline == null) {
			throw new IOException("The driver asked for a TLS handshake before it connected");
		}
		SecuredSocket secured = this.pool.handshake(this.rawSocket, this.address.host(), this.address.port(),
				this.deadline);
		this.session = secured.session();
		this.loggedIn = secured.loggedIn();
		this.sslSocket = secured.socket();
		this.pool.attempts().loginBegins(this.address.host(), this.address.port());
		return (T) this.sslSocket;
	}

	@Override
	public void afterHandshake() throws IOException {
		super.afterHandshake();
		// Of MySQL: the login is over.
		if (this.loggedIn != null) {
			this.loggedIn.run();
		}
		if (this.pool != null && this.address != null) {
			this.pool.attempts().loggedIn(this.address.host(), this.address.port());
		}
	}

	@Nullable TlsSession session() {
		return this.session;
	}

	/**
	 * Takes down what the driver throws an exception of its own for.
	 */
	private final class Beginning implements GreetingSocket.Observer {

		@Override
		public IOException explain(IOException thrown) {
			return DbTlsSocketFactory.this.explain(thrown);
		}

		@Override
		public void greeted(byte[] greeting) throws ConnectionPhase.NotMySqlException {
			PoolTls pool = DbTlsSocketFactory.this.pool;
			HostAddress address = DbTlsSocketFactory.this.address;
			if (pool == null || address == null) {
				return;
			}
			try {
				if (!ConnectionPhase.offersTls(greeting)) {
					pool.attempts()
						.failed(address.host(), address.port(), HandshakeFailure.TLS_NOT_OFFERED,
								new IOException("The server's greeting has no CLIENT_SSL"));
				}
			}
			catch (ConnectionPhase.RefusedException ex) {
				pool.attempts().refused(address.host(), address.port(), ex.refusal(), ex);
			}
		}

		@Override
		public void ended(IOException thrown) {
			PoolTls pool = DbTlsSocketFactory.this.pool;
			HostAddress address = DbTlsSocketFactory.this.address;
			if (pool != null && address != null) {
				pool.attempts().failed(address.host(), address.port(), null, thrown);
			}
		}

	}

}
