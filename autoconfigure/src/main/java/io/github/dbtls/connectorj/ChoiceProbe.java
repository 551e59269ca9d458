package io.github.dbtls.connectorj;

import java.time.Duration;
import java.util.List;

import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.tls.ServerChoice;

/**
 * Finds out which of some cipher suites a MySQL server chooses, and hangs up when it has:
 * nothing is verified, and nothing of a login is sent.
 */
public final class ChoiceProbe {

	private ChoiceProbe() {
	}

	/**
	 * Make a server choose.
	 * @param pool the pool whose versions are offered
	 * @param ciphers the cipher suites to offer
	 * @param address the host to try
	 * @param via the name or address to connect to
	 * @param timeout how long connecting may take, and then greeting and choice together
	 * @return what the server chose
	 * @throws TlsHandshakeException if it chose nothing
	 */
	public static ServerChoice probe(PoolTls pool, List<String> ciphers, HostAddress address, String via,
			Duration timeout) throws TlsHandshakeException {
		return ProbeConversation.hold(pool, address, via, timeout, (socket, deadline) -> ServerChoice.ask(pool.policy(),
				ciphers, socket, address.host(), address.port(), deadline));
	}

}
