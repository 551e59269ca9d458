package io.github.dbtls.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import io.github.dbtls.TlsPolicy;

/**
 * What a server chooses of what it is offered. The handshake that finds it out never
 * comes to its end: it is broken off, whoever the server is, when the server shows its
 * certificate, by when it has chosen. So it takes no trust manager that accepts somebody
 * unverified, and nothing can be sent over what comes of it.
 *
 * @param protocol JSSE's name of the protocol
 * @param cipher IANA's name of the cipher suite
 * @param presented the chain that the server showed, leaf first
 */
public record ServerChoice(String protocol, String cipher, List<X509Certificate> presented) {

	/** They look like cipher suites, and are signals of the protocol. */
	private static final String SIGNAL = "_SCSV";

	public ServerChoice {
		presented = List.copyOf(presented);
	}

	/**
	 * Return all that can be offered.
	 * @param policy the versions and cipher suites that may be
	 * @return names of cipher suites, in JSSE's order
	 */
	public static List<String> offer(TlsPolicy policy) {
		String[] enabled = context(new RefusingTrustManager()).getDefaultSSLParameters().getCipherSuites();
		return withoutSignals(policy.offeredCiphers(enabled));
	}

	/**
	 * Return what a server can choose.
	 * @param offered names of what JSSE sends
	 * @return the cipher suites among them, in the same order
	 */
	static List<String> withoutSignals(List<String> offered) {
		return offered.stream().filter((suite) -> !suite.endsWith(SIGNAL)).toList();
	}

	/**
	 * Ask a server.
	 * @param policy the versions to offer
	 * @param ciphers the cipher suites to offer
	 * @param raw the connected socket; it is closed
	 * @param host the host that the user wrote
	 * @param port the port
	 * @param deadline when it must be over
	 * @return what the server chose
	 * @throws IOException if it chose nothing
	 */
	public static ServerChoice ask(TlsPolicy policy, List<String> ciphers, Socket raw, String host, int port,
			HandshakeDeadline deadline) throws IOException {
		RefusingTrustManager refusing = new RefusingTrustManager();
		deadline.handshakeBegins();
		try (raw;
				SSLSocket socket = (SSLSocket) context(refusing).getSocketFactory()
					.createSocket(raw, host, port, true)) {
			SSLParameters parameters = socket.getSSLParameters();
			parameters.setProtocols(policy.protocols().toArray(String[]::new));
			parameters.setCipherSuites(ciphers.toArray(String[]::new));
			socket.setSSLParameters(parameters);
			socket.startHandshake();
			throw new IOException("The server showed no certificate");
		}
		catch (IOException ex) {
			ServerChoice choice = refusing.choice();
			if (choice == null) {
				throw ex;
			}
			return choice;
		}
		finally {
			deadline.close();
		}
	}

	private static SSLContext context(RefusingTrustManager refusing) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, new TrustManager[] { refusing }, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("This JVM has no TLS", ex);
		}
	}

}
