package io.github.dbtls.sample.network;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import io.github.dbtls.sample.pki.ServerCertificate;

/**
 * Somebody in the middle. He passes on the greeting of the real database, answers the
 * application's request for TLS himself, and has a TLS connection of his own to the
 * database: an application that does not look closely works as always, and he reads all
 * of it, login included.
 */
public final class Impostor implements Route {

	private static final String HOST = "localhost";

	/** How long he waits for either side before the login. */
	private static final int PATIENCE = 30_000;

	private volatile SSLContext server;

	private final Supplier<X509Certificate> root;

	private volatile int port;

	private final AtomicLong attempts = new AtomicLong();

	private final AtomicLong bytesSeen = new AtomicLong();

	/**
	 * Create an impostor.
	 * @param certificate what he shows to the application
	 * @param root returns what he verifies the real database with
	 */
	public Impostor(ServerCertificate certificate, Supplier<X509Certificate> root) {
		this.server = serverContext(certificate);
		this.root = root;
	}

	/**
	 * Show another certificate from now on.
	 * @param certificate what he shows to the application
	 */
	public void show(ServerCertificate certificate) {
		this.server = serverContext(certificate);
	}

	/**
	 * Follow the real database.
	 * @param port its port
	 */
	public void follow(int port) {
		this.port = port;
	}

	/**
	 * Return how often somebody connected.
	 * @return the number of connections
	 */
	public long attempts() {
		return this.attempts.get();
	}

	/**
	 * Return how much the application gave away.
	 * @return bytes of plain text of the application that he could read
	 */
	public long bytesSeen() {
		return this.bytesSeen.get();
	}

	@Override
	public void serve(Socket client, Line line) throws IOException {
		this.attempts.incrementAndGet();
		client.setSoTimeout(PATIENCE);
		Socket database = line.connect(this.port);
		database.setSoTimeout(PATIENCE);
		client.getOutputStream().write(MySqlPacket.read(database.getInputStream()).bytes());
		MySqlPacket answer = MySqlPacket.read(client.getInputStream());
		if (answer.isTlsRequest()) {
			SSLSocket victim = line.add(asServer(client));
			// Ends here if the application does not take him for the database.
			victim.startHandshake();
			database.getOutputStream().write(answer.bytes());
			SSLSocket source = line.add(asClient(database));
			source.startHandshake();
			relay(victim, source, line);
		}
		else {
			count(answer.bytes().length);
			database.getOutputStream().write(answer.bytes());
			relay(client, database, line);
		}
	}

	private void relay(Socket client, Socket database, Line line) throws IOException {
		// From now on the application may be silent for as long as it likes.
		client.setSoTimeout(0);
		database.setSoTimeout(0);
		line.relay(client, database, this::count);
	}

	private void count(int bytes) {
		this.bytesSeen.addAndGet(bytes);
	}

	private SSLSocket asServer(Socket client) throws IOException {
		SSLSocket socket = (SSLSocket) this.server.getSocketFactory()
			.createSocket(client, HOST, client.getPort(), true);
		socket.setUseClientMode(false);
		return socket;
	}

	private SSLSocket asClient(Socket database) throws IOException {
		SSLSocket socket = (SSLSocket) clientContext(this.root.get()).getSocketFactory()
			.createSocket(database, HOST, this.port, true);
		// A careful thief: he does not want to be fooled himself.
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		socket.setSSLParameters(parameters);
		return socket;
	}

	private static SSLContext serverContext(ServerCertificate certificate) {
		try {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			store.setKeyEntry("server", certificate.privateKey(), new char[0],
					certificate.chain().toArray(X509Certificate[]::new));
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(store, new char[0]);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys.getKeyManagers(), null, null);
			return context;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException("Unable to use a certificate", ex);
		}
	}

	private static SSLContext clientContext(X509Certificate root) throws IOException {
		try {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			store.setCertificateEntry("root", root);
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(store);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, trust.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to use a root", ex);
		}
	}

}
