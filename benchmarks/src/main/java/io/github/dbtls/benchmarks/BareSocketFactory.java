package io.github.dbtls.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketConnection;
import com.mysql.cj.protocol.StandardSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The least that Java needs for TLS with MySQL: one shared SSL context, JSSE's own trust
 * manager and host check, and nothing else. It is what dbtls could be at best, and no
 * more than a yardstick. The driver loads it by name.
 */
public final class BareSocketFactory extends StandardSocketFactory {

	/** The driver setting that names the SSL context. */
	static final String CONTEXT = "benchmarksContext";

	private static final Map<String, Shared> contexts = new ConcurrentHashMap<>();

	private static final ThreadLocal<@Nullable Meter> handshakeMeter = new ThreadLocal<>();

	private @Nullable Shared shared;

	private String hostname = "";

	private int portNumber;

	private boolean resumed;

	static void register(String id, SSLContext context, String protocol) {
		contexts.put(id, new Shared(context, protocol));
	}

	/**
	 * Have the next handshakes of this thread measured, and nothing but them.
	 * @param meter the meter, or {@code null} to measure none
	 */
	static void measureHandshakes(@Nullable Meter meter) {
		handshakeMeter.set(meter);
	}

	@Override
	public <T extends Closeable> T connect(String hostname, int portNumber, PropertySet pset, int loginTimeout)
			throws IOException {
		this.shared = contexts.get(pset.getStringProperty(CONTEXT).getValue());
		this.hostname = hostname;
		this.portNumber = portNumber;
		return super.connect(hostname, portNumber, pset, loginTimeout);
	}

	@Override
	public <T extends Closeable> T performTlsHandshake(SocketConnection socketConnection, ServerSession serverSession)
			throws IOException {
		return performTlsHandshake(socketConnection, serverSession, null);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T extends Closeable> T performTlsHandshake(SocketConnection socketConnection, ServerSession serverSession,
			@Nullable Log log) throws IOException {
		Meter meter = handshakeMeter.get();
		if (meter != null) {
			meter.start();
		}
		Shared shared = Objects.requireNonNull(this.shared);
		long start = System.currentTimeMillis();
		SSLSocket socket = (SSLSocket) shared.context()
			.getSocketFactory()
			.createSocket(this.rawSocket, this.hostname, this.portNumber, true);
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setProtocols(new String[] { shared.protocol() });
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		socket.setSSLParameters(parameters);
		socket.startHandshake();
		this.resumed = socket.getSession().getCreationTime() < start;
		this.sslSocket = socket;
		if (meter != null) {
			meter.stop();
			meter.count(1, this.resumed ? 1 : 0);
		}
		return (T) socket;
	}

	boolean isResumed() {
		return this.resumed;
	}

	private record Shared(SSLContext context, String protocol) {

	}

}
