package io.github.dbtls.diagnosis;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import io.github.dbtls.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a handshake that failed.
 *
 * @param host the host that was connected to
 * @param port its port
 * @param policy the policy of the pool
 * @param trustSource where the trusted authorities came from
 * @param trusted the trusted authorities
 * @param presented the chain that the server presented, leaf first; empty if it came to
 * none
 * @param protocol the version of TLS that was agreed upon, or {@code null} if it did not
 * come that far or is not known
 * @param clientCertificateChosen whether the server had asked for a certificate of the
 * client in this handshake, and one was chosen
 * @param time what this machine's clock said
 */
public record HandshakeFacts(String host, int port, TlsPolicy policy, String trustSource, List<X509Certificate> trusted,
		List<X509Certificate> presented, @Nullable String protocol, boolean clientCertificateChosen, Instant time) {

	public HandshakeFacts {
		trusted = List.copyOf(trusted);
		presented = List.copyOf(presented);
	}

}
