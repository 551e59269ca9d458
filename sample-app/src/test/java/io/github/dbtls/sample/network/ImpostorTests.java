package io.github.dbtls.sample.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import io.github.dbtls.sample.pki.Hierarchy;
import io.github.dbtls.sample.pki.ServerCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Impostor}.
 */
@Timeout(30)
class ImpostorTests {

	private static final byte[] GREETING = { 1, 0, 0, 0, 10 };

	@Test
	void showsAnotherCertificateAndGoesOnCounting() throws Exception {
		Hierarchy hierarchy = Hierarchy.create();
		ServerCertificate before = hierarchy.issueForOtherName();
		ServerCertificate after = hierarchy.next().issueForOtherName();
		Impostor impostor = new Impostor(before, hierarchy::root);
		try (ServerSocket database = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				Gate gate = new Gate()) {
			greetEachOn(database);
			impostor.follow(database.getLocalPort());
			gate.open(impostor);
			assertThat(shown(gate.port())).isEqualTo(before.chain().get(0));
			impostor.show(after);
			assertThat(shown(gate.port())).isEqualTo(after.chain().get(0));
		}
		assertThat(impostor.attempts()).isEqualTo(2);
	}

	private static X509Certificate shown(int port) throws IOException, GeneralSecurityException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { new Careless() }, null);
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			assertThat(socket.getInputStream().readNBytes(GREETING.length)).isEqualTo(GREETING);
			// A request for TLS: 32 bytes, and the capability in the second of them.
			byte[] request = new byte[36];
			request[0] = 32;
			request[3] = 1;
			request[5] = 0x08;
			socket.getOutputStream().write(request);
			try (SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", port, true)) {
				tls.startHandshake();
				return (X509Certificate) tls.getSession().getPeerCertificates()[0];
			}
		}
	}

	private static void greetEachOn(ServerSocket database) {
		Thread thread = new Thread(() -> {
			while (!database.isClosed()) {
				try {
					database.accept().getOutputStream().write(GREETING);
				}
				catch (IOException ex) {
					// The test has ended.
				}
			}
		}, "greeter");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Takes anybody for the database, as sslMode=REQUIRED does.
	 */
	private static final class Careless implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
