package io.github.dbtls.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSession;
import io.github.dbtls.diagnosis.HandshakeDiagnosis;
import io.github.dbtls.trust.PoolMaterial;
import io.github.dbtls.trust.TrustMaterial;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one pool: its policy, the trust in force, and what became of its handshakes.
 */
public final class PoolTls {

	private final String name;

	private final TlsPolicy policy;

	private final PoolListeners listeners;

	private final HandshakeHistory history;

	private final PoolAttempts attempts;

	private final PastHandshakes pastHandshakes = new PastHandshakes();

	private final Clock clock = Clock.systemUTC();

	private final LiveConnections connections = new LiveConnections();

	private final ExpiryRule expiryRule;

	private volatile TlsContext context;

	private volatile @Nullable ReloadFault reloadFault;

	/**
	 * Create the TLS of a pool.
	 * @param name the name that the log, health and meters use for the pool
	 * @param policy the decision about its connections
	 * @param material the trusted authorities, and what the client shows to the server
	 * @param listener is told what becomes of its handshakes and of its trust
	 */
	public PoolTls(String name, TlsPolicy policy, PoolMaterial material, PoolListener listener) {
		this(name, policy, material, ExpiryRule.DEFAULT, listener);
	}

	/**
	 * Create the TLS of a pool.
	 * @param name the name that the log, health and meters use for the pool
	 * @param policy the decision about its connections
	 * @param material the trusted authorities, and what the client shows to the server
	 * @param expiryRule when the end of a certificate is worth a warning
	 * @param listener is told what becomes of its handshakes and of its trust
	 */
	public PoolTls(String name, TlsPolicy policy, PoolMaterial material, ExpiryRule expiryRule, PoolListener listener) {
		this.name = name;
		this.policy = policy;
		this.expiryRule = expiryRule;
		this.listeners = new PoolListeners(name);
		this.listeners.add(listener);
		this.listeners.add(this.pastHandshakes);
		this.history = new HandshakeHistory(name, this.listeners, this.clock);
		this.attempts = new PoolAttempts(this, this.history, this.clock);
		this.context = new TlsContext(policy, material.trust(), material.clientKey(), 1, this.clock);
	}

	/**
	 * Put new material in force, as the next generation: from now on each handshake is
	 * made under it, and no session of an earlier generation resumes. A handshake in
	 * progress ends under the generation that it began with.
	 * @param material the material
	 */
	public void renew(PoolMaterial material) {
		this.listeners.renewed(putInForce(material));
	}

	private synchronized int putInForce(PoolMaterial material) {
		TlsContext renewed = new TlsContext(this.policy, material.trust(), material.clientKey(),
				this.context.generation() + 1, this.clock);
		this.context = renewed;
		this.reloadFault = null;
		this.connections.judge((chain, time) -> vouchesFor(renewed, chain, time), this.clock.instant());
		return renewed.generation();
	}

	private static boolean vouchesFor(TlsContext context, List<X509Certificate> chain, Instant time) {
		try {
			context.vouchFor(chain, time);
			return true;
		}
		catch (CertificateException | RuntimeException ex) {
			// Whatever it is about that chain: the new trust is in force, and this does
			// not fit it.
			return false;
		}
	}

	/**
	 * Take down why changed files did not come into force.
	 * @param fault what is wrong with them
	 * @param news whether it was not taken down before
	 */
	public void reloadFailed(ReloadFault fault, boolean news) {
		this.reloadFault = fault;
		if (news) {
			this.listeners.reloadRefused(fault);
		}
	}

	/**
	 * Take down that changed files are in order again.
	 */
	public void reloadMended() {
		this.reloadFault = null;
	}

	/**
	 * Tell a listener what becomes of handshakes and trust from now on.
	 * @param listener the listener
	 */
	public void addListener(PoolListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Tell a listener nothing any more.
	 * @param listener the listener
	 */
	public void removeListener(PoolListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Return why changed files did not come into force.
	 * @return the fault, or {@code null} if they hold what is in force
	 */
	public @Nullable ReloadFault reloadFault() {
		return this.reloadFault;
	}

	/**
	 * Return how many open connections lead to servers that only an earlier generation of
	 * trust vouched for.
	 * @return the number
	 */
	public int outdatedConnections() {
		return this.connections.outdated();
	}

	/**
	 * Return how many of them the pool may not have known yet when the trust changed.
	 * @return the number
	 */
	public int arrivingConnections() {
		return this.connections.arriving();
	}

	/**
	 * Return the connections that are open.
	 * @return a copy, in no order
	 */
	public List<OpenConnection> openConnections() {
		return this.connections.open();
	}

	/**
	 * Return the last handshakes, twenty at most.
	 * @return a copy, newest first
	 */
	public List<PastHandshake> pastHandshakes() {
		return this.pastHandshakes.newestFirst();
	}

	/**
	 * Return the last failure, whether later handshakes succeeded or not.
	 * @return the failure, or {@code null} if there was none
	 */
	public @Nullable PastFailure pastFailure() {
		return this.pastHandshakes.lastFailure();
	}

	/**
	 * Return the cipher suites that are offered to servers.
	 * @return JSSE's names, in the order of preference, without the signals that JSSE has
	 * among them
	 */
	public List<String> offeredCiphers() {
		return ServerChoice.withoutSignals(this.context.offeredCiphers());
	}

	/**
	 * Shake hands under the trust that is in force now. With TLS 1.3 a server that asked
	 * for a certificate of the client judges it after that: the socket's first read then
	 * takes the verdict down, and throws a {@link TlsHandshakeException} if it is a
	 * refusal.
	 * @param raw the connected socket
	 * @param host the host as the driver knows it
	 * @param port the port
	 * @param deadline when the handshake must be over
	 * @return the secured socket
	 * @throws TlsHandshakeException if it comes to no verified connection; the socket is
	 * closed then
	 */
	public SecuredSocket handshake(Socket raw, String host, int port, HandshakeDeadline deadline)
			throws TlsHandshakeException {
		long start = System.nanoTime();
		try {
			TlsContext context = this.context;
			Handshake handshake = context.handshake(raw, host, port, deadline);
			SecuredSocket secured = handshake.secured();
			this.connections.add(secured, this.clock.instant());
			if (context != this.context) {
				refuseIfOutdated(secured, raw);
			}
			noteClientCertificate(secured, context);
			if (handshake.awaiting() != null) {
				return new SecuredSocket(
						new AwaitingSocket(secured.socket(),
								new PoolVerdict(this.history, secured.session(), handshake.path(),
										handshake.awaiting())),
						secured.session(), secured.clientCertificateAsked(), secured.loggedIn());
			}
			this.history.succeeded(secured.session(), handshake.path());
			return secured;
		}
		catch (TlsHandshakeException ex) {
			this.history.failed(ex, Duration.ofNanos(System.nanoTime() - start));
			throw ex;
		}
	}

	// It is not too late: nothing of the login was sent yet, and what the pool never
	// gets need not be found in it.
	private void refuseIfOutdated(SecuredSocket secured, Socket raw) throws TlsHandshakeException {
		TlsContext context = this.context;
		TlsSession session = secured.session();
		try {
			context.vouchFor(session.peerCertificates(), this.clock.instant());
		}
		catch (CertificateException ex) {
			// The raw one first: a goodbye inside TLS could wait for ever for a peer that
			// does not take it.
			HandshakeDeadline.closeQuietly(raw);
			HandshakeDeadline.closeQuietly(secured.socket());
			throw HandshakeDiagnosis.explain(context.facts(session, false), ex);
		}
	}

	private void noteClientCertificate(SecuredSocket secured, TlsContext context) {
		ClientKeySource key = this.policy.clientKey();
		// Conscrypt does not tell of a resumed session what the client had shown.
		if (key != null && !(context.isForeign() && secured.session().resumed())) {
			this.history.clientCertificate(secured.session(), key.certificateProperty(),
					secured.socket().getSession().getLocalCertificates() != null);
		}
	}

	/**
	 * Return what became of attempts to open a connection.
	 * @return where they are taken down and explained
	 */
	public PoolAttempts attempts() {
		return this.attempts;
	}

	/**
	 * Return the name of the pool.
	 * @return the bean's name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the decision about the pool's connections.
	 * @return the policy
	 */
	public TlsPolicy policy() {
		return this.policy;
	}

	/**
	 * Return the trust in force.
	 * @return the trusted authorities
	 */
	public TrustMaterial trust() {
		return this.context.trust();
	}

	/**
	 * Return the generation of the trust in force.
	 * @return a number, counted from 1
	 */
	public int generation() {
		return this.context.generation();
	}

	/**
	 * Return the certificates that connections depend on, as far as handshakes have shown
	 * them.
	 * @return the certificates, each of them once
	 */
	public List<CertificateInUse> certificatesInUse() {
		TlsContext context = this.context;
		return this.history.servers().certificates(context.trust(), context.clientKey());
	}

	/**
	 * Return those that expire soon, or did.
	 * @param now the time
	 * @return the certificates to warn of
	 */
	public List<CertificateInUse> expiring(Instant now) {
		return certificatesInUse().stream()
			.filter((certificate) -> this.expiryRule.isWarned(certificate, now))
			.toList();
	}

	/**
	 * Return when the end of a certificate is worth a warning.
	 * @return the rule
	 */
	public ExpiryRule expiryRule() {
		return this.expiryRule;
	}

	/**
	 * Why changed files did not come into force.
	 *
	 * @param message what is wrong with them
	 * @param since when it was seen first
	 */
	public record ReloadFault(String message, Instant since) {
	}

}
