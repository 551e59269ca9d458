package io.github.dbtls.connectorj;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

import org.jspecify.annotations.Nullable;

/**
 * Socket that looks at the first packet which comes through it before the driver does.
 * What is no MySQL server the driver reports as a packet that is too large or an index
 * out of bounds, and one that was given up for its silence as a closed socket; of a
 * server that offers no TLS, or refuses the client at once, it tells its caller only.
 */
final class GreetingSocket extends Socket {

	private final Observer observer;

	private int count;

	private int length;

	private byte @Nullable [] greeting;

	private boolean over;

	GreetingSocket(Observer observer) {
		this.observer = observer;
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
			this.greeting = new byte[this.length];
		}
		else {
			if (this.count == ConnectionPhase.HEADER_LENGTH) {
				ConnectionPhase.checkType(value, this.length);
			}
			collect(value);
		}
		this.count++;
	}

	private void collect(int value) throws ConnectionPhase.NotMySqlException {
		byte[] greeting = this.greeting;
		int index = this.count - ConnectionPhase.HEADER_LENGTH;
		if (greeting == null) {
			return;
		}
		greeting[index] = (byte) value;
		if (index == this.length - 1) {
			this.over = true;
			this.greeting = null;
			this.observer.greeted(greeting);
		}
	}

	private void ended(IOException thrown) {
		// Who closes it himself knows why.
		if (!this.over && !isClosed()) {
			this.over = true;
			this.observer.ended(thrown);
		}
	}

	/**
	 * Is told how a conversation begins.
	 */
	interface Observer {

		/**
		 * Explain an exception.
		 * @param thrown what was thrown
		 * @return what to throw instead, or the same
		 */
		IOException explain(IOException thrown);

		/**
		 * The server's first packet has come.
		 * @param greeting what is in it
		 * @throws ConnectionPhase.NotMySqlException if it is no greeting of MySQL
		 */
		void greeted(byte[] greeting) throws ConnectionPhase.NotMySqlException;

		/**
		 * The connection ended before the first packet was whole.
		 * @param thrown what ended it
		 */
		void ended(IOException thrown);

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
				for (int i = 0; i < read && !GreetingSocket.this.over; i++) {
					look(buffer[offset + i] & 0xff);
				}
				if (read < 0) {
					ended(new EOFException("The server closed the connection before its greeting"));
				}
				return read;
			}
			catch (IOException ex) {
				IOException explained = GreetingSocket.this.observer.explain(ex);
				if (explained == ex) {
					ended(ex);
				}
				GreetingSocket.this.over = true;
				throw explained;
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
				throw GreetingSocket.this.observer.explain(ex);
			}
		}

	}

}
