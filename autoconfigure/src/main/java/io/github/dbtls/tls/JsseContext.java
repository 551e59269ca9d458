package io.github.dbtls.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.JsseProvider;
import io.github.dbtls.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The {@link SSLContext} behind a {@link TlsContext}, whoever provides it. Where that is
 * not the JDK, what its handshake does is made up for:
 * <ol>
 * <li>{@link ForeignTrustManager} gives the JDK's trust manager what it needs to make all
 * of its checks, the host name included;</li>
 * <li>a resumed session is checked by it once more, since the cache of sessions that it
 * came from is not the JDK's;</li>
 * <li>the context is replaced at the end of each session lifetime. A ticket of TLS 1.3
 * begets the next one, and not every provider counts from the full handshake: none
 * outlives the context that it was made in;</li>
 * <li>{@link ForeignTransport} ends what would never end by itself.</li>
 * </ol>
 */
final class JsseContext {

	private final TlsPolicy policy;

	private final KeyManager keyManager;

	private final TrustManager trustManager;

	private final boolean isForeign;

	private final @Nullable ForeignTrustManager foreign;

	private final Clock clock;

	private final String[] enabled;

	/** Replaced where it is another provider's, and then guarded by this. */
	private volatile SSLContext current;

	/** Guarded by this. */
	private Instant since;

	private JsseContext(TlsPolicy policy, SSLContext context, KeyManager keyManager, TrustManager trustManager,
			HandshakeRecorder recorder, Clock clock) throws GeneralSecurityException {
		this.policy = policy;
		this.keyManager = keyManager;
		this.isForeign = !isJdks(context);
		if (this.isForeign && !policy.sslMode().isVerifying()) {
			// Chosen by name it is refused before.
			throw new DbTlsConfigurationException(policy.prefix() + ".ssl-mode",
					"'%s.ssl-mode' is 'required', and the JSSE provider that this JVM prefers is '%s': only the JDK's can do that here."
						.formatted(policy.prefix(), context.getProvider().getName()),
					"Verify the server with 'verify-ca' or 'verify-identity', or set '%s.jsse-provider' to SunJSSE."
						.formatted(policy.prefix()));
		}
		this.foreign = (this.isForeign && trustManager instanceof ServerTrustManager manager)
				? new ForeignTrustManager(manager, policy.sslMode(), recorder) : null;
		this.trustManager = (this.foreign != null) ? this.foreign : trustManager;
		this.clock = clock;
		this.current = initialized(context);
		this.since = clock.instant();
		String[] suites = context.getDefaultSSLParameters().getCipherSuites();
		this.enabled = this.isForeign ? JsseProvider.thatTheJdkEnables(suites) : suites;
	}

	/**
	 * Create a context.
	 * @param policy the decision about the connections
	 * @param keyManager what the client shows
	 * @param trustManager what judges the server
	 * @param recorder knows where the handshake of a thread leads to
	 * @param clock tells the time
	 * @return the context
	 */
	static JsseContext of(TlsPolicy policy, KeyManager keyManager, TrustManager trustManager,
			HandshakeRecorder recorder, Clock clock) {
		try {
			return new JsseContext(policy, newContext(policy), keyManager, trustManager, recorder, clock);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to create the TLS context: " + ex.getMessage(), ex);
		}
	}

	// Not by the name of who registered it: what counts is whose handshake it is.
	private static boolean isJdks(SSLContext context) {
		try {
			SSLSessionContext sessions = context.getClientSessionContext();
			return sessions != null && sessions.getClass().getModule() == Object.class.getModule();
		}
		catch (IllegalStateException ex) {
			// The JDK's has them before it is initialised.
			return false;
		}
	}

	private static SSLContext newContext(TlsPolicy policy) throws GeneralSecurityException {
		JsseProvider chosen = policy.jsseProvider();
		return (chosen != null) ? chosen.newContext() : SSLContext.getInstance("TLS");
	}

	private SSLContext initialized(SSLContext context) throws GeneralSecurityException {
		context.init(new KeyManager[] { this.keyManager }, new TrustManager[] { this.trustManager }, null);
		context.getClientSessionContext().setSessionTimeout(Math.toIntExact(this.policy.sessionLifetime().toSeconds()));
		return context;
	}

	/**
	 * Return whether the provider is another than the JDK's, and what it does is made up
	 * for.
	 * @return whether it is
	 */
	boolean isForeign() {
		return this.isForeign;
	}

	/**
	 * Return parameters for a handshake, to be set completely.
	 * @param socket the socket
	 * @return what nobody else has
	 */
	SSLParameters parameters(SSLSocket socket) {
		// The JDK leaves what is not set as it is.
		return this.isForeign ? socket.getSSLParameters() : new SSLParameters();
	}

	/**
	 * Return the cipher suites that are enabled if nobody chooses.
	 * @return JSSE's names
	 */
	String[] enabledCipherSuites() {
		return this.enabled.clone();
	}

	/**
	 * Make a socket that shares its sessions with the others.
	 * @param raw the connected socket
	 * @param host the host as the driver knows it
	 * @param port the port
	 * @return the socket before its handshake
	 * @throws IOException if it cannot be made
	 */
	SSLSocket createSocket(Socket raw, String host, int port) throws IOException {
		return (SSLSocket) (this.isForeign ? youngEnough() : this.current).getSocketFactory()
			.createSocket(this.isForeign ? new ForeignTransport(raw) : raw, host, port, true);
	}

	private synchronized SSLContext youngEnough() {
		Instant now = this.clock.instant();
		if (now.isBefore(this.since) || !now.isBefore(this.since.plus(this.policy.sessionLifetime()))) {
			replace(now);
		}
		return this.current;
	}

	private void replace(Instant now) {
		try {
			this.current = initialized(newContext(this.policy));
			this.since = now;
		}
		catch (GeneralSecurityException ex) {
			// The first one could be made.
			throw new IllegalStateException("Unable to replace the TLS context: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Check the chain of a resumed session, as far as another provider's cache of
	 * sessions makes it necessary.
	 * @param chain the chain that the session holds
	 * @param socket the socket
	 * @throws CertificateException if it is not to be trusted
	 */
	void verifyAgain(X509Certificate[] chain, SSLSocket socket) throws CertificateException {
		if (this.foreign != null) {
			this.foreign.checkResumed(chain, socket);
		}
	}

}
