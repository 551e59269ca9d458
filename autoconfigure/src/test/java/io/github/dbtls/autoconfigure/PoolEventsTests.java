package io.github.dbtls.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.CertificateExpiryEvent;
import io.github.dbtls.CertificateRole;
import io.github.dbtls.HandshakeFailedEvent;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TrustReloadRefusedEvent;
import io.github.dbtls.TrustRenewedEvent;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.MovableClock;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.PoolMaterial;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PoolEvents}, with real handshakes in an application context.
 */
@ExtendWith(OutputCaptureExtension.class)
class PoolEventsTests {

	private static final String PASSWORD = Secrets.password("events-Pa55word");

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	private static final Authority next = TestCertificates.authority("CN=Next CA");

	@TempDir
	private Path directory;

	private Path file;

	private FakeMySqlServer server;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void startServer() {
		Traces.begin();
		this.file = authority.writeTo(this.directory);
		this.server = FakeMySqlServer.tls(authority.server("localhost")).start();
		this.contextRunner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class, DataSourceAutoConfiguration.class))
			.withUserConfiguration(Listener.class)
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.file, "dbtls.reload-interval=1s",
					"spring.datasource.url=" + this.server.jdbcUrl(), "spring.datasource.username=app",
					"spring.datasource.password=" + PASSWORD, "spring.datasource.hikari.maximum-pool-size=1",
					"spring.datasource.hikari.connection-timeout=5000");
	}

	@AfterEach
	void nothingIsLeftBehind() {
		this.server.close();
		Traces.awaitNone();
	}

	@Test
	void failedHandshakeIsPublishedOnceUntilASuccess() {
		this.contextRunner.run((context) -> {
			this.server.use(next.server("localhost"));
			refuse(context);
			refuse(context);
			List<Object> events = await(context, 1);
			assertThat(this.server.connectionCount()).isGreaterThan(1);
			assertThat(events).singleElement().isInstanceOfSatisfying(HandshakeFailedEvent.class, (event) -> {
				assertThat(event.dataSource()).isEqualTo("dataSource");
				assertThat(event.failure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
				assertThat(event.host()).isEqualTo("localhost");
				assertThat(event.port()).isEqualTo(this.server.port());
				assertThat(event.description()).contains("CN=Next CA", "CN=Shop CA");
				assertThat(event.action()).contains("'dbtls.ca-path'");
				assertThat(event.toString()).doesNotContain(PASSWORD);
			});
			assertThat(context.getBean(Listener.class).thread).isEqualTo(NoticeThread.NAME);
		});
	}

	@Test
	void whatHappensBeforeListenersAreThereIsPublishedWhenTheContextRuns() {
		this.server.use(next.server("localhost"));
		this.contextRunner.withUserConfiguration(EarlyConnection.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(await(context, 1)).singleElement().isInstanceOf(HandshakeFailedEvent.class);
		});
	}

	@Test
	void changedAndRefusedTrustIsPublished() {
		this.contextRunner.run((context) -> {
			connect(context);
			Files.writeString(this.file, authority.pem() + next.pem());
			assertThat(await(context, 1).get(0)).isInstanceOfSatisfying(TrustRenewedEvent.class, (event) -> {
				assertThat(event.dataSource()).isEqualTo("dataSource");
				assertThat(event.generation()).isEqualTo(2);
				assertThat(event.source()).isEqualTo(this.file.toString());
				assertThat(event.certificates()).isEqualTo(2);
			});
			Files.writeString(this.file, "no certificate at all");
			assertThat(await(context, 2).get(1)).isInstanceOfSatisfying(TrustReloadRefusedEvent.class, (event) -> {
				assertThat(event.dataSource()).isEqualTo("dataSource");
				assertThat(event.generation()).isEqualTo(2);
				assertThat(event.reason()).contains("'dbtls.ca-path'");
			});
		});
	}

	@Test
	void certificateThatExpiresIsPublishedAndLooksNeedNoConnection(CapturedOutput output) {
		MovableClock clock = new MovableClock();
		this.server.use(authority.issue("CN=db").names("localhost").expiresIn(Duration.ofDays(20)).identity());
		this.contextRunner.withAllowBeanDefinitionOverriding(true)
			.withBean("dbTlsPoolEvents", PoolEvents.class, () -> new PoolEvents(clock, Duration.ofMillis(20)))
			.run((context) -> {
				connect(context);
				int connections = this.server.connectionCount();
				assertThat(events(context)).isEmpty();
				clock.move(Duration.ofDays(10));
				assertThat(await(context, 1).get(0)).isInstanceOfSatisfying(CertificateExpiryEvent.class, (event) -> {
					assertThat(event.certificate()).isEqualTo(CertificateRole.SERVER);
					assertThat(event.time()).isEqualTo(clock.instant());
				});
				clock.move(Duration.ofDays(1));
				await(context, 2);
				assertThat(this.server.connectionCount()).isEqualTo(connections);
			});
		assertThat(output).containsOnlyOnce("(CN=db) expires on");
	}

	@Test
	void certificateThatExpiresIsPublishedAtItsHandshake() {
		this.contextRunner.run((context) -> {
			connect(context);
			this.server.use(authority.issue("CN=db").names("localhost").expiresIn(Duration.ofDays(3)).identity());
			context.getBean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
			connect(context);
			assertThat(await(context, 1).get(0)).isInstanceOf(CertificateExpiryEvent.class);
		});
	}

	@Test
	void withoutAWarningNothingIsPublishedAndNoThreadWaits() {
		this.server.use(authority.issue("CN=db").names("localhost").expiresIn(Duration.ofDays(3)).identity());
		this.contextRunner.withPropertyValues("dbtls.expiry-warning=0", "dbtls.reload-interval=0").run((context) -> {
			connect(context);
			Traces.awaitNone(List.of(context.getBean(SecuredPools.class).all().get(0).id()));
			assertThat(events(context)).isEmpty();
		});
	}

	@Test
	void listenerThatBorrowsAConnectionOfThePoolThatFailedHoldsUpNothing() {
		this.contextRunner.withUserConfiguration(BorrowingListener.class).run((context) -> {
			this.server.use(next.server("localhost"));
			refuse(context);
			BorrowingListener listener = context.getBean(BorrowingListener.class);
			Traces.await(() -> listener.failures.get() == 1);
			await(context, 1);
		});
	}

	@Test
	void listenerThatThrowsKeepsNoOtherEventFromItsListeners(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(ThrowingListener.class).run((context) -> {
			connect(context);
			Files.writeString(this.file, authority.pem() + next.pem());
			Traces.await(() -> output.getOut().contains("A listener to TrustRenewedEvent failed"));
			Files.writeString(this.file, "no certificate at all");
			Traces.await(() -> output.getOut().contains("A listener to TrustReloadRefusedEvent failed"));
			connect(context);
		});
	}

	@Test
	void listenerThatNeverReturnsDoesNotHoldUpTheEndOfTheContext() {
		this.contextRunner.withUserConfiguration(HangingListener.class).run((context) -> {
			connect(context);
			Files.writeString(this.file, authority.pem() + next.pem());
			assertThat(context.getBean(HangingListener.class).begun.await(20, TimeUnit.SECONDS)).isTrue();
		});
	}

	@Test
	void listenerMayCloseTheApplication() {
		this.contextRunner.withUserConfiguration(ClosingListener.class).run((context) -> {
			connect(context);
			Files.writeString(this.file, authority.pem() + next.pem());
			Traces.await(() -> !((ConfigurableApplicationContext) context.getSourceApplicationContext()).isActive());
		});
	}

	@Test
	void contextThatStopsKeepsEventsUntilItStartsAgain() {
		this.contextRunner.withPropertyValues("dbtls.reload-interval=0").run((context) -> {
			connect(context);
			PoolEvents events = context.getBean(PoolEvents.class);
			events.stop();
			for (int i = 0; i <= PoolEvents.MOST_WAITING; i++) {
				events.publish("kept " + i);
			}
			Traces.awaitNone(List.of(context.getBean(SecuredPools.class).all().get(0).id()));
			assertThat(events(context)).isEmpty();
			events.start();
			List<Object> published = await(context, PoolEvents.MOST_WAITING);
			assertThat(published).hasSize(PoolEvents.MOST_WAITING)
				.startsWith("kept 1")
				.endsWith("kept " + PoolEvents.MOST_WAITING);
		});
	}

	@Test
	void lookThatARestartDroppedIsMadeAfterIt() {
		MovableClock clock = new MovableClock();
		this.server.use(authority.issue("CN=db").names("localhost").expiresIn(Duration.ofDays(20)).identity());
		this.contextRunner.withUserConfiguration(HangingListener.class)
			.withPropertyValues("dbtls.reload-interval=0")
			.withAllowBeanDefinitionOverriding(true)
			.withBean("dbTlsPoolEvents", PoolEvents.class, () -> new PoolEvents(clock, PoolEvents.LOOK_INTERVAL))
			.run((context) -> {
				connect(context);
				PoolTls tls = context.getBean(SecuredPools.class).all().get(0).tls();
				PoolMaterial same = new PoolMaterial(tls.trust(), null, List.of());
				tls.renew(same);
				assertThat(context.getBean(HangingListener.class).begun.await(20, TimeUnit.SECONDS)).isTrue();
				// The thread is busy: this look waits behind the listener.
				tls.renew(same);
				clock.move(Duration.ofDays(10));
				PoolEvents events = context.getBean(PoolEvents.class);
				events.stop();
				events.start();
				Traces.await(() -> events(context).stream().anyMatch(CertificateExpiryEvent.class::isInstance));
			});
	}

	private static List<Object> await(ApplicationContext context, int number) {
		List<Object> events = events(context);
		Traces.await(number + " events", () -> events.size() >= number);
		return events;
	}

	private static List<Object> events(ApplicationContext context) {
		return context.getBean(Listener.class).events;
	}

	private static void connect(ApplicationContext context) throws SQLException {
		try (Connection connection = context.getBean(DataSource.class).getConnection()) {
			assertThat(connection.isValid(5)).isTrue();
		}
	}

	private static void refuse(ApplicationContext context) {
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> context.getBean(DataSource.class).getConnection());
	}

	@Configuration(proxyBeanMethods = false)
	static class Listener {

		private final List<Object> events = new CopyOnWriteArrayList<>();

		private volatile String thread;

		@EventListener({ TrustRenewedEvent.class, TrustReloadRefusedEvent.class, HandshakeFailedEvent.class,
				CertificateExpiryEvent.class, String.class })
		void on(Object event) {
			this.thread = Thread.currentThread().getName();
			this.events.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyConnection {

		@Bean
		InitializingBean migration(DataSource dataSource) {
			return () -> assertThatExceptionOfType(SQLException.class).isThrownBy(dataSource::getConnection);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BorrowingListener {

		private final AtomicInteger failures = new AtomicInteger();

		private final ObjectProvider<DataSource> dataSource;

		BorrowingListener(ObjectProvider<DataSource> dataSource) {
			this.dataSource = dataSource;
		}

		@EventListener
		void on(HandshakeFailedEvent event) {
			try (Connection connection = this.dataSource.getObject().getConnection()) {
				throw new IllegalStateException("Nobody could be verified, but " + connection);
			}
			catch (SQLException ex) {
				this.failures.incrementAndGet();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ThrowingListener {

		@EventListener({ TrustRenewedEvent.class, TrustReloadRefusedEvent.class })
		void on() {
			throw new LinkageError("thrown by a listener of the test");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HangingListener {

		private final CountDownLatch begun = new CountDownLatch(1);

		@EventListener
		void on(TrustRenewedEvent event) throws InterruptedException {
			boolean first = this.begun.getCount() > 0;
			this.begun.countDown();
			if (first) {
				new CountDownLatch(1).await();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ClosingListener {

		private final ConfigurableApplicationContext context;

		ClosingListener(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@EventListener
		void on(TrustRenewedEvent event) {
			this.context.close();
		}

	}

}
