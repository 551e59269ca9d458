package io.github.dbtls.integration.setups;

import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.metrics.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Applications that use Spring's JDBC support.
 */
class JdbcSetUpsIntegrationTests {

	private static final String TABLE = "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL)";

	private static final int THREADS = 60;

	private final Database database = Database.first();

	@Test
	void connectionOfTheDriverAloneIsNoticed() throws Exception {
		String url = this.database.schema("setup_stock");
		Properties properties = new Properties();
		properties.setProperty("user", "app");
		properties.setProperty("password", this.database.password());
		properties.setProperty("sslMode", "REQUIRED");
		try (Observation observation = Observation.of(this.database);
				Connection connection = DriverManager.getConnection(url, properties)) {
			assertThat(ConnectionSession.of(connection)).isNull();
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> observation.assertSecuredNow(1))
				.withMessageContaining("ours=false");
			assertThatExceptionOfType(AssertionError.class).isThrownBy(observation::assertNobodyLoggedIn);
		}
	}

	@Test
	void jdbcClientIsSecured() {
		Application application = Application.of(JdbcApplication.class).on(this.database, "setup_jdbc_client");
		try (Observation observation = Observation.of(this.database);
				ConfigurableApplicationContext context = application.start()) {
			assertWorks(context.getBean(JdbcClient.class));
			Application.awaitFullPools(context);
			observation.assertSecured(3);
		}
		assertRefusedOfAStranger(application);
		Evidence.of(Kind.SET_UP, "JdbcClient");
	}

	@Test
	void transactionsOfJdbcTemplateAreSecured() {
		Application application = Application.of(JdbcApplication.class).on(this.database, "setup_jdbc_template");
		try (Observation observation = Observation.of(this.database);
				ConfigurableApplicationContext context = application.start()) {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			template.execute(TABLE);
			transaction.executeWithoutResult(
					(status) -> template.batchUpdate("INSERT INTO item VALUES (?, ?)", List.of(row(1), row(2))));
			assertThatThrownBy(() -> transaction.executeWithoutResult((status) -> {
				template.update("INSERT INTO item VALUES (?, ?)", row(3));
				throw new IllegalStateException("roll back");
			})).hasMessage("roll back");
			assertThat(template.queryForList("SELECT id FROM item ORDER BY id", Integer.class)).containsExactly(1, 2);
			Application.awaitFullPools(context);
			observation.assertSecured(3);
		}
		try (Observation observation = Observation.of(this.database);
				ConfigurableApplicationContext context = trustingAStranger(application).start()) {
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			Application.assertRefused(() -> transaction.executeWithoutResult((status) -> {
			}));
			observation.assertNobodyLoggedIn();
		}
		Evidence.of(Kind.SET_UP, "JdbcTemplate with transactions");
	}

	@Test
	void lazyInitializationIsSecured() {
		Application application = Application.of(JdbcApplication.class)
			.on(this.database, "setup_lazy_beans")
			// Health and Boot's meters create the DataSources at startup.
			.with("spring.main.lazy-initialization=true", "management.health.dbtls.enabled=false",
					"management.health.db.enabled=false",
					"spring.autoconfigure.exclude=" + DataSourcePoolMetricsAutoConfiguration.class.getName());
		try (Observation observation = Observation.of(this.database);
				ConfigurableApplicationContext context = application.start()) {
			assertThat(context.getBeanFactory().containsSingleton("dataSource")).isFalse();
			assertWorks(context.getBean(JdbcClient.class));
			Application.awaitFullPools(context);
			observation.assertSecured(3);
		}
		assertRefusedOfAStranger(application);
		Evidence.of(Kind.SET_UP, "Lazy initialisation");
	}

	@Test
	void lazyConnectionFetchIsSecured() {
		Application application = Application.of(JdbcApplication.class)
			.on(this.database, "setup_lazy_fetch")
			.with("spring.datasource.connection-fetch=lazy");
		try (Observation observation = Observation.of(this.database);
				ConfigurableApplicationContext context = application.start()) {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(LazyConnectionDataSourceProxy.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			transaction.executeWithoutResult((status) -> assertWorks(context.getBean(JdbcClient.class)));
			Application.awaitFullPools(context);
			observation.assertSecured(3);
		}
		assertRefusedOfAStranger(application);
		Evidence.of(Kind.SET_UP, "Lazy connection fetch");
	}

	@Test
	void virtualThreadsAreSecured() throws Exception {
		Skips.unless(Runtime.version().feature() >= 21, "virtual threads", "they are there from JDK 21 on");
		Application application = Application.of(JdbcApplication.class)
			.on(this.database, "setup_virtual_threads")
			.with("spring.threads.virtual.enabled=true", "spring.datasource.hikari.maximum-pool-size=20");
		try (Observation observation = Observation.of(this.database);
				ConfigurableApplicationContext context = application.start()) {
			JdbcClient client = context.getBean(JdbcClient.class);
			client.sql(TABLE).update();
			Executor executor = context.getBean("applicationTaskExecutor", Executor.class);
			CountDownLatch done = new CountDownLatch(THREADS);
			IntStream.range(0, THREADS).forEach((id) -> executor.execute(() -> {
				String thread = Thread.currentThread().toString().startsWith("VirtualThread") ? "virtual" : "platform";
				client.sql("INSERT INTO item SELECT ?, ? FROM (SELECT SLEEP(0.1)) pause").params(id, thread).update();
				done.countDown();
			}));
			assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
			assertThat(client.sql("SELECT name FROM item").query(String.class).list()).hasSize(THREADS)
				.containsOnly("virtual");
			Application.awaitFullPools(context);
			observation.assertSecured(20);
		}
		try (Observation observation = Observation.of(this.database);
				ConfigurableApplicationContext context = trustingAStranger(application).start()) {
			Executor executor = context.getBean("applicationTaskExecutor", Executor.class);
			CountDownLatch done = new CountDownLatch(1);
			executor.execute(() -> {
				Application.assertRefused(context.getBean(DataSource.class)::getConnection);
				done.countDown();
			});
			assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
			observation.assertNobodyLoggedIn();
		}
		Evidence.of(Kind.SET_UP, "Virtual threads");
	}

	private void assertRefusedOfAStranger(Application application) {
		try (Observation observation = Observation.of(this.database);
				ConfigurableApplicationContext context = trustingAStranger(application).start()) {
			JdbcClient client = context.getBean(JdbcClient.class);
			Application.assertRefused(() -> client.sql("SELECT 1").query(Integer.class).single());
			observation.assertNobodyLoggedIn();
		}
	}

	private Application trustingAStranger(Application application) {
		return application.with("dbtls.ca-path=" + this.database.stranger());
	}

	private static void assertWorks(JdbcClient client) {
		client.sql(TABLE).update();
		client.sql("INSERT INTO item VALUES (:id, :name)").param("id", 1).param("name", "pen").update();
		assertThat(client.sql("SELECT name FROM item").query(String.class).list()).containsExactly("pen");
	}

	private static Object[] row(int id) {
		return new Object[] { id, "item " + id };
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	static class JdbcApplication {

	}

}
