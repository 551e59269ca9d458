package io.github.dbtls.integration.setups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * The TLS handshakes of this JVM, as the JVM itself records them: a witness that is
 * neither the driver nor dbtls. The stack of each tells whose it was.
 */
final class Handshakes implements AutoCloseable {

	private static final String EVENT = "jdk.TLSHandshake";

	private static final String OURS = "io.github.dbtls.tls.TlsContext";

	private final Recording recording = new Recording();

	private Handshakes() {
		this.recording.enable(EVENT).withStackTrace().withoutThreshold();
		this.recording.start();
	}

	static Handshakes record() {
		return new Handshakes();
	}

	/**
	 * Return the handshakes until now, without an end of the recording.
	 * @return the handshakes that succeeded, in the order of their ends
	 */
	List<Handshake> list() {
		try {
			Path file = Files.createTempFile("handshakes", ".jfr");
			try {
				this.recording.dump(file);
				return RecordingFile.readAllEvents(file)
					.stream()
					.filter((event) -> event.getEventType().getName().equals(EVENT))
					.map(Handshakes::handshake)
					.toList();
			}
			finally {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Handshake handshake(RecordedEvent event) {
		boolean ours = event.getStackTrace() != null && event.getStackTrace()
			.getFrames()
			.stream()
			.anyMatch((frame) -> frame.getMethod().getType().getName().equals(OURS));
		return new Handshake(event.getInt("peerPort"), event.getString("protocolVersion"), ours);
	}

	@Override
	public void close() {
		this.recording.close();
	}

	/**
	 * A handshake.
	 *
	 * @param port the server's port
	 * @param protocol the version of TLS
	 * @param ours whether dbtls made it, and not the driver alone
	 */
	record Handshake(int port, String protocol, boolean ours) {
	}

}
