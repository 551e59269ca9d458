package io.github.dbtls.autoconfigure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DbTlsMetricsAutoConfiguration}.
 */
class DbTlsMetricsAutoConfigurationTests {

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private static Path directory;

	private static FakeMySqlServer server;

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class, DbTlsMetricsAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class))
		.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + directory.resolve("ca.pem"));

	private final ApplicationContextRunner contextRunner = this.plain
		.withConfiguration(
				AutoConfigurations.of(SimpleMetricsExportAutoConfiguration.class, DataSourceAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=app",
				"spring.datasource.hikari.maximum-pool-size=1");

	@BeforeAll
	static void startServer() {
		authority.writeTo(directory);
		server = FakeMySqlServer.tls(authority.server("localhost")).start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@Test
	void handshakesOfThePoolAreCounted() {
		this.contextRunner.run((context) -> {
			connect(context.getBean(DataSource.class));
			assertThat(handshakes(context, "dataSource")).isEqualTo(1);
			assertThat(context.getBean(MeterRegistry.class).getMeters())
				.filteredOn((meter) -> meter.getId().getName().startsWith("dbtls."))
				.extracting((meter) -> meter.getId().getName())
				.containsExactlyInAnyOrder("dbtls.handshake", "dbtls.certificate.expiry", "dbtls.certificate.expiry",
						"dbtls.trust.generation", "dbtls.trust.reload.failures");
		});
	}

	@Test
	void handshakesBeforeTheRegistryIsBoundAreCounted() {
		this.contextRunner.withUserConfiguration(EarlyConnection.class)
			.withPropertyValues("dbtls.verify-at-startup=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				// One of the bean, one of the verification.
				assertThat(handshakes(context, "dataSource")).isEqualTo(2);
			});
	}

	@Test
	void poolThatIsCreatedLaterIsCounted() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				connect(context.getBean(DataSource.class));
				assertThat(registry.find("dbtls.handshake").timers()).hasSize(1);
			});
	}

	@Test
	void metersAreSwitchedOffByTheirName() {
		this.contextRunner.withPropertyValues("management.metrics.enable.dbtls=false").run((context) -> {
			connect(context.getBean(DataSource.class));
			assertThat(context.getBean(MeterRegistry.class).getMeters())
				.noneMatch((meter) -> meter.getId().getName().startsWith("dbtls"));
		});
	}

	@Test
	void withoutDbtlsThereAreNone() {
		this.contextRunner.withPropertyValues("dbtls.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.containsBean("dbTlsPoolMeters")).isFalse();
		});
	}

	@Test
	void withoutMicrometerThereAreNone() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class, DbTlsMetricsAutoConfiguration.class,
					DataSourceAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + directory.resolve("ca.pem"),
					"spring.datasource.url=" + server.jdbcUrl())
			.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				connect(context.getBean(DataSource.class));
				assertThat(context).hasSingleBean(SecuredPools.class);
				assertThat(context.containsBean("dbTlsPoolMeters")).isFalse();
			});
	}

	@Test
	void poolsOfAContextThatClosesLeaveNothingInTheRegistry() {
		MeterRegistry shared = new SimpleMeterRegistry();
		this.contextRunner.withBean("shared", MeterRegistry.class, () -> shared).run((context) -> {
			connect(context.getBean(DataSource.class));
			assertThat(handshakes(context, "dataSource")).isEqualTo(1);
		});
		assertThat(shared.getMeters()).noneMatch((meter) -> meter.getId().getName().startsWith("dbtls"));
	}

	@Test
	void closedPoolsOfAPrototypeDoNotAddUp() {
		this.plain.withConfiguration(AutoConfigurations.of(SimpleMetricsExportAutoConfiguration.class))
			.withUserConfiguration(PrototypePool.class)
			.run((context) -> {
				for (int i = 0; i < 3; i++) {
					try (HikariDataSource pool = context.getBean(HikariDataSource.class)) {
						connect(pool);
					}
				}
				// The last that closed goes when the next one comes.
				assertThat(handshakes(context, "pool")).isEqualTo(1);
				try (HikariDataSource pool = context.getBean(HikariDataSource.class)) {
					assertThat(context.getBean(MeterRegistry.class).find("dbtls.handshake").timers()).isEmpty();
				}
			});
	}

	@Test
	void poolOfAParentIsCountedOnceInTheRegistryOfBoth() {
		this.contextRunner.run((parent) -> this.plain.withParent(parent).run((child) -> {
			assertThat(child).hasNotFailed();
			connect(parent.getBean(DataSource.class));
			assertThat(handshakes(parent, "dataSource")).isEqualTo(1);
		}));
	}

	@Test
	void poolOfAChildIsCountedInTheRegistryOfItsParent() {
		this.plain.withConfiguration(AutoConfigurations.of(SimpleMetricsExportAutoConfiguration.class))
			.run((parent) -> this.contextRunner.withParent(parent).run((child) -> {
				assertThat(child.getBeanFactory().getBeanNamesForType(MeterRegistry.class)).isEmpty();
				connect(child.getBean(DataSource.class));
				assertThat(handshakes(parent, "dataSource")).isEqualTo(1);
			}));
	}

	@Test
	void poolOfAParentWithoutDbtlsIsCountedWhileTheChildLives() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(),
					"spring.datasource.hikari.maximum-pool-size=1")
			.run((parent) -> {
				MeterRegistry registry = parent.getBean(MeterRegistry.class);
				this.plain.withParent(parent).run((child) -> {
					assertThat(child).hasNotFailed();
					connect(parent.getBean(DataSource.class));
					assertThat(handshakes(parent, "dataSource")).isEqualTo(1);
				});
				assertThat(registry.getMeters()).noneMatch((meter) -> meter.getId().getName().startsWith("dbtls"));
				connect(parent.getBean(DataSource.class));
			});
	}

	@Test
	void poolsOfSiblingsAreCountedInTheRegistryOfTheirParentWithoutDbtls() {
		new ApplicationContextRunner().withBean(SimpleMeterRegistry.class).run((parent) -> {
			ApplicationContextRunner sibling = this.plain
				.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
				.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=app",
						"spring.datasource.hikari.maximum-pool-size=1")
				.withParent(parent);
			MeterRegistry registry = parent.getBean(MeterRegistry.class);
			sibling.run((first) -> {
				connect(first.getBean(DataSource.class));
				sibling.run((second) -> {
					connect(second.getBean(DataSource.class));
					assertThat(handshakes(parent, "dataSource")).isEqualTo(2);
					((ConfigurableApplicationContext) first.getSourceApplicationContext()).close();
					assertThat(handshakes(parent, "dataSource")).isEqualTo(2);
				});
			});
			assertThat(registry.getMeters()).noneMatch((meter) -> meter.getId().getName().startsWith("dbtls"));
		});
	}

	@Test
	void poolOfAParentWithDbtlsAndNoRegistryIsCountedByTheChildThatSecuresIt() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + directory.resolve("ca.pem"))
			.run((parent) -> {
				HikariDataSource pool = new PrototypePool().pool();
				((ConfigurableApplicationContext) parent.getSourceApplicationContext()).getBeanFactory()
					.registerSingleton("late", pool);
				this.plain.withConfiguration(AutoConfigurations.of(SimpleMetricsExportAutoConfiguration.class))
					.withBean("wrapper", DataSource.class, () -> new DelegatingDataSource(pool))
					.withParent(parent)
					.run((child) -> {
						assertThat(parent.getBean(SecuredPools.class).all()).hasSize(1);
						connect(pool);
						assertThat(handshakes(child, "wrapper")).isEqualTo(1);
					});
				pool.close();
			});
	}

	@Test
	void poolOfAParentWithoutDbtlsIsCountedByTheChildThatIsLeft() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(),
					"spring.datasource.hikari.maximum-pool-size=1")
			.run((parent) -> {
				HikariDataSource pool = parent.getBean(HikariDataSource.class);
				ApplicationContextRunner child = this.plain.withParent(parent);
				child.run((first) -> child.run((second) -> {
					connect(pool);
					assertThat(handshakes(parent, "dataSource")).isEqualTo(1);
					((ConfigurableApplicationContext) first.getSourceApplicationContext()).close();
					pool.getHikariPoolMXBean().softEvictConnections();
					connect(pool);
					assertThat(handshakes(parent, "dataSource")).isEqualTo(2);
				}));
				assertThat(parent.getBean(MeterRegistry.class).getMeters())
					.noneMatch((meter) -> meter.getId().getName().startsWith("dbtls"));
			});
	}

	@Test
	void prometheusTakesAllOfThem() {
		PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		this.contextRunner.withBean("prometheus", MeterRegistry.class, () -> prometheus).run((context) -> {
			connect(context.getBean(DataSource.class));
			assertThat(prometheus.scrape()).contains(
					"dbtls_handshake_seconds_count{datasource=\"dataSource\",outcome=\"success\",protocol=\"TLSv1.3\",resumed=\"false\"} 1");
		});
	}

	private static long handshakes(ApplicationContext context, String dataSource) {
		return context.getBean(MeterRegistry.class)
			.get("dbtls.handshake")
			.tags(List.of(Tag.of("datasource", dataSource)))
			.timers()
			.stream()
			.mapToLong((timer) -> timer.count())
			.sum();
	}

	private static void connect(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			assertThat(connection.isValid(5)).isTrue();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyConnection {

		@Bean
		InitializingBean migration(HikariDataSource pool) {
			return () -> connect(pool);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrototypePool {

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		HikariDataSource pool() {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(server.jdbcUrl());
			pool.setUsername("app");
			pool.setMaximumPoolSize(1);
			return pool;
		}

	}

}
