package io.github.dbtls.tls;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes a socket whose server takes too long from its greeting to the end of the
 * handshake. A read timeout alone bounds the pause between two bytes, and a server that
 * sends one byte at a time would hold the connection for ever. The JDK's own timer does
 * it: no thread of ours.
 */
public final class HandshakeDeadline implements AutoCloseable {

	private final CompletableFuture<Void> finished = new CompletableFuture<>();

	private final Duration timeout;

	private volatile boolean handshaking;

	private HandshakeDeadline(Socket socket, Duration timeout, Runnable onSilence) {
		this.timeout = timeout;
		startClock(this.finished, timeout).exceptionally((ex) -> {
			// The driver may have hung up long ago: where no TLS is offered, for example.
			if (!this.handshaking && !socket.isClosed()) {
				onSilence.run();
			}
			closeQuietly(socket);
			return null;
		});
	}

	/**
	 * Start the clock.
	 * @param socket the connected socket
	 * @param timeout how long greeting and handshake together may take
	 * @param onSilence called if the time is over before the handshake has begun; a
	 * handshake reports that itself
	 * @return the deadline, to be closed by the handshake
	 */
	public static HandshakeDeadline start(Socket socket, Duration timeout, Runnable onSilence) {
		return new HandshakeDeadline(socket, timeout, onSilence);
	}

	// The JDK's timer is a thread that never ends, and keeps the context class loader of
	// whoever needs it first: that of an application which is to be closed one day.
	private static CompletableFuture<Void> startClock(CompletableFuture<Void> finished, Duration timeout) {
		Thread thread = Thread.currentThread();
		ClassLoader contextClassLoader = thread.getContextClassLoader();
		thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
		try {
			return finished.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		finally {
			thread.setContextClassLoader(contextClassLoader);
		}
	}

	void handshakeBegins() {
		this.handshaking = true;
	}

	/**
	 * Return whether the time was over first.
	 * @return whether the socket is closed, or about to be
	 */
	public boolean isExceeded() {
		return this.finished.isCompletedExceptionally();
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
