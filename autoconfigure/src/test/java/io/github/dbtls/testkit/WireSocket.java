package io.github.dbtls.testkit;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * A socket that keeps all that goes through it, also when TLS is layered over it.
 */
final class WireSocket extends Socket {

	private final Recording received = new Recording();

	private final Recording sent = new Recording();

	private final Duration drip;

	WireSocket(Duration drip) {
		this.drip = drip;
	}

	Recording received() {
		return this.received;
	}

	Recording sent() {
		return this.sent;
	}

	@Override
	public InputStream getInputStream() throws IOException {
		return new RecordingInput(super.getInputStream(), this.received);
	}

	@Override
	public OutputStream getOutputStream() throws IOException {
		return new RecordingOutput(super.getOutputStream(), this.sent, this.drip);
	}

	/**
	 * Bytes that are kept, up to a limit.
	 */
	static final class Recording {

		private static final int MOST = 1 << 20;

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		synchronized void add(byte[] content, int offset, int length) {
			this.bytes.write(content, offset, Math.min(length, MOST - this.bytes.size()));
		}

		synchronized int size() {
			return this.bytes.size();
		}

		synchronized byte[] from(int start) {
			byte[] all = this.bytes.toByteArray();
			return Arrays.copyOfRange(all, start, all.length);
		}

		boolean contains(String text) {
			String all = new String(from(0), StandardCharsets.ISO_8859_1);
			return all.contains(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
		}

	}

	/**
	 * Keeps what is read.
	 */
	static final class RecordingInput extends FilterInputStream {

		private final Recording recording;

		RecordingInput(InputStream input, Recording recording) {
			super(input);
			this.recording = recording;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			int count = super.read(buffer, offset, length);
			if (count > 0) {
				this.recording.add(buffer, offset, count);
			}
			return count;
		}

	}

	/**
	 * Keeps what is written, and writes it byte by byte if it must.
	 */
	private static final class RecordingOutput extends FilterOutputStream {

		private final Recording recording;

		private final Duration drip;

		private RecordingOutput(OutputStream output, Recording recording, Duration drip) {
			super(output);
			this.recording = recording;
			this.drip = drip;
		}

		@Override
		public void write(int value) throws IOException {
			write(new byte[] { (byte) value }, 0, 1);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			this.recording.add(bytes, offset, length);
			if (this.drip.isZero()) {
				this.out.write(bytes, offset, length);
				return;
			}
			for (int i = offset; i < offset + length; i++) {
				this.out.write(bytes[i]);
				pause();
			}
		}

		private void pause() throws InterruptedIOException {
			LockSupport.parkNanos(this.drip.toNanos());
			if (Thread.currentThread().isInterrupted()) {
				throw new InterruptedIOException("The server closes");
			}
		}

	}

}
