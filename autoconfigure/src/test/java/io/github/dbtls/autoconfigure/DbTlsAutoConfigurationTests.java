package io.github.dbtls.autoconfigure;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.Provider;
import io.github.dbtls.SslMode;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.connectorj.DriverSettings;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link DbTlsAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DbTlsAutoConfigurationTests {

	private static final String NEVER_OPENED = "jdbc:mysql://db.example.com:3306/shop";

	private static final String KNOWN = "tidb-serverless, tidb-dedicated, tidb, aws-rds, tencentdb, mysql";

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private static Path directory;

	private static String caPath;

	private static FakeMySqlServer server;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=" + NEVER_OPENED, "spring.datasource.username=app",
				"spring.datasource.password=hidden-word");

	@BeforeAll
	static void startServer() {
		caPath = authority.writeTo(directory).toString();
		server = FakeMySqlServer.tls(authority.server("localhost")).start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@Test
	void enabledWhenBoundToFalseSaysNothingOfTheProvider(CapturedOutput output) {
		this.contextRunner.withPropertyValues("dbtls.enabled=no", "dbtls.provider=mysql")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("'dbtls.provider' is not set");
	}

	@Test
	void withoutAnyPropertyNothingIsSecuredAndOneLineSaysSo(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed();
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			assertThat(pool.getJdbcUrl()).isEqualTo(NEVER_OPENED);
			assertThat(pool.getDataSourceProperties()).isEmpty();
			assertThat(context.getBean(SecuredPools.class).all()).isEmpty();
		});
		assertThat(output.getOut().lines().filter((line) -> line.contains("io.github.dbtls"))).singleElement()
			.asString()
			.contains("INFO")
			.contains("dbtls secures nothing: 'dbtls.provider' is not set");
	}

	@Test
	void withoutAnyPropertyAForeignDataSourceIsLeftAlone() {
		this.contextRunner.withPropertyValues("spring.datasource.url=jdbc:mysql://db.example.com/shop?sslMode=DISABLED")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.provider=nonsense", "dbtls.ca-path=/does/not/exist", "dbtls.tls-versions=SSLv3",
			"dbtls.ssl-mode=nonsense", "dbtls.session-lifetime=nonsense", "dbtls.nonsense=1", "dbtls.ssl-bundle=a",
			"dbtls.data-sources.nobody.provider=nonsense" })
	void switchedOffThereIsNoBeanAndNothingIsValidated(String property) {
		this.contextRunner.withPropertyValues("dbtls.enabled=false", property).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(Stream.of(context.getBeanDefinitionNames())
				.filter((name) -> String.valueOf(context.getType(name)).contains("io.github.dbtls"))).isEmpty();
			assertThat(context.getBean(HikariDataSource.class).getJdbcUrl()).isEqualTo(NEVER_OPENED);
		});
	}

	@Test
	void switchedOffOneWarningSaysSo(CapturedOutput output) {
		start("dbtls.enabled=false", "dbtls.provider=nonsense").close();
		assertThat(output.getOut().lines().filter((line) -> line.contains("dbtls is switched off"))).singleElement()
			.asString()
			.contains("WARN")
			.contains("dbtls is switched off by 'dbtls.enabled': no connection is secured by it");
	}

	@Test
	void switchedOnNoWarningSaysOtherwise(CapturedOutput output) {
		start("dbtls.enabled=true").close();
		start().close();
		assertThat(output).doesNotContain("switched off");
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.ca-path=ca.pem", "dbtls.ca-password=hidden-word", "dbtls.tls-versions=TLSv1.3",
			"dbtls.ssl-mode=verify-ca", "dbtls.ciphers=TLS_AES_128_GCM_SHA256", "dbtls.session-lifetime=1h",
			"dbtls.verify-at-startup=true", "dbtls.verify-at-startup=false",
			"dbtls.data-sources.dataSource.ssl-mode=verify-ca", "dbtls.data-sources.dataSource.enabled=false" })
	void otherPropertyWithoutProviderFails(String property) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertRefused(context, "dbtls.provider",
					"'dbtls.provider' is not set, but other properties of 'dbtls' are.",
					"Set 'dbtls.provider' to one of: " + KNOWN + ". To secure nothing, set 'dbtls.enabled: false'."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " " })
	void blankProviderFails(String provider) {
		this.contextRunner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("blank", Map.of("dbtls.provider", provider))))
			.run((context) -> assertRefused(context, "dbtls.provider", "'dbtls.provider' is empty.",
					"Set it to one of: " + KNOWN + ". To secure nothing, set 'dbtls.enabled: false'."));
	}

	@ParameterizedTest
	@CsvSource({ "tidb-servrless, tidb-serverless", "TiDB_Dedicated, tidb-dedicated", "rds, aws-rds",
			"tencent, tencentdb", "mariadb, mysql|tidb", "MySQL, mysql" })
	void unknownProviderFailsAndListsTheNearestFirst(String provider, String nearest) {
		this.contextRunner.withPropertyValues("dbtls.provider=" + provider).run((context) -> {
			DbTlsConfigurationException failure = refusal(context);
			assertThat(failure.getProperty()).isEqualTo("dbtls.provider");
			assertThat(failure).hasMessage("'dbtls.provider' is '%s', which is no known provider.", provider);
			assertThat(failure.getAction()).matches("Set it to one of, nearest first: (" + nearest + "), .*")
				.contains(KNOWN.split(", "))
				.endsWith("A provider of your own is a bean of type 'io.github.dbtls.Provider'.");
		});
	}

	@Test
	void unknownProviderOfOneDataSourceFails() {
		this.contextRunner.withPropertyValues("dbtls.provider=mysql", "dbtls.data-sources.dataSource.provider=acme")
			.run((context) -> assertThat(refusal(context).getProperty())
				.isEqualTo("dbtls.data-sources.dataSource.provider"));
	}

	@Test
	void providerOfTheApplicationCanBeNamed(CapturedOutput output) {
		this.contextRunner.withBean(Provider.class, () -> acme("acme-mysql"))
			.withPropertyValues("dbtls.provider=acme-mysql", "spring.datasource.url=" + server.jdbcUrl())
			.run((context) -> {
				assertSecured(context.getBean(DataSource.class));
				assertThat(context.getBean(HikariDataSource.class).getJdbcUrl()).contains("sslMode=VERIFY_CA");
			});
		assertThat(output).contains("TLS by dbtls: provider 'acme-mysql', ssl-mode verify-ca");
	}

	@ParameterizedTest
	@CsvSource({ "acme, acme", "mysql, acme" })
	void twoProvidersOfOneIdFail(String first, String second) {
		String id = first.equals(second) ? first : "mysql";
		this.contextRunner.withBean("first", Provider.class, () -> acme(first))
			.withBean("second", Provider.class, () -> acme(second))
			.withPropertyValues("dbtls.provider=tidb", "dbtls.ca-path=" + caPath)
			.run((context) -> assertRefused(context, "dbtls.provider", "Two providers have the id '" + id + "'.",
					"Give the Provider bean an id of its own; the built-in ones cannot be replaced."));
	}

	@ParameterizedTest
	@CsvSource({ "dbtls.ca-pasword, dbtls.ca-password", "dbtls.tls-version, dbtls.tls-versions",
			"dbtls.data-sources.orders.ca-pth, dbtls.data-sources.orders.ca-path", "dbtls.providers, dbtls.provider" })
	void misspeltPropertyFailsWithoutItsValue(String property, String nearest) {
		this.contextRunner.withPropertyValues("dbtls.provider=mysql", property + "=dont-show-4711").run((context) -> {
			assertRefused(context, property, "'" + property + "' is set, but dbtls has no such property.",
					"The nearest that it has is '" + nearest + "'. Correct the name, or remove it.");
			assertThat(context.getStartupFailure())
				.satisfies((failure) -> assertThat(stackTrace(failure)).doesNotContain("dont-show-4711"));
		});
	}

	@Test
	void misspeltPropertyIsShownWithItsOriginAndWithoutItsValue(CapturedOutput output) {
		assertThatThrownBy(() -> start("dbtls.provider=mysql", "dbtls.ca-pasword=dont-show-4711"));
		assertThat(output).contains("'dbtls.ca-pasword' is set, but dbtls has no such property.")
			.contains("Property: dbtls.ca-pasword", "Origin: \"dbtls.ca-pasword\"")
			.doesNotContain("dont-show-4711");
	}

	@ParameterizedTest
	@CsvSource({ "dbtls.expiry-warning, -14d", "dbtls.expiry-warning, 14", "dbtls.expiry-warning, 59m",
			"dbtls.data-sources.dataSource.expiry-warning, 3651d" })
	void expiryWarningThatComesTooLateOrTooEarlyFails(String property, String value) {
		this.contextRunner.withPropertyValues("dbtls.provider=mysql", property + "=" + value).run((context) -> {
			assertThat(refusal(context).getProperty()).isEqualTo(property);
			assertThat(refusal(context)).hasMessage(
					"'%s' is %s. A warning comes between an hour and ten years before a " + "certificate expires.",
					property, DurationStyle.detectAndParse(value));
			assertThat(refusal(context).getAction()).isEqualTo("Set '%s' to a duration such as '14d' (a number without "
					+ "a unit is milliseconds), or to '0' for no warning.", property);
		});
	}

	@Test
	void outOfServiceForAWarningThatIsOffFails() {
		this.contextRunner
			.withPropertyValues("dbtls.provider=mysql", "dbtls.expiry-out-of-service=true",
					"dbtls.data-sources.dataSource.expiry-warning=0")
			.run((context) -> assertRefused(context, "dbtls.expiry-out-of-service",
					"'dbtls.expiry-out-of-service' is true, but 'dbtls.data-sources.dataSource.expiry-warning' is 0: "
							+ "without a warning nothing would ever be out of service for it.",
					"Set 'dbtls.data-sources.dataSource.expiry-warning' to a duration such as '14d', or "
							+ "'dbtls.data-sources.dataSource.expiry-out-of-service' to false."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.expiry-warning=7d", "dbtls.expiry-out-of-service=false" })
	void expirySettingsWithoutProviderFail(String property) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThat(refusal(context).getProperty()).isEqualTo("dbtls.provider"));
	}

	@Test
	void withoutHikariDriverBasedDataSourcesAreSecured() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(HikariConfig.class.getPackageName()))
			.withBean(DataSource.class, () -> new DriverManagerDataSource(server.jdbcUrl(), "app", "hidden-word"))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + caPath)
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(DbTlsPools.class);
				assertSecured(context.getBean(DataSource.class));
			});
	}

	@Test
	void withoutConnectorJAndWithoutProviderNothingHappens() {
		h2Runner().withClassLoader(new FilteredClassLoader("com.mysql")).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(SecuredPools.class).doesNotHaveBean(DbTlsPools.class);
			context.getBean(DataSource.class).getConnection().close();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.provider=mysql", "dbtls.data-sources.dataSource.provider=mysql" })
	void withoutConnectorJAndWithProviderStartupFails(String property) {
		h2Runner().withClassLoader(new FilteredClassLoader("com.mysql"))
			.withPropertyValues(property)
			.run((context) -> assertRefused(context, "dbtls.provider",
					"'dbtls.provider' is set, but MySQL Connector/J is not on the class path.",
					"Add the dependency com.mysql:mysql-connector-j (dbtls-spring-boot-starter brings it), "
							+ "or set 'dbtls.enabled: false'."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.health", "org.springframework.boot.actuate", "org.flywaydb",
			"liquibase", "org.hibernate" })
	void withoutOptionalLibraryThePoolIsSecured(String library) {
		this.contextRunner.withClassLoader(new FilteredClassLoader(library))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + caPath,
					"spring.datasource.url=" + server.jdbcUrl())
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertSecured(context.getBean(DataSource.class));
			});
	}

	@Test
	void otherDatabaseIsLeftAloneAndOneWarningSaysThatNothingIsSecured(CapturedOutput output) {
		h2Runner().withPropertyValues("dbtls.provider=mysql", "spring.datasource.url=jdbc:h2:mem:other")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(HikariDataSource.class).getDataSourceProperties()).isEmpty();
				context.getBean(DataSource.class).getConnection().close();
			});
		assertThat(output).containsOnlyOnce("there is no MySQL DataSource that dbtls could secure");
	}

	@Test
	void embeddedDatabaseIsLeftAlone(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class))
			.withBean(DataSource.class,
					() -> new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2)
						.generateUniqueName(true)
						.build())
			.withPropertyValues("dbtls.provider=mysql")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("there is no MySQL DataSource that dbtls could secure");
	}

	@Test
	void withMySqlThereIsNoWarning(CapturedOutput output) {
		this.contextRunner.withPropertyValues("dbtls.provider=mysql")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("no MySQL DataSource").doesNotContain("r2dbc").doesNotContain("WARN");
	}

	@ParameterizedTest
	@CsvSource({ "r2dbc:mysql://localhost/shop, true", "r2dbc:mariadb://localhost/shop, true",
			"r2dbc:pool:mysql://localhost/shop, true", "R2DBC:MySQL://localhost/shop, true",
			"r2dbc:postgresql://localhost/shop, false" })
	void urlOfR2dbcIsAWarning(String url, boolean warned, CapturedOutput output) {
		this.contextRunner.withPropertyValues("dbtls.provider=mysql", "spring.r2dbc.url=" + url)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.getOut().contains("'spring.r2dbc.url' leads to MySQL, which dbtls does not secure"))
			.isEqualTo(warned);
	}

	@Test
	void mistakeIsFoundWithoutAnyDataSource() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=tidb-dedicated")
			.run((context) -> assertThat(refusal(context).getProperty()).isEqualTo("dbtls.ca-path"));
	}

	@Test
	void closedContextLeavesNothingBehindAndItsUrlFailsClosed() throws Exception {
		HikariConfig copy = new HikariConfig();
		this.contextRunner
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + caPath,
					"spring.datasource.url=" + server.jdbcUrl())
			.run((context) -> {
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				assertSecured(pool);
				copy.setJdbcUrl(pool.getJdbcUrl());
				copy.setDataSourceProperties(pool.getDataSourceProperties());
				assertThat(isRegistered(copy.getJdbcUrl())).isTrue();
			});
		assertThat(isRegistered(copy.getJdbcUrl())).isFalse();
		copy.setUsername("late");
		copy.setPassword("hidden-word");
		int before = server.connectionCount();
		assertThatThrownBy(() -> new HikariDataSource(copy)).hasStackTraceContaining(
				"This connection is secured by a dbtls that is closed or in another JVM; its application context is gone");
		assertThat(server.connectionCount()).isEqualTo(before);
	}

	@Test
	void failedContextLeavesNothingBehind() {
		String[] url = new String[1];
		this.contextRunner.withPropertyValues("dbtls.provider=mysql", "dbtls.data-sources.nobody.enabled=false")
			.withBean("spy", BeanPostProcessor.class, () -> new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					if (bean instanceof HikariDataSource pool) {
						url[0] = pool.getJdbcUrl();
						assertThat(isRegistered(url[0])).isTrue();
					}
					return bean;
				}

			})
			.run((context) -> assertThat(context).hasFailed());
		assertThat(url[0]).isNotNull();
		assertThat(isRegistered(url[0])).isFalse();
	}

	@Test
	void twoContextsDoNotDisturbEachOther() {
		ApplicationContextRunner runner = this.contextRunner.withPropertyValues("dbtls.provider=mysql",
				"dbtls.ca-path=" + caPath, "spring.datasource.url=" + server.jdbcUrl());
		runner.run((first) -> {
			runner.withPropertyValues("dbtls.ssl-mode=verify-ca").run((second) -> {
				assertThat(second.getBean(HikariDataSource.class).getJdbcUrl()).contains("VERIFY_CA");
				assertSecured(second.getBean(DataSource.class));
				assertThat(first.getBean(HikariDataSource.class).getJdbcUrl()).contains("VERIFY_IDENTITY");
				assertSecured(first.getBean(DataSource.class));
			});
			first.getBean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
			assertSecured(first.getBean(DataSource.class));
		});
	}

	@Test
	void withoutConnectorJLazyBeansAreNoLoophole() {
		h2Runner().withClassLoader(new FilteredClassLoader("com.mysql")).withInitializer((context) -> {
			context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
			context.getBeanFactory()
				.registerSingleton("lazyExcludeFilter",
						LazyInitializationExcludeFilter.forBeanTypes(SmartInitializingSingleton.class));
		})
			.withPropertyValues("dbtls.provider=mysql")
			.run((context) -> assertThat(refusal(context).getProperty()).isEqualTo("dbtls.provider"));
	}

	@Test
	void withoutConnectorJTheFirstDataSourceIsRefusedBeforeItIsUsed() {
		List<String> used = new ArrayList<>();
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withClassLoader(new FilteredClassLoader("com.mysql"))
			.withBean("legacy", DataSource.class, () -> new DriverManagerDataSource("jdbc:h2:mem:legacy"))
			.withBean("user", Object.class, () -> new Object(), (definition) -> definition.setDependsOn("legacy"))
			.withInitializer((context) -> context.getBeanFactory().addBeanPostProcessor(new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					used.add(beanName);
					return bean;
				}

			}))
			.withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql");
		runner.run((context) -> assertThat(refusal(context).getProperty()).isEqualTo("dbtls.provider"));
		assertThat(used).doesNotContain("user");
		runner.withPropertyValues("dbtls.data-sources.legacy.enabled=false")
			.run((context) -> assertThat(refusal(context).getProperty()).isEqualTo("dbtls.provider"));
		assertThat(used).contains("user");
	}

	private static String stackTrace(Throwable thrown) {
		StringWriter text = new StringWriter();
		thrown.printStackTrace(new PrintWriter(text));
		return text.toString();
	}

	private ApplicationContextRunner h2Runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:absent");
	}

	private static Provider acme(String id) {
		return Provider.withId(id)
			.name("MySQL of ACME")
			.caFile(caPath)
			.sslMode(SslMode.VERIFY_CA)
			.lowestSslMode(SslMode.VERIFY_CA)
			.build();
	}

	private static ConfigurableApplicationContext start(String... properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run(Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new));
	}

	private static boolean isRegistered(String url) {
		return DriverSettings.read("test", url, new Properties()).isSecured();
	}

	private static void assertSecured(DataSource dataSource) throws Exception {
		try (Connection connection = dataSource.getConnection()) {
			assertThat(ConnectionSession.of(connection)).isNotNull();
		}
	}

	private static DbTlsConfigurationException refusal(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		Throwable current = context.getStartupFailure();
		while (current != null && !(current instanceof DbTlsConfigurationException)) {
			current = current.getCause();
		}
		assertThat(current).as(() -> "Unexpected: " + context.getStartupFailure()).isNotNull();
		return (DbTlsConfigurationException) current;
	}

	private static void assertRefused(AssertableApplicationContext context, String property, String description,
			String action) {
		DbTlsConfigurationException failure = refusal(context);
		assertThat(failure).hasMessage(description);
		assertThat(failure.getAction()).isEqualTo(action);
		assertThat(failure.getProperty()).isEqualTo(property);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(DbTlsAutoConfiguration.class)
	static class Application {

	}

}
