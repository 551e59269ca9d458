package io.github.dbtls.tls;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.diagnosis.HandshakeDiagnosis;
import io.github.dbtls.diagnosis.HandshakeFacts;
import io.github.dbtls.trust.ClientKey;
import io.github.dbtls.trust.TrustMaterial;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one policy and one generation of trust and client key. All connections of a pool
 * share its {@link JsseContext}, so that TLS sessions resume. New trust takes a new one:
 * within one, a session that a removed authority vouched for would still be resumed, and
 * JSSE's session cache knows host and port only, not what was verified.
 */
final class TlsContext {

	private final TlsPolicy policy;

	private final TrustMaterial trust;

	private final @Nullable ClientKey clientKey;

	private final int generation;

	private final Clock clock;

	private final HandshakeRecorder recorder = new HandshakeRecorder();

	private final @Nullable PathVerifier verifier;

	private final ClientContexts contexts;

	private final Map<String, KnownHost> hosts = new ConcurrentHashMap<>();

	private final String[] protocols;

	private final String[] ciphers;

	TlsContext(TlsPolicy policy, TrustMaterial trust, @Nullable ClientKey clientKey, int generation, Clock clock) {
		this.policy = policy;
		this.trust = trust;
		this.clientKey = clientKey;
		this.generation = generation;
		this.clock = clock;
		this.verifier = policy.sslMode().isVerifying() ? new PathVerifier(trust.certificates()) : null;
		this.contexts = new ClientContexts(policy, new ClientKeyManager(clientKey, this.recorder), trustManager(),
				this.recorder, clock);
		this.protocols = policy.protocols().toArray(String[]::new);
		this.ciphers = policy.offeredCiphers(this.contexts.get(0).enabledCipherSuites()).toArray(String[]::new);
	}

	private TrustManager trustManager() {
		if (this.verifier == null) {
			return new UnverifiedTrustManager(this.recorder, this.clock);
		}
		try {
			return new ServerTrustManager(JdkTrustManager.of(this.trust.certificates()), this.verifier, this.recorder,
					this.clock);
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException("Unable to create a trust manager: " + ex.getMessage(), ex);
		}
	}

	TrustMaterial trust() {
		return this.trust;
	}

	@Nullable ClientKey clientKey() {
		return this.clientKey;
	}

	int generation() {
		return this.generation;
	}

	List<String> offeredCiphers() {
		return List.of(this.ciphers);
	}

	boolean isForeign() {
		return this.contexts.get(0).isForeign();
	}

	/**
	 * Check whether the trust of this context vouches for a server that was verified
	 * under another one.
	 * @param chain the chain that the server presented
	 * @param time the time to verify it at
	 * @throws CertificateException if it does not
	 */
	void vouchFor(List<X509Certificate> chain, Instant time) throws CertificateException {
		if (this.verifier != null) {
			this.verifier.verify(chain.toArray(X509Certificate[]::new), time);
		}
	}

	/**
	 * Shake hands.
	 * @param raw the connected socket
	 * @param host the host as the driver knows it
	 * @param port the port
	 * @param deadline when the handshake must be over
	 * @return the secured socket, and what it may still wait for
	 * @throws TlsHandshakeException if it comes to no verified connection; the socket is
	 * closed then
	 */
	Handshake handshake(Socket raw, String host, int port, HandshakeDeadline deadline) throws TlsHandshakeException {
		this.recorder.begin(host);
		deadline.handshakeBegins();
		KnownHost known = known(host, port);
		Throwable thrown;
		try {
			long start = System.nanoTime();
			KnownHost.Lane lane = known.enter(raw);
			SSLSocket socket = this.contexts.createSocket(lane, raw, host, port);
			KeyAgreement agreement = known.agreement();
			configure(socket, agreement);
			socket.startHandshake();
			deadline.close();
			if (deadline.isExceeded()) {
				throw new SocketTimeoutException();
			}
			HandshakeRecorder.Recording recording = this.recorder.end();
			Duration duration = Duration.ofNanos(System.nanoTime() - start);
			VerifiedPath path = verified(socket, host, recording);
			TlsSession session = session(socket.getSession(), host, port, duration, recording, path);
			known.succeeded(session, agreement);
			return new Handshake(new SecuredSocket(socket, session, recording.isClientCertificateAsked(), lane::leave),
					ServedPath.of(session, path),
					isAwaited(session, recording) ? facts(session, recording.isClientCertificateChosen()) : null);
		}
		catch (IOException | CertificateException | RuntimeException ex) {
			thrown = ex;
		}
		finally {
			deadline.close();
		}
		known.failed();
		HandshakeRecorder.Recording recording = this.recorder.end();
		HandshakeDeadline.closeQuietly(raw);
		throw HandshakeDiagnosis
			.explain(
					new HandshakeFacts(host, port, this.policy, this.trust.source(), this.trust.certificates(),
							recording.presented(), recording.protocol(), recording.isClientCertificateChosen(),
							this.clock.instant()),
					deadline.isExceeded() ? timedOut(deadline.timeout(), thrown) : thrown);
	}

	private KnownHost known(String host, int port) {
		if (this.hosts.size() >= HandshakeHistory.MOST_HOSTS) {
			this.hosts.clear();
		}
		return this.hosts.computeIfAbsent(host + ":" + port, (name) -> new KnownHost());
	}

	private static SocketTimeoutException timedOut(Duration timeout, Throwable thrown) {
		SocketTimeoutException timedOut = new SocketTimeoutException(
				"Handshake not finished within %d ms".formatted(timeout.toMillis()));
		timedOut.addSuppressed(thrown);
		return timedOut;
	}

	private void configure(SSLSocket socket, KeyAgreement agreement) {
		SSLParameters parameters = this.contexts.get(0).parameters(socket);
		parameters.setProtocols(this.protocols);
		parameters.setCipherSuites(this.ciphers);
		parameters.setAlgorithmConstraints(agreement);
		if (this.policy.sslMode() == SslMode.VERIFY_IDENTITY) {
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
		}
		socket.setSSLParameters(parameters);
	}

	private static boolean isAwaited(TlsSession session, HandshakeRecorder.Recording recording) {
		return recording.isClientCertificateAsked() && session.protocol().equals(TlsVersion.TLS_1_3.jsseName());
	}

	HandshakeFacts facts(TlsSession session, boolean chosen) {
		return new HandshakeFacts(session.host(), session.port(), this.policy, this.trust.source(),
				this.trust.certificates(), session.peerCertificates(), session.protocol(), chosen,
				this.clock.instant());
	}

	private @Nullable VerifiedPath verified(SSLSocket socket, String host, HandshakeRecorder.Recording recording)
			throws IOException, CertificateException {
		SSLSession session = socket.getSession();
		requireNegotiated(session);
		VerifiedPath path = recording.isResumption() ? verifyAgain(socket, host, chain(session)) : recording.path();
		if (this.verifier != null && path == null) {
			throw new CertificateException("The server's certificate was not verified");
		}
		this.recorder.end();
		return path;
	}

	private TlsSession session(SSLSession session, String host, int port, Duration duration,
			HandshakeRecorder.Recording recording, @Nullable VerifiedPath path) throws SSLException {
		return new TlsSession(host, port, session.getProtocol(), session.getCipherSuite(), List.of(chain(session)),
				(path != null) ? path.authority() : null, recording.isResumption(), this.generation, duration);
	}

	private static X509Certificate[] chain(SSLSession session) throws SSLException {
		return Arrays.stream(session.getPeerCertificates())
			.map(X509Certificate.class::cast)
			.toArray(X509Certificate[]::new);
	}

	// Not every provider keeps to what it was told: Conscrypt, for one, has no list of
	// cipher suites for TLS 1.3.
	private void requireNegotiated(SSLSession session) throws SSLException {
		if (!Arrays.asList(this.protocols).contains(session.getProtocol())) {
			throw new SSLException(
					"protocol version %s was negotiated, which is not allowed here".formatted(session.getProtocol()));
		}
		if (!Arrays.asList(this.ciphers).contains(session.getCipherSuite())) {
			throw new SSLException(
					"cipher suite %s was negotiated, which is not allowed here".formatted(session.getCipherSuite()));
		}
	}

	private @Nullable VerifiedPath verifyAgain(SSLSocket socket, String host, X509Certificate[] chain)
			throws CertificateException {
		// A resumed session skips the verification: what has expired since its full
		// handshake would be missed.
		this.recorder.begin(host);
		this.recorder.presented(chain);
		try {
			this.contexts.get(0).verifyAgain(chain, socket);
			if (this.verifier != null) {
				return this.verifier.verify(chain, this.clock.instant());
			}
			RefusalReason.checkDates(chain, this.clock.instant());
			return null;
		}
		catch (CertificateException ex) {
			// It would be resumed again and again, although the server may have a new
			// certificate by now.
			this.contexts.forgetSessions();
			throw ex;
		}
	}

}
