package io.github.dbtls.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.diagnosis.RefusedCertificateException;

/**
 * Decides whether a server's certificate chain is trusted, for {@code verify-ca} and
 * {@code verify-identity}. Both must accept it:
 * <ol>
 * <li>{@link PathVerifier}, for the rules that the JDK leaves out;</li>
 * <li>the JDK's own trust manager, for everything else: RFC 5280, the JVM's algorithm
 * constraints, extended key usage, revocation where it is switched on, and with
 * {@code verify-identity} the host name (JSSE's endpoint identification after RFC 2818
 * and RFC 6125), which {@link ServerName} narrows.</li>
 * </ol>
 */
final class ServerTrustManager extends SocketTrustManager {

	private final X509ExtendedTrustManager jdk;

	private final PathVerifier verifier;

	private final HandshakeRecorder recorder;

	private final Clock clock;

	ServerTrustManager(X509ExtendedTrustManager jdk, PathVerifier verifier, HandshakeRecorder recorder, Clock clock) {
		this.jdk = jdk;
		this.verifier = verifier;
		this.recorder = recorder;
		this.clock = clock;
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		this.recorder.presented(chain);
		if (socket instanceof SSLSocket secured && !(socket instanceof ForeignHandshake)) {
			this.recorder.agreed(secured.getHandshakeSession().getProtocol());
		}
		VerifiedPath path = this.verifier.verify(chain, this.clock.instant());
		try {
			this.jdk.checkServerTrusted(chain, authType, socket);
		}
		catch (CertificateException ex) {
			throw refused(chain, authType, ex);
		}
		if (socket instanceof SSLSocket secured) {
			checkName(chain[0], secured);
		}
		this.recorder.verified(path);
	}

	private static void checkName(X509Certificate leaf, SSLSocket socket) throws RefusedCertificateException {
		if (socket.getSSLParameters().getEndpointIdentificationAlgorithm() == null) {
			return;
		}
		String violation = ServerName.violation(socket.getHandshakeSession().getPeerHost(), leaf);
		if (violation != null) {
			throw new RefusedCertificateException(HandshakeFailure.HOST_NAME_MISMATCH, violation, null);
		}
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		this.recorder.presented(chain);
		VerifiedPath path = this.verifier.verify(chain, this.clock.instant());
		this.jdk.checkServerTrusted(chain, authType);
		this.recorder.verified(path);
	}

	private RefusedCertificateException refused(X509Certificate[] chain, String authType, CertificateException thrown) {
		// The JDK says in words only whether it is the name. It is, if it has nothing to
		// say once it need not compare it.
		String message = String.valueOf(thrown.getMessage());
		try {
			this.jdk.checkServerTrusted(chain, authType);
		}
		catch (CertificateException ex) {
			return new RefusedCertificateException(HandshakeFailure.CERTIFICATE_INVALID, message, thrown);
		}
		HandshakeFailure failure = message.contains("algorithm constraints") ? HandshakeFailure.WEAK_ALGORITHM
				: HandshakeFailure.HOST_NAME_MISMATCH;
		return new RefusedCertificateException(failure, message, thrown);
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return this.jdk.getAcceptedIssuers();
	}

}
