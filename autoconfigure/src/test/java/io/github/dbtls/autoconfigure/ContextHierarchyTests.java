package io.github.dbtls.autoconfigure;

import java.util.function.Supplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.testkit.FakeMySqlServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContextHierarchy}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ContextHierarchyTests {

	private static final String URL = "jdbc:mysql://db.example.com/shop";

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withPropertyValues("dbtls.provider=mysql");

	private final ApplicationContextRunner secured = this.plain
		.withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class));

	@Test
	void startedPoolOfAParentWithoutDbtlsFails() {
		try (FakeMySqlServer server = FakeMySqlServer.plain().start(); HikariDataSource pool = pool(server.jdbcUrl())) {
			pool.setInitializationFailTimeout(-1);
			try {
				pool.getConnection().close();
			}
			catch (Exception ex) {
				// Started is enough.
			}
			this.plain.withBean("ds", DataSource.class, () -> pool)
				.run((parent) -> this.secured.withParent(parent)
					.run((context) -> assertThat(context).getFailure()
						.isInstanceOf(DbTlsConfigurationException.class)
						.hasMessageContaining("DataSource 'ds' cannot be secured: it has already started")));
		}
	}

	@Test
	void unstartedPoolOfAParentWithoutDbtlsIsSecured(CapturedOutput output) {
		this.plain.withBean("ds", DataSource.class, () -> pool(URL))
			.run((parent) -> this.secured.withParent(parent).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(parent.getBean(HikariDataSource.class).getJdbcUrl()).contains("dbtlsPool=");
			}));
		assertThat(output).doesNotContain("there is no MySQL DataSource");
	}

	@Test
	void lazyBeanOfAParentWithoutDbtlsFailsUnlessExempt() {
		Supplier<DataSource> bean = () -> pool(URL);
		this.plain.withBean("ds", DataSource.class, bean, (definition) -> definition.setLazyInit(true))
			.run((parent) -> {
				this.secured.withParent(parent)
					.run((context) -> assertThat(context).getFailure()
						.isInstanceOf(DbTlsConfigurationException.class)
						.hasMessageContaining("parent application context that has no dbtls"));
				this.secured.withParent(parent)
					.withPropertyValues("dbtls.data-sources.ds.enabled=false")
					.run((context) -> assertThat(context).hasNotFailed());
			});
	}

	@Test
	void childKnowsWhatItsParentSecured(CapturedOutput output) {
		ApplicationContextRunner runner = this.secured.withPropertyValues("dbtls.data-sources.ds.ssl-mode=verify-ca");
		runner.withBean("ds", DataSource.class, () -> pool(URL)).run((parent) -> {
			HikariDataSource pool = parent.getBean(HikariDataSource.class);
			String url = pool.getJdbcUrl();
			runner.withParent(parent)
				.withBean("wrapper", DataSource.class, () -> new DelegatingDataSource(pool))
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(SecuredPools.class).all()).isEmpty();
				});
			runner.withParent(parent).run((context) -> assertThat(context).hasNotFailed());
			assertThat(pool.getJdbcUrl()).isEqualTo(url);
		});
		assertThat(output).doesNotContain("there is no MySQL DataSource");
	}

	@Test
	void childKeepsToTheExemptionsOfItsParent() {
		this.secured.withBean("ds", DataSource.class, () -> pool(URL))
			.withPropertyValues("dbtls.data-sources.ds.enabled=false")
			.run((parent) -> {
				HikariDataSource pool = parent.getBean(HikariDataSource.class);
				this.secured.withParent(parent)
					.withBean("wrapper", DataSource.class, () -> new DelegatingDataSource(pool))
					.run((context) -> assertThat(context).hasNotFailed());
				assertThat(pool.getJdbcUrl()).isEqualTo(URL);
			});
	}

	private static HikariDataSource pool(String url) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(url);
		return pool;
	}

}
