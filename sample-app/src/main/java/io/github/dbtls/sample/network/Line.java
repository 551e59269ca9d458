package io.github.dbtls.sample.network;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * One connection through the {@link Gate}, with all sockets that belong to it. It has two
 * threads at most: the caller's carries what the application says, a second one what the
 * database says.
 */
public final class Line implements Closeable {

	private static final int BUFFER_SIZE = 16 * 1024;

	/** Guarded by this. */
	private final List<Socket> sockets = new ArrayList<>();

	private boolean closed;

	Line(Socket client) {
		this.sockets.add(client);
	}

	/**
	 * Connect to the database.
	 * @param port its port
	 * @return the connection, which ends with this line
	 * @throws IOException if it does not answer
	 */
	Socket connect(int port) throws IOException {
		return add(new Socket(InetAddress.getLoopbackAddress(), port));
	}

	/**
	 * Let a socket end with this line.
	 * @param <S> type of the socket
	 * @param socket the socket
	 * @return the same
	 * @throws IOException if the line has ended meanwhile
	 */
	synchronized <S extends Socket> S add(S socket) throws IOException {
		if (this.closed) {
			socket.close();
			throw new IOException("The line has ended");
		}
		socket.setTcpNoDelay(true);
		this.sockets.add(socket);
		return socket;
	}

	/**
	 * Carry both directions until one of them ends.
	 * @param client the application's side
	 * @param server the database's side
	 * @param counter is told how many bytes come from the application
	 */
	void relay(Socket client, Socket server, IntConsumer counter) {
		Thread back = new Thread(() -> carry(server, client, (count) -> {
		}), "gate-back");
		back.setDaemon(true);
		back.start();
		carry(client, server, counter);
	}

	private void carry(Socket from, Socket to, IntConsumer counter) {
		byte[] buffer = new byte[BUFFER_SIZE];
		try {
			InputStream input = from.getInputStream();
			OutputStream output = to.getOutputStream();
			for (int count = input.read(buffer); count != -1; count = input.read(buffer)) {
				counter.accept(count);
				output.write(buffer, 0, count);
				output.flush();
			}
		}
		catch (IOException ex) {
			// One of the sides has hung up, which ends the other as well.
		}
		close();
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		for (Socket socket : this.sockets) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// It is of no use any more.
			}
		}
	}

}
