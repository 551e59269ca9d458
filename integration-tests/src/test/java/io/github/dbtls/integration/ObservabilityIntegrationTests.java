package io.github.dbtls.integration;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.CertificateExpiryEvent;
import io.github.dbtls.CertificateRole;
import io.github.dbtls.HandshakeFailedEvent;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.TestCertificates;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.actuate.endpoint.MetricsEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What an application tells of a real server by {@code /actuator/metrics}, health and
 * events: that its certificate expires soon, and that one was refused.
 */
class ObservabilityIntegrationTests {

	private final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private Path directory;

	@Test
	@EnabledWithDocker
	void applicationTellsOfMySql() {
		assertTold(LiveContainer.mySql("9.7"));
	}

	@Test
	void applicationTellsOfMariaDb() {
		assertTold(LiveMariaDb.shared());
	}

	private void assertTold(LiveServer server) {
		server.show(this.authority.issue("CN=shop-db").names("localhost").expiresIn(Duration.ofDays(3)).identity(),
				this.authority);
		Shape shape = Shape.of("mysql", server)
			.trusting(this.authority.writeTo(this.directory))
			.with("spring.datasource.hikari.maximum-pool-size", "1")
			.with("spring.datasource.hikari.connection-timeout", "2000")
			.with("dbtls.verify-at-startup", "true");
		ShopApplication.runner(shape.properties())
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.withUserConfiguration(Pager.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				BlockingQueue<Object> events = context.getBean(Pager.class).events;
				assertThat(ShopApplication.health(context)).containsEntry("status", "UP").containsKey("details");
				// One of the verification, one of the pool.
				assertThat(measured(context, "dbtls.handshake", "outcome:success")).isEqualTo(2);
				assertThat(measured(context, "dbtls.certificate.expiry", "certificate:server"))
					.isBetween(Duration.ofHours(71).toSeconds() * 1.0, Duration.ofHours(72).toSeconds() * 1.0);
				assertThat(details(context).get("expiring")).asString().contains("CN=shop-db");
				assertThat(events.poll(20, TimeUnit.SECONDS)).isInstanceOfSatisfying(CertificateExpiryEvent.class,
						(event) -> assertThat(event.certificate()).isEqualTo(CertificateRole.SERVER));
				Authority other = TestCertificates.authority("CN=Other CA");
				server.show(other.server("localhost"), other);
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				pool.getHikariPoolMXBean().softEvictConnections();
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
					try (Connection connection = pool.getConnection()) {
						assertThat(connection).isNull();
					}
				});
				assertThat(measured(context, "dbtls.handshake.failures", "cause:UNTRUSTED_ISSUER")).isPositive();
				assertThat(events.poll(20, TimeUnit.SECONDS)).isInstanceOfSatisfying(HandshakeFailedEvent.class,
						(event) -> assertThat(event.failure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER));
				assertThat(events).isEmpty();
			});
	}

	private static double measured(AssertableApplicationContext context, String meter, String tag) {
		MetricsEndpoint.MetricDescriptor descriptor = new MetricsEndpoint(context.getBean(MeterRegistry.class))
			.metric(meter, List.of("datasource:dataSource", tag));
		return descriptor.getMeasurements().get(0).getValue();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> details(AssertableApplicationContext context) {
		return (Map<String, Object>) ShopApplication.health(context).get("details");
	}

	@Configuration(proxyBeanMethods = false)
	static class Pager {

		private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

		@EventListener
		void on(CertificateExpiryEvent event) {
			this.events.add(event);
		}

		@EventListener
		void on(HandshakeFailedEvent event) {
			this.events.add(event);
		}

	}

}
