package io.github.dbtls.sample.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Address of the database as the application knows it. What is behind can stop, start and
 * change; the port stays, and refuses connections while the gate is shut.
 */
public final class Gate implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(Gate.class);

	/** Far more than a pool makes; whoever makes more is hung up on. */
	private static final int MOST_LINES = 64;

	private final Set<Line> lines = ConcurrentHashMap.newKeySet();

	private final boolean shared;

	private final int port;

	private @Nullable ServerSocket listener;

	private @Nullable Thread acceptor;

	/** Keeps others from taking the port while the gate is shut. */
	private @Nullable Socket reservation;

	private boolean closed;

	private volatile @Nullable Route route;

	/**
	 * Take a free port, and refuse connections for the time being.
	 */
	public Gate() {
		this(true);
	}

	/**
	 * Take a free port, and refuse connections for the time being.
	 * @param shared whether to listen beside the reservation where the system lets us, as
	 * Linux does and others do not
	 */
	Gate(boolean shared) {
		this.shared = shared;
		try {
			Socket reservation = reserve(0);
			this.port = reservation.getLocalPort();
			this.reservation = reservation;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Unable to get a port", ex);
		}
	}

	/**
	 * Return the port.
	 * @return the port on the loopback address
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Take connections. Those that are there go on as they are.
	 * @param route where new ones go
	 */
	public synchronized void open(Route route) {
		Assert.state(!this.closed, "The gate is closed for good");
		this.route = route;
		if (this.listener != null) {
			return;
		}
		try {
			ServerSocket listener = listen();
			this.listener = listener;
			release();
			this.acceptor = start(() -> accept(listener), "gate");
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Unable to listen on port " + this.port, ex);
		}
	}

	/**
	 * Return the connections that are there.
	 * @return a copy
	 */
	public Collection<Line> lines() {
		return List.copyOf(this.lines);
	}

	/**
	 * Return whether one of some connections is still there.
	 * @param some the connections
	 * @return whether there is one
	 */
	public boolean hasAnyOf(Collection<Line> some) {
		return !Collections.disjoint(this.lines, some);
	}

	/**
	 * Refuse connections from now on, and hang up on those that are there.
	 */
	public synchronized void shut() {
		ServerSocket listener = this.listener;
		this.listener = null;
		if (listener != null) {
			closeQuietly(listener);
			// The port takes connections as long as the thread waits for one.
			awaitEnd(this.acceptor);
			keep();
		}
		this.lines.forEach(Line::close);
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		shut();
		release();
	}

	private static InetSocketAddress address(int port) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	private ServerSocket listen() throws IOException {
		try {
			return listenOnce();
		}
		catch (BindException ex) {
			// Not beside the reservation, as on macOS and Windows.
			release();
			return listenOnce();
		}
	}

	private ServerSocket listenOnce() throws IOException {
		ServerSocket listener = new ServerSocket();
		try {
			listener.setReuseAddress(true);
			listener.bind(address(this.port));
			return listener;
		}
		catch (IOException ex) {
			closeQuietly(listener);
			throw ex;
		}
	}

	private void keep() {
		try {
			this.reservation = reserve(this.port);
		}
		catch (IOException ex) {
			logger.debug("Port %d cannot be kept".formatted(this.port), ex);
		}
	}

	private Socket reserve(int port) throws IOException {
		Socket reservation = new Socket();
		try {
			// Bound, but listening to nobody: a connection to it is refused.
			reservation.setReuseAddress(this.shared);
			reservation.bind(address(port));
			return reservation;
		}
		catch (IOException ex) {
			closeQuietly(reservation);
			throw ex;
		}
	}

	private void release() {
		if (this.reservation != null) {
			closeQuietly(this.reservation);
			this.reservation = null;
		}
	}

	private void accept(ServerSocket listener) {
		while (!listener.isClosed()) {
			try {
				serve(listener, listener.accept());
			}
			catch (IOException ex) {
				logger.debug("No connection on port %d".formatted(this.port), ex);
				pause();
			}
		}
	}

	private void serve(ServerSocket listener, Socket client) throws IOException {
		client.setTcpNoDelay(true);
		Line line = new Line(client);
		this.lines.add(line);
		// One that was accepted while the gate was being shut is not missed.
		if (listener.isClosed() || this.lines.size() > MOST_LINES) {
			this.lines.remove(line);
			line.close();
			return;
		}
		start(() -> serve(line, client), "gate-line");
	}

	private void serve(Line line, Socket client) {
		Route route = this.route;
		try (line) {
			if (route != null) {
				route.serve(client, line);
			}
		}
		catch (IOException ex) {
			logger.debug("A connection through port %d ended".formatted(this.port), ex);
		}
		catch (RuntimeException ex) {
			logger.warn("A connection through port %d failed".formatted(this.port), ex);
		}
		finally {
			this.lines.remove(line);
		}
	}

	/**
	 * Wait a moment, as one failure may be followed by the next, such as when there are
	 * too many open files.
	 */
	private static void pause() {
		try {
			Thread.sleep(10);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Thread start(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private static void awaitEnd(@Nullable Thread thread) {
		if (thread != null) {
			try {
				thread.join(5000);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private static void closeQuietly(AutoCloseable closeable) {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			logger.debug("It is of no use any more", ex);
		}
	}

}
