package io.github.dbtls.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.autoconfigure.DbTlsAutoConfiguration;
import io.github.dbtls.autoconfigure.DbTlsHealthContributorAutoConfiguration;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder.Purpose;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.Pem;
import io.github.dbtls.testkit.RealServers;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.JdbcDatabaseContainer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The whole starter with users who must show a certificate, on real MySQL and TiDB.
 */
@EnabledWithDocker
class MutualTlsIntegrationTests {

	private static final String USER_PASSWORD = Secrets.password("mutual-Pa55word");

	private static final String KEY_PASSWORD = Secrets.password("client-key-Pa55word");

	private final Authority servers = TestCertificates.authority("CN=Server CA");

	private final Authority clients = TestCertificates.authority("CN=Client CA,O=Test");

	private final Authority departments = this.clients.intermediate("CN=Department CA,O=Test");

	private final Identity server = this.servers.server("localhost", "127.0.0.1");

	private final Identity app = client(this.clients, "CN=app,O=Test", KeyType.RSA_2048);

	private final Identity other = client(this.clients, "CN=other,O=Test", KeyType.EC_P256);

	private final Identity department = client(this.departments, "CN=app,O=Test", KeyType.EC_P256);

	private final Identity stranger = client(TestCertificates.authority("CN=Client CA,O=Test"), "CN=app,O=Test",
			KeyType.RSA_2048);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DataSourceAutoConfiguration.class,
				DbTlsAutoConfiguration.class, DbTlsHealthContributorAutoConfiguration.class))
		// The first attempt of a dead pool is enough.
		.withPropertyValues("spring.datasource.hikari.connection-timeout=1500",
				"spring.datasource.hikari.maximum-pool-size=2");

	@TempDir
	private Path directory;

	@Test
	void mySql() throws Exception {
		try (JdbcDatabaseContainer<?> container = RealServers.mysql("9.7", this.server,
				List.of(this.clients.certificate()))) {
			container.start();
			verify(container, "mysql");
			Evidence.of(Kind.SHAPE, "mysql with mutual TLS on MySQL 9.7");
		}
	}

	@Test
	void tiDb() throws Exception {
		try (JdbcDatabaseContainer<?> container = RealServers.tidb(this.server, List.of(this.clients.certificate()))) {
			container.start();
			verify(container, "tidb");
			Evidence.of(Kind.SHAPE, "tidb with mutual TLS on TiDB 8.5");
		}
	}

	private void verify(JdbcDatabaseContainer<?> container, String provider) throws Exception {
		Application application = new Application(container, provider);
		createUsers(container, provider);
		application.logsIn("x509", pkcs8(this.app));
		application.logsIn("x509", files(this.app, Pem.traditional(this.app.privateKey())));
		application.logsIn("x509", files(this.department, Pem.traditional(this.department.privateKey())));
		application.logsIn("x509", withPassword(files(this.app, Pem.encrypted(this.app.privateKey(), KEY_PASSWORD))));
		application.logsIn("x509",
				withPassword(files(this.department, Pem.encrypted(this.department.privateKey(), KEY_PASSWORD))));
		application.logsIn("x509", oneFile(this.app));
		application.logsIn("x509", with(pkcs8(this.app), "dbtls.tls-versions=TLSv1.2"));
		application.logsIn("x509", with(pkcs8(this.app), "dbtls.ssl-mode=required"));
		application.logsIn("x509", pemBundle(this.department));
		application.logsIn("x509", keyStoreBundle(this.app));
		application.logsIn("subject", pemBundle(this.app));
		application.logsIn("subject", pkcs8(this.app));
		application.logsIn("issuer", pkcs8(this.app));
		application.logsIn("plain", List.of());
		application.logsIn("plain", pkcs8(this.other));

		String sent = "The certificate of 'dbtls.client-certificate' was sent. If the user is declared with REQUIRE "
				+ "SUBJECT or REQUIRE ISSUER, compare the names with those of the certificate.";
		application.isDenied("subject", pkcs8(this.other), sent);
		application.isDenied("issuer", pkcs8(this.department), sent);
		String missing = "If name and password are right, the user may be declared with REQUIRE X509, REQUIRE SUBJECT "
				+ "or REQUIRE ISSUER: then set 'dbtls.client-certificate' and 'dbtls.client-private-key'.";
		application.isDenied("x509",
				List.of("dbtls.ssl-bundle=trust",
						"spring.ssl.bundle.pem.trust.truststore.certificate="
								+ this.servers.writeTo(this.directory).toUri()),
				missing.substring(0, missing.indexOf("then")) + "then give the SSL bundle 'trust' a key store.");
		for (String user : List.of("x509", "subject", "issuer")) {
			application.isDenied(user, List.of(), missing);
		}
		for (String version : List.of("TLSv1.3", "TLSv1.2")) {
			application.isRefused("x509", with(pkcs8(this.stranger), "dbtls.tls-versions=" + version));
		}
	}

	private void createUsers(JdbcDatabaseContainer<?> container, String provider) throws IOException {
		// Root has other rights on each; both take it without a certificate.
		new Application(container, provider).run("root", container.getPassword(), List.of(), (context) -> {
			try (Connection connection = context.getBean(HikariDataSource.class).getConnection();
					Statement statement = connection.createStatement()) {
				Map<String, String> users = Map.of("plain", "SSL", "x509", "X509", "subject",
						"SUBJECT '/O=Test/CN=app'", "issuer", "ISSUER '/O=Test/CN=Client CA'");
				for (Map.Entry<String, String> user : users.entrySet()) {
					statement.execute("CREATE USER '%s'@'%%' IDENTIFIED BY '%s' REQUIRE %s".formatted(user.getKey(),
							USER_PASSWORD, user.getValue()));
				}
			}
		});
	}

	private static Identity client(Authority authority, String subject, KeyType keyType) {
		return authority.issue(subject).key(keyType).purposes(Purpose.CLIENT_AUTH).identity();
	}

	private List<String> pkcs8(Identity identity) throws IOException {
		return files(identity, identity.keyPem());
	}

	private List<String> oneFile(Identity identity) throws IOException {
		Path file = Files.writeString(Files.createTempFile(this.directory, "client", ".pem"),
				identity.chainPem() + identity.keyPem());
		return List.of("dbtls.client-certificate=" + file, "dbtls.client-private-key=" + file);
	}

	private List<String> files(Identity identity, String keyPem) throws IOException {
		Path certificate = Files.writeString(Files.createTempFile(this.directory, "client", ".pem"),
				identity.chainPem());
		Path key = Files.writeString(Files.createTempFile(this.directory, "key", ".pem"), keyPem);
		return List.of("dbtls.client-certificate=" + certificate, "dbtls.client-private-key=" + key);
	}

	private List<String> pemBundle(Identity identity) throws IOException {
		Path directory = Files.createTempDirectory(this.directory, "bundle");
		identity.writeTo(directory);
		String bundle = "spring.ssl.bundle.pem.client.";
		return List.of("dbtls.ssl-bundle=client",
				bundle + "truststore.certificate=" + this.servers.writeTo(directory).toUri(),
				bundle + "keystore.certificate=" + directory.resolve("cert.pem").toUri(),
				bundle + "keystore.private-key=" + directory.resolve("key.pem").toUri());
	}

	private List<String> keyStoreBundle(Identity identity) throws IOException {
		Path directory = Files.createTempDirectory(this.directory, "bundle");
		Path keys = TestCertificates.write(identity.toKeyStore(), directory.resolve("client.p12"));
		String bundle = "spring.ssl.bundle.jks.client.";
		return List.of("dbtls.ssl-bundle=client",
				bundle + "truststore.location=" + this.servers.writeTrustStoreTo(directory).toUri(),
				bundle + "truststore.password=" + TestCertificates.PASSWORD,
				bundle + "keystore.location=" + keys.toUri(),
				bundle + "keystore.password=" + TestCertificates.PASSWORD);
	}

	private static List<String> withPassword(List<String> properties) {
		return with(properties, "dbtls.client-private-key-password=" + KEY_PASSWORD);
	}

	private static List<String> with(List<String> properties, String... more) {
		List<String> all = new ArrayList<>(properties);
		all.addAll(List.of(more));
		return all;
	}

	/**
	 * An application of one provider.
	 */
	private final class Application {

		private final JdbcDatabaseContainer<?> container;

		private final String provider;

		private Application(JdbcDatabaseContainer<?> container, String provider) {
			this.container = container;
			this.provider = provider;
		}

		private void logsIn(String user, List<String> properties) throws IOException {
			run(user, USER_PASSWORD, with(properties, "dbtls.verify-at-startup=true"), (context) -> {
				assertThat(context).hasNotFailed();
				Health health = health(context);
				assertThat(health.getStatus()).as("%s %s: %s", user, properties, health).isEqualTo(Status.UP);
				// Resumed sessions have proven the certificate before.
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				try (Connection one = pool.getConnection(); Connection two = pool.getConnection()) {
					assertThat(one.isValid(5) && two.isValid(5)).isTrue();
				}
			});
		}

		private void isDenied(String user, List<String> properties, String hint) throws IOException {
			run(user, USER_PASSWORD, properties, (context) -> {
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				assertThatExceptionOfType(SQLException.class).isThrownBy(pool::getConnection)
					.withStackTraceContaining("Access denied for user '%s'@".formatted(user));
				Map<?, ?> error = error(context);
				assertThat(error.get("message").toString())
					.startsWith("TLS to localhost:%d is in order, but the login behind it was refused: error 1045, "
						.formatted(this.container.getFirstMappedPort())
							+ "Access denied for user '%s'@".formatted(user))
					.endsWith(" " + hint);
				assertThat(error.get("cause")).isEqualTo("LOGIN_REFUSED");
			});
		}

		private void isRefused(String user, List<String> properties) throws IOException {
			String text = "No verified TLS connection to localhost:%d: the server does not accept the certificate of the client; "
				.formatted(this.container.getFirstMappedPort());
			run(user, USER_PASSWORD, properties, (context) -> {
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				assertThatExceptionOfType(SQLException.class).isThrownBy(pool::getConnection)
					.withStackTraceContaining(text);
				Map<?, ?> error = error(context);
				assertThat(error.get("message").toString()).startsWith(text)
					.contains("issue the certificate of 'dbtls.client-certificate'");
				assertThat(error.get("cause")).isEqualTo("CLIENT_CERTIFICATE_REFUSED");
			});
			AtomicReference<String> seen = new AtomicReference<>("");
			// The server hangs up behind its alert: on a busy machine the client can meet
			// the end first.
			for (int i = 0; i < 5 && !seen.get().contains(text); i++) {
				run(user, USER_PASSWORD, with(properties, "dbtls.verify-at-startup=true"), (context) -> {
					Throwable failure = context.getStartupFailure();
					seen.set((failure != null) ? String.valueOf(failure.getCause()) : "");
				});
			}
			assertThat(seen.get()).contains(text);
		}

		private void run(String user, String password, List<String> properties,
				ContextConsumer<AssertableApplicationContext> consumer) throws IOException {
			MutualTlsIntegrationTests.this.contextRunner
				.withPropertyValues("dbtls.provider=" + this.provider,
						"spring.datasource.url=jdbc:mysql://localhost:%d/"
							.formatted(this.container.getFirstMappedPort()),
						"spring.datasource.username=" + user, "spring.datasource.password=" + password)
				.withPropertyValues(trust(properties))
				.withPropertyValues(properties.toArray(String[]::new))
				.run(consumer);
		}

		private String[] trust(List<String> properties) {
			boolean own = properties.contains("dbtls.ssl-mode=required")
					|| properties.stream().anyMatch((property) -> property.startsWith("dbtls.ssl-bundle"));
			return own ? new String[0] : new String[] { "dbtls.ca-path="
					+ MutualTlsIntegrationTests.this.servers.writeTo(MutualTlsIntegrationTests.this.directory) };
		}

		private static Map<?, ?> error(AssertableApplicationContext context) {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			return (Map<?, ?>) health.getDetails().get("error");
		}

		private static Health health(AssertableApplicationContext context) {
			return context.getBean("dbtlsHealthContributor", HealthIndicator.class).health();
		}

	}

}
