package io.github.dbtls.tls;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes a socket whose handshake takes too long. A read timeout alone bounds the pause
 * between two bytes, and a server that sends one byte at a time would hold the connection
 * for ever. The JDK's own timer does it: no thread of ours.
 */
final class HandshakeDeadline implements AutoCloseable {

	private final CompletableFuture<Void> finished = new CompletableFuture<>();

	private final Duration timeout;

	private volatile boolean exceeded;

	private HandshakeDeadline(Socket socket, Duration timeout) {
		this.timeout = timeout;
		this.finished.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).exceptionally((ex) -> {
			this.exceeded = true;
			closeQuietly(socket);
			return null;
		});
	}

	static HandshakeDeadline start(Socket socket, Duration timeout) {
		return new HandshakeDeadline(socket, timeout);
	}

	boolean isExceeded() {
		return this.exceeded;
	}

	Duration timeout() {
		return this.timeout;
	}

	@Override
	public void close() {
		this.finished.complete(null);
	}

	static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// It is given up anyway.
		}
	}

}
