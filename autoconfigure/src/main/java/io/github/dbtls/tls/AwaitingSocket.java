package io.github.dbtls.tls;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;

import javax.net.ssl.SSLSocket;

import io.github.dbtls.diagnosis.HandshakeDiagnosis;

/**
 * A socket after a TLS 1.3 handshake in which the server asked for a certificate of the
 * client. The server judges it, or its absence, when the client has finished already (RFC
 * 8446, 4.4.2.4), and whoever reads first would be told: the driver, in the middle of the
 * login. So the first read tells the {@link Verdict}: a byte from inside TLS is the
 * consent, an end before it is none. From then on it is a plain socket, whose streams
 * look at one flag before each call.
 */
final class AwaitingSocket extends DelegatingSslSocket {

	private final Verdict verdict;

	private volatile boolean goodbye;

	/** Guarded by this. */
	private boolean judged;

	AwaitingSocket(SSLSocket socket, Verdict verdict) {
		super(socket);
		this.verdict = verdict;
	}

	@Override
	public InputStream getInputStream() throws IOException {
		return new Input(super.getInputStream());
	}

	@Override
	public OutputStream getOutputStream() throws IOException {
		return new Output(super.getOutputStream());
	}

	/**
	 * Say goodbye: the server's answer to it is its consent, unless it is an alert.
	 */
	@Override
	public void shutdownOutput() throws IOException {
		this.goodbye = true;
		super.shutdownOutput();
	}

	@Override
	public void close() throws IOException {
		// Before there was a verdict: whatever the reason, it was not the server's.
		accepted();
		super.close();
	}

	private void accepted() {
		if (judge()) {
			this.verdict.accepted();
		}
	}

	private IOException ended(IOException thrown) {
		if (thrown instanceof SocketTimeoutException) {
			return thrown;
		}
		if (this.goodbye && !HandshakeDiagnosis.isAlert(thrown)) {
			accepted();
		}
		return judge() ? this.verdict.brokenOff(thrown) : thrown;
	}

	private synchronized boolean judge() {
		boolean first = !this.judged;
		this.judged = true;
		return first;
	}

	private final class Input extends FilterInputStream {

		/** The reader's own, so that it costs nothing. */
		private boolean through;

		private Input(InputStream input) {
			super(input);
		}

		@Override
		public int read() throws IOException {
			if (this.through) {
				return this.in.read();
			}
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			return this.through ? this.in.read(buffer, offset, length) : readFirst(buffer, offset, length);
		}

		private int readFirst(byte[] buffer, int offset, int length) throws IOException {
			int count;
			try {
				count = this.in.read(buffer, offset, length);
			}
			catch (IOException ex) {
				throw ended(ex);
			}
			if (count > 0) {
				this.through = true;
				accepted();
			}
			else if (count < 0) {
				EOFException end = new EOFException("The server closed the connection behind the handshake");
				IOException explained = ended(end);
				if (explained != end) {
					throw explained;
				}
			}
			return count;
		}

		@Override
		public void close() throws IOException {
			AwaitingSocket.this.close();
		}

	}

	private final class Output extends FilterOutputStream {

		private Output(OutputStream output) {
			super(output);
		}

		@Override
		public void write(int value) throws IOException {
			write(new byte[] { (byte) value }, 0, 1);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			try {
				this.out.write(bytes, offset, length);
			}
			catch (IOException ex) {
				throw ended(ex);
			}
		}

		@Override
		public void close() throws IOException {
			AwaitingSocket.this.close();
		}

	}

}
