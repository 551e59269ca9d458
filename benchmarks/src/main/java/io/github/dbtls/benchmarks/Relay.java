package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a client and a server: every byte takes a while in each direction, as
 * between regions, or all connections are cut off at once, as when a server goes down.
 */
final class Relay implements AutoCloseable {

	private static final int SIZE = 16 * 1024;

	private final Server server;

	private final Duration delay;

	private final ServerSocket listener;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	Relay(Server server, Duration delay) throws IOException {
		this.server = server;
		this.delay = delay;
		this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
		start(this::accept);
	}

	int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Cut off all connections; new ones are welcome.
	 */
	void dropAll() {
		for (Socket socket : this.sockets) {
			drop(socket);
		}
	}

	private void drop(Socket socket) {
		this.sockets.remove(socket);
		try (socket) {
			// A reset, as of a server that is gone.
			socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// It is closed already.
		}
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket client = this.listener.accept();
				start(() -> connect(client));
			}
			catch (IOException ex) {
				// The listener is closed.
			}
		}
	}

	private void connect(Socket client) {
		try {
			// The server hears of a connection when the client's third packet is there.
			TimeUnit.NANOSECONDS.sleep(3 * this.delay.toNanos());
			Socket upstream = new Socket(this.server.host(), this.server.port());
			client.setTcpNoDelay(true);
			upstream.setTcpNoDelay(true);
			this.sockets.add(client);
			this.sockets.add(upstream);
			pump(client, upstream);
			pump(upstream, client);
		}
		catch (IOException ex) {
			drop(client);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void pump(Socket from, Socket to) throws IOException {
		InputStream input = from.getInputStream();
		OutputStream output = to.getOutputStream();
		BlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();
		start(() -> {
			byte[] buffer = new byte[SIZE];
			int length = 0;
			while (length != -1) {
				length = read(input, buffer);
				chunks.add(new Chunk(System.nanoTime() + this.delay.toNanos(),
						(length != -1) ? Arrays.copyOf(buffer, length) : new byte[0]));
			}
		});
		start(() -> {
			try {
				for (Chunk chunk = chunks.take(); chunk.bytes().length > 0; chunk = chunks.take()) {
					TimeUnit.NANOSECONDS.sleep(chunk.due() - System.nanoTime());
					output.write(chunk.bytes());
				}
			}
			catch (IOException ex) {
				// The other side is gone.
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			drop(from);
			drop(to);
		});
	}

	private static int read(InputStream input, byte[] buffer) {
		try {
			return input.read(buffer);
		}
		catch (IOException ex) {
			return -1;
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "relay");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		dropAll();
	}

	private record Chunk(long due, byte[] bytes) {

	}

}
