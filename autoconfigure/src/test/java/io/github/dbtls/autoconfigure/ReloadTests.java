package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.Query;
import com.mysql.cj.interceptors.QueryInterceptor;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.Resultset;
import com.mysql.cj.protocol.ServerSession;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Pem;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.tls.PoolTls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for trust that changes while the application runs: {@link Reloads},
 * {@link PoolReload}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReloadTests {

	private static final Authority old = TestCertificates.authority("CN=Old CA");

	private static final Authority next = TestCertificates.authority("CN=Next CA");

	@TempDir
	private Path directory;

	private Path file;

	private FakeMySqlServer server;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void startServer() {
		this.file = old.writeTo(this.directory);
		this.server = FakeMySqlServer.tls(old.server("localhost")).start();
		this.contextRunner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class,
					DbTlsHealthContributorAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.file, "dbtls.reload-interval=1s",
					"spring.datasource.url=" + this.server.jdbcUrl(), "spring.datasource.hikari.maximum-pool-size=2",
					"spring.datasource.hikari.minimum-idle=0", "spring.datasource.hikari.connection-timeout=5000");
	}

	@AfterEach
	void stopServer() {
		this.server.close();
		CheckpointInterceptor.reset();
	}

	@Test
	void addedAuthorityComesIntoForceAndDisturbsNobody() {
		this.contextRunner.run((context) -> {
			long before = connectionId(context);
			write(old, next);
			Traces.await(() -> tls(context).generation() == 2);
			assertThat(connectionId(context)).isEqualTo(before);
			this.server.use(next.server("localhost"));
			try (Connection first = pool(context).getConnection(); Connection second = pool(context).getConnection()) {
				assertThat(List.of(session(first), session(second)))
					.anySatisfy((session) -> assertThat(session.anchor()).isEqualTo(next.certificate()))
					.anySatisfy((session) -> assertThat(session.anchor()).isEqualTo(old.certificate()));
			}
			Health health = health(context);
			assertThat(trust(health)).containsEntry("generation", 2)
				.containsEntry("certificates", 2)
				.doesNotContainKeys("lastError", "lastErrorAt", "outdatedConnections");
		});
	}

	@Test
	void sessionOfAnEarlierGenerationIsNotResumed() {
		this.contextRunner.run((context) -> {
			try (Connection first = pool(context).getConnection()) {
				assertThat(session(first).generation()).isEqualTo(1);
				write(old, next);
				Traces.await(() -> tls(context).generation() == 2);
				try (Connection second = pool(context).getConnection()) {
					assertThat(session(second).resumed()).isFalse();
					assertThat(session(second).generation()).isEqualTo(2);
				}
			}
		});
	}

	@Test
	void connectionThatOnlyARemovedAuthorityVouchesForIsEvicted(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			try (Connection held = pool(context).getConnection()) {
				pool(context).getConnection().close();
				assertThat(pool(context).getHikariPoolMXBean().getTotalConnections()).isEqualTo(2);
				this.server.use(next.server("localhost"));
				write(next);
				Traces.await(() -> tls(context).generation() == 2);
				// The idle one is closed; the one in use works on, and health counts it.
				Traces.await(() -> pool(context).getHikariPoolMXBean().getTotalConnections() == 1);
				assertThat(held.isValid(5)).isTrue();
				assertThat(trust(health(context))).containsEntry("outdatedConnections", 1);
			}
			Traces.await(() -> tls(context).outdatedConnections() == 0);
			assertThat(trust(health(context))).doesNotContainKey("outdatedConnections");
			try (Connection connection = pool(context).getConnection()) {
				assertThat(session(connection).anchor()).isEqualTo(next.certificate());
			}
			assertThat(output)
				.containsOnlyOnce("dataSource: certificates changed; generation 2 is in force: trust " + this.file
						+ " (1 certificate)")
				.containsOnlyOnce("only the earlier trust vouched for: closed when idle, or when returned");
		});
	}

	@Test
	void connectionThatWasBeingOpenedIsEvictedAsWell(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues("spring.datasource.hikari.connection-init-sql=SELECT 4711",
					"spring.datasource.hikari.data-source-properties.queryInterceptors="
							+ CheckpointInterceptor.class.getName())
			.run((context) -> {
				CompletableFuture<Connection> opening;
				try (Connection held = pool(context).getConnection()) {
					CheckpointInterceptor.arm();
					opening = CompletableFuture.supplyAsync(() -> connection(context));
					// The handshake is over, and the pool does not know the connection
					// yet.
					assertThat(CheckpointInterceptor.reached.await(30, TimeUnit.SECONDS)).isTrue();
					assertThat(session(held).generation()).isEqualTo(1);
					this.server.use(next.server("localhost"));
					write(next);
					Traces.await(() -> tls(context).outdatedConnections() == 2);
					// Let the pool be told once: about those that it knows.
					Traces.await(() -> output.getAll().contains("closed when idle, or when returned"));
				}
				Traces.await(() -> tls(context).outdatedConnections() == 1);
				CheckpointInterceptor.open();
				opening.get(30, TimeUnit.SECONDS).close();
				Traces.await(() -> tls(context).outdatedConnections() == 0);
				try (Connection connection = pool(context).getConnection()) {
					assertThat(session(connection).generation()).isEqualTo(2);
				}
			});
	}

	@Test
	void brokenFileKeepsTheTrustInForceAndShowsInHealth(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			String pem = Files.readString(this.file);
			Files.writeString(this.file, pem.substring(0, 200));
			Traces.await(() -> tls(context).reloadFault() != null);
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(trust(health)).containsEntry("generation", 1);
			assertThat(trust(health).get("lastError")).asString()
				.startsWith("'dbtls.ca-path' names '%s', which".formatted(this.file));
			assertThat(trust(health).get("lastErrorAt")).asString().endsWith("Z");
			// Seen several times, told once.
			Thread.sleep(2500);
			Files.writeString(this.file, pem);
			Traces.await(() -> tls(context).reloadFault() == null);
			assertThat(trust(health(context))).containsEntry("generation", 1)
				.doesNotContainKeys("lastError", "lastErrorAt");
		});
		assertThat(output)
			.containsOnlyOnce("dataSource: changed certificates do not come into force: 'dbtls.ca-path' names")
			.containsOnlyOnce("Until then generation 1 stays in force.")
			.containsOnlyOnce("dataSource: the certificates are in order again");
	}

	@Test
	void warningOfAFileIsToldOnceForEachGeneration(CapturedOutput output) throws IOException {
		String warning = "dataSource: 'dbtls.ca-path' names '%s', which also holds 1 certificate of no authority"
			.formatted(this.file);
		String leaf = Pem.of(old.server("leaf.example.org").certificate());
		Files.writeString(this.file, old.pem() + leaf);
		this.contextRunner.run((context) -> {
			assertThat(output).containsOnlyOnce(warning);
			Files.writeString(this.file, old.pem() + leaf + next.pem());
			Traces.await(() -> output.toString().split(Pattern.quote(warning), -1).length == 3);
			assertThat(tls(context).generation()).isEqualTo(2);
		});
		assertThat(output.toString().split(Pattern.quote(warning), -1)).hasSize(3);
	}

	@Test
	void removedFileIsAFault() {
		this.contextRunner.run((context) -> {
			Files.delete(this.file);
			Traces.await(() -> tls(context).reloadFault() != null);
			assertThat(tls(context).reloadFault().message()).contains("does not exist");
			pool(context).getConnection().close();
			write(next);
			Traces.await(() -> tls(context).generation() == 2);
			assertThat(tls(context).reloadFault()).isNull();
		});
	}

	@Test
	void failedHandshakeLooksAtTheFileAtOnce() {
		this.contextRunner
			.withPropertyValues("dbtls.reload-interval=1d", "spring.datasource.hikari.connection-timeout=30000")
			.run((context) -> {
				try (Connection before = pool(context).getConnection()) {
					assertThat(session(before).generation()).isEqualTo(1);
					write(old, next);
					this.server.use(next.server("localhost"));
					// The interval is not waited for, and the caller sees no failure.
					try (Connection connection = pool(context).getConnection()) {
						assertThat(session(connection).generation()).isEqualTo(2);
					}
				}
			});
	}

	@Test
	void poolThatCannotBeReachedIsAWarning(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			HikariConfig config = new HikariConfig();
			config.setJdbcUrl(this.server.jdbcUrl());
			config.setUsername("app");
			config.setPassword("secret");
			config.setMaximumPoolSize(1);
			context.getBean(DbTlsPools.class).secure("tenant", config);
			try (HikariDataSource tenant = new HikariDataSource(config)) {
				tenant.getConnection().close();
				write(next);
				Traces.await(() -> output.getAll().contains("since dbtls does not know their pool"));
				assertThat(output).contains("tenant: 1 open connection, which only the earlier trust vouched for, ",
						"Hand the HikariDataSource itself to '");
			}
			context.getBean(DbTlsPools.class).release(config);
		});
	}

	@Test
	void singleConnectionIsAWarningWithAdviceOfItsOwn(CapturedOutput output) {
		this.contextRunner
			.withBean("single", SingleConnectionDataSource.class,
					() -> new SingleConnectionDataSource(this.server.jdbcUrl(), "app", "secret", true))
			.run((context) -> {
				SingleConnectionDataSource single = context.getBean(SingleConnectionDataSource.class);
				single.getConnection().close();
				write(next);
				Traces.await(() -> output.getAll().contains("single: 1 open connection, which only the earlier trust"));
				assertThat(output)
					.contains("since a SingleConnectionDataSource keeps its connection. Call 'resetConnection()' on it")
					.doesNotContain("HikariDataSource itself");
				single.resetConnection();
				assertThat(this.server.lastConnection().awaitEnd(Duration.ofSeconds(10))).isTrue();
			});
	}

	@Test
	void threadIsThereWhileThereIsSomethingToWatch() throws IOException {
		long before = threads();
		this.contextRunner.withPropertyValues("dbtls.reload-interval=0")
			.run((context) -> assertThat(threads()).isEqualTo(before));
		try (URLClassLoader classLoader = new URLClassLoader(new URL[] { this.directory.toUri().toURL() })) {
			this.contextRunner.withClassLoader(classLoader)
				.withPropertyValues("dbtls.ca-path=classpath:" + this.file.getFileName())
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(threads()).isEqualTo(before);
				});
		}
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.file)
			.run((context) -> assertThat(threads()).isEqualTo(before));
		this.contextRunner.run((context) -> {
			assertThat(threads()).isEqualTo(before + 1);
			assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> isOurs(thread))
				.allMatch(Thread::isDaemon);
			HikariDataSource more = new HikariDataSource();
			more.setJdbcUrl(this.server.jdbcUrl());
			context.getBean(DbTlsPools.class).secure("more", more);
			assertThat(threads()).isEqualTo(before + 1);
			this.contextRunner.run((other) -> assertThat(threads()).isEqualTo(before + 2));
			Traces.await(() -> threads() == before + 1);
			context.getBean(DbTlsPools.class).release(more);
			assertThat(threads()).isEqualTo(before + 1);
			context.getBean(DbTlsPools.class).release(pool(context));
			Traces.await(() -> threads() == before);
		});
		Traces.await(() -> threads() == before);
	}

	@Test
	void poolThatClosedIsWatchedNoLonger() {
		long before = threads();
		this.contextRunner.run((context) -> {
			assertThat(threads()).isEqualTo(before + 1);
			pool(context).close();
			Traces.await(() -> threads() == before);
		});
	}

	@Test
	void stoppedContextLooksAgainWhenItStarts() {
		long before = threads();
		this.contextRunner.withPropertyValues("dbtls.reload-interval=1d").run((context) -> {
			Reloads reloads = context.getBean(Reloads.class);
			assertThat(reloads.isRunning()).isTrue();
			// As for a checkpoint.
			reloads.stop();
			Traces.await(() -> threads() == before);
			write(old, next);
			reloads.start();
			Traces.await(() -> tls(context).generation() == 2);
		});
		Traces.await(() -> threads() == before);
	}

	@Test
	void lazyPoolIsWatchedWhenItIsThere() {
		long before = threads();
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(threads()).isEqualTo(before);
				pool(context).getConnection().close();
				assertThat(threads()).isEqualTo(before + 1);
				write(old, next);
				Traces.await(() -> tls(context).generation() == 2);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "10", "999ms", "-1s", "25h" })
	void intervalWhenItIsNoneFails(String value) {
		this.contextRunner.withPropertyValues("dbtls.reload-interval=" + value).run((context) -> {
			DbTlsConfigurationException refusal = (DbTlsConfigurationException) rootCause(context.getStartupFailure());
			assertThat(refusal.getProperty()).isEqualTo("dbtls.reload-interval");
			assertThat(refusal).hasMessageMatching(
					"'dbtls.reload-interval' is PT\\S+. Changed files are looked for every second at most and every day at least.");
			assertThat(refusal.getAction()).isEqualTo(
					"Set 'dbtls.reload-interval' to a duration such as '10s' (a number without a unit is milliseconds), or to '0' to switch reloading off.");
		});
	}

	@ParameterizedTest
	@CsvSource({ "orders, PT5S", "reports-db, PT1M", "legacy, PT0S" })
	void intervalOfADataSourceIsItsOwnOrThatOfAll(String name, Duration interval) {
		Policies policies = new Policies(BoundProperties.ofYaml("""
				dbtls:
				  provider: mysql
				  reload-interval: 5s
				  data-sources:
				    reports-db:
				      reload-interval: 1m
				    legacy:
				      reload-interval: 0
				"""), new Providers(List.of()), TestSslBundles.none());
		assertThat(ReloadSettings.interval(policies.decisionOf(name, List.of()).reloadInterval())).isEqualTo(interval);
	}

	@Test
	void intervalWithoutSettingIsTheOneOfTheMetadata() {
		Policies policies = new Policies(BoundProperties.ofYaml("dbtls.provider: mysql"), new Providers(List.of()),
				TestSslBundles.none());
		assertThat(ReloadSettings.interval(policies.decisionOf("any", List.of()).reloadInterval()))
			.isEqualTo(Duration.ofSeconds(10));
		assertThat(Metadata.read().defaultOf("dbtls.reload-interval")).isEqualTo("10s");
	}

	private void write(Authority... authorities) throws IOException {
		StringBuilder pem = new StringBuilder();
		for (Authority authority : authorities) {
			pem.append(authority.pem());
		}
		Files.writeString(this.file, pem);
	}

	private static PoolTls tls(ApplicationContext context) {
		return context.getBean(SecuredPools.class).all().get(0).tls();
	}

	private static HikariDataSource pool(ApplicationContext context) {
		return context.getBean(HikariDataSource.class);
	}

	private static Connection connection(ApplicationContext context) {
		try {
			return pool(context).getConnection();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static TlsSession session(Connection connection) throws SQLException {
		return ConnectionSession.of(connection);
	}

	private static long connectionId(ApplicationContext context) throws SQLException {
		try (Connection connection = pool(context).getConnection()) {
			return System.identityHashCode(connection.unwrap(MysqlConnection.class));
		}
	}

	private static Health health(AssertableApplicationContext context) {
		return context.getBean("dbtlsHealthContributor", HealthIndicator.class).health();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> trust(Health health) {
		return (Map<String, Object>) health.getDetails().get("trust");
	}

	private static Throwable rootCause(Throwable thrown) {
		return (thrown.getCause() != null) ? rootCause(thrown.getCause()) : thrown;
	}

	private static long threads() {
		return Thread.getAllStackTraces().keySet().stream().filter(ReloadTests::isOurs).count();
	}

	private static boolean isOurs(Thread thread) {
		return thread.getName().equals(ReloadThreads.TIMER);
	}

	/**
	 * Holds a connection up after its login, before the pool gets it.
	 */
	public static final class CheckpointInterceptor implements QueryInterceptor {

		private static volatile CountDownLatch reached = new CountDownLatch(0);

		private static volatile CountDownLatch gate = new CountDownLatch(0);

		private static void arm() {
			reached = new CountDownLatch(1);
			gate = new CountDownLatch(1);
		}

		private static void open() {
			gate.countDown();
		}

		private static void reset() {
			open();
		}

		@Override
		public <T extends Resultset> T preProcess(Supplier<String> sql, Query interceptedQuery) {
			if ("SELECT 4711".equals(sql.get())) {
				reached.countDown();
				try {
					gate.await(60, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return null;
		}

		@Override
		public QueryInterceptor init(MysqlConnection connection, Properties properties, Log log) {
			return this;
		}

		@Override
		public boolean executeTopLevelOnly() {
			return false;
		}

		@Override
		public void destroy() {
			// Nothing is kept.
		}

		@Override
		public <T extends Resultset> T postProcess(Supplier<String> sql, Query interceptedQuery, T originalResultSet,
				ServerSession serverSession) {
			return originalResultSet;
		}

	}

}
