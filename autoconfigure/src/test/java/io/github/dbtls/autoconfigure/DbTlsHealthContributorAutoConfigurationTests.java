package io.github.dbtls.autoconfigure;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.actuate.DbTlsHealthIndicator;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DbTlsHealthContributorAutoConfiguration}.
 */
class DbTlsHealthContributorAutoConfigurationTests {

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private static Path directory;

	private static FakeMySqlServer server;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(DbTlsAutoConfiguration.class, DbTlsHealthContributorAutoConfiguration.class));

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
	void oneDataSourceHasOneFlatComponent() {
		secured().run((context) -> {
			assertThat(context).hasNotFailed();
			HealthContributor contributor = context.getBean("dbtlsHealthContributor", HealthContributor.class);
			assertThat(contributor).isInstanceOf(DbTlsHealthIndicator.class);
			assertThat(((DbTlsHealthIndicator) contributor).health().getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void severalDataSourcesHaveOneComponentEach() {
		secured(this.contextRunner.withUserConfiguration(TwoPools.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			CompositeHealthContributor contributor = context.getBean("dbtlsHealthContributor",
					CompositeHealthContributor.class);
			assertThat(contributor.stream()).extracting(HealthContributors.Entry::name)
				.containsExactlyInAnyOrder("orders", "billing");
		});
	}

	@Test
	void targetsOfARouterHaveOneComponentEach() {
		secured(this.contextRunner.withUserConfiguration(Router.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			CompositeHealthContributor contributor = context.getBean("dbtlsHealthContributor",
					CompositeHealthContributor.class);
			assertThat(contributor.stream()).extracting(HealthContributors.Entry::name)
				.hasSize(2)
				.allMatch((name) -> name.equals("router") || name.startsWith("router-"));
		});
	}

	@Test
	void withoutProviderNoLazyDataSourceIsCreated() {
		AtomicBoolean created = new AtomicBoolean();
		this.contextRunner.withBean("dataSource", HikariDataSource.class, () -> {
			created.set(true);
			return TwoPools.pool();
		}, (definition) -> definition.setLazyInit(true)).run((context) -> {
			assertThat(context.getBean("dbtlsHealthContributor", CompositeHealthContributor.class).stream()).isEmpty();
			assertThat(created).isFalse();
		});
	}

	@Test
	void otherDatabaseHasNoComponent() {
		this.contextRunner.withUserConfiguration(OtherDatabase.class)
			.withPropertyValues("dbtls.provider=mysql")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("dbtlsHealthContributor", CompositeHealthContributor.class).stream())
					.isEmpty();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.health.dbtls.enabled=false", "management.health.defaults.enabled=false",
			"dbtls.enabled=false" })
	void switchedOffThereIsNone(String property) {
		secured().withPropertyValues(property).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean("dbtlsHealthContributor");
		});
	}

	@Test
	void withoutHealthOnTheClassPathThereIsNone() {
		secured().withClassLoader(new FilteredClassLoader(HealthContributor.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean("dbtlsHealthContributor");
			assertThat(context).hasSingleBean(SecuredPools.class);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "0s", "-1s" })
	void timeoutWithoutTimeIsRefused(String timeout) {
		secured().withPropertyValues("management.health.dbtls.timeout=" + timeout).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasRootCauseInstanceOf(DbTlsConfigurationException.class)
				.rootCause()
				.hasMessageContaining("'management.health.dbtls.timeout' is ");
		});
	}

	@Test
	void beanOfTheUserReplacesOurs() {
		secured()
			.withBean("dbtlsHealthContributor", HealthContributor.class,
					() -> CompositeHealthContributor.fromMap(Map.of()))
			.run((context) -> assertThat(context.getBean("dbtlsHealthContributor"))
				.isInstanceOf(CompositeHealthContributor.class));
	}

	@Test
	void componentCanBePartOfReadiness() {
		secured()
			.withConfiguration(AutoConfigurations.of(HealthContributorAutoConfiguration.class,
					HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoint.health.group.readiness.include=dbtls")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
				assertThat(endpoint.health().getStatus()).isEqualTo(Status.UP);
				assertThat(endpoint.healthForPath("dbtls").getStatus()).isEqualTo(Status.UP);
				assertThat(endpoint.healthForPath("readiness").getStatus()).isEqualTo(Status.UP);
			});
	}

	private ApplicationContextRunner secured() {
		return secured(this.contextRunner.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=app",
					"spring.datasource.password=hidden-word"));
	}

	private static ApplicationContextRunner secured(ApplicationContextRunner runner) {
		return runner.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + directory.resolve("ca.pem"));
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools {

		@Bean
		HikariDataSource orders() {
			return pool();
		}

		@Bean
		HikariDataSource billing() {
			return pool();
		}

		private static HikariDataSource pool() {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(server.jdbcUrl());
			pool.setUsername("app");
			return pool;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Router {

		@Bean
		DataSource router() {
			AbstractRoutingDataSource router = new AbstractRoutingDataSource() {

				@Override
				protected Object determineCurrentLookupKey() {
					return "eu";
				}

			};
			router.setTargetDataSources(Map.of("eu", TwoPools.pool(), "us", TwoPools.pool()));
			return router;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherDatabase {

		@Bean
		HikariDataSource dataSource() {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl("jdbc:h2:mem:health");
			return pool;
		}

	}

}
