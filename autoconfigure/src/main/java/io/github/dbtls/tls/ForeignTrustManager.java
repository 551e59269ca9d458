package io.github.dbtls.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.diagnosis.RefusedCertificateException;

/**
 * Stands between the handshake of another JSSE provider and our
 * {@link ServerTrustManager}, whose larger part is the JDK's. What the JDK's asks its own
 * socket for, and takes no check for granted without, it gets from a
 * {@link ForeignHandshake}: another provider's socket may name another host, or none, and
 * then less would be checked. Whatever cannot be checked so is refused.
 */
final class ForeignTrustManager extends SocketTrustManager {

	/**
	 * Conscrypt's for TLS 1.3, where the key exchange says nothing of the certificate.
	 */
	private static final String GENERIC = "GENERIC";

	/** The JDK's for the same. */
	private static final String UNKNOWN = "UNKNOWN";

	/**
	 * The JDK's limit and the property that moves it, which its own handshake applies.
	 */
	private static final int LONGEST_CHAIN = longestChain();

	private final ServerTrustManager trustManager;

	private final SslMode mode;

	private final HandshakeRecorder recorder;

	ForeignTrustManager(ServerTrustManager trustManager, SslMode mode, HandshakeRecorder recorder) {
		this.trustManager = trustManager;
		this.mode = mode;
		this.recorder = recorder;
	}

	private static int longestChain() {
		int general = Integer.getInteger("jdk.tls.maxCertificateChainLength", 10);
		// Of newer JDKs, where a negative one is none.
		int client = Integer.getInteger("jdk.tls.client.maxInboundCertificateChainLength", -1);
		return (client >= 0) ? client : general;
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		if (chain.length > LONGEST_CHAIN) {
			this.recorder.presented(chain);
			throw new RefusedCertificateException(HandshakeFailure.OTHER,
					"the certificate chain length (%d) is more than %d".formatted(chain.length, LONGEST_CHAIN), null);
		}
		String host = this.recorder.host();
		if (host == null) {
			throw new CertificateException("The JSSE provider verifies the server in a thread of its own, "
					+ "where it is not known which server was meant");
		}
		if (!(socket instanceof SSLSocket secured)) {
			throw unknownHandshake();
		}
		this.trustManager.checkServerTrusted(chain, authType.equals(GENERIC) ? UNKNOWN : authType,
				new ForeignHandshake(secured, host, this.mode == SslMode.VERIFY_IDENTITY));
	}

	/**
	 * Check the chain of a resumed session as that of a full handshake is.
	 * @param chain the chain that the session holds
	 * @param socket the socket
	 * @throws CertificateException if it is not to be trusted
	 */
	void checkResumed(X509Certificate[] chain, SSLSocket socket) throws CertificateException {
		boolean encipheredKey = socket.getSession().getCipherSuite().startsWith("TLS_RSA_");
		checkServerTrusted(chain, encipheredKey ? "RSA" : UNKNOWN, socket);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		throw unknownHandshake();
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		throw unknownHandshake();
	}

	private static CertificateException unknownHandshake() {
		return new CertificateException("The JSSE provider does not say in which handshake it verifies the server");
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return this.trustManager.getAcceptedIssuers();
	}

}
