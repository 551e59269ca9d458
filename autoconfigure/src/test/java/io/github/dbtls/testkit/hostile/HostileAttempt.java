package io.github.dbtls.testkit.hostile;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.mysql.cj.conf.PropertyKey;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.connectorj.DriverFailure;
import io.github.dbtls.testkit.FakeMySqlConnection;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Jsse;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.testkit.hostile.HostileCase.Stock;

/**
 * What became of an attempt to connect to the server of a hostile case.
 *
 * @param thrown what the driver threw, or {@code null} if the server was accepted
 * @param handshake what dbtls said about it, or {@code null} if it was not asked
 * @param session what was negotiated, or {@code null} if that is not known
 * @param duration how long it took
 * @param connections what the server saw
 */
public record HostileAttempt(SQLException thrown, TlsHandshakeException handshake, TlsSession session,
		Duration duration, List<FakeMySqlConnection> connections) {

	/** A name that shows up nowhere else. */
	public static final String DATABASE = "fake-database-5d1e";

	/** For a server that does not stall: it may take its time on a busy machine. */
	private static final Duration PATIENT = Duration.ofSeconds(15);

	/** For a server that stalls. */
	private static final Duration IMPATIENT = Duration.ofSeconds(2);

	/** Longer than {@link #IMPATIENT}, which is what the driver was told. */
	private static final Duration FOR_EVER = Duration.ofSeconds(4);

	/**
	 * Try with dbtls.
	 * @param hostile the case
	 * @param mode the mode of the pool
	 * @param protocols the versions of TLS that the server has, or none for all
	 * @return what became of it; all is closed
	 * @throws SQLException if the case could not be prepared
	 */
	public static HostileAttempt ofDbTls(HostileCase hostile, SslMode mode, String... protocols) throws SQLException {
		return ofDbTls(Jsse.JDK, hostile, mode, protocols);
	}

	/**
	 * Try with dbtls.
	 * @param jsse who makes the handshakes
	 * @param hostile the case
	 * @param mode the mode of the pool
	 * @param protocols the versions of TLS that the server has, or none for all
	 * @return what became of it; all is closed
	 * @throws SQLException if the case could not be prepared
	 */
	public static HostileAttempt ofDbTls(Jsse jsse, HostileCase hostile, SslMode mode, String... protocols)
			throws SQLException {
		try (TestPool pool = pool(jsse, mode, hostile.trusted()); FakeMySqlServer server = hostile.start(protocols)) {
			if (hostile.trustedBefore() != null) {
				try (TestPool before = pool(jsse, mode, hostile.trustedBefore())) {
					connect(hostile, server, settings(hostile, before)).close();
				}
			}
			if (hostile.shownLater() != null) {
				connect(hostile, server, settings(hostile, pool)).close();
				server.use(hostile.shownLater());
			}
			int before = server.connectionCount();
			TlsSession session = null;
			SQLException thrown = null;
			long start = System.nanoTime();
			try (Connection connection = connect(hostile, server, settings(hostile, pool))) {
				session = ConnectionSession.of(connection);
			}
			catch (SQLException ex) {
				thrown = ex;
			}
			Duration duration = Duration.ofNanos(System.nanoTime() - start);
			server.assertAllClosed();
			TlsSession loopback = LoopbackSocketFactory.forget(pool);
			List<FakeMySqlConnection> connections = server.connections();
			TlsHandshakeException handshake = pool.failures().isEmpty() ? null
					: pool.failures().get(pool.failures().size() - 1);
			return new HostileAttempt(thrown, handshake, (session != null) ? session : loopback, duration,
					connections.subList(before, connections.size()));
		}
	}

	private static TestPool pool(Jsse jsse, SslMode mode, X509Certificate... trusted) {
		return TestPool.of(jsse.in(TestPool.policy(mode, Duration.ofHours(1), TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)),
				trusted);
	}

	/**
	 * Try with dbtls on a real server, which shows what the case wants.
	 * @param hostile the case
	 * @param mode the mode of the pool
	 * @param port the port of the server on this machine
	 * @param user who logs in
	 * @param password the user's password
	 * @return what became of it; all is closed
	 */
	public static HostileAttempt onRealServer(HostileCase hostile, SslMode mode, int port, String user,
			String password) {
		try (TestPool pool = TestPool.of(mode, hostile.trusted())) {
			Properties settings = settings(hostile, pool);
			settings.setProperty("user", user);
			settings.setProperty("password", password);
			TlsSession session = null;
			SQLException thrown = null;
			long start = System.nanoTime();
			try (Connection connection = DriverManager
				.getConnection("jdbc:mysql://%s:%d/".formatted(hostile.host(), port), settings)) {
				session = ConnectionSession.of(connection);
			}
			catch (SQLException ex) {
				thrown = ex;
			}
			TlsSession loopback = LoopbackSocketFactory.forget(pool);
			return new HostileAttempt(thrown, pool.failures().isEmpty() ? null : pool.failures().get(0),
					(session != null) ? session : loopback, Duration.ofNanos(System.nanoTime() - start), List.of());
		}
	}

	/**
	 * Try with Connector/J as it comes.
	 * @param hostile the case
	 * @param mode its {@code sslMode}
	 * @param directory where to write its trust store
	 * @return its verdict
	 */
	public static Stock ofDriver(HostileCase hostile, SslMode mode, Path directory) {
		try (FakeMySqlServer server = hostile.start()) {
			if (hostile.shownLater() != null) {
				server.use(hostile.shownLater());
			}
			CountDownLatch over = new CountDownLatch(1);
			Stock[] verdict = { Stock.HANGS };
			Properties settings = driverSettings(hostile, mode, directory);
			Thread thread = new Thread(() -> {
				try {
					connect(hostile, server, settings).close();
					verdict[0] = Stock.ACCEPTED;
				}
				catch (SQLException ex) {
					verdict[0] = Stock.REFUSED;
				}
				over.countDown();
			}, "hostile-driver");
			thread.start();
			Duration patience = (hostile.stock(mode) == Stock.HANGS) ? FOR_EVER : PATIENT.plus(PATIENT);
			boolean ended = over.await(patience.toMillis(), TimeUnit.MILLISECONDS);
			server.close();
			thread.join();
			return ended ? verdict[0] : Stock.HANGS;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static Properties settings(HostileCase hostile, TestPool pool) {
		Properties settings = common(hostile);
		pool.properties().asMap().forEach(settings::setProperty);
		if (!resolves(hostile.host())) {
			LoopbackSocketFactory.settings(pool).forEach(settings::setProperty);
		}
		return settings;
	}

	private static Properties driverSettings(HostileCase hostile, SslMode mode, Path directory) {
		X509Certificate[] trusted = hostile.trusted();
		Path store = TestCertificates.write(TestCertificates.trustStore(trusted),
				directory.resolve(UUID.randomUUID() + ".p12"));
		Properties settings = common(hostile);
		settings.setProperty(PropertyKey.sslMode.getKeyName(), mode.name());
		settings.setProperty(PropertyKey.trustCertificateKeyStoreUrl.getKeyName(), store.toUri().toString());
		settings.setProperty(PropertyKey.trustCertificateKeyStoreType.getKeyName(), "PKCS12");
		settings.setProperty(PropertyKey.trustCertificateKeyStorePassword.getKeyName(), TestCertificates.PASSWORD);
		if (!resolves(hostile.host())) {
			settings.setProperty(PropertyKey.socketFactory.getKeyName(), LoopbackSocketFactory.class.getName());
		}
		return settings;
	}

	private static Properties common(HostileCase hostile) {
		Properties settings = new Properties();
		settings.setProperty("user", TestPool.USER);
		settings.setProperty("password", TestPool.PASSWORD);
		settings.setProperty(PropertyKey.connectTimeout.getKeyName(), String.valueOf(timeout(hostile).toMillis()));
		if (hostile.socketTimeout() != null) {
			settings.setProperty(PropertyKey.socketTimeout.getKeyName(), hostile.socketTimeout());
		}
		return settings;
	}

	/**
	 * Return the time after which an attempt has to be over.
	 * @param hostile the case
	 * @return the time that is configured
	 */
	public static Duration timeout(HostileCase hostile) {
		return (hostile.failure() == HandshakeFailure.HANDSHAKE_TIMEOUT) ? IMPATIENT : PATIENT;
	}

	private static boolean resolves(String host) {
		return host.equals("localhost") || host.equals("127.0.0.1");
	}

	private static Connection connect(HostileCase hostile, FakeMySqlServer server, Properties settings)
			throws SQLException {
		TestPool.forgetLoginTimeout();
		return DriverManager.getConnection("jdbc:mysql://%s:%d/%s".formatted(hostile.host(), server.port(), DATABASE),
				settings);
	}

	/**
	 * Return whether the server was accepted.
	 * @return whether it was
	 */
	public boolean accepted() {
		return this.thrown == null;
	}

	/**
	 * Return what the server showed.
	 * @return its certificates, none if they are not known
	 */
	public List<X509Certificate> presented() {
		if (this.session != null) {
			return this.session.peerCertificates();
		}
		return (this.handshake != null) ? this.handshake.getPresented() : List.of();
	}

	/**
	 * Return why it was refused, as health would tell.
	 * @return the kind of failure
	 */
	public HandshakeFailure failure() {
		return (this.handshake != null) ? this.handshake.getFailure() : DriverFailure.classify(this.thrown);
	}

	/**
	 * Return the message that a user would read.
	 * @return the message
	 */
	public String message() {
		return (this.handshake != null) ? this.handshake.getMessage() : DriverFailure.message(this.thrown);
	}

}
