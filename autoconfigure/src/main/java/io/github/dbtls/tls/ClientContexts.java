package io.github.dbtls.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import org.jspecify.annotations.Nullable;

/**
 * The {@link SSLContext} of one generation, and where {@link KnownHost.Lane}s ask for
 * them, more of the same: JSSE gives each a session cache of its own.
 */
final class ClientContexts {

	private final KeyManager[] keyManagers;

	private final TrustManager[] trustManagers;

	private final int sessionTimeout;

	private final AtomicReferenceArray<@Nullable SSLContext> contexts = new AtomicReferenceArray<>(KnownHost.LANES);

	/**
	 * Create the first context.
	 * @param keyManagers what the client shows
	 * @param trustManagers what judges the server
	 * @param sessionLifetime how long a session may be resumed at most
	 */
	ClientContexts(KeyManager[] keyManagers, TrustManager[] trustManagers, Duration sessionLifetime) {
		this.keyManagers = keyManagers.clone();
		this.trustManagers = trustManagers.clone();
		this.sessionTimeout = Math.toIntExact(sessionLifetime.toSeconds());
		this.contexts.set(0, create());
	}

	SSLContext get(int lane) {
		SSLContext context = this.contexts.get(lane);
		return (context != null) ? context
				: this.contexts.updateAndGet(lane, (current) -> (current != null) ? current : create());
	}

	/**
	 * Forget all sessions. A single one cannot be told from others of its host: newer
	 * JDKs keep several tickets of TLS 1.3 for each.
	 */
	void forgetSessions() {
		for (int i = 0; i < KnownHost.LANES; i++) {
			this.contexts.set(i, null);
		}
	}

	private SSLContext create() {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(this.keyManagers, this.trustManagers, null);
			context.getClientSessionContext().setSessionTimeout(this.sessionTimeout);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to create the TLS context: " + ex.getMessage(), ex);
		}
	}

	SSLSocket createSocket(KnownHost.Lane lane, Socket raw, String host, int port) throws IOException {
		return (SSLSocket) get(lane.index()).getSocketFactory().createSocket(raw, host, port, true);
	}

}
