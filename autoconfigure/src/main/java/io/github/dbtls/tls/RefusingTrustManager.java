package io.github.dbtls.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * Trusts nobody, and takes down what the server has chosen by the time that it shows its
 * certificate.
 */
final class RefusingTrustManager extends SocketTrustManager {

	private @Nullable ServerChoice choice;

	/**
	 * Return what the server chose.
	 * @return its choice, or {@code null} if it did not come so far
	 */
	@Nullable ServerChoice choice() {
		return this.choice;
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		if (socket instanceof SSLSocket secured) {
			SSLSession session = secured.getHandshakeSession();
			this.choice = new ServerChoice(session.getProtocol(), session.getCipherSuite(), List.of(chain));
		}
		throw nobody();
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		throw nobody();
	}

	private static CertificateException nobody() {
		return new CertificateException("This handshake only finds out what the server chooses");
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return new X509Certificate[0];
	}

}
