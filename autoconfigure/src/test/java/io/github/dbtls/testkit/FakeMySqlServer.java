package io.github.dbtls.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A MySQL server inside the JVM that does what no real one does on demand. It lets any
 * user log in, answers what the driver and the pool ask, plays any script of failures,
 * and records every byte, so that a test can prove what did <em>not</em> arrive.
 *
 * <pre class="code">
 * try (FakeMySqlServer server = FakeMySqlServer.tls(identity).closeAfter(Step.SSL_REQUEST).start()) {
 *     // connect to server.jdbcUrl()
 *     server.assertNoLoginReceived();
 * }</pre>
 */
public final class FakeMySqlServer implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Script script;

	private final ServerSocket listener;

	private final List<FakeMySqlConnection> connections = new CopyOnWriteArrayList<>();

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private final Thread acceptThread;

	private volatile SSLContext context;

	private FakeMySqlServer(Script script, SSLContext context, int port) {
		this.script = script;
		this.context = context;
		try {
			this.listener = new RecordingServerSocket(script.drip());
			this.listener.setReuseAddress(true);
			this.listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.acceptThread = startThread("accept", this::accept);
	}

	/**
	 * Begin to describe a server that offers no TLS.
	 * @return a builder
	 */
	public static Builder plain() {
		return new Builder(null, null);
	}

	/**
	 * Begin to describe a server that offers TLS.
	 * @param identity what it shows
	 * @return a builder
	 */
	public static Builder tls(Identity identity) {
		return new Builder(identity, null);
	}

	/**
	 * Begin to describe a server that offers TLS.
	 * @param context the SSL context that it uses
	 * @return a builder
	 */
	public static Builder tls(SSLContext context) {
		return new Builder(null, context);
	}

	/**
	 * Return the name to connect to, {@code localhost}.
	 * @return the name
	 */
	public String host() {
		return "localhost";
	}

	/**
	 * Return the port that this server listens on.
	 * @return the port
	 */
	public int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Return a JDBC URL of this server, without any parameter.
	 * @return the URL, of the database {@code shop}
	 */
	public String jdbcUrl() {
		return "jdbc:mysql://%s:%d/shop".formatted(host(), port());
	}

	/**
	 * Show another identity from the next connection on, as a server does whose
	 * certificate was renewed. No earlier session can be resumed then.
	 * @param identity what to show
	 */
	public void use(Identity identity) {
		this.context = identity.serverContext(this.script.trustedClients().toArray(X509Certificate[]::new));
	}

	/**
	 * Cut all connections off; new ones are welcome.
	 */
	public void disconnectAll() {
		this.connections.forEach(FakeMySqlConnection::disconnect);
	}

	/**
	 * Return all connections since the start, the oldest first.
	 * @return the connections
	 */
	public List<FakeMySqlConnection> connections() {
		return List.copyOf(this.connections);
	}

	/**
	 * Return the number of connections since the start.
	 * @return the number
	 */
	public int connectionCount() {
		return this.connections.size();
	}

	/**
	 * Return the newest connection, and wait for it if there is none yet.
	 * @return the connection
	 */
	public FakeMySqlConnection lastConnection() {
		awaitConnections(1);
		return this.connections.get(this.connections.size() - 1);
	}

	/**
	 * Wait until there have been so many connections since the start.
	 * @param count their number
	 */
	public void awaitConnections(int count) {
		await(() -> this.connections.size() >= count);
		assertThat(this.connections.size()).as("connections to the fake MySQL server").isGreaterThanOrEqualTo(count);
	}

	/**
	 * Assert that the client has closed each of its connections.
	 */
	public void assertAllClosed() {
		awaitEnds();
		assertThat(this.connections).as("connections that the client left open")
			.filteredOn((connection) -> !connection.ended())
			.isEmpty();
	}

	/**
	 * Assert that somebody came, and that nothing of a login arrived: neither in clear
	 * nor inside TLS. Waits until the connections are over, so that nothing can be late.
	 */
	public void assertNoLoginReceived() {
		awaitConnections(1);
		awaitEnds();
		assertThat(this.connections).as("connections with anything of a login")
			.filteredOn((connection) -> connection.loginReceivedInClear() || connection.loginReceivedInTls())
			.isEmpty();
	}

	/**
	 * Assert that nothing of a login arrived in clear.
	 */
	public void assertNoLoginReceivedInClear() {
		awaitConnections(1);
		awaitEnds();
		assertThat(this.connections).as("connections with anything of a login in clear")
			.filteredOn(FakeMySqlConnection::loginReceivedInClear)
			.isEmpty();
	}

	/**
	 * Return whether a text came on any connection, in clear or inside TLS.
	 * @param text the text
	 * @return whether it came
	 */
	public boolean containsBytes(String text) {
		return this.connections.stream().anyMatch((connection) -> connection.containsBytes(text));
	}

	/**
	 * Stop listening, cut all connections off and wait until all threads are gone.
	 */
	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		join(this.acceptThread);
		disconnectAll();
		this.threads.forEach(Thread::interrupt);
		this.threads.forEach(FakeMySqlServer::join);
		assertThat(this.threads).as("threads that the fake MySQL server left behind")
			.filteredOn(Thread::isAlive)
			.isEmpty();
	}

	private static void join(Thread thread) {
		try {
			thread.join(PATIENCE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				WireSocket socket = (WireSocket) this.listener.accept();
				boolean scripted = this.connections.size() < this.script.connections();
				FakeMySqlConnection connection = new FakeMySqlConnection(this.script, this.context, socket, scripted);
				this.connections.add(connection);
				if (this.listener.isClosed()) {
					connection.disconnect();
				}
				startThread("connection-" + this.connections.size(), connection::run);
			}
			catch (IOException ex) {
				// The listener is closed, or a client was gone at once.
			}
		}
	}

	private Thread startThread(String name, Runnable task) {
		Thread thread = new Thread(task, "fake-mysql-" + port() + "-" + name);
		thread.setDaemon(true);
		this.threads.removeIf((other) -> other.getState() == Thread.State.TERMINATED);
		this.threads.add(thread);
		thread.start();
		return thread;
	}

	private void awaitEnds() {
		List<FakeMySqlConnection> known = connections();
		await(() -> known.stream().allMatch(FakeMySqlConnection::ended));
	}

	private static void await(BooleanSupplier condition) {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.getAsBoolean() && System.nanoTime() < end) {
			try {
				TimeUnit.MILLISECONDS.sleep(5);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

	/**
	 * The moments of a conversation at which a script may step in.
	 */
	public enum Step {

		/**
		 * The connection stands, nothing was said.
		 */
		ACCEPT,

		/**
		 * The server's greeting was sent.
		 */
		GREETING,

		/**
		 * The client's request for TLS has come.
		 */
		SSL_REQUEST,

		/**
		 * The client's first message of the TLS handshake has come, and no answer went
		 * out yet.
		 */
		CLIENT_HELLO,

		/**
		 * The TLS handshake is over, as the server sees it.
		 */
		TLS_HANDSHAKE,

		/**
		 * The user's name has come.
		 */
		LOGIN

	}

	/**
	 * Something that the server does at a {@link Step}.
	 */
	@FunctionalInterface
	interface Action {

		void run(FakeMySqlConnection connection) throws IOException;

	}

	/**
	 * How a server behaves.
	 *
	 * @param version the version in its greeting
	 * @param capabilities the capability flags in its greeting
	 * @param protocols the versions of TLS, or none for the JDK's
	 * @param ciphers the cipher suites, or none for the JDK's
	 * @param needClientAuth whether a client must show a certificate
	 * @param wantClientAuth whether a client is asked for a certificate
	 * @param trustedClients the authorities of client certificates
	 * @param status what it says about its own status
	 * @param authentication the authentication plug-in in its greeting
	 * @param behindGreeting what it sends together with its greeting
	 * @param denial the error that answers every login, or {@code null}
	 * @param drip the pause after each byte that it sends
	 * @param connections how many of the first connections meet the actions
	 * @param actionsByStep what happens when
	 */
	record Script(String version, int capabilities, List<String> protocols, List<String> ciphers,
			boolean needClientAuth, boolean wantClientAuth, List<X509Certificate> trustedClients,
			Map<String, String> status, String authentication, byte[] behindGreeting, byte[] denial, Duration drip,
			int connections, Map<Step, List<Action>> actionsByStep) {

		List<Action> actions(Step step) {
			return this.actionsByStep.getOrDefault(step, List.of());
		}

	}

	/**
	 * Describes a server. What is to happen at one step happens in the order of the
	 * calls; where nothing ends the conversation, it goes on as usual.
	 */
	public static final class Builder {

		private final Identity identity;

		private final SSLContext context;

		private final Map<String, String> status = new LinkedHashMap<>();

		private final Map<Step, List<Action>> actions = new EnumMap<>(Step.class);

		private String version = "8.4.0-fake";

		private int capabilities = MySqlPacket.DEFAULT_CAPABILITIES;

		private List<String> protocols = List.of();

		private List<String> ciphers = List.of();

		private boolean needClientAuth;

		private boolean wantClientAuth;

		private String authentication = "caching_sha2_password";

		private List<X509Certificate> trustedClients = List.of();

		private byte[] behindGreeting = new byte[0];

		private byte[] denial;

		private Duration drip = Duration.ZERO;

		private int scriptedConnections = Integer.MAX_VALUE;

		private int port;

		private Builder(Identity identity, SSLContext context) {
			this.identity = identity;
			this.context = context;
			if (identity != null || context != null) {
				this.capabilities |= MySqlPacket.CLIENT_SSL;
			}
		}

		/**
		 * Listen on a certain port, as a server does that comes back.
		 * @param port the port
		 * @return this builder
		 */
		public Builder port(int port) {
			this.port = port;
			return this;
		}

		/**
		 * Set the version in the greeting.
		 * @param version the version
		 * @return this builder
		 */
		public Builder version(String version) {
			this.version = version;
			return this;
		}

		/**
		 * Set the capability flags in the greeting, whatever this server can do.
		 * @param capabilities the flags
		 * @return this builder
		 */
		public Builder capabilities(int capabilities) {
			this.capabilities = capabilities;
			return this;
		}

		/**
		 * Leave the TLS flag out of the greeting, as an attacker in the middle does.
		 * @return this builder
		 */
		public Builder withoutTlsOffer() {
			return capabilities(this.capabilities & ~MySqlPacket.CLIENT_SSL);
		}

		/**
		 * Set the versions of TLS; the JDK no longer speaks 1.1, {@link #tls11Only()}
		 * does.
		 * @param protocols the versions, such as {@code TLSv1.2}
		 * @return this builder
		 */
		public Builder protocols(String... protocols) {
			this.protocols = List.of(protocols);
			return this;
		}

		/**
		 * Set the cipher suites.
		 * @param ciphers their JSSE names
		 * @return this builder
		 */
		public Builder ciphers(String... ciphers) {
			this.ciphers = List.of(ciphers);
			return this;
		}

		/**
		 * Accept only clients that show a certificate.
		 * @param trusted the authorities of those certificates
		 * @return this builder
		 */
		public Builder needClientAuth(X509Certificate... trusted) {
			this.needClientAuth = true;
			this.trustedClients = List.of(trusted);
			return this;
		}

		/**
		 * Ask clients for a certificate, and let those in that have none.
		 * @param trusted the authorities of those certificates
		 * @return this builder
		 */
		public Builder wantClientAuth(X509Certificate... trusted) {
			this.wantClientAuth = true;
			this.trustedClients = List.of(trusted);
			return this;
		}

		/**
		 * Set the authentication plug-in in the greeting.
		 * @param plugin its name, such as {@code mysql_clear_password}
		 * @return this builder
		 */
		public Builder authentication(String plugin) {
			this.authentication = plugin;
			return this;
		}

		/**
		 * Set a row of {@code SHOW SESSION STATUS}; {@code Ssl_version} and
		 * {@code Ssl_cipher} say what was negotiated unless set.
		 * @param name the name of the variable
		 * @param value its value
		 * @return this builder
		 */
		public Builder status(String name, String value) {
			this.status.put(name, value);
			return this;
		}

		/**
		 * Send bytes, whatever they are.
		 * @param step when to send them
		 * @param bytes the bytes
		 * @return this builder
		 */
		public Builder sendAfter(Step step, byte[] bytes) {
			return at(step, (connection) -> connection.sendRaw(bytes));
		}

		/**
		 * Send a text, such as the banner of another protocol.
		 * @param step when to send it
		 * @param text the text
		 * @return this builder
		 */
		public Builder sendAfter(Step step, String text) {
			return sendAfter(step, text.getBytes(StandardCharsets.UTF_8));
		}

		/**
		 * Send bytes over the wire, beside the TLS that may run there.
		 * @param step when to send them
		 * @param bytes the bytes
		 * @return this builder
		 */
		public Builder sendOnWireAfter(Step step, byte[] bytes) {
			return at(step, (connection) -> connection.sendOnWire(bytes));
		}

		/**
		 * Send the same bytes over the wire again and again, until the client goes away.
		 * @param step when to begin
		 * @param bytes the bytes
		 * @return this builder
		 */
		public Builder floodAfter(Step step, byte[] bytes) {
			return at(step, (connection) -> connection.flood(bytes));
		}

		/**
		 * Send a packet of MySQL's protocol that is numbered as the client expects it.
		 * @param step when to send it
		 * @param payload what is in it
		 * @return this builder
		 */
		public Builder packetAfter(Step step, byte[] payload) {
			return at(step, (connection) -> connection.send(payload));
		}

		/**
		 * Answer the client's first message of the TLS handshake by hand.
		 * @param answer makes records out of the client's record
		 * @return this builder
		 */
		public Builder answerHello(UnaryOperator<byte[]> answer) {
			return at(Step.CLIENT_HELLO, (connection) -> connection.sendRaw(answer.apply(connection.clientHello())));
		}

		/**
		 * Ask for another handshake inside TLS, which 1.2 still has.
		 * @param step when to ask, after the first handshake
		 * @return this builder
		 */
		public Builder renegotiateAfter(Step step) {
			return at(step, FakeMySqlConnection::renegotiate);
		}

		/**
		 * Send bytes in one piece with the greeting, as an attacker does who hopes that
		 * they are taken for the server's answer inside TLS.
		 * @param bytes the bytes
		 * @return this builder
		 */
		public Builder sendWithGreeting(byte[] bytes) {
			this.behindGreeting = bytes;
			return this;
		}

		/**
		 * Greet once more.
		 * @param step when to do it
		 * @return this builder
		 */
		public Builder greetAfter(Step step) {
			return at(step, (connection) -> connection.send(connection.greeting()));
		}

		/**
		 * Send an error packet.
		 * @param step when to send it
		 * @param code the error code
		 * @param sqlState the SQL state, or {@code null} to leave it out
		 * @param message the message
		 * @return this builder
		 */
		public Builder errorAfter(Step step, int code, String sqlState, String message) {
			return at(step, (connection) -> connection.send(MySqlPacket.error(code, sqlState, message)));
		}

		/**
		 * Close the connection in good order.
		 * @param step when to do it
		 * @return this builder
		 */
		public Builder closeAfter(Step step) {
			return at(step, FakeMySqlConnection::end);
		}

		/**
		 * Reset the connection.
		 * @param step when to do it
		 * @return this builder
		 */
		public Builder resetAfter(Step step) {
			return at(step, FakeMySqlConnection::reset);
		}

		/**
		 * Say nothing more until the client goes away.
		 * @param step when to fall silent
		 * @return this builder
		 */
		public Builder stallAfter(Step step) {
			return at(step, FakeMySqlConnection::stall);
		}

		/**
		 * Refuse the connection with an error packet instead of a greeting.
		 * @param code the error code, such as 1040 or 1129
		 * @param sqlState the SQL state, or {@code null} to leave it out
		 * @param message the message
		 * @return this builder
		 */
		public Builder refuse(int code, String sqlState, String message) {
			return errorAfter(Step.ACCEPT, code, sqlState, message).closeAfter(Step.ACCEPT);
		}

		/**
		 * Refuse every login, after the password was sent.
		 * @param code the error code, such as 1045
		 * @param sqlState the SQL state
		 * @param message the message
		 * @return this builder
		 */
		public Builder denyLogin(int code, String sqlState, String message) {
			this.denial = MySqlPacket.error(code, sqlState, message);
			return this;
		}

		/**
		 * Answer the TLS handshake with a fatal alert.
		 * @param description its number, such as {@link TlsRecords#HANDSHAKE_FAILURE}
		 * @return this builder
		 */
		public Builder alert(int description) {
			return sendAfter(Step.CLIENT_HELLO, TlsRecords.alert(description)).closeAfter(Step.CLIENT_HELLO);
		}

		/**
		 * Speak no TLS newer than 1.1: choose it, as old servers do, and wait.
		 * @return this builder
		 */
		public Builder tls11Only() {
			return sendAfter(Step.CLIENT_HELLO, TlsRecords.tls11ServerHello()).stallAfter(Step.CLIENT_HELLO);
		}

		/**
		 * Wait after each byte that is sent, in clear or inside TLS.
		 * @param pause the time to wait
		 * @return this builder
		 */
		public Builder drip(Duration pause) {
			this.drip = pause;
			return this;
		}

		/**
		 * Play the steps only for the first connections; later ones go as usual.
		 * @param connections how many they are
		 * @return this builder
		 */
		public Builder onlyFirst(int connections) {
			this.scriptedConnections = connections;
			return this;
		}

		/**
		 * Start the server.
		 * @return the server, to be closed
		 */
		public FakeMySqlServer start() {
			Script script = new Script(this.version, this.capabilities, this.protocols, this.ciphers,
					this.needClientAuth, this.wantClientAuth, this.trustedClients, Map.copyOf(this.status),
					this.authentication, this.behindGreeting, this.denial, this.drip, this.scriptedConnections,
					this.actions);
			SSLContext context = (this.identity != null)
					? this.identity.serverContext(this.trustedClients.toArray(X509Certificate[]::new)) : this.context;
			return new FakeMySqlServer(script, context, this.port);
		}

		private Builder at(Step step, Action action) {
			this.actions.computeIfAbsent(step, (key) -> new ArrayList<>()).add(action);
			return this;
		}

	}

	private static final class RecordingServerSocket extends ServerSocket {

		private final Duration drip;

		private RecordingServerSocket(Duration drip) throws IOException {
			this.drip = drip;
		}

		@Override
		public Socket accept() throws IOException {
			WireSocket socket = new WireSocket(this.drip);
			implAccept(socket);
			return socket;
		}

	}

}
