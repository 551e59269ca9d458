package io.github.dbtls.integration;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.RealServers;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.hostile.HostileAttempt;
import io.github.dbtls.testkit.hostile.HostileCase;
import io.github.dbtls.testkit.hostile.HostileCases;
import io.github.dbtls.testkit.hostile.RealServer;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.utility.MountableFile;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The certificates of {@link HostileCases} on real servers, one after the other, as long
 * as a server loads them.
 */
@Tag("once")
@EnabledWithDocker
class HostileCertificatesIntegrationTests {

	/**
	 * What MySQL 9.7 says of a certificate that it could show, and that does not lead to
	 * its {@code ssl-ca} or would not be good for a client.
	 */
	private static final String NOT_VERIFIED = "Invalid certificates";

	private static final String HANDSHAKE_FAILURE = "handshake_failure";

	@TempDir
	private static Path directory;

	private final Identity honest = TestCertificates.authority("CN=Honest CA").server("localhost");

	@Test
	void verdictsOnMySqlAreThoseOfTheTable() throws Exception {
		try (JdbcDatabaseContainer<?> server = RealServers.mysql("9.7", this.honest)) {
			server.start();
			assertVerdicts(RealServer.MYSQL, server);
		}
	}

	@Test
	void verdictsOnTidbAreThoseOfTheTable() throws Exception {
		try (JdbcDatabaseContainer<?> server = RealServers.tidb(this.honest)) {
			server.start();
			assertVerdicts(RealServer.TIDB, server);
		}
	}

	private static void assertVerdicts(RealServer type, JdbcDatabaseContainer<?> server) throws SQLException {
		TreeMap<String, String> notShown = new TreeMap<>();
		List<String> passed = new ArrayList<>();
		SoftAssertions softly = new SoftAssertions();
		try (Connection admin = admin(server); Statement statement = admin.createStatement()) {
			for (HostileCase hostile : HostileCases.all()) {
				if (hostile.identity() != null) {
					String reason = load(hostile.identity(), type, server, statement);
					if (reason != null) {
						notShown.put(hostile.name(), reason);
						continue;
					}
					HostileAttempt attempt = attempt(hostile, SslMode.VERIFY_IDENTITY, server);
					if (isWithoutCertificate(attempt)) {
						notShown.put(hostile.name(), HANDSHAKE_FAILURE);
						continue;
					}
					int before = softly.errorsCollected().size();
					assertVerdict(hostile, SslMode.VERIFY_IDENTITY, attempt, softly);
					if (hostile.failure() == HandshakeFailure.HOST_NAME_MISMATCH) {
						assertVerdict(hostile, SslMode.VERIFY_CA, attempt(hostile, SslMode.VERIFY_CA, server), softly);
					}
					if (softly.errorsCollected().size() == before) {
						passed.add(type.text() + ": " + hostile.name());
					}
				}
			}
		}
		softly.assertThat(notShown).as("not shown by " + type.text()).isEqualTo(new TreeMap<>(type.notShown()));
		softly.assertAll();
		passed.forEach((name) -> Evidence.of(Kind.HOSTILE_CASE_ON_REAL_SERVER, name));
	}

	/**
	 * What a server loads it need not use: then it ends the handshake before it shows a
	 * certificate.
	 */
	private static boolean isWithoutCertificate(HostileAttempt attempt) {
		return !attempt.accepted() && attempt.presented().isEmpty() && attempt.message().contains(HANDSHAKE_FAILURE);
	}

	private static HostileAttempt attempt(HostileCase hostile, SslMode mode, JdbcDatabaseContainer<?> server) {
		return HostileAttempt.onRealServer(hostile, mode, server.getFirstMappedPort(), "root", server.getPassword());
	}

	private static void assertVerdict(HostileCase hostile, SslMode mode, HostileAttempt attempt,
			SoftAssertions softly) {
		String description = "%s in mode %s: %s".formatted(hostile.name(), mode, attempt.thrown());
		softly.assertThat(attempt.accepted()).as(description).isEqualTo(hostile.isAccepted(mode));
		// That the server showed what it was given, and not what it had before.
		if (attempt.accepted()) {
			softly.assertThat(attempt.presented()).as(description).startsWith(hostile.identity().certificate());
		}
		else if (!hostile.isAccepted(mode)) {
			softly.assertThat(attempt.failure()).as(description).isEqualTo(hostile.failure());
			softly.assertThat(attempt.message()).as(description).contains(hostile.text());
			if (hostile.failure() != HandshakeFailure.OTHER) {
				softly.assertThat(attempt.presented()).as(description).isEqualTo(hostile.identity().chain());
			}
		}
	}

	/**
	 * Let the server show this.
	 * @return why it does not, or {@code null} if it does; then the one before stays
	 */
	private static String load(Identity identity, RealServer type, JdbcDatabaseContainer<?> server, Statement statement)
			throws SQLException {
		server.copyFileToContainer(MountableFile.forHostPath(identity.writeTo(directory), 0755), "/dbtls/");
		try {
			statement.execute("ALTER INSTANCE RELOAD TLS");
			return null;
		}
		catch (SQLException ex) {
			assertThat(ex.getMessage()).doesNotContain("link failure");
			if (type == RealServer.MYSQL && ex.getMessage().endsWith(NOT_VERIFIED)) {
				// It is loaded, and only the verdict keeps the old one in its place.
				statement.execute("ALTER INSTANCE RELOAD TLS NO ROLLBACK ON ERROR");
				return null;
			}
			return ex.getMessage().replaceFirst("^.* library error: ", "");
		}
	}

	/**
	 * A connection that trusts nothing and nobody: the stock driver's.
	 */
	private static Connection admin(JdbcDatabaseContainer<?> server) throws SQLException {
		Properties settings = new Properties();
		settings.setProperty("user", "root");
		settings.setProperty("password", server.getPassword());
		settings.setProperty("sslMode", "REQUIRED");
		return DriverManager.getConnection("jdbc:mysql://localhost:%d/".formatted(server.getFirstMappedPort()),
				settings);
	}

}
