package io.github.dbtls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What was negotiated for one physical connection.
 *
 * @param host the host as the driver connected to it
 * @param port its port
 * @param protocol JSSE's name of the protocol, {@code TLSv1.3} for example
 * @param cipher IANA's name of the cipher suite
 * @param peerCertificates the chain that the server presented, leaf first; for a resumed
 * session the one of the full handshake
 * @param anchor the trusted authority that the chain leads to, or {@code null} if nothing
 * was verified
 * @param resumed whether an earlier TLS session was resumed
 * @param generation the generation of trust that it was verified under, counted from 1
 * @param duration how long the handshake took
 */
public record TlsSession(String host, int port, String protocol, String cipher, List<X509Certificate> peerCertificates,
		@Nullable X509Certificate anchor, boolean resumed, int generation, Duration duration) {

	public TlsSession {
		peerCertificates = List.copyOf(peerCertificates);
	}

}
