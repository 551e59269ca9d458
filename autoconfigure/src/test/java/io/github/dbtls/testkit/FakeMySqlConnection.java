package io.github.dbtls.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One connection to a {@link FakeMySqlServer}: plays the server's part and records all
 * that the client did.
 */
public final class FakeMySqlConnection {

	private static final Duration LAST_WORDS = Duration.ofSeconds(5);

	private final FakeMySqlServer.Script script;

	private final SSLContext context;

	private final WireSocket socket;

	private final WireSocket.Recording received;

	private final WireSocket.Recording sent;

	private final WireSocket.Recording decrypted = new WireSocket.Recording();

	private final List<String> queries = new CopyOnWriteArrayList<>();

	private final CountDownLatch ended = new CountDownLatch(1);

	private final boolean scripted;

	private InputStream input;

	private OutputStream output;

	private OutputStream wire;

	private byte[] clientHello = new byte[0];

	private SSLSocket tls;

	private int sequence;

	private volatile int receivedBeforeTls = -1;

	private volatile int sentBeforeTls;

	private volatile boolean sslRequested;

	private volatile SSLSession session;

	private volatile MySqlPacket.Login login;

	private volatile String password;

	private volatile IOException failure;

	FakeMySqlConnection(FakeMySqlServer.Script script, SSLContext context, WireSocket socket, boolean scripted)
			throws IOException {
		this.script = script;
		this.context = context;
		this.socket = socket;
		this.received = socket.received();
		this.sent = socket.sent();
		this.scripted = scripted;
		socket.setTcpNoDelay(true);
	}

	/**
	 * Return whether the client asked for TLS.
	 * @return whether an SSLRequest came
	 */
	public boolean sslRequested() {
		return this.sslRequested;
	}

	/**
	 * Return whether the TLS handshake was completed, as the server sees it: with TLS 1.3
	 * it may see that before the client refuses it.
	 * @return whether there is a TLS session
	 */
	public boolean encrypted() {
		return this.session != null;
	}

	/**
	 * Return the version of TLS that was negotiated.
	 * @return the version, or {@code null} if there was no handshake
	 */
	public String protocol() {
		SSLSession session = this.session;
		return (session != null) ? session.getProtocol() : null;
	}

	/**
	 * Return the cipher suite that was negotiated.
	 * @return the cipher suite, or {@code null} if there was no handshake
	 */
	public String cipher() {
		SSLSession session = this.session;
		return (session != null) ? session.getCipherSuite() : null;
	}

	/**
	 * Return whether an earlier TLS session was resumed, read from what went over the
	 * wire.
	 * @return whether it was resumed
	 */
	public boolean resumed() {
		return encrypted() && TlsRecords.isResumed(this.sent.from(this.sentBeforeTls));
	}

	/**
	 * Return the names that the client asked for, even if the handshake failed.
	 * @return the names in the server name indication
	 */
	public List<String> serverNames() {
		int start = this.receivedBeforeTls;
		return (start >= 0) ? TlsRecords.serverNames(this.received.from(start)) : List.of();
	}

	/**
	 * Return the certificates that the client showed.
	 * @return the certificates
	 */
	public List<X509Certificate> clientCertificates() {
		try {
			SSLSession session = this.session;
			return (session != null)
					? List.of(session.getPeerCertificates()).stream().map(X509Certificate.class::cast).toList()
					: List.of();
		}
		catch (SSLException ex) {
			return List.of();
		}
	}

	/**
	 * Return the user that logged in.
	 * @return the name, or {@code null} if nobody did
	 */
	public String user() {
		MySqlPacket.Login login = this.login;
		return (login != null) ? login.user() : null;
	}

	/**
	 * Return the database that the user wanted.
	 * @return the name, or {@code null} if nobody logged in
	 */
	public String database() {
		MySqlPacket.Login login = this.login;
		return (login != null) ? login.database() : null;
	}

	/**
	 * Return the password, which a client sends inside TLS because this server always
	 * asks for it there.
	 * @return the password, or {@code null} if none was sent
	 */
	public String password() {
		return this.password;
	}

	/**
	 * Return the statements that the client sent.
	 * @return the statements
	 */
	public List<String> queries() {
		return List.copyOf(this.queries);
	}

	/**
	 * Return what ended the conversation: the alert of a client, or only its broken pipe
	 * where the server was still writing.
	 * @return the failure, or {@code null} if there was none
	 */
	public IOException failure() {
		return this.failure;
	}

	/**
	 * Return all that came over the wire, TLS records included.
	 * @return the bytes
	 */
	public byte[] receivedBytes() {
		return this.received.from(0);
	}

	/**
	 * Return all that came inside TLS.
	 * @return the bytes
	 */
	public byte[] decryptedBytes() {
		return this.decrypted.from(0);
	}

	/**
	 * Return whether a text came, over the wire in clear or inside TLS.
	 * @param text the text
	 * @return whether it came
	 */
	public boolean containsBytes(String text) {
		return this.received.contains(text) || this.decrypted.contains(text);
	}

	/**
	 * Return whether anything of a login came in clear: anything at all but the request
	 * for TLS, the TLS that follows it, and a good-bye.
	 * @return whether it came
	 */
	public boolean loginReceivedInClear() {
		byte[] bytes = receivedBytes();
		int position = 0;
		boolean tlsMayFollow = false;
		while (position < bytes.length) {
			if (tlsMayFollow && TlsRecords.isTls(bytes, position)) {
				return false;
			}
			if (position + 4 > bytes.length) {
				return true;
			}
			int length = (bytes[position] & 0xff) | (bytes[position + 1] & 0xff) << 8
					| (bytes[position + 2] & 0xff) << 16;
			int end = position + 4 + length;
			if (end > bytes.length) {
				return true;
			}
			byte[] payload = Arrays.copyOfRange(bytes, position + 4, end);
			boolean quit = length == 1 && payload[0] == 1;
			tlsMayFollow = tlsMayFollow || MySqlPacket.isSslRequest(payload);
			if (!quit && !MySqlPacket.isSslRequest(payload)) {
				return true;
			}
			position = end;
		}
		return false;
	}

	/**
	 * Return whether anything of a login came inside TLS: the first thing that a client
	 * says there is a login, so anything at all.
	 * @return whether it came
	 */
	public boolean loginReceivedInTls() {
		return this.decrypted.size() != 0;
	}

	/**
	 * Return whether this connection is over, and so everything recorded.
	 * @return whether it is over
	 */
	public boolean ended() {
		return this.ended.getCount() == 0;
	}

	/**
	 * Wait until this connection is over, but not for ever.
	 * @param time the time to wait at most
	 * @return whether it is over
	 */
	public boolean awaitEnd(Duration time) {
		try {
			return this.ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return ended();
		}
	}

	/**
	 * Cut this connection off, as a server does that goes down.
	 */
	public void disconnect() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// It is gone either way.
		}
	}

	@Override
	public String toString() {
		return "FakeMySqlConnection[sslRequested=%s, protocol=%s, cipher=%s, user=%s, failure=%s]"
			.formatted(this.sslRequested, protocol(), cipher(), user(), this.failure);
	}

	void run() {
		try (WireSocket wireSocket = this.socket) {
			this.input = wireSocket.getInputStream();
			this.output = wireSocket.getOutputStream();
			this.wire = this.output;
			InputStream wire = this.input;
			try {
				converse();
			}
			catch (EndOfScript | EOFException ex) {
				// It ended as it should.
			}
			catch (IOException ex) {
				this.failure = ex;
				listen(wire, LAST_WORDS);
			}
			catch (RuntimeException ex) {
				this.failure = new IOException("FakeMySqlServer did not understand the client", ex);
			}
		}
		catch (IOException ex) {
			this.failure = (this.failure != null) ? this.failure : ex;
		}
		finally {
			this.ended.countDown();
		}
	}

	private void converse() throws IOException {
		after(FakeMySqlServer.Step.ACCEPT);
		ByteArrayOutputStream greeting = new ByteArrayOutputStream();
		greeting.writeBytes(MySqlPacket.framed(greeting(), 0));
		greeting.writeBytes(this.scripted ? this.script.behindGreeting() : new byte[0]);
		sendRaw(greeting.toByteArray());
		after(FakeMySqlServer.Step.GREETING);
		byte[] payload = read();
		if (MySqlPacket.isSslRequest(payload)) {
			this.sslRequested = true;
			after(FakeMySqlServer.Step.SSL_REQUEST);
			startTls();
			after(FakeMySqlServer.Step.TLS_HANDSHAKE);
			payload = read();
		}
		this.login = MySqlPacket.login(payload);
		after(FakeMySqlServer.Step.LOGIN);
		authenticate();
		FakeQueries answers = new FakeQueries(this.script.version(), this.script.status());
		while (true) {
			command(read(), answers);
		}
	}

	private void authenticate() throws IOException {
		if (this.session != null) {
			send(new byte[] { 1, 4 });
			byte[] answer = read();
			this.password = new String(answer, 0, Math.max(0, answer.length - 1), StandardCharsets.UTF_8);
		}
		else {
			send(new byte[] { 1, 3 });
		}
		if (this.script.denial() != null) {
			send(this.script.denial());
			end();
		}
		send(MySqlPacket.ok());
	}

	private void command(byte[] payload, FakeQueries answers) throws IOException {
		String text = new String(payload, 1, payload.length - 1, StandardCharsets.UTF_8);
		switch (payload[0]) {
			case 1 -> throw new EndOfScript();
			case 2, 14, 27, 31 -> send(MySqlPacket.ok());
			case 3 -> {
				this.queries.add(text);
				for (byte[] answer : answers.answer(text, this.session)) {
					send(answer);
				}
			}
			default -> send(MySqlPacket.error(1047, "08S01", "FakeMySqlServer has no command " + payload[0]));
		}
	}

	private void startTls() throws IOException {
		this.receivedBeforeTls = this.received.size();
		this.sentBeforeTls = this.sent.size();
		this.clientHello = readRecord();
		after(FakeMySqlServer.Step.CLIENT_HELLO);
		SSLSocket tls = (SSLSocket) this.context.getSocketFactory()
			.createSocket(this.socket, new ByteArrayInputStream(this.clientHello), false);
		tls.setUseClientMode(false);
		SSLParameters parameters = tls.getSSLParameters();
		if (!this.script.protocols().isEmpty()) {
			parameters.setProtocols(this.script.protocols().toArray(String[]::new));
		}
		if (!this.script.ciphers().isEmpty()) {
			parameters.setCipherSuites(this.script.ciphers().toArray(String[]::new));
		}
		if (this.script.wantClientAuth()) {
			parameters.setWantClientAuth(true);
		}
		else {
			parameters.setNeedClientAuth(this.script.needClientAuth());
		}
		tls.setSSLParameters(parameters);
		tls.startHandshake();
		this.tls = tls;
		this.session = tls.getSession();
		this.input = new WireSocket.RecordingInput(tls.getInputStream(), this.decrypted);
		this.output = tls.getOutputStream();
	}

	private void after(FakeMySqlServer.Step step) throws IOException {
		if (this.scripted) {
			for (FakeMySqlServer.Action action : this.script.actions(step)) {
				action.run(this);
			}
		}
	}

	byte[] greeting() {
		return MySqlPacket.greeting(this.script.version(), this.script.capabilities(), this.script.authentication());
	}

	void send(byte[] payload) throws IOException {
		sendRaw(MySqlPacket.framed(payload, this.sequence++));
	}

	void sendRaw(byte[] bytes) throws IOException {
		this.output.write(bytes);
		this.output.flush();
	}

	void sendOnWire(byte[] bytes) throws IOException {
		this.wire.write(bytes);
		this.wire.flush();
	}

	void flood(byte[] bytes) throws IOException {
		while (!this.socket.isClosed()) {
			sendOnWire(bytes);
			// Enough to be a flood for the client, and not for the machine.
			LockSupport.parkNanos(1_000_000);
		}
		throw new EndOfScript();
	}

	byte[] clientHello() {
		return this.clientHello;
	}

	void renegotiate() throws IOException {
		// The session that there is would be resumed and no certificate shown, if its
		// cipher suite could be used again.
		String used = this.tls.getSession().getCipherSuite();
		this.tls.setEnabledCipherSuites(Arrays.stream(this.tls.getEnabledCipherSuites())
			.filter((suite) -> !suite.equals(used))
			.toArray(String[]::new));
		this.tls.startHandshake();
	}

	/**
	 * Hear what the client says until it goes away, and answer nothing.
	 */
	void stall() throws IOException {
		listen(this.input, Duration.ZERO);
		throw new EndOfScript();
	}

	/**
	 * Say nothing more. The client sees the end at once; its last words are still heard.
	 */
	void end() throws IOException {
		this.socket.shutdownOutput();
		listen(this.input, LAST_WORDS);
		throw new EndOfScript();
	}

	void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
		throw new EndOfScript();
	}

	private void listen(InputStream input, Duration time) {
		try {
			this.socket.setSoTimeout((int) time.toMillis());
			byte[] buffer = new byte[1024];
			while (input.read(buffer) >= 0) {
				// The stream records it.
			}
		}
		catch (IOException ex) {
			// The client is gone, or has nothing more to say.
		}
	}

	private byte[] read() throws IOException {
		byte[] header = readFully(4);
		this.sequence = (header[3] & 0xff) + 1;
		return readFully((header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16);
	}

	private byte[] readRecord() throws IOException {
		byte[] header = readFully(5);
		if (!TlsRecords.isTls(header, 0)) {
			throw new IOException("The client does not speak TLS after its request for it");
		}
		byte[] body = readFully((header[3] & 0xff) << 8 | (header[4] & 0xff));
		ByteArrayOutputStream record = new ByteArrayOutputStream();
		record.writeBytes(header);
		record.writeBytes(body);
		return record.toByteArray();
	}

	private byte[] readFully(int length) throws IOException {
		byte[] bytes = this.input.readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException();
		}
		return bytes;
	}

	/**
	 * Ends a conversation that went as planned.
	 */
	private static final class EndOfScript extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private EndOfScript() {
			super(null, null, false, false);
		}

	}

}
