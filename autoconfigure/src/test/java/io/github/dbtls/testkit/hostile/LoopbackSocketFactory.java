package io.github.dbtls.testkit.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketConnection;
import com.mysql.cj.protocol.StandardSocketFactory;
import io.github.dbtls.TlsSession;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.tls.HandshakeDeadline;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.tls.SecuredSocket;

/**
 * Finds every host on this machine, so that certificates of any name can be tried without
 * a DNS server. All else is the driver's own, and of a secured pool the pool's. The
 * driver loads it by name.
 */
public final class LoopbackSocketFactory extends StandardSocketFactory {

	private static final String POOL = "loopbackPool";

	private static final Map<String, PoolTls> pools = new ConcurrentHashMap<>();

	private static final Map<String, TlsSession> sessions = new ConcurrentHashMap<>();

	private String id;

	private PoolTls pool;

	private HandshakeDeadline deadline;

	/**
	 * Secure connections by a pool's TLS, until the pool is closed.
	 * @param pool the pool
	 * @return the setting of the driver that names the pool
	 */
	static Map<String, String> settings(TestPool pool) {
		pools.put(pool.id(), pool.tls());
		return Map.of(POOL, pool.id(), PropertyKey.socketFactory.getKeyName(), LoopbackSocketFactory.class.getName());
	}

	/**
	 * Return what a pool's last connection negotiated, and forget the pool.
	 * @param pool the pool
	 * @return the session, or {@code null} if the pool has verified none this way
	 */
	static TlsSession forget(TestPool pool) {
		pools.remove(pool.id());
		return sessions.remove(pool.id());
	}

	@Override
	public <T extends Closeable> T connect(String hostname, int portNumber, PropertySet pset, int loginTimeout)
			throws IOException {
		T socket = super.connect("localhost", portNumber, pset, loginTimeout);
		this.host = hostname;
		if (pset.getStringProperty(POOL) != null) {
			this.id = pset.getStringProperty(POOL).getValue();
			this.pool = pools.get(this.id);
			Duration timeout = Duration.ofMillis(pset.getIntegerProperty(PropertyKey.connectTimeout).getValue());
			this.deadline = HandshakeDeadline.start(this.rawSocket, timeout, () -> {
			});
		}
		return socket;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T extends Closeable> T performTlsHandshake(SocketConnection socketConnection, ServerSession serverSession,
			Log log) throws IOException {
		if (this.pool == null) {
			return super.performTlsHandshake(socketConnection, serverSession, log);
		}
		SecuredSocket secured = this.pool.handshake(this.rawSocket, this.host, this.port, this.deadline);
		sessions.put(this.id, secured.session());
		this.sslSocket = secured.socket();
		return (T) this.sslSocket;
	}

}
