package io.github.dbtls.integration.setups;

import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications with several DataSources, on two servers whose certificates are from two
 * authorities.
 */
class SeveralDataSourcesIntegrationTests {

	private static final String TABLE = "CREATE TABLE item (name VARCHAR(40) NOT NULL)";

	private final Database first = Database.first();

	private final Database second = Database.second();

	@Test
	void twoDataSourcesAreSecured() {
		Application application = Application.of(TwoDataSources.class)
			.on(this.first, "setup_two")
			.with(reports(this.second.schema("setup_two")))
			.with("dbtls.data-sources.reports.ca-path=" + this.second.authority());
		try (Observation observation = Observation.of(this.first, this.second);
				ConfigurableApplicationContext context = application.start()) {
			assertWorks(context, "dataSource");
			assertWorks(context, "reports");
			CompositeHealthContributor health = context.getBean("dbtlsHealthContributor",
					CompositeHealthContributor.class);
			assertUp(health, "dataSource", this.first);
			assertUp(health, "reports", this.second);
			Application.awaitFullPools(context);
			observation.assertSecured(6);
		}
		// Each trusts its own authority only.
		try (Observation observation = Observation.of(this.second);
				ConfigurableApplicationContext context = application
					.with("dbtls.data-sources.reports.ca-path=" + this.first.authority())
					.start()) {
			Application.assertRefused(context.getBean("reports", DataSource.class)::getConnection);
			context.getBean(JdbcClient.class).sql("SELECT 1").query(Integer.class).single();
			CompositeHealthContributor health = context.getBean("dbtlsHealthContributor",
					CompositeHealthContributor.class);
			assertThat(health(health, "dataSource").getStatus()).isEqualTo(Status.UP);
			assertThat(health(health, "reports").getStatus()).isEqualTo(Status.DOWN);
			observation.assertNobodyLoggedIn();
		}
		Evidence.of(Kind.SET_UP, "Two DataSources with different authorities");
	}

	@Test
	void threeDataSourcesAreSecured() {
		this.second.user("auditor");
		String audit = this.second.schema("setup_three_audit");
		Application application = Application.of(ThreeDataSources.class)
			.on(this.first, "setup_three")
			.with(reports(this.second.schema("setup_three")))
			.with("acme.audit-url=" + audit, "acme.audit-password=" + this.second.password(),
					"dbtls.data-sources.reports.ca-path=" + this.second.authority(),
					"dbtls.data-sources.audit.ca-path=" + this.second.authority(),
					"dbtls.data-sources.audit.ssl-mode=verify-ca");
		try (Observation observation = Observation.of(this.first, this.second);
				ConfigurableApplicationContext context = application.start()) {
			assertWorks(context, "dataSource");
			assertWorks(context, "reports");
			assertWorks(context, "audit");
			CompositeHealthContributor health = context.getBean("dbtlsHealthContributor",
					CompositeHealthContributor.class);
			assertThat(health.stream().map(CompositeHealthContributor.Entry::name))
				.containsExactlyInAnyOrder("dataSource", "reports", "audit");
			assertUp(health, "audit", this.second);
			assertThat(health(health, "audit").getDetails()).containsEntry("sslMode", "verify-ca");
			Application.awaitFullPools(context);
			observation.assertSecured(8);
			assertThat(observation.users()).containsExactlyInAnyOrder("app", "auditor");
		}
		try (Observation observation = Observation.of(this.second);
				ConfigurableApplicationContext context = application
					.with("dbtls.data-sources.audit.ca-path=" + this.second.stranger())
					.start()) {
			Application.assertRefused(context.getBean("audit", DataSource.class)::getConnection);
			observation.assertNobodyLoggedIn();
		}
		Evidence.of(Kind.SET_UP, "Three DataSources");
	}

	@Test
	void routingTargetsThatAreNoBeansAreSecured() {
		Application application = Application.of(RoutingApplication.class)
			.on(this.first, "setup_routing")
			.with("acme.north-url=" + this.first.schema("setup_north"),
					"acme.south-url=" + this.first.schema("setup_south"), "acme.password=" + this.first.password());
		try (Observation observation = Observation.of(this.first);
				ConfigurableApplicationContext context = application.start()) {
			JdbcClient client = context.getBean(JdbcClient.class);
			for (String region : new String[] { "north", "south" }) {
				RoutingApplication.region.set(region);
				client.sql(TABLE).update();
				client.sql("INSERT INTO item VALUES (?)").param(region).update();
			}
			RoutingApplication.pools(context).forEach(Application::awaitFull);
			assertThat(this.first.query("SELECT name FROM setup_north.item")).containsExactly("north");
			assertThat(this.first.query("SELECT name FROM setup_south.item")).containsExactly("south");
			observation.assertSecured(4);
			// No bean, so nobody closes them.
			RoutingApplication.pools(context).forEach(HikariDataSource::close);
		}
		try (Observation observation = Observation.of(this.first);
				ConfigurableApplicationContext context = application.with("dbtls.ca-path=" + this.first.stranger())
					.start()) {
			RoutingApplication.region.set("south");
			Application.assertRefused(context.getBean(DataSource.class)::getConnection);
			observation.assertNobodyLoggedIn();
		}
		finally {
			RoutingApplication.region.remove();
		}
		Evidence.of(Kind.SET_UP, "AbstractRoutingDataSource with targets that are no beans");
	}

	private String[] reports(String url) {
		return new String[] { "acme.reports.url=" + url, "acme.reports.username=app",
				"acme.reports.password=" + this.second.password(), "acme.reports.hikari.maximum-pool-size=3" };
	}

	private static void assertWorks(ConfigurableApplicationContext context, String dataSource) {
		JdbcClient client = JdbcClient.create(context.getBean(dataSource, DataSource.class));
		client.sql(TABLE).update();
		client.sql("INSERT INTO item VALUES (?)").param(dataSource).update();
		assertThat(client.sql("SELECT name FROM item").query(String.class).list()).containsExactly(dataSource);
	}

	private static void assertUp(CompositeHealthContributor contributor, String name, Database database) {
		Health health = health(contributor, name);
		assertThat(health.getStatus()).as("%s", health).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("host", "localhost:" + database.port())
			.containsEntry("verified", true);
	}

	private static Health health(CompositeHealthContributor contributor, String name) {
		return ((HealthIndicator) contributor.getContributor(name)).health();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	static class TwoDataSources {

		// As Spring Boot's reference shows it: its own DataSource stays.
		@Bean(defaultCandidate = false)
		@ConfigurationProperties("acme.reports")
		DataSourceProperties reportsProperties() {
			return new DataSourceProperties();
		}

		@Bean(defaultCandidate = false)
		@ConfigurationProperties("acme.reports.hikari")
		HikariDataSource reports(@Qualifier("reportsProperties") DataSourceProperties properties) {
			return properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(TwoDataSources.class)
	static class ThreeDataSources {

		@Bean(defaultCandidate = false)
		HikariDataSource audit(Environment environment) {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(environment.getRequiredProperty("acme.audit-url"));
			pool.setUsername("auditor");
			pool.setPassword(environment.getRequiredProperty("acme.audit-password"));
			pool.setMaximumPoolSize(2);
			return pool;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	static class RoutingApplication {

		static final ThreadLocal<String> region = ThreadLocal.withInitial(() -> "north");

		@Bean
		AbstractRoutingDataSource routing(Environment environment) {
			AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

				@Override
				protected Object determineCurrentLookupKey() {
					return region.get();
				}

			};
			DataSource north = pool(environment, "north");
			routing.setTargetDataSources(Map.of("north", north, "south", pool(environment, "south")));
			routing.setDefaultTargetDataSource(north);
			return routing;
		}

		static List<HikariDataSource> pools(ConfigurableApplicationContext context) {
			return context.getBean(AbstractRoutingDataSource.class)
				.getResolvedDataSources()
				.values()
				.stream()
				.map(HikariDataSource.class::cast)
				.toList();
		}

		private static DataSource pool(Environment environment, String region) {
			HikariDataSource pool = DataSourceBuilder.create()
				.type(HikariDataSource.class)
				.url(environment.getRequiredProperty("acme.%s-url".formatted(region)))
				.username("app")
				.password(environment.getRequiredProperty("acme.password"))
				.build();
			pool.setMaximumPoolSize(2);
			return pool;
		}

	}

}
