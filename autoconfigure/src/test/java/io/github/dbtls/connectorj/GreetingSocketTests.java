package io.github.dbtls.connectorj;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GreetingSocket}; what it says of greetings is in
 * {@code HostileCasesTests}.
 */
class GreetingSocketTests {

	@Test
	void streamWhenSocketIsClosedByTheDeadlineExplainsItHoweverItIsUsed() throws IOException {
		IOException explained = new SocketTimeoutException("explained");
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				GreetingSocket socket = new GreetingSocket(new Explaining(explained))) {
			socket.connect(server.getLocalSocketAddress());
			InputStream input = socket.getInputStream();
			socket.close();
			assertThatExceptionOfType(IOException.class).isThrownBy(input::available).isSameAs(explained);
			assertThatExceptionOfType(IOException.class).isThrownBy(input::read).isSameAs(explained);
		}
	}

	private record Explaining(IOException explained) implements GreetingSocket.Observer {

		@Override
		public IOException explain(IOException thrown) {
			return this.explained;
		}

		@Override
		public void greeted(byte[] greeting) {
		}

		@Override
		public void ended(IOException thrown) {
			throw new IllegalStateException("It was closed on this side", thrown);
		}

	}

}
