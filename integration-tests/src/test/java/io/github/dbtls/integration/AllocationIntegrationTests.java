package io.github.dbtls.integration;

import java.lang.management.ManagementFactory;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.actuate.PoolMeters;
import io.github.dbtls.actuate.SharedMeters;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a connection with a resumed session allocates on the thread that opens it, login
 * and end included, meters too, whatever the number of trusted authorities.
 */
@Tag("once")
class AllocationIntegrationTests {

	private static final Log logger = LogFactory.getLog(AllocationIntegrationTests.class);

	private static final int WARM_UP = 800;

	private static final int ROUNDS = 51;

	/** As many as Amazon's bundle for all regions has. */
	private static final int MANY = 115;

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	@ParameterizedTest
	@EnumSource(TlsVersion.class)
	@EnabledWithDocker
	void connectionToMySqlStaysBelowItsFloor(TlsVersion version) throws SQLException {
		assertBelowFloor(LiveContainer.mySql("9.7"), version);
	}

	@Test
	void connectionToMariaDbStaysBelowItsFloor() throws SQLException {
		assertBelowFloor(LiveMariaDb.shared(), TlsVersion.TLS_1_2);
	}

	private static void assertBelowFloor(LiveServer server, TlsVersion version) throws SQLException {
		Authority authority = TestCertificates.authority("CN=Shop CA", KeyType.RSA_2048);
		server.show(authority.issue("CN=localhost").names("localhost").key(KeyType.RSA_2048).identity(), authority);
		long one = median(server, version, authority.certificate());
		long many = median(server, version, bundle(authority));
		logger.info("%s, %s: %d bytes with one authority, %d with %d".formatted(server.name(), version.jsseName(), one,
				many, MANY));
		long floor = ((version == TlsVersion.TLS_1_3) ? 350 : 200) * 1024L;
		assertThat(one).as("bytes with one authority").isLessThan(floor);
		assertThat(many).as("bytes with %d authorities", MANY).isLessThan(floor);
	}

	// The one that matters is the last.
	private static X509Certificate[] bundle(Authority authority) {
		return Stream
			.concat(IntStream.range(1, MANY)
				.mapToObj((number) -> TestCertificates.authority("CN=Other CA " + number).certificate()),
					Stream.of(authority.certificate()))
			.toArray(X509Certificate[]::new);
	}

	/**
	 * Return the median: a compilation that ends, or a buffer that is made anew, shows in
	 * some of them.
	 */
	private static long median(LiveServer server, TlsVersion version, X509Certificate... trusted) throws SQLException {
		try (TestPool pool = TestPool.of(TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), version),
				trusted)) {
			// As in an application with Actuator.
			PoolMeters meters = new PoolMeters(new SharedMeters());
			meters.bindTo(new SimpleMeterRegistry());
			meters.secured(pool.tls());
			// Once, as a pool does.
			String url = pool.properties()
				.writeTo("jdbc:mysql://localhost:%d/%s".formatted(server.port(), server.database()));
			assertThat(connect(url, server).resumed()).isFalse();
			for (int i = 0; i < WARM_UP; i++) {
				connect(url, server);
			}
			long[] bytes = new long[ROUNDS];
			for (int i = 0; i < ROUNDS; i++) {
				long before = threads.getCurrentThreadAllocatedBytes();
				TlsSession session = connect(url, server);
				bytes[i] = threads.getCurrentThreadAllocatedBytes() - before;
				assertThat(session.resumed()).isTrue();
			}
			Arrays.sort(bytes);
			return bytes[ROUNDS / 2];
		}
	}

	private static TlsSession connect(String url, LiveServer server) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url, server.user(), server.password())) {
			return ConnectionSession.of(connection);
		}
	}

}
