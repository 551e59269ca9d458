package io.github.dbtls.tls;

import java.security.Principal;
import java.security.cert.Certificate;
import java.util.List;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;

import io.github.dbtls.TlsVersion;

/**
 * A handshake of another JSSE provider as the JDK's trust manager has to see it: with the
 * host that was meant, and no other, and with the signature algorithms that may be in the
 * chain.
 */
final class ForeignHandshake extends DelegatingSslSocket {

	/**
	 * What the JDK offers for certificates, without what {@link WeakAlgorithmChecker}
	 * refuses and without DSA. No provider tells reliably what it offers itself.
	 */
	private static final List<String> SIGNATURE_ALGORITHMS = List.of("SHA256withECDSA", "SHA384withECDSA",
			"SHA512withECDSA", "Ed25519", "Ed448", "RSASSA-PSS", "SHA256withRSA", "SHA384withRSA", "SHA512withRSA",
			"SHA224withECDSA", "SHA224withRSA");

	private final Session session;

	private final boolean identified;

	ForeignHandshake(SSLSocket socket, String host, boolean identified) {
		super(socket);
		this.session = new Session(host, socket.getPort());
		this.identified = identified;
	}

	@Override
	public SSLSession getHandshakeSession() {
		return this.session;
	}

	@Override
	public SSLParameters getSSLParameters() {
		SSLParameters parameters = new SSLParameters();
		if (this.identified) {
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
		}
		return parameters;
	}

	/**
	 * The JDK looks at nothing of a socket that is not.
	 */
	@Override
	public boolean isConnected() {
		return true;
	}

	/**
	 * What the JDK's trust manager asks a session for; nothing else has an answer.
	 */
	private static final class Session extends ExtendedSSLSession {

		private final String host;

		private final int port;

		private Session(String host, int port) {
			this.host = host;
			this.port = port;
		}

		@Override
		public String getProtocol() {
			// From this version on the algorithms below count.
			return TlsVersion.TLS_1_2.jsseName();
		}

		@Override
		public String getPeerHost() {
			return this.host;
		}

		@Override
		public int getPeerPort() {
			return this.port;
		}

		@Override
		public String[] getLocalSupportedSignatureAlgorithms() {
			return SIGNATURE_ALGORITHMS.toArray(String[]::new);
		}

		@Override
		public String[] getPeerSupportedSignatureAlgorithms() {
			return getLocalSupportedSignatureAlgorithms();
		}

		@Override
		public List<SNIServerName> getRequestedServerNames() {
			return List.of();
		}

		@Override
		public List<byte[]> getStatusResponses() {
			// Where the JVM checks revocation, the JDK then asks for itself.
			return List.of();
		}

		@Override
		public byte[] getId() {
			return new byte[0];
		}

		@Override
		public SSLSessionContext getSessionContext() {
			throw new UnsupportedOperationException();
		}

		@Override
		public long getCreationTime() {
			throw new UnsupportedOperationException();
		}

		@Override
		public long getLastAccessedTime() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void invalidate() {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean isValid() {
			return true;
		}

		@Override
		public void putValue(String name, Object value) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Object getValue(String name) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void removeValue(String name) {
			throw new UnsupportedOperationException();
		}

		@Override
		public String[] getValueNames() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Certificate[] getPeerCertificates() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Certificate[] getLocalCertificates() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Principal getPeerPrincipal() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Principal getLocalPrincipal() {
			throw new UnsupportedOperationException();
		}

		@Override
		public String getCipherSuite() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int getPacketBufferSize() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int getApplicationBufferSize() {
			throw new UnsupportedOperationException();
		}

	}

}
