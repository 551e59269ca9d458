package io.github.dbtls.connectorj;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import io.github.dbtls.SslMode;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares what we accept with what Connector/J accepts by itself: wherever it refuses,
 * we do.
 */
class DriverComparisonTests {

	/**
	 * The driver validates what the server sends as one path, every certificate of it.
	 * RFC 8446, 4.4.2, lets a server send others beside the path and in any order; each
	 * certificate of the path that is found is verified all the same. The last one of
	 * these sends the trusted authority itself, where the path ends for us.
	 */
	private static final Set<String> JUSTIFIED = Set.of("wrong order", "stranger at the end",
			"expired stranger at the end", "expired old root sent by the server", "constrained intermediate trusted");

	/**
	 * Of two trusted roots of one key the driver takes either one, and refuses the
	 * connection if it is the expired one: it depends on hash codes.
	 */
	private static final Set<String> BY_CHANCE = Set.of("expired old root beside the renewed one");

	@TempDir
	private Path directory;

	@Test
	void chainWhenDriverRefusesItIsRefusedByUsToo() {
		Map<String, Identity> identities = new TreeMap<>();
		Map<String, X509Certificate[]> trusted = new TreeMap<>();
		HostileChains.refused().forEach((hostile) -> {
			identities.put(hostile.name(), hostile.identity());
			trusted.put(hostile.name(), hostile.trusted());
		});
		HostileChains.accepted().forEach((odd) -> {
			identities.put(odd.name(), odd.identity());
			trusted.put(odd.name(), odd.trusted());
		});
		// What verify-identity adds is the name, which the other test compares.
		Set<String> laxer = new TreeSet<>();
		identities.forEach((name, identity) -> {
			X509Certificate[] authorities = trusted.get(name);
			if (!driverAccepts(SslMode.VERIFY_CA, "localhost", identity, authorities)
					&& weAccept(SslMode.VERIFY_CA, "localhost", identity, authorities)) {
				laxer.add(name);
			}
		});
		laxer.removeAll(BY_CHANCE);
		assertThat(laxer).as("accepted by us, refused by Connector/J").isEqualTo(JUSTIFIED);
	}

	@Test
	void nameWhenDriverRefusesItIsRefusedByUsToo() {
		Authority authority = TestCertificates.authority("CN=Test CA");
		Set<String> laxer = new TreeSet<>();
		Set<String> accepted = new TreeSet<>();
		for (String[] names : new String[][] { { "db.example.com", "" }, { "*.example.com", "" }, { "db.*.com", "" },
				{ "d*.example.com", "" }, { "*.*.com", "" }, { "db.example.com", "192.0.2.1" },
				{ "db.example.com", "other.example.com" }, { "server", "db.example.com" },
				{ "server", "*.example.com" }, { "server", "d*.example.com" }, { "server", "*b.example.com" },
				{ "server", "db.*.com" }, { "server", "*.*.com" }, { "server", "db.example.*" },
				{ "server", "example.com" }, { "server", "DB.EXAMPLE.COM" }, { "db.example.com,CN=other", "" },
				{ "other,CN=db.example.com", "" } }) {
			Identity identity = authority.issue("CN=" + names[0])
				.names(names[1].isEmpty() ? new String[0] : new String[] { names[1] })
				.identity();
			boolean ours = weAccept(SslMode.VERIFY_IDENTITY, "db.example.com", identity, authority.certificate());
			if (ours) {
				accepted.add(names[0] + " " + names[1]);
			}
			if (ours && !driverAccepts(SslMode.VERIFY_IDENTITY, "db.example.com", identity, authority.certificate())) {
				laxer.add(names[0] + " " + names[1]);
			}
		}
		assertThat(laxer).isEmpty();
		assertThat(accepted).containsExactlyInAnyOrder("db.example.com ", "*.example.com ", "server db.example.com",
				"server *.example.com", "server DB.EXAMPLE.COM");
	}

	private boolean driverAccepts(SslMode mode, String host, Identity identity, X509Certificate... trusted) {
		Path store = TestCertificates.write(TestCertificates.trustStore(trusted), this.directory.resolve("ca.p12"));
		Properties settings = new Properties();
		settings.setProperty("user", TestPool.USER);
		settings.setProperty("password", TestPool.PASSWORD);
		settings.setProperty("sslMode", mode.name());
		settings.setProperty("socketFactory", LoopbackSocketFactory.class.getName());
		settings.setProperty("trustCertificateKeyStoreUrl", store.toUri().toString());
		settings.setProperty("trustCertificateKeyStoreType", "PKCS12");
		settings.setProperty("trustCertificateKeyStorePassword", TestCertificates.PASSWORD);
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			DriverManager.getConnection("jdbc:mysql://%s:%d/shop".formatted(host, server.port()), settings).close();
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static boolean weAccept(SslMode mode, String host, Identity identity, X509Certificate... trusted) {
		try (TestPool pool = TestPool.of(mode, trusted);
				FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			TlsHandshakeTests.handshakeAs(host, pool, server);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Finds every host on this machine; all else is the driver's own.
	 */
	public static final class LoopbackSocketFactory extends StandardSocketFactory {

		@Override
		public <T extends Closeable> T connect(String hostname, int portNumber, PropertySet pset, int loginTimeout)
				throws IOException {
			return super.connect("localhost", portNumber, pset, loginTimeout);
		}

	}

}
