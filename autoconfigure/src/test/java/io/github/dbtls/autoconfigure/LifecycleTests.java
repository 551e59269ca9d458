package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.tls.PoolTls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.LifecycleProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for what dbtls leaves behind in the JVM when application contexts come and go,
 * which is nothing, and for what happens when one stops and starts again.
 */
class LifecycleTests {

	private static final Authority old = TestCertificates.authority("CN=Old CA");

	private static final Authority next = TestCertificates.authority("CN=Next CA");

	@TempDir
	private Path directory;

	private FakeMySqlServer server;

	@BeforeEach
	void startServer() {
		Traces.begin();
		this.server = FakeMySqlServer.tls(old.server("localhost")).start();
	}

	@AfterEach
	void nothingIsLeftBehind() {
		this.server.close();
		Traces.awaitNone();
	}

	@Test
	void contextThatClosesLeavesNothingBehindAndOpensAgain() throws Exception {
		Path file = write("ca.pem", old);
		for (int round = 1; round <= 3; round++) {
			WeakReference<?> closed = openAndClose(file, round);
			Traces.awaitNone();
			Traces.awaitCollected(closed);
		}
	}

	// A method of its own: no local variable keeps the context.
	private WeakReference<?> openAndClose(Path file, int round) throws Exception {
		try (ConfigurableApplicationContext context = run(file)) {
			connect(context);
			assertThat(Traces.registered()).as("round %d", round).hasSize(1);
			assertThat(timers()).isEqualTo(1);
			assertThat(tls(context).generation()).isEqualTo(1);
			return new WeakReference<>(context);
		}
	}

	@Test
	void contextThatClosesKeepsNothingOfAPoolThatChangedItsTrust() throws Exception {
		Path file = write("ca.pem", old);
		WeakReference<?> closed = renewAndClose(file);
		Traces.awaitNone();
		Traces.awaitCollected(closed);
	}

	private WeakReference<?> renewAndClose(Path file) throws Exception {
		try (ConfigurableApplicationContext context = run(file); Connection held = pool(context).getConnection()) {
			assertThat(session(held).generation()).isEqualTo(1);
			this.server.use(next.server("localhost"));
			write("ca.pem", next);
			// Evictions are planned for a minute.
			Traces.await("renewed", () -> tls(context).outdatedConnections() == 1);
			return new WeakReference<>(context);
		}
	}

	@Test
	void contextsSideBySideHaveTrustAndWatchOfTheirOwn() throws Exception {
		Path file = write("ca.pem", old);
		Path otherFile = write("other.pem", next);
		try (FakeMySqlServer otherServer = FakeMySqlServer.tls(next.server("localhost")).start();
				ConfigurableApplicationContext other = run(otherFile,
						"--spring.datasource.url=" + otherServer.jdbcUrl())) {
			try (ConfigurableApplicationContext context = run(file)) {
				assertThat(connect(context).anchor()).isEqualTo(old.certificate());
				assertThat(connect(other).anchor()).isEqualTo(next.certificate());
				assertThat(Traces.registered()).hasSize(2);
				assertThat(timers()).isEqualTo(2);
				write("ca.pem", old, next);
				Traces.await("renewed", () -> tls(context).generation() == 2);
				assertThat(tls(other).generation()).isEqualTo(1);
			}
			assertThat(Traces.registered()).hasSize(1);
			Traces.await("one thread", () -> timers() == 1);
			pool(other).getHikariPoolMXBean().softEvictConnections();
			assertThat(connect(other).anchor()).isEqualTo(next.certificate());
			write("other.pem", old);
			otherServer.use(old.server("localhost"));
			// The pool is told of its idle connection a moment after the trust changed.
			Traces.await("renewed", () -> tls(other).generation() == 2 && generation(other) == 2);
			assertThat(connect(other).anchor()).isEqualTo(old.certificate());
		}
	}

	@ParameterizedTest
	@EnumSource
	void withdrawnAuthorityIsNotTrustedWhenTheContextStartsAgain(Restart restart) throws Exception {
		Path file = write("ca.pem", old);
		try (ConfigurableApplicationContext context = run(file, "--dbtls.reload-interval=1d",
				"--spring.datasource.hikari.allow-pool-suspension=true",
				"--spring.datasource.hikari.maximum-pool-size=1")) {
			connect(context);
			EarlyBird bird = context.getBean(EarlyBird.class);
			assertThat(bird.generation).isEqualTo(1);
			restart.stop(context);
			Traces.await("no threads", () -> Traces.threads().isEmpty());
			write("ca.pem", next);
			restart.start(context);
			// Before anything that starts could connect, and not some time later.
			assertThat(bird.generation).isEqualTo(2);
			assertThat(tls(context).trust().certificates()).containsExactly(next.certificate());
			int connections = this.server.connectionCount();
			// The idle connection from before is gone already.
			assertThatThrownBy(() -> connect(context)).hasStackTraceContaining("CN=Old CA");
			assertThat(this.server.connectionCount()).isGreaterThan(connections);
			this.server.use(next.server("localhost"));
			assertThat(connect(context).generation()).isEqualTo(2);
			assertThat(timers()).isEqualTo(1);
			assertThat(Traces.registered()).hasSize(1);
		}
	}

	@Test
	void lazyPoolIsWatchedWhenItIsThereAndLeavesNothingBehind() throws Exception {
		Path file = write("ca.pem", old);
		WeakReference<?> closed = openLazilyAndClose(file);
		Traces.awaitNone();
		Traces.awaitCollected(closed);
		try (ConfigurableApplicationContext context = run(file, "--spring.main.lazy-initialization=true")) {
			// Never used.
			assertThat(context.isActive()).isTrue();
			assertThat(Traces.registered()).isEmpty();
		}
	}

	private WeakReference<?> openLazilyAndClose(Path file) throws Exception {
		try (ConfigurableApplicationContext context = run(file, "--spring.main.lazy-initialization=true")) {
			assertThat(Traces.registered()).isEmpty();
			Traces.await("no threads", () -> Traces.threads().isEmpty());
			connect(context);
			assertThat(Traces.registered()).hasSize(1);
			assertThat(timers()).isEqualTo(1);
			write("ca.pem", old, next);
			Traces.await("renewed", () -> tls(context).generation() == 2);
			return new WeakReference<>(context);
		}
	}

	@Test
	void classLoaderOfAnApplicationThatRestartsIsCollected() throws Exception {
		Path output = this.directory.resolve("output.txt");
		// What others keep is not to be taken for a leak of dbtls: soft references, and
		// the
		// driver's own thread.
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:SoftRefLRUPolicyMSPerMB=0", "-Xmx256m",
				"-Dcom.mysql.cj.disableAbandonedConnectionCleanup=true", ReopenedApplication.class.getName(),
				this.directory.toString())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
		Process process = builder.start();
		try {
			assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		assertThat(output).content()
			.contains("registered=1 generation=1 loader=RestartClassLoader")
			.contains("round=1 left=0", "round=2 left=0", "round=3 left=0");
		assertThat(process.exitValue()).isZero();
	}

	@Test
	void contextThatFailsToStartLeavesNothingBehind() throws IOException {
		Path file = write("ca.pem", old);
		assertThatThrownBy(() -> application(Application.class, FailingBean.class).run(arguments(file)))
			.hasStackTraceContaining("secured: 1, and that was that");
		Traces.awaitNone();
		this.server.use(next.server("localhost"));
		assertThatThrownBy(() -> run(file, "--dbtls.verify-at-startup=true")).hasStackTraceContaining("CN=Next CA");
		Traces.awaitNone();
	}

	private ConfigurableApplicationContext run(Path file, String... more) {
		return application(Application.class).run(arguments(file, more));
	}

	private static SpringApplicationBuilder application(Class<?>... sources) {
		return new SpringApplicationBuilder(sources).web(WebApplicationType.NONE);
	}

	// An option that comes twice would have two values.
	private String[] arguments(Path file, String... more) {
		Map<String, String> arguments = new LinkedHashMap<>();
		Stream
			.concat(Stream.of("--dbtls.provider=mysql", "--dbtls.ca-path=" + file, "--dbtls.reload-interval=1s",
					"--spring.datasource.url=" + this.server.jdbcUrl(), "--spring.datasource.username=" + TestPool.USER,
					"--spring.datasource.password=" + TestPool.PASSWORD, "--spring.main.banner-mode=off",
					"--spring.datasource.hikari.minimum-idle=0", "--spring.datasource.hikari.connection-timeout=2000"),
					Arrays.stream(more))
			.forEach((argument) -> arguments.put(argument.substring(0, argument.indexOf('=')), argument));
		return arguments.values().toArray(String[]::new);
	}

	private Path write(String name, Authority... authorities) throws IOException {
		StringBuilder pem = new StringBuilder();
		for (Authority authority : authorities) {
			pem.append(authority.pem());
		}
		return Files.writeString(this.directory.resolve(name), pem);
	}

	private static HikariDataSource pool(ConfigurableApplicationContext context) {
		return context.getBean(HikariDataSource.class);
	}

	private static PoolTls tls(ConfigurableApplicationContext context) {
		return context.getBean(SecuredPools.class).all().get(0).tls();
	}

	private static TlsSession connect(ConfigurableApplicationContext context) throws SQLException {
		try (Connection connection = pool(context).getConnection()) {
			return session(connection);
		}
	}

	private static int generation(ConfigurableApplicationContext context) {
		try {
			return connect(context).generation();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static TlsSession session(Connection connection) throws SQLException {
		return ConnectionSession.of(connection);
	}

	private static long timers() {
		return Traces.threads().stream().filter((thread) -> thread.getName().equals(ReloadThreads.TIMER)).count();
	}

	/**
	 * How a context stops and starts again.
	 */
	enum Restart {

		/** By whoever has the context. */
		STOP_AND_START {

			@Override
			void stop(ConfigurableApplicationContext context) {
				context.stop();
			}

			@Override
			void start(ConfigurableApplicationContext context) {
				context.start();
			}

		},

		/** By the cache of Spring's test framework. */
		PAUSE_AND_RESTART {

			@Override
			void stop(ConfigurableApplicationContext context) {
				context.pause();
			}

			@Override
			void start(ConfigurableApplicationContext context) {
				context.restart();
			}

		},

		/**
		 * As before a checkpoint and after its restore; Spring calls it from CRaC only.
		 */
		CHECKPOINT_AND_RESTORE {

			@Override
			void stop(ConfigurableApplicationContext context) {
				ReflectionTestUtils.invokeMethod(context.getBean(LifecycleProcessor.class), "stopForRestart");
			}

			@Override
			void start(ConfigurableApplicationContext context) {
				ReflectionTestUtils.invokeMethod(context.getBean(LifecycleProcessor.class), "restartAfterStop");
			}

		};

		abstract void stop(ConfigurableApplicationContext context);

		abstract void start(ConfigurableApplicationContext context);

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class })
	static class Application {

		@Bean
		EarlyBird earlyBird(ObjectProvider<SecuredPools> pools) {
			return new EarlyBird(pools);
		}

	}

	/**
	 * Starts as early as an application can ask for, and sees what is in force then.
	 */
	static final class EarlyBird implements SmartLifecycle {

		private final ObjectProvider<SecuredPools> pools;

		private volatile boolean running;

		private volatile int generation;

		EarlyBird(ObjectProvider<SecuredPools> pools) {
			this.pools = pools;
		}

		@Override
		public void start() {
			this.running = true;
			this.generation = this.pools.getObject()
				.all()
				.stream()
				.mapToInt((pool) -> pool.tls().generation())
				.findFirst()
				.orElse(0);
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return Integer.MIN_VALUE + 1;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailingBean {

		@Bean
		Object failing(DataSource dataSource) {
			throw new IllegalStateException("secured: %d, and that was that".formatted(Traces.registered().size()));
		}

	}

}
