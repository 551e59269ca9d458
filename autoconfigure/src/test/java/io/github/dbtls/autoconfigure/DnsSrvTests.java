package io.github.dbtls.autoconfigure;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;

import javax.naming.Context;
import javax.sql.DataSource;

import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@code jdbc:mysql+srv:}, whose hosts come from a DNS server on this machine.
 * The driver asks the JDK's DNS provider of JNDI, which a system property leads there.
 */
@ExtendWith(OutputCaptureExtension.class)
class DnsSrvTests {

	private static final String NAME = "_mysql._tcp.shop.test";

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private Path directory;

	@Test
	void hostIsVerifiedByTheNameThatDnsGave(CapturedOutput output) throws Exception {
		run(authority.server("localhost"), (dataSource, server) -> {
			try (Connection connection = dataSource.getConnection()) {
				TlsSession session = ConnectionSession.of(connection);
				assertThat(session.host()).isEqualTo("localhost");
				assertThat(session.port()).isEqualTo(server.port());
				assertThat(session.anchor()).isEqualTo(authority.certificate());
			}
		});
		assertThat(output).containsOnlyOnce("dataSource: the hosts of the 'jdbc:mysql+srv:' or 'dnsSrv=true' name come "
				+ "from DNS without proof; each is verified by the name that came back.");
	}

	@Test
	void hostIsNotVerifiedByTheNameThatDnsWasAskedFor() throws Exception {
		run(authority.server("shop.test", NAME), DnsSrvTests::assertRefused);
	}

	@Test
	void hostOfAnotherAuthorityThatDnsLeadsToGetsNoLogin() throws Exception {
		run(TestCertificates.authority("CN=Other CA").server("localhost"), DnsSrvTests::assertRefused);
	}

	private static void assertRefused(DataSource dataSource, FakeMySqlServer server) {
		assertThatThrownBy(dataSource::getConnection)
			.hasStackTraceContaining("No verified TLS connection to localhost");
		server.assertNoLoginReceived();
	}

	private void run(Identity identity, Action action) throws Exception {
		String before = System.getProperty(Context.PROVIDER_URL);
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start();
				DnsServer dns = new DnsServer(server.port())) {
			System.setProperty(Context.PROVIDER_URL, "dns://127.0.0.1:" + dns.port());
			new ApplicationContextRunner()
				.withConfiguration(
						AutoConfigurations.of(DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class))
				.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + authority.writeTo(this.directory),
						// The driver tries each host 120 times otherwise.
						"spring.datasource.url=jdbc:mysql+srv://" + NAME + "/shop?retriesAllDown=1",
						// Boot takes it from 'jdbc:mysql:' only.
						"spring.datasource.driver-class-name=com.mysql.cj.jdbc.Driver",
						"spring.datasource.hikari.maximum-pool-size=1",
						"spring.datasource.hikari.connection-timeout=2000")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					action.run(context.getBean(DataSource.class), server);
				});
			assertThat(dns.asked).isEqualTo(NAME);
		}
		finally {
			if (before != null) {
				System.setProperty(Context.PROVIDER_URL, before);
			}
			else {
				System.clearProperty(Context.PROVIDER_URL);
			}
		}
	}

	/**
	 * What is tried with the pool.
	 */
	@FunctionalInterface
	private interface Action {

		void run(DataSource dataSource, FakeMySqlServer server) throws Exception;

	}

	/**
	 * Answers each question with one SRV record, of a port of {@code localhost}.
	 */
	private static final class DnsServer implements AutoCloseable {

		private static final int SRV = 33;

		private static final int HEADER = 12;

		private final DatagramSocket socket = new DatagramSocket(
				new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));

		private final int target;

		private final Thread thread = new Thread(this::serve, "dns-server");

		private volatile String asked;

		private DnsServer(int target) throws IOException {
			this.target = target;
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private int port() {
			return this.socket.getLocalPort();
		}

		private void serve() {
			DatagramPacket packet = new DatagramPacket(new byte[512], 512);
			try {
				while (true) {
					this.socket.receive(packet);
					byte[] answer = answer(packet.getData());
					this.socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
				}
			}
			catch (IOException ex) {
				// It was closed.
			}
		}

		// RFC 1035, 4.1, and RFC 2782.
		private byte[] answer(byte[] question) throws IOException {
			StringBuilder name = new StringBuilder();
			int end = HEADER;
			while (question[end] != 0) {
				name.append((name.length() > 0) ? "." : "")
					.append(new String(question, end + 1, question[end], StandardCharsets.US_ASCII));
				end += 1 + question[end];
			}
			this.asked = name.toString();
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			DataOutputStream answer = new DataOutputStream(bytes);
			answer.write(question, 0, 2);
			answer.writeShort(0x8580);
			answer.writeShort(1);
			answer.writeShort(1);
			answer.writeInt(0);
			answer.write(question, HEADER, end + 1 + 4 - HEADER);
			answer.writeShort(0xC000 | HEADER);
			answer.writeShort(SRV);
			answer.writeShort(1);
			answer.writeInt(0);
			byte[] host = "localhost".getBytes(StandardCharsets.US_ASCII);
			answer.writeShort(6 + 1 + host.length + 1);
			answer.writeInt(0);
			answer.writeShort(this.target);
			answer.writeByte(host.length);
			answer.write(host);
			answer.writeByte(0);
			return bytes.toByteArray();
		}

		@Override
		public void close() throws InterruptedException {
			this.socket.close();
			this.thread.join();
		}

	}

}
