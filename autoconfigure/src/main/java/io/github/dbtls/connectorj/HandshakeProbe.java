package io.github.dbtls.connectorj;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.diagnosis.HandshakeDiagnosis;
import io.github.dbtls.diagnosis.HandshakeFacts;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.tls.SecuredSocket;

/**
 * Makes the TLS handshake of a MySQL connection and hangs up before the login: no user,
 * no password, no database name is sent.
 */
public final class HandshakeProbe {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private HandshakeProbe() {
	}

	/**
	 * Shake hands and hang up.
	 * @param pool the pool whose policy applies
	 * @param address the host to try
	 * @return what was negotiated
	 * @throws TlsHandshakeException if it came to no verified connection
	 */
	public static TlsSession probe(PoolTls pool, HostAddress address) throws TlsHandshakeException {
		pool.attempting(address.host(), address.port());
		Socket socket;
		try {
			socket = connect(address);
		}
		catch (IOException ex) {
			throw failed(pool, address, HandshakeFailure.UNREACHABLE, ex);
		}
		try (socket) {
			socket.setSoTimeout(Math.toIntExact(TIMEOUT.toMillis()));
			if (!ConnectionPhase.requestTls(socket)) {
				throw failed(pool, address, HandshakeFailure.TLS_NOT_OFFERED,
						new IOException("The server's greeting has no CLIENT_SSL"));
			}
			SecuredSocket secured = pool.handshake(socket, address.host(), address.port(), TIMEOUT);
			secured.socket().close();
			return secured.session();
		}
		catch (TlsHandshakeException ex) {
			throw ex;
		}
		catch (ConnectionPhase.NotMySqlException ex) {
			throw failed(pool, address, HandshakeFailure.NOT_MYSQL, ex);
		}
		catch (IOException ex) {
			TlsHandshakeException explained = HandshakeDiagnosis.explain(facts(pool, address), ex);
			pool.failed(explained);
			throw explained;
		}
	}

	private static Socket connect(HostAddress address) throws IOException {
		IOException last = new ConnectException("The name has no address");
		for (InetAddress inetAddress : InetAddress.getAllByName(address.host())) {
			Socket socket = new Socket();
			try {
				socket.connect(new InetSocketAddress(inetAddress, address.port()), Math.toIntExact(TIMEOUT.toMillis()));
				return socket;
			}
			catch (IOException ex) {
				socket.close();
				last = ex;
			}
		}
		throw last;
	}

	private static TlsHandshakeException failed(PoolTls pool, HostAddress address, HandshakeFailure failure,
			IOException thrown) {
		TlsHandshakeException explained = HandshakeDiagnosis.explain(facts(pool, address), failure, thrown);
		pool.failed(explained);
		return explained;
	}

	private static HandshakeFacts facts(PoolTls pool, HostAddress address) {
		return new HandshakeFacts(address.host(), address.port(), pool.policy(), pool.trust().source(),
				pool.trust().certificates(), List.of());
	}

}
