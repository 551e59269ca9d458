package io.github.dbtls.connectorj;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.tls.HandshakeDeadline;
import io.github.dbtls.tls.PoolTls;

/**
 * A connection without the driver that comes as far as the server is ready for TLS, and
 * is closed when all is said.
 */
final class ProbeConversation {

	private ProbeConversation() {
	}

	/**
	 * Connect, ask for TLS, talk and hang up.
	 * @param <T> the type of what is found out
	 * @param pool the pool whose attempt it is
	 * @param address the host to try, which is the name that is reported
	 * @param via the name or address to connect to
	 * @param timeout how long connecting may take, and then greeting and talk together
	 * @param talk what to say once the server is ready for TLS
	 * @return what was found out
	 * @throws TlsHandshakeException if it did not come so far, or the talk failed
	 */
	static <T> T hold(PoolTls pool, HostAddress address, String via, Duration timeout, Talk<T> talk)
			throws TlsHandshakeException {
		Socket socket;
		try {
			socket = connect(via, address.port(), timeout);
		}
		catch (IOException ex) {
			throw pool.attempts().unreachable(address.host(), address.port(), ex);
		}
		try (socket;
				HandshakeDeadline deadline = HandshakeDeadline.start(socket, timeout, ProbeConversation::saidBelow)) {
			return talk(pool, address, socket, deadline, talk);
		}
		catch (TlsHandshakeException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw pool.attempts().failed(address.host(), address.port(), null, ex);
		}
	}

	private static <T> T talk(PoolTls pool, HostAddress address, Socket socket, HandshakeDeadline deadline,
			Talk<T> talk) throws TlsHandshakeException {
		try {
			if (!ConnectionPhase.requestTls(socket)) {
				throw pool.attempts()
					.failed(address.host(), address.port(), HandshakeFailure.TLS_NOT_OFFERED,
							new IOException("The server's greeting has no CLIENT_SSL"));
			}
			return talk.about(socket, deadline);
		}
		catch (TlsHandshakeException ex) {
			throw ex;
		}
		catch (ConnectionPhase.RefusedException ex) {
			throw pool.attempts().refused(address.host(), address.port(), ex.refusal(), ex);
		}
		catch (ConnectionPhase.NotMySqlException ex) {
			throw pool.attempts().failed(address.host(), address.port(), HandshakeFailure.NOT_MYSQL, ex);
		}
		catch (IOException ex) {
			throw pool.attempts()
				.failed(address.host(), address.port(),
						deadline.isExceeded() ? HandshakeFailure.HANDSHAKE_TIMEOUT : null, ex);
		}
	}

	static void saidBelow() {
		// The exception of the closed socket leads to the same report.
	}

	private static Socket connect(String host, int port, Duration timeout) throws IOException {
		IOException last = new ConnectException("The name has no address");
		for (InetAddress inetAddress : InetAddress.getAllByName(host)) {
			Socket socket = new Socket();
			try {
				socket.connect(new InetSocketAddress(inetAddress, port), Math.toIntExact(timeout.toMillis()));
				return socket;
			}
			catch (IOException ex) {
				socket.close();
				last = ex;
			}
		}
		throw last;
	}

	/**
	 * What is said to a server that is ready for TLS.
	 *
	 * @param <T> the type of what is found out
	 */
	@FunctionalInterface
	interface Talk<T> {

		/**
		 * Say it.
		 * @param socket the connection
		 * @param deadline when it must be over
		 * @return what was found out
		 * @throws IOException if it failed
		 */
		T about(Socket socket, HandshakeDeadline deadline) throws IOException;

	}

}
