package io.github.dbtls.sample.network;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Gate}.
 */
@Timeout(30)
class GateTests {

	private final Gate gate = new Gate();

	private ServerSocket server;

	@BeforeEach
	void start() throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		Thread thread = new Thread(this::echo, "echo");
		thread.setDaemon(true);
		thread.start();
	}

	@AfterEach
	void closeLeavesNoThread() throws IOException {
		this.gate.close();
		this.server.close();
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.noneMatch((thread) -> thread.getName().startsWith("gate")));
	}

	@Test
	void refusesUntilItIsOpen() {
		assertRefused();
	}

	@Test
	void carriesBothDirections() throws IOException {
		open();
		try (Socket client = connect()) {
			assertEcho(client, "Hello");
			assertEcho(client, "x".repeat(100_000));
		}
	}

	@Test
	void refusesWhileItIsShutAndKeepsItsPort() throws IOException {
		for (int round = 0; round < 20; round++) {
			open();
			try (Socket client = connect()) {
				assertEcho(client, "Hello");
				this.gate.shut();
				assertThat(client.getInputStream().read()).isEqualTo(-1);
			}
			assertRefused();
		}
	}

	@Test
	void keepsItsPortFromOthersWhileItIsShut() throws IOException {
		open();
		this.gate.shut();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
			try (ServerSocket other = new ServerSocket()) {
				other.setReuseAddress(false);
				other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.gate.port()));
			}
		});
	}

	@Test
	void opensWhereNobodyMayListenBesideTheReservation() throws IOException {
		// As on macOS and Windows.
		try (Gate exclusive = new Gate(false)) {
			assertThatExceptionOfType(ConnectException.class)
				.isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), exclusive.port()).close());
			exclusive.open(new DirectRoute(this.server.getLocalPort()));
			try (Socket client = new Socket(InetAddress.getLoopbackAddress(), exclusive.port())) {
				assertEcho(client, "Hello");
			}
		}
	}

	@Test
	void portIsReservedFromTheBeginning() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
			try (ServerSocket other = new ServerSocket()) {
				other.setReuseAddress(false);
				other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.gate.port()));
			}
		});
	}

	@Test
	void staysClosed() {
		open();
		this.gate.close();
		assertThatIllegalStateException().isThrownBy(this::open);
		assertRefused();
	}

	@Test
	void routeThatFailsIsTheEndOfTheConnection() throws IOException {
		this.gate.open((client, line) -> {
			throw new IllegalStateException("No route");
		});
		try (Socket client = connect()) {
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void newRouteIsForNewConnections() throws IOException {
		open();
		try (Socket before = connect()) {
			assertEcho(before, "Hello");
			this.gate.open((client, line) -> client.getOutputStream().write('!'));
			try (Socket after = connect()) {
				assertThat(after.getInputStream().readAllBytes()).containsExactly('!');
			}
			assertEcho(before, "Hello again");
		}
	}

	@Test
	void endOfTheServerIsTheEndOfTheConnection() throws IOException {
		open();
		try (Socket client = connect()) {
			client.getOutputStream().write('\n');
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void closesConnectionsWhenNothingIsBehind() throws IOException {
		this.server.close();
		open();
		try (Socket client = connect()) {
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void hangsUpOnTooManyConnections() throws IOException {
		open();
		Socket[] clients = new Socket[70];
		try {
			for (int i = 0; i < clients.length; i++) {
				clients[i] = connect();
			}
			assertEcho(clients[0], "Hello");
			assertThat(clients[69].getInputStream().read()).isEqualTo(-1);
		}
		finally {
			for (Socket client : clients) {
				if (client != null) {
					client.close();
				}
			}
		}
	}

	private void open() {
		this.gate.open(new DirectRoute(this.server.getLocalPort()));
	}

	private void assertRefused() {
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect().close());
	}

	private Socket connect() throws IOException {
		return new Socket(InetAddress.getLoopbackAddress(), this.gate.port());
	}

	private void assertEcho(Socket client, String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		client.getOutputStream().write(bytes);
		assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
	}

	/**
	 * Say what is heard, until it is a line feed.
	 */
	private void echo() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				Thread thread = new Thread(() -> echo(client), "echo-client");
				thread.setDaemon(true);
				thread.start();
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void echo(Socket client) {
		try (client) {
			byte[] buffer = new byte[1000];
			for (int count = client.getInputStream().read(buffer); count != -1
					&& buffer[0] != '\n'; count = client.getInputStream().read(buffer)) {
				client.getOutputStream().write(buffer, 0, count);
			}
		}
		catch (IOException ex) {
			// The test has ended.
		}
	}

}
