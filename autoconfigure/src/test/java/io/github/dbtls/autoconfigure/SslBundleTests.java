package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.tls.PoolTls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@code dbtls.ssl-bundle}: what is in force comes from one of Spring Boot's
 * SSL bundles, and follows it.
 */
@ExtendWith(OutputCaptureExtension.class)
class SslBundleTests {

	private static final Authority old = TestCertificates.authority("CN=Old CA");

	private static final Authority next = TestCertificates.authority("CN=Next CA");

	@TempDir
	private Path directory;

	private Path file;

	private FakeMySqlServer server;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void startServer() {
		Traces.begin();
		this.file = old.writeTo(this.directory);
		this.server = FakeMySqlServer.tls(old.server("localhost")).start();
		this.contextRunner = runner(this.server).withPropertyValues("dbtls.provider=mysql", "dbtls.ssl-bundle=db",
				"spring.ssl.bundle.pem.db.truststore.certificate=" + this.file.toUri());
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@Test
	void trustStoreIsWhatTheServerIsVerifiedAgainst(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			try (Connection connection = pool(context).getConnection()) {
				assertThat(session(connection).anchor()).isEqualTo(old.certificate());
			}
			Health health = context.getBean("dbtlsHealthContributor", HealthIndicator.class).health();
			assertThat(trust(health)).containsEntry("source", "SSL bundle 'db'").containsEntry("certificates", 1);
		});
		assertThat(output).contains("trust SSL bundle 'db' (1 certificate)");
	}

	@Test
	void serverOfAnotherAuthorityIsRefused() {
		this.server.use(next.server("localhost"));
		this.contextRunner.run((context) -> {
			SQLException ex = catchThrowableOfType(SQLException.class, () -> pool(context).getConnection().close());
			TlsHandshakeException handshake = handshakeFailure(ex);
			assertThat(handshake).hasMessageContaining("SSL bundle 'db'");
			assertThat(handshake.getAction()).contains("in 'spring.ssl.bundle.*.db.truststore'.");
		});
	}

	@Test
	void keyStoreIsWhatTheClientShows(CapturedOutput output) throws IOException {
		Identity client = old.client("app");
		client.writeTo(this.directory);
		try (FakeMySqlServer mutual = FakeMySqlServer.tls(old.server("localhost"))
			.needClientAuth(old.certificate())
			.start()) {
			runner(mutual)
				.withPropertyValues("dbtls.provider=mysql", "dbtls.ssl-bundle=db",
						"spring.ssl.bundle.pem.db.truststore.certificate=" + this.file.toUri(),
						"spring.ssl.bundle.pem.db.keystore.certificate=" + this.directory.resolve("cert.pem").toUri(),
						"spring.ssl.bundle.pem.db.keystore.private-key=" + this.directory.resolve("key.pem").toUri())
				.run((context) -> pool(context).getConnection().close());
		}
		assertThat(output).contains("trust SSL bundle 'db' (1 certificate), client certificate SSL bundle 'db'");
	}

	@Test
	void bundleOfKeyStoresAndItsOptionsAreTaken() {
		Path trust = old.writeTrustStoreTo(this.directory);
		this.contextRunner
			.withPropertyValues("dbtls.ssl-bundle=jks",
					"spring.ssl.bundle.jks.jks.truststore.location=" + trust.toUri(),
					"spring.ssl.bundle.jks.jks.truststore.password=" + TestCertificates.PASSWORD,
					"spring.ssl.bundle.jks.jks.options.enabled-protocols=TLSv1.2")
			.run((context) -> {
				try (Connection connection = pool(context).getConnection()) {
					assertThat(session(connection).protocol()).isEqualTo("TLSv1.2");
				}
			});
	}

	@Test
	void reloadOfAFileIsFollowed(CapturedOutput output) {
		// Boot's watcher notices the file, waits until it is quiet, and updates the
		// bundle.
		this.contextRunner
			.withPropertyValues("spring.ssl.bundle.pem.db.reload-on-update=true",
					"spring.ssl.bundle.watch.file.quiet-period=200ms", "dbtls.reload-interval=1h")
			.run((context) -> {
				assertThat(context.getBean(SslBundles.class).getBundleNames()).contains("db");
				Files.writeString(this.file, old.pem() + next.pem());
				Traces.await(() -> tls(context).generation() == 2);
				this.server.use(next.server("localhost"));
				try (Connection connection = pool(context).getConnection()) {
					assertThat(session(connection).anchor()).isEqualTo(next.certificate());
				}
				Files.writeString(this.file, "broken");
				Traces.await(() -> tls(context).reloadFault() != null);
				assertThat(tls(context).generation()).isEqualTo(2);
				Health health = context.getBean("dbtlsHealthContributor", HealthIndicator.class).health();
				assertThat(trust(health).get("lastError")).asString()
					.startsWith("'dbtls.ssl-bundle' names the SSL bundle 'db', whose trust store cannot be read: ");
				Files.writeString(this.file, old.pem() + next.pem());
				Traces.await(() -> tls(context).reloadFault() == null);
				assertThat(tls(context).generation()).isEqualTo(2);
			});
		assertThat(output).containsOnlyOnce("certificates changed; generation 2 is in force: trust SSL bundle 'db'")
			.containsOnlyOnce("changed certificates do not come into force: 'dbtls.ssl-bundle' names");
	}

	@Test
	void updateOfTheRegistryIsFollowedAtOnce() {
		this.contextRunner.withPropertyValues("dbtls.reload-interval=1h").run((context) -> {
			connect(context);
			SslBundleRegistry registry = context.getBean(SslBundleRegistry.class);
			registry.updateBundle("db", bundle(next.pem()));
			Traces.await(() -> tls(context).generation() == 2);
			assertThat(tls(context).trust().certificates()).containsExactly(next.certificate());
			// The pool is told of its idle connection behind it.
			Traces.await(() -> !connects(context));
			this.server.use(next.server("localhost"));
			connect(context);
		});
	}

	@Test
	void updateThatIsNothingNeverReachesWhoMadeIt(CapturedOutput output) {
		this.contextRunner.withPropertyValues("dbtls.reload-interval=1h").run((context) -> {
			SslBundleRegistry registry = context.getBean(SslBundleRegistry.class);
			registry.updateBundle("db", bundle(old.client("app").chainPem()));
			Traces.await(() -> tls(context).reloadFault() != null);
			assertThat(tls(context).reloadFault().message())
				.contains("whose trust store holds the certificate of a server");
			connect(context);
		});
		assertThat(output).contains("Until then generation 1 stays in force.");
	}

	@Test
	void reloadThatIsSwitchedOffIsOffForBundlesToo(CapturedOutput output) {
		this.contextRunner.withPropertyValues("dbtls.reload-interval=0").run((context) -> {
			connect(context);
			context.getBean(SslBundleRegistry.class).updateBundle("db", bundle(next.pem()));
			Traces.await("no threads", () -> Traces.threads().isEmpty());
			connect(context);
			assertThat(tls(context).generation()).isEqualTo(1);
		});
		// What Boot says where nobody follows.
		assertThat(output).contains("SSL bundle 'db' has been updated but may be in use by a technology that doesn't");
	}

	@Test
	void bundleThatIsNotThereStopsStartup() {
		this.contextRunner.withPropertyValues("dbtls.ssl-bundle=bd")
			.run((context) -> assertThat(rootCause(context.getStartupFailure()))
				.isInstanceOfSatisfying(DbTlsConfigurationException.class, (ex) -> {
					assertThat(ex).hasMessage("'dbtls.ssl-bundle' is 'bd', and there is no SSL bundle of that name.");
					assertThat(ex.getAction()).contains("db");
				}));
	}

	@Test
	void bundleBesideAFileStopsStartup() {
		this.contextRunner.withPropertyValues("dbtls.ca-path=" + this.file)
			.run((context) -> assertThat(rootCause(context.getStartupFailure()))
				.isInstanceOf(DbTlsConfigurationException.class)
				.hasMessageStartingWith("'dbtls.ssl-bundle' and 'dbtls.ca-path' are both set"));
	}

	@Test
	void bundleWithoutAProviderStopsStartup() {
		runner(this.server).withPropertyValues("dbtls.ssl-bundle=db")
			.run((context) -> assertThat(rootCause(context.getStartupFailure()))
				.isInstanceOf(DbTlsConfigurationException.class)
				.hasMessageContaining("'dbtls.provider' is not set"));
	}

	@Test
	void bundlesAreNotCreatedForThoseWhoNameNone() {
		runner(this.server)
			.withInitializer((context) -> context.addBeanFactoryPostProcessor(
					(factory) -> factory.getBeanDefinition("sslBundleRegistry").setLazyInit(true)))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.file)
			.run((context) -> {
				connect(context);
				assertThat(context.getBeanFactory().containsSingleton("sslBundleRegistry")).isFalse();
			});
	}

	@Test
	void ownBundleTakesThePlaceOfTheFilesOfAll() {
		Policies policies = policies("""
				dbtls:
				  provider: mysql
				  ca-path: all.pem
				  client-certificate: all.pem
				  client-private-key: all.pem
				  data-sources.orders.ssl-bundle: db
				""");
		assertThat(policies.policyOf("orders", List.of()).trust()).hasToString("SSL bundle 'db'");
		assertThat(policies.policyOf("orders", List.of()).clientKey()).isNull();
		assertThat(policies.policyOf("other", List.of()).trust()).hasToString("all.pem");
	}

	@Test
	void ownFileTakesThePlaceOfTheBundleOfAll() {
		Policies policies = policies("""
				dbtls:
				  provider: mysql
				  ssl-bundle: db
				  data-sources.orders.ca-path: orders.pem
				""");
		assertThat(policies.policyOf("orders", List.of()).trust()).hasToString("orders.pem");
		assertThat(policies.policyOf("other", List.of()).trust()).hasToString("SSL bundle 'db'");
	}

	@Test
	void ownBundleWithoutTrustNeverTakesThePlaceOfAnAuthority() {
		SslBundle keyAlone = SslBundle
			.of(SslStoreBundle.of(old.client("app").toKeyStore(), TestCertificates.PASSWORD, null));
		Policies policies = new Policies(BoundProperties.ofYaml("""
				dbtls:
				  provider: mysql
				  ca-path: all.pem
				  data-sources.orders.ssl-bundle: db
				"""), new Providers(List.of()), TestSslBundles.of("db", keyAlone));
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> policies.policyOf("orders", List.of()))
			.withMessage(
					"'dbtls.data-sources.orders.ssl-bundle' names the SSL bundle 'db', which has no trust store, and would take the place of 'dbtls.ca-path' all the same.")
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(
					"Give it the certificate of the server's authority too: 'spring.ssl.bundle.*.db.truststore'."));
	}

	@Test
	void remedyForABundleWithoutTrustNamesItsTrustStore() {
		SslBundle keyAlone = SslBundle
			.of(SslStoreBundle.of(old.client("app").toKeyStore(), TestCertificates.PASSWORD, null));
		Policies policies = new Policies(BoundProperties.ofYaml("dbtls: {provider: mysql, ssl-bundle: db}"),
				new Providers(List.of()), TestSslBundles.of("db", keyAlone));
		assertThat(policies.policyOf("any", List.of()).trustProperty()).isEqualTo("spring.ssl.bundle.*.db.truststore");
	}

	@Test
	void trustStoreThatIsSetToNothingStopsStartup() throws IOException {
		old.client("app").writeTo(this.directory);
		runner(this.server)
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ssl-bundle=db",
					"spring.ssl.bundle.pem.db.truststore.certificate=${DB_CA:}",
					"spring.ssl.bundle.pem.db.keystore.certificate=" + this.directory.resolve("cert.pem").toUri(),
					"spring.ssl.bundle.pem.db.keystore.private-key=" + this.directory.resolve("key.pem").toUri())
			.run((context) -> assertThat(rootCause(context.getStartupFailure()))
				.isInstanceOf(DbTlsConfigurationException.class)
				.hasMessage("'spring.ssl.bundle.pem.db.truststore.certificate' is set, but to nothing."));
	}

	@Test
	void ownClientCertificateBesideTheBundleOfAllIsRefused() {
		Policies policies = policies("""
				dbtls:
				  provider: mysql
				  ssl-bundle: db
				  data-sources.orders.client-certificate: orders.pem
				""");
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> policies.policyOf("orders", List.of()))
			.withMessageStartingWith(
					"'dbtls.ssl-bundle' and 'dbtls.data-sources.orders.client-certificate' are both set");
	}

	private static Policies policies(String yaml) {
		return new Policies(BoundProperties.ofYaml(yaml), new Providers(List.of()),
				TestSslBundles.of("db", bundle(old.pem())));
	}

	private static ApplicationContextRunner runner(FakeMySqlServer server) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DataSourceAutoConfiguration.class,
					DbTlsAutoConfiguration.class, DbTlsHealthContributorAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(),
					"spring.datasource.hikari.maximum-pool-size=2", "spring.datasource.hikari.minimum-idle=0",
					"spring.datasource.hikari.connection-timeout=3000");
	}

	private static SslBundle bundle(String trust) {
		return SslBundle.of(new PemSslStoreBundle((PemSslStoreDetails) null, PemSslStoreDetails.forCertificate(trust)));
	}

	private static PoolTls tls(ApplicationContext context) {
		return context.getBean(SecuredPools.class).all().get(0).tls();
	}

	private static HikariDataSource pool(ApplicationContext context) {
		return context.getBean(HikariDataSource.class);
	}

	private static void connect(ApplicationContext context) throws SQLException {
		pool(context).getConnection().close();
	}

	private static boolean connects(ApplicationContext context) {
		try {
			connect(context);
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static TlsSession session(Connection connection) throws SQLException {
		return ConnectionSession.of(connection);
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> trust(Health health) {
		return (Map<String, Object>) health.getDetails().get("trust");
	}

	private static TlsHandshakeException handshakeFailure(Throwable thrown) {
		Throwable cause = thrown;
		while (!(cause instanceof TlsHandshakeException)) {
			cause = cause.getCause();
			assertThat(cause).isNotNull();
		}
		return (TlsHandshakeException) cause;
	}

	private static Throwable rootCause(Throwable thrown) {
		return (thrown.getCause() != null) ? rootCause(thrown.getCause()) : thrown;
	}

}
