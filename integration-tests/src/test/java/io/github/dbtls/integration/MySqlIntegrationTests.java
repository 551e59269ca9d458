package io.github.dbtls.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Jsse;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.JdbcDatabaseContainer;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Provider {@code mysql} on MySQL.
 */
@EnabledWithDocker
class MySqlIntegrationTests {

	private final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "9.7", "8.0" })
	void serverWithCertificateOfOnesOwn(String version) {
		MySqlShape.prove(LiveContainer.mySql(version), this.directory);
	}

	@ParameterizedTest
	@ValueSource(strings = { "9.7", "8.0" })
	void serverWithCertificateOfItsOwnMaking(String version) throws IOException {
		LiveContainer server = LiveContainer.mySql(version);
		Path ca = this.directory.resolve("ca.pem");
		Files.writeString(ca, server.ownAuthority());
		server.withOwnCertificate(() -> {
			Shape shape = Shape.of("mysql", server).trusting(ca).with("dbtls.ssl-mode", "verify-ca");
			shape.assertWorks("verify-ca");
			shape.with("dbtls.ssl-mode", "verify-identity")
				.assertRefused(HandshakeFailure.HOST_NAME_MISMATCH,
						"the server's certificate is not issued to 'localhost'", "_Auto_Generated_Server_Certificate");
			shape.trusting(this.authority.writeTo(this.directory.resolve("other")))
				.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued",
						"_Auto_Generated_CA_Certificate");
			shape.assertPlaintextIsRefused();
			shape.proven("certificate of its own making");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "9.7", "8.0" })
	void sessionsAreResumed(String version) {
		LiveServer server = LiveContainer.mySql(version);
		server.show(this.authority, "localhost");
		Shape shape = Shape.of("mysql", server).trusting(this.authority.writeTo(this.directory));
		for (String protocol : new String[] { "TLSv1.3", "TLSv1.2" }) {
			ShopApplication.runner(shape.with("dbtls.tls-versions", protocol).properties())
				.run((context) -> assertThat(MySqlShape.resumesWithServersConsent(context)).isTrue());
		}
	}

	@Test
	void handshakesAreConscrypts() {
		assertThat(Jsse.CONSCRYPT.provider()).isNotNull();
		LiveServer server = LiveContainer.mySql("9.7");
		server.show(this.authority, "localhost");
		Shape shape = Shape.of("mysql", server)
			.trusting(this.authority.writeTo(this.directory))
			.with("dbtls.jsse-provider", "Conscrypt");
		shape.assertWorks("verify-identity");
		shape.trusting(TestCertificates.authority("CN=Shop CA").writeTo(this.directory.resolve("other")))
			.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued", "CN=localhost");
		for (String protocol : new String[] { "TLSv1.3", "TLSv1.2" }) {
			ShopApplication.runner(shape.with("dbtls.tls-versions", protocol).properties())
				.run((context) -> assertThat(MySqlShape.resumesWithServersConsent(context)).isTrue());
		}
		server.show(this.authority, "db.shop.example.com");
		shape.assertRefused(HandshakeFailure.HOST_NAME_MISMATCH,
				"the server's certificate is not issued to 'localhost'", "DNS:db.shop.example.com");
		shape.proven("JSSE provider Conscrypt");
	}

	@Test
	void serviceConnectionIsRaisedToThePolicy() {
		LiveContainer server = LiveContainer.mySql("9.7");
		server.show(this.authority, "localhost", "127.0.0.1");
		// What Testcontainers' service connection contributes, sslMode=REQUIRED included.
		assertThat(server.container().getJdbcUrl()).contains("sslMode=REQUIRED");
		Shape shape = Shape.of("mysql", server).trusting(this.authority.writeTo(this.directory));
		ShopApplication.runner(shape.properties())
			.withBean(JdbcConnectionDetails.class, () -> new ContainerDetails(server.container()))
			.run((context) -> {
				assertThat(ShopApplication.health(context)).containsEntry("status", "UP")
					.extractingByKey("details")
					.hasFieldOrPropertyWithValue("sslMode", "verify-identity");
				assertThat(context.getBean(HikariDataSource.class).getJdbcUrl()).doesNotContain("REQUIRED")
					.contains("sslMode=VERIFY_IDENTITY");
			});
	}

	private record ContainerDetails(JdbcDatabaseContainer<?> server) implements JdbcConnectionDetails {

		@Override
		public String getUsername() {
			return this.server.getUsername();
		}

		@Override
		public String getPassword() {
			return this.server.getPassword();
		}

		@Override
		public String getJdbcUrl() {
			return this.server.getJdbcUrl();
		}

	}

}
