package io.github.dbtls.tls;

import java.io.IOException;
import java.net.Socket;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReferenceArray;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import io.github.dbtls.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The {@link JsseContext} of one generation, and where {@link KnownHost.Lane}s ask for
 * them, more of the same: JSSE gives each a session cache of its own.
 */
final class ClientContexts {

	private final TlsPolicy policy;

	private final KeyManager keyManager;

	private final TrustManager trustManager;

	private final HandshakeRecorder recorder;

	private final Clock clock;

	private final AtomicReferenceArray<@Nullable JsseContext> contexts = new AtomicReferenceArray<>(KnownHost.LANES);

	ClientContexts(TlsPolicy policy, KeyManager keyManager, TrustManager trustManager, HandshakeRecorder recorder,
			Clock clock) {
		this.policy = policy;
		this.keyManager = keyManager;
		this.trustManager = trustManager;
		this.recorder = recorder;
		this.clock = clock;
	}

	JsseContext get(int lane) {
		JsseContext context = this.contexts.get(lane);
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

	private JsseContext create() {
		return JsseContext.of(this.policy, this.keyManager, this.trustManager, this.recorder, this.clock);
	}

	SSLSocket createSocket(KnownHost.Lane lane, Socket raw, String host, int port) throws IOException {
		// Other providers keep several tickets, or none.
		JsseContext first = get(0);
		return (first.isForeign() ? first : get(lane.index())).createSocket(raw, host, port);
	}

}
