package io.github.dbtls.connectorj;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * Socket that looks at the first bytes which come through it before the driver does. What
 * is no MySQL server the driver reports as a packet that is too large or an index out of
 * bounds, and one that was given up for its silence as a closed socket.
 */
final class GreetingSocket extends Socket {

	private final Explanation explanation;

	private int count;

	private int length;

	GreetingSocket(Explanation explanation) {
		this.explanation = explanation;
	}

	@Override
	public InputStream getInputStream() throws IOException {
		return new GreetingInputStream(super.getInputStream());
	}

	private void look(int value) throws ConnectionPhase.NotMySqlException {
		if (this.count < 3) {
			this.length |= value << (8 * this.count);
		}
		else if (this.count == ConnectionPhase.HEADER_LENGTH - 1) {
			ConnectionPhase.checkLength(this.length);
		}
		else {
			ConnectionPhase.checkType(value, this.length);
		}
		this.count++;
	}

	/**
	 * Explains what went wrong.
	 */
	@FunctionalInterface
	interface Explanation {

		/**
		 * Explain an exception.
		 * @param thrown what was thrown
		 * @return what to throw instead, or the same
		 */
		IOException of(IOException thrown);

	}

	private final class GreetingInputStream extends FilterInputStream {

		private GreetingInputStream(InputStream input) {
			super(input);
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			try {
				int read = super.read(buffer, offset, length);
				for (int i = 0; i < read && GreetingSocket.this.count <= ConnectionPhase.HEADER_LENGTH; i++) {
					look(buffer[offset + i] & 0xff);
				}
				return read;
			}
			catch (IOException ex) {
				throw GreetingSocket.this.explanation.of(ex);
			}
		}

		// The driver asks before it reads: where the deadline closed the socket in
		// between,
		// this is what fails.
		@Override
		public int available() throws IOException {
			try {
				return super.available();
			}
			catch (IOException ex) {
				throw GreetingSocket.this.explanation.of(ex);
			}
		}

	}

}
