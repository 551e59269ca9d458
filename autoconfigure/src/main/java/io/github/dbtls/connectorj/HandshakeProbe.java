package io.github.dbtls.connectorj;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

import javax.net.ssl.SSLSocket;

import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.diagnosis.HandshakeDiagnosis;
import io.github.dbtls.tls.HandshakeDeadline;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.tls.SecuredSocket;
import org.jspecify.annotations.Nullable;

/**
 * Makes the TLS handshake of a MySQL connection and hangs up before the login: no user,
 * no password, no database name is sent.
 */
public final class HandshakeProbe {

	/**
	 * For a host without {@code connectTimeout}. The time that a pool lets its callers
	 * wait is not taken: startup may have many hosts to wait for.
	 */
	private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

	/** How long a server may take in all to answer a goodbye. */
	private static final Duration VERDICT = Duration.ofSeconds(2);

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
		return probe(pool, address, null);
	}

	/**
	 * Shake hands and hang up.
	 * @param pool the pool whose policy applies
	 * @param address the host to try
	 * @param connectTimeout how long connecting may take, and then greeting and handshake
	 * together, or {@code null} for ten seconds each
	 * @return what was negotiated
	 * @throws TlsHandshakeException if it came to no verified connection
	 */
	public static TlsSession probe(PoolTls pool, HostAddress address, @Nullable Duration connectTimeout)
			throws TlsHandshakeException {
		return probe(pool, address, address.host(), connectTimeout).session();
	}

	/**
	 * Shake hands and hang up.
	 * @param pool the pool whose policy applies
	 * @param address the host to try, which is the name that is verified
	 * @param via the name or address to connect to
	 * @param connectTimeout how long connecting may take, and then greeting and handshake
	 * together, or {@code null} for ten seconds each
	 * @return what was found
	 * @throws TlsHandshakeException if it came to no verified connection
	 */
	public static ProbeResult probe(PoolTls pool, HostAddress address, String via, @Nullable Duration connectTimeout)
			throws TlsHandshakeException {
		Duration timeout = (connectTimeout != null) ? connectTimeout : DEFAULT_TIMEOUT;
		pool.attempts().attempting(address.host(), address.port());
		return ProbeConversation.hold(pool, address, via, timeout, (socket, deadline) -> {
			SecuredSocket secured = pool.handshake(socket, address.host(), address.port(), deadline);
			awaitVerdict(secured.socket(), socket);
			pool.attempts().hungUp();
			return new ProbeResult(secured.session(), secured.clientCertificateAsked());
		});
	}

	private static void awaitVerdict(SSLSocket socket, Socket raw) throws IOException {
		// With TLS 1.3 a server judges the client's certificate, or its absence, when the
		// client has finished already (RFC 8446, 4.4.2.4). Saying goodbye makes it answer
		// without a byte of the login: with its verdict, if that is an alert.
		try (HandshakeDeadline verdict = HandshakeDeadline.start(raw, VERDICT, ProbeConversation::saidBelow)) {
			socket.shutdownOutput();
			socket.getInputStream().read();
			socket.close();
		}
		catch (IOException ex) {
			if (HandshakeDiagnosis.isAlert(ex)) {
				throw ex;
			}
			// It hung up, or says nothing: the handshake itself was good.
		}
	}

}
