package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.mysql.cj.jdbc.Driver;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlConnection;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import org.aopalliance.intercept.MethodInterceptor;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link DataSourceSecurer}: however a DataSource comes about, our socket
 * factory is on its connections.
 */
@ExtendWith(OutputCaptureExtension.class)
class DataSourceSecuringTests {

	private static final String PASSWORD = "dont-show-4711";

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	private static final Authority otherAuthority = TestCertificates.authority("CN=Other CA");

	@TempDir
	private static Path directory;

	private static FakeMySqlServer server;

	/** Has the right name, from an authority that must be trusted on purpose. */
	private static FakeMySqlServer other;

	private static ApplicationContextRunner contextRunner;

	@BeforeAll
	static void startServers() {
		authority.writeTo(directory);
		otherAuthority.writeTo(directory.resolve("other"));
		server = FakeMySqlServer.tls(authority.server("localhost")).start();
		other = FakeMySqlServer.tls(otherAuthority.server("localhost")).start();
		contextRunner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + directory.resolve("ca.pem"),
					"spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=app",
					"spring.datasource.password=" + PASSWORD, "spring.datasource.hikari.maximum-pool-size=1",
					"spring.datasource.hikari.connection-timeout=5000");
	}

	@AfterAll
	static void stopServers() {
		server.close();
		other.close();
	}

	@Test
	void poolOfSpringBootIsSecured(CapturedOutput output) {
		contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(HikariDataSource.class).hasSingleBean(DataSource.class);
			TlsSession session = assertSecured(context.getBean(DataSource.class));
			assertThat(session.host()).isEqualTo("localhost");
			assertThat(session.port()).isEqualTo(server.port());
			assertThat(session.anchor()).isEqualTo(authority.certificate());
			assertThat(server.lastConnection().user()).isEqualTo("app");
			assertThat(server.lastConnection().password()).isEqualTo(PASSWORD);
			assertThat(output).containsOnlyOnce("dataSource: TLS by dbtls: provider 'mysql', ssl-mode verify-identity")
				.doesNotContain(PASSWORD);
		});
	}

	@Test
	void impostorGetsNoLogin() {
		try (FakeMySqlServer impostor = FakeMySqlServer.tls(otherAuthority.server("localhost")).start()) {
			contextRunner.withPropertyValues("spring.datasource.url=" + impostor.jdbcUrl()).run((context) -> {
				assertRefused(context.getBean(DataSource.class), HandshakeFailure.UNTRUSTED_ISSUER);
				impostor.assertNoLoginReceived();
			});
		}
	}

	@Test
	void hikariPropertiesKeepWorking() {
		contextRunner
			.withPropertyValues("spring.datasource.hikari.pool-name=shop-pool",
					"spring.datasource.hikari.data-source-properties.cachePrepStmts=true",
					"spring.datasource.hikari.data-source-properties.connectTimeout=4321")
			.run((context) -> {
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				assertSecured(pool);
				assertThat(pool.getPoolName()).isEqualTo("shop-pool");
				assertThat(pool.getMaximumPoolSize()).isOne();
				assertThat(pool.getDataSourceProperties()).containsEntry("cachePrepStmts", "true")
					.containsEntry("connectTimeout", "4321");
			});
	}

	@Test
	void urlInHikariPropertiesIsSecured() {
		contextRunner
			.withPropertyValues("spring.datasource.url=",
					"spring.datasource.hikari.jdbc-url=" + server.jdbcUrl() + "?connectTimeout=4321",
					"spring.datasource.driver-class-name=com.mysql.cj.jdbc.Driver")
			.run((context) -> {
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				assertThat(pool.getJdbcUrl()).startsWith(server.jdbcUrl() + "?connectTimeout=4321&socketFactory=");
				assertSecured(pool);
			});
	}

	@Test
	void neitherUrlNorPropertiesHoldASecret() {
		contextRunner.run((context) -> {
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			assertThat(pool.getJdbcUrl()).doesNotContain(PASSWORD);
			assertThat(pool.getDataSourceProperties().toString()).doesNotContain(PASSWORD);
			assertThat(pool.getDataSourceProperties()).containsOnlyKeys("socketFactory", "sslMode", "tlsVersions",
					"dbtlsPool");
		});
	}

	@Test
	void serviceConnectionIsSecuredAndItsModeRaised(CapturedOutput output) {
		try (FakeMySqlServer otherName = FakeMySqlServer.tls(authority.server("db.example.com")).start()) {
			contextRunner
				.withBean(JdbcConnectionDetails.class, () -> new Details(otherName.jdbcUrl() + "?sslMode=REQUIRED"))
				.run((context) -> {
					HikariDataSource pool = context.getBean(HikariDataSource.class);
					assertThat(pool.getJdbcUrl()).contains("sslMode=VERIFY_IDENTITY").doesNotContain("REQUIRED");
					assertRefused(pool, HandshakeFailure.HOST_NAME_MISMATCH);
					otherName.assertNoLoginReceived();
				});
		}
		assertThat(output).contains("dataSource: its settings ask for sslMode=REQUIRED; raised to verify-identity");
		contextRunner.withBean(JdbcConnectionDetails.class, () -> new Details(server.jdbcUrl() + "?sslMode=REQUIRED"))
			.run((context) -> {
				assertSecured(context.getBean(DataSource.class));
				assertThat(server.lastConnection().user()).isEqualTo("service");
			});
	}

	@Test
	void strongerModeOfUrlRaisesThePolicy(CapturedOutput output) {
		try (FakeMySqlServer otherName = FakeMySqlServer.tls(authority.server("db.example.com")).start()) {
			contextRunner
				.withPropertyValues("dbtls.ssl-mode=verify-ca",
						"spring.datasource.url=" + otherName.jdbcUrl() + "?sslMode=VERIFY_IDENTITY")
				.run((context) -> {
					assertRefused(context.getBean(DataSource.class), HandshakeFailure.HOST_NAME_MISMATCH);
					otherName.assertNoLoginReceived();
				});
			contextRunner.withPropertyValues("dbtls.ssl-mode=verify-ca", "spring.datasource.url=" + otherName.jdbcUrl())
				.run((context) -> assertSecured(context.getBean(DataSource.class)));
		}
		assertThat(output).contains("ask for sslMode=VERIFY_IDENTITY, which raises the policy from verify-ca");
	}

	@Test
	void hikariBeanOfTheApplicationIsSecured() {
		contextRunner.withUserConfiguration(OwnPool.class).run((context) -> {
			assertSecured(context.getBean("shop", DataSource.class));
			assertThat(server.lastConnection().user()).isEqualTo("own");
		});
	}

	@Test
	void hikariBeanWithConfigurationPropertiesIsSecured() {
		contextRunner.withUserConfiguration(BoundPool.class)
			.withPropertyValues("acme.db.jdbc-url=" + server.jdbcUrl(), "acme.db.username=bound",
					"acme.db.maximum-pool-size=1")
			.run((context) -> {
				assertSecured(context.getBean("shop", DataSource.class));
				assertThat(server.lastConnection().user()).isEqualTo("bound");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "ordersPool", "orderspool", "orders-pool", "ORDERS_POOL" })
	void eachOfTwoDataSourcesHasItsOwnSettings(String name) {
		contextRunner.withUserConfiguration(TwoPools.class)
			.withPropertyValues("dbtls.data-sources." + name + ".ca-path=" + directory.resolve("other/ca.pem"),
					"acme.orders-url=" + other.jdbcUrl(), "acme.shop-url=" + server.jdbcUrl())
			.run((context) -> {
				assertThat(assertSecured(context.getBean("shopPool", DataSource.class)).anchor())
					.isEqualTo(authority.certificate());
				assertThat(assertSecured(context.getBean("ordersPool", DataSource.class)).anchor())
					.isEqualTo(otherAuthority.certificate());
			});
	}

	@Test
	void environmentVariableNamesADataSource() {
		contextRunner.withUserConfiguration(TwoPools.class)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
						Map.of("DBTLS_DATASOURCES_ORDERSPOOL_CAPATH", directory.resolve("other/ca.pem").toString()))))
			.withPropertyValues("acme.orders-url=" + other.jdbcUrl(), "acme.shop-url=" + server.jdbcUrl())
			.run((context) -> {
				assertSecured(context.getBean("shopPool", DataSource.class));
				assertSecured(context.getBean("ordersPool", DataSource.class));
			});
	}

	@Test
	void lazyConnectionFetchIsSecured() {
		contextRunner.withPropertyValues("spring.datasource.connection-fetch=lazy").run((context) -> {
			DataSource dataSource = context.getBean("dataSource", DataSource.class);
			assertThat(dataSource).isInstanceOf(LazyConnectionDataSourceProxy.class);
			try (Connection connection = dataSource.getConnection()) {
				connection.prepareStatement("SELECT 1").close();
				assertThat(ConnectionSession.of(connection)).isNotNull();
			}
		});
	}

	@Test
	void derivedPoolIsSecuredWithoutDoubleParameters() {
		contextRunner.withUserConfiguration(DerivedPool.class).run((context) -> {
			HikariDataSource pool = context.getBean("derived", HikariDataSource.class);
			assertNoDoubleParameters(pool.getJdbcUrl());
			assertSecured(pool);
			assertThat(server.lastConnection().user()).isEqualTo("derived");
			assertSecured(context.getBean("dataSource", DataSource.class));
		});
	}

	@Test
	void derivedDriverDataSourceIsSecured() {
		contextRunner.withUserConfiguration(DerivedDriverDataSource.class).run((context) -> {
			SimpleDriverDataSource derived = context.getBean("derived", SimpleDriverDataSource.class);
			assertNoDoubleParameters(derived.getUrl());
			assertSecured(derived);
			assertThat(server.lastConnection().user()).isEqualTo("derived");
		});
	}

	@Test
	void whatIsDerivedHasThePolicyOfItsOrigin() {
		contextRunner.withUserConfiguration(DerivedPool.class)
			.withPropertyValues("dbtls.ssl-mode=verify-ca", "dbtls.data-sources.dataSource.ssl-mode=verify-identity")
			.run((context) -> {
				assertThat(context.getBean("derived", HikariDataSource.class).getJdbcUrl())
					.contains("sslMode=VERIFY_IDENTITY");
				assertSecured(context.getBean("derived", DataSource.class));
			});
		contextRunner.withUserConfiguration(DerivedPool.class)
			.withPropertyValues("dbtls.data-sources.derived.ssl-mode=verify-ca")
			.run((context) -> assertThat(context.getBean("derived", HikariDataSource.class).getJdbcUrl())
				.contains("sslMode=VERIFY_CA"));
	}

	@Test
	void whatIsDerivedNeedsNoProviderOfItsOwn() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class,
					DbTlsAutoConfiguration.class))
			.withUserConfiguration(ConnectingFlyway.class, DerivedPool.class)
			.withPropertyValues("dbtls.data-sources.dataSource.provider=mysql",
					"dbtls.data-sources.dataSource.ca-path=" + directory.resolve("ca.pem"),
					"spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=app",
					"spring.flyway.user=migrator");
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertSecured(context.getBean(Flyway.class).getConfiguration().getDataSource());
			assertSecured(context.getBean("derived", DataSource.class));
		});
	}

	@Test
	void flywayUserIsSecured() {
		contextRunner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withUserConfiguration(ConnectingFlyway.class)
			.withPropertyValues("spring.flyway.user=migrator", "spring.flyway.password=" + PASSWORD)
			.run((context) -> {
				DataSource dataSource = context.getBean(Flyway.class).getConfiguration().getDataSource();
				assertThat(dataSource).isNotSameAs(context.getBean(DataSource.class));
				assertSecured(dataSource);
				assertThat(server.lastConnection().user()).isEqualTo("migrator");
			});
	}

	@Test
	void flywayUrlIsSecured() {
		contextRunner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withUserConfiguration(ConnectingFlyway.class)
			.withPropertyValues("spring.flyway.url=" + server.jdbcUrl() + "?connectTimeout=4321",
					"spring.flyway.user=migrator", "spring.flyway.password=" + PASSWORD)
			.run((context) -> {
				assertSecured(context.getBean(Flyway.class).getConfiguration().getDataSource());
				assertThat(server.lastConnection().user()).isEqualTo("migrator");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.flyway.user=migrator", "spring.flyway.url=%s" })
	void migrationOfFlywayDoesNotLogInToAnImpostor(String property) {
		try (FakeMySqlServer impostor = FakeMySqlServer.tls(otherAuthority.server("localhost")).start()) {
			contextRunner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
				.withPropertyValues("spring.datasource.url=" + impostor.jdbcUrl(),
						property.formatted(impostor.jdbcUrl()), "spring.flyway.password=" + PASSWORD,
						"spring.flyway.connect-retries=0")
				.run((context) -> {
					assertThat(context).hasFailed();
					assertThat(handshakeFailure(context.getStartupFailure())).isNotNull();
					impostor.assertNoLoginReceived();
				});
		}
	}

	@Test
	void flywayThroughThePoolIsSecured() {
		contextRunner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withUserConfiguration(ConnectingFlyway.class)
			.run((context) -> assertThat(context.getBean(Flyway.class).getConfiguration().getDataSource())
				.isSameAs(context.getBean(DataSource.class)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "acme.unused=%s", "spring.liquibase.url=%s" })
	void liquibaseIsSecured(String property) throws Exception {
		Path changeLog = directory.resolve("changes.sql");
		Files.writeString(changeLog, "--liquibase formatted sql\n--changeset a:1\nSET @a = 1;\n");
		for (boolean genuine : List.of(true, false)) {
			Authority issuer = genuine ? authority : otherAuthority;
			try (FakeMySqlServer server = FakeMySqlServer.tls(issuer.server("localhost")).start()) {
				contextRunner.withConfiguration(AutoConfigurations.of(LiquibaseAutoConfiguration.class))
					.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(),
							property.formatted(server.jdbcUrl()), "spring.liquibase.user=migrator",
							"spring.liquibase.password=" + PASSWORD, "spring.liquibase.change-log=" + changeLog.toUri())
					.run((context) -> {
						// The fake server does not know the statements of Liquibase.
						assertThat(context).hasFailed();
						if (genuine) {
							assertThat(server.lastConnection().user()).isEqualTo("migrator");
							assertThat(handshakeFailure(context.getStartupFailure())).isNull();
							assertThat(server.lastConnection().loginReceivedInTls()).isTrue();
							assertThat(server.lastConnection().loginReceivedInClear()).isFalse();
						}
						else {
							assertThat(handshakeFailure(context.getStartupFailure())).isNotNull();
							server.assertNoLoginReceived();
						}
					});
			}
		}
	}

	@Test
	void userOfSqlScriptsIsSecured() throws Exception {
		Path schema = directory.resolve("schema.sql");
		Files.writeString(schema, "SET @a = 1;\n");
		ApplicationContextRunner runner = contextRunner
			.withConfiguration(AutoConfigurations.of(DataSourceInitializationAutoConfiguration.class))
			.withPropertyValues("spring.sql.init.mode=always", "spring.sql.init.username=initializer",
					"spring.sql.init.password=" + PASSWORD, "spring.sql.init.schema-locations=" + schema.toUri());
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			FakeMySqlConnection connection = server.lastConnection();
			assertThat(connection.user()).isEqualTo("initializer");
			assertThat(connection.queries()).anyMatch((query) -> query.contains("SET @a = 1"));
		});
		try (FakeMySqlServer impostor = FakeMySqlServer.tls(otherAuthority.server("localhost")).start()) {
			runner.withPropertyValues("spring.datasource.url=" + impostor.jdbcUrl()).run((context) -> {
				assertThat(context).hasFailed();
				assertThat(handshakeFailure(context.getStartupFailure())).isNotNull();
				impostor.assertNoLoginReceived();
			});
		}
	}

	@Test
	void driverManagerDataSourceBeanIsSecured() {
		contextRunner
			.withBean("shop", DataSource.class, () -> new DriverManagerDataSource(server.jdbcUrl(), "driver", PASSWORD))
			.run((context) -> {
				assertSecured(context.getBean("shop", DataSource.class));
				assertThat(server.lastConnection().user()).isEqualTo("driver");
			});
	}

	@Test
	void simpleDriverDataSourceBeanIsSecured() {
		contextRunner.withBean("shop", DataSource.class, () -> simple(server.jdbcUrl()))
			.run((context) -> assertSecured(context.getBean("shop", DataSource.class)));
	}

	@Test
	void routingTargetsThatAreNoBeansAreSecured() {
		contextRunner.withUserConfiguration(Routes.class).run((context) -> {
			DataSource routing = context.getBean("routing", DataSource.class);
			for (String route : List.of("pool", "driver", "unknown")) {
				Routes.current.set(route);
				assertSecured(routing);
			}
			Routes.current.remove();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "aop", "aop-class", "delegating", "proxy", "nested" })
	void wrappedPoolThatIsNoBeanIsSecured(String kind) {
		contextRunner.withBean("wrapped", DataSource.class, () -> wrap(kind, pool(server.jdbcUrl(), "wrapped")))
			.run((context) -> {
				assertSecured(context.getBean("wrapped", DataSource.class));
				assertThat(server.lastConnection().user()).isEqualTo("wrapped");
			});
	}

	@Test
	void readerOfALazyProxyThatIsNoBeanIsSecured() {
		try (FakeMySqlServer reader = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			contextRunner.withBean("shop", DataSource.class, () -> {
				LazyConnectionDataSourceProxy proxy = new LazyConnectionDataSourceProxy(
						pool(server.jdbcUrl(), "writer"));
				proxy.setReadOnlyDataSource(pool(reader.jdbcUrl(), "reader"));
				proxy.setDefaultAutoCommit(true);
				return proxy;
			}).run((context) -> {
				try (Connection connection = context.getBean(DataSource.class).getConnection()) {
					connection.setReadOnly(true);
					connection.isValid(5);
					assertThat(session(connection).port()).isEqualTo(reader.port());
				}
				assertThat(reader.lastConnection().encrypted()).isTrue();
				assertSecured(context.getBean(DataSource.class));
			});
		}
	}

	@Test
	void poolThatIsExemptStaysSoWhateverUsesIt() {
		contextRunner.withBean("legacy", HikariDataSource.class, () -> pool("jdbc:mysql://localhost:1/a", "legacy"))
			.withPropertyValues("dbtls.data-sources.legacy.enabled=false")
			.withUserConfiguration(UsersOfLegacy.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("legacy", HikariDataSource.class).getJdbcUrl())
					.isEqualTo("jdbc:mysql://localhost:1/a");
				assertThat(context.getBean(SecuredPools.class).all()).isEmpty();
			});
	}

	@Test
	void poolOfAScopeThatIsNotActiveDoesNotStopStartup() {
		contextRunner.withUserConfiguration(RequestPools.class)
			.withInitializer((context) -> context.getBeanFactory().registerScope("acme", new InactiveScope()))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void connectionFromBeforeIsNotServed() throws SQLException {
		try (FakeMySqlServer plain = FakeMySqlServer.plain().start()) {
			SingleConnectionDataSource single = new SingleConnectionDataSource(plain.jdbcUrl(), "early", PASSWORD,
					true);
			Connection early = single.getConnection();
			contextRunner.withBean("shop", DataSource.class, () -> single).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(early.isClosed()).isTrue();
				assertThatThrownBy(single::getConnection).isInstanceOf(SQLException.class);
			});
		}
	}

	@Test
	void closedAndReleasedPoolsAreForgotten() {
		contextRunner
			.withBean("prototype", HikariDataSource.class, () -> pool(server.jdbcUrl(), "prototype"),
					(definition) -> definition.setScope("prototype"))
			.run((context) -> {
				SecuredPools pools = context.getBean(SecuredPools.class);
				for (int i = 0; i < 3; i++) {
					context.getBean("prototype", HikariDataSource.class).close();
				}
				assertThat(pools.all()).hasSize(1);
				HikariConfig config = new HikariConfig();
				config.setJdbcUrl(server.jdbcUrl());
				context.getBean(DbTlsPools.class).secure("byHand", config);
				assertThat(pools.all()).singleElement().extracting(SecuredPool::name).isEqualTo("byHand");
				context.getBean(DbTlsPools.class).release(config);
				context.getBean(DbTlsPools.class).release(config);
				assertThat(pools.all()).isEmpty();
			});
	}

	@Test
	void flywayThatWasCreatedTooEarlyFails() {
		Flyway early = Flyway.configure().dataSource(simple(server.jdbcUrl())).load();
		contextRunner.withInitializer((context) -> context.getBeanFactory().registerSingleton("flyway", early))
			.run((context) -> assertThat(context).getFailure()
				.hasMessageStartingWith("DataSource 'flyway' leads to MySQL, and is not secured"));
	}

	@Test
	void lazyPoolIsVerifiedWhenItIsCreated() {
		try (FakeMySqlServer impostor = FakeMySqlServer.tls(otherAuthority.server("localhost")).start()) {
			contextRunner
				.withBean("shop", HikariDataSource.class, () -> pool(impostor.jdbcUrl(), "lazy"),
						(definition) -> definition.setLazyInit(true))
				.withBean("flyway", Flyway.class, () -> Flyway.configure().dataSource(simple(server.jdbcUrl())).load(),
						(definition) -> definition.setLazyInit(true))
				.withPropertyValues("dbtls.verify-at-startup=true", "dbtls.data-sources.flyway.ssl-mode=verify-ca")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(impostor.connectionCount()).isZero();
					assertThatThrownBy(() -> context.getBean("shop"))
						.satisfies((ex) -> assertThat(handshakeFailure(ex)).isNotNull());
					assertThat(impostor.connectionCount()).isOne();
					assertThat(context.getBean(SecuredPools.class).all()).isEmpty();
				});
		}
	}

	@Test
	void poolThatIsProxiedLaterIsSecured() {
		contextRunner.withBean("proxying", ProxyingPostProcessor.class, ProxyingPostProcessor::new).run((context) -> {
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(dataSource).isNotInstanceOf(HikariDataSource.class);
			assertSecured(dataSource);
		});
	}

	@Test
	void configurationThatIsNoBeanCanBeHandedOver() {
		contextRunner.withPropertyValues("dbtls.data-sources.byhand.ssl-mode=verify-ca")
			.withUserConfiguration(HandMadePools.class)
			.run((context) -> {
				try (HikariDataSource pool = context.getBean(HandMadePools.class).open()) {
					assertSecured(pool);
					assertThat(pool.getJdbcUrl()).contains("sslMode=VERIFY_CA");
				}
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "url", "URL" })
	void dataSourceClassOfMySqlIsSecured(String key) {
		contextRunner.withBean("shop", HikariDataSource.class, () -> {
			HikariDataSource pool = new HikariDataSource();
			pool.setDataSourceClassName("com.mysql.cj.jdbc.MysqlDataSource");
			pool.addDataSourceProperty(key, server.jdbcUrl());
			pool.setUsername("by-class");
			pool.setPassword(PASSWORD);
			pool.setMaximumPoolSize(1);
			return pool;
		}).run((context) -> {
			assertSecured(context.getBean("shop", DataSource.class));
			assertThat(server.lastConnection().user()).isEqualTo("by-class");
		});
	}

	@Test
	void urlThatIsSetLaterKeepsThePropertiesOfThePool() {
		contextRunner.withBean("later", LaterUrl.class, () -> new LaterUrl(server.jdbcUrl() + "?connectTimeout=4321"))
			.run((context) -> {
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				assertThat(pool.getJdbcUrl()).contains("connectTimeout=4321");
				assertSecured(pool);
			});
	}

	@Test
	void urlThatIsSetLaterIsCheckedAgain() {
		contextRunner
			.withBean("later", LaterUrl.class,
					() -> new LaterUrl("jdbc:mysql://address=(host=localhost)(port=%d)(sslMode=DISABLED)/shop"
						.formatted(server.port())))
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("DataSource 'dataSource' would connect to localhost:" + server.port()
						+ " with 'sslMode=DISABLED' instead of 'VERIFY_IDENTITY'"));
	}

	@Test
	void lazyBeanIsSecuredWhenItIsCreatedAndNotCreatedForTheCheck(CapturedOutput output) {
		contextRunner.withUserConfiguration(LazyPool.class).run((context) -> {
			assertThat(context.getSourceApplicationContext().getBeanFactory().containsSingleton("shop")).isFalse();
			assertThat(output).doesNotContain("no MySQL DataSource");
			assertSecured(context.getBean("shop", DataSource.class));
		});
	}

	@Test
	void lazyBeanThatCannotBeSecuredFailsWhenItIsCreated() {
		contextRunner.withUserConfiguration(LazyPool.class)
			.withPropertyValues("acme.parameters=?sslMode=DISABLED")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThatThrownBy(() -> context.getBean("shop")).rootCause()
					.hasMessageContaining("DataSource 'shop' has the driver setting 'sslMode=DISABLED'");
			});
	}

	@Test
	void poolOfFactoryBeanIsSecured() {
		contextRunner.withBean("shop", PoolFactoryBean.class, PoolFactoryBean::new)
			.run((context) -> assertSecured(context.getBean("shop", DataSource.class)));
	}

	@Test
	void scopedPoolIsSecured() {
		contextRunner.withUserConfiguration(ScopedPool.class)
			.withPropertyValues("dbtls.data-sources.shop.ssl-mode=verify-ca")
			.run((context) -> {
				DataSource shop = context.getBean("shop", DataSource.class);
				assertSecured(shop);
				assertThat(shop.unwrap(HikariDataSource.class).getJdbcUrl()).contains("sslMode=VERIFY_CA");
				try (HikariDataSource first = context.getBean("prototype", HikariDataSource.class);
						HikariDataSource second = context.getBean("prototype", HikariDataSource.class)) {
					assertSecured(first);
					assertSecured(second);
				}
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:mysql://localhost:%d", "jdbc:mysql://localhost:%d/",
			"jdbc:mysql://localhost:%d/shop", "jdbc:mysql://localhost:%d/shop?",
			"jdbc:mysql://localhost:%d/shop?connectTimeout=4321", "jdbc:mysql://localhost:%d/shop?connectTimeout=4321&",
			"jdbc:mysql://localhost:%d/shop#fragment", "jdbc:mysql://localhost:%d/shop?connectTimeout=4321#fragment",
			"jdbc:mysql://(host=localhost,port=%d)/shop", "jdbc:mysql://address=(host=localhost)(port=%d)/shop",
			"jdbc:mysql://address=(host=localhost)(port=%d)(connectTimeout=4321)/shop?cachePrepStmts=true",
			"jdbc:mysql:loadbalance://localhost:%d/shop", "JDBC:mysql://localhost:%d/shop",
			"jdbc:mysql://localhost:%d/shop?sslMode=verify_identity",
			"jdbc:mysql://localhost:%d/shop?useSSL=true&requireSSL=true&verifyServerCertificate=true" })
	void formOfUrlDoesNotMatter(String url) {
		contextRunner
			.withPropertyValues("spring.datasource.url=" + url.formatted(server.port()),
					"spring.datasource.driver-class-name=com.mysql.cj.jdbc.Driver")
			.run((context) -> {
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				assertNoDoubleParameters(pool.getJdbcUrl());
				assertSecured(pool);
				// What is derived from it has the URL only.
				SimpleDriverDataSource derived = DataSourceBuilder.derivedFrom(pool)
					.type(SimpleDriverDataSource.class)
					.build();
				assertSecured(derived);
			});
	}

	@Test
	void everyHostIsVerifiedByItsOwnName() {
		try (FakeMySqlServer byAddress = FakeMySqlServer.tls(authority.server("127.0.0.1")).start()) {
			String hosts = "localhost:%d,127.0.0.1:%d".formatted(server.port(), byAddress.port());
			contextRunner
				.withPropertyValues("spring.datasource.url=jdbc:mysql:loadbalance://%s/shop".formatted(hosts),
						"spring.datasource.hikari.maximum-pool-size=8", "spring.datasource.hikari.minimum-idle=8")
				.run((context) -> {
					Map<String, Integer> seen = new LinkedHashMap<>();
					for (int i = 0; i < 40 && seen.size() < 2; i++) {
						try (HikariDataSource one = copyOf(context.getBean(HikariDataSource.class))) {
							TlsSession session = assertSecured(one);
							seen.put(session.host(), session.port());
						}
					}
					assertThat(seen).containsOnly(Map.entry("localhost", server.port()),
							Map.entry("127.0.0.1", byAddress.port()));
				});
		}
	}

	@Test
	void replicaIsVerifiedByItsOwnName() {
		try (FakeMySqlServer replica = FakeMySqlServer.tls(authority.server("127.0.0.1")).start()) {
			contextRunner
				.withPropertyValues("spring.datasource.url=jdbc:mysql:replication://localhost:%d,127.0.0.1:%d/shop"
					.formatted(server.port(), replica.port()))
				.run((context) -> {
					try (Connection connection = context.getBean(DataSource.class).getConnection()) {
						assertThat(session(connection).host()).isEqualTo("localhost");
						connection.setReadOnly(true);
						connection.isValid(5);
						assertThat(session(connection).host()).isEqualTo("127.0.0.1");
						assertThat(replica.lastConnection().encrypted()).isTrue();
					}
				});
		}
	}

	@Test
	void secondHostIsVerifiedByItsOwnNameWhenTheFirstIsDead() {
		try (FakeMySqlServer second = FakeMySqlServer.tls(authority.server("127.0.0.1")).start();
				FakeMySqlServer wrongName = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			contextRunner
				.withPropertyValues("spring.datasource.url=jdbc:mysql://localhost:%d,127.0.0.1:%d/shop"
					.formatted(freePort(), second.port()))
				.run((context) -> {
					TlsSession session = assertSecured(context.getBean(DataSource.class));
					assertThat(session.host()).isEqualTo("127.0.0.1");
					assertThat(session.port()).isEqualTo(second.port());
				});
			contextRunner
				.withPropertyValues("spring.datasource.url=jdbc:mysql://localhost:%d,127.0.0.1:%d/shop?retriesAllDown=1"
					.formatted(freePort(), wrongName.port()), "spring.datasource.hikari.connection-timeout=500")
				.run((context) -> {
					// The driver throws what the first host made of it.
					assertThatThrownBy(context.getBean(DataSource.class)::getConnection);
					assertThat(context.getBean(SecuredPools.class).all()).singleElement()
						.extracting((pool) -> pool.tls().attempts().lastFailure().getFailure())
						.isEqualTo(HandshakeFailure.HOST_NAME_MISMATCH);
					wrongName.assertNoLoginReceived();
				});
		}
	}

	@Test
	void withoutSpringJdbcThePoolIsSecured() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.flywaydb", "liquibase",
					"org.springframework.boot.health", "org.springframework.boot.actuate"))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + directory.resolve("ca.pem"))
			.withBean("shop", HikariDataSource.class, () -> pool(server.jdbcUrl(), "plain"))
			.run((context) -> assertSecured(context.getBean(DataSource.class)));
	}

	private static TlsSession session(Connection connection) throws SQLException {
		TlsSession session = ConnectionSession.of(connection);
		assertThat(session).as("session of our socket factory").isNotNull();
		return session;
	}

	private static TlsSession assertSecured(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			TlsSession session = session(connection);
			assertThat(session.anchor()).as("authority that it was verified with").isNotNull();
			return session;
		}
	}

	private static void assertRefused(DataSource dataSource, HandshakeFailure failure) {
		assertThatThrownBy(dataSource::getConnection).satisfies((ex) -> assertThat(handshakeFailure(ex))
			.as(() -> String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex)))
			.isNotNull()
			.extracting(TlsHandshakeException::getFailure)
			.isEqualTo(failure));
	}

	private static TlsHandshakeException handshakeFailure(Throwable thrown) {
		for (Throwable current = thrown; current != null; current = current.getCause()) {
			if (current instanceof TlsHandshakeException found) {
				return found;
			}
		}
		return null;
	}

	private static void assertNoDoubleParameters(String url) {
		String query = url.substring(url.indexOf('?') + 1).replaceAll("#.*", "");
		assertThat(List.of(query.split("&"))).extracting((parameter) -> parameter.replaceAll("=.*", ""))
			.doesNotHaveDuplicates()
			.contains("socketFactory", "sslMode", "tlsVersions", "dbtlsPool")
			.doesNotContain("");
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static HikariDataSource pool(String url, String user) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(url);
		pool.setUsername(user);
		pool.setPassword(PASSWORD);
		pool.setMaximumPoolSize(1);
		return pool;
	}

	private static HikariDataSource copyOf(HikariDataSource original) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(original.getJdbcUrl());
		config.setUsername("copy");
		config.setPassword(PASSWORD);
		config.setMaximumPoolSize(1);
		return new HikariDataSource(config);
	}

	private static SimpleDriverDataSource simple(String url) {
		try {
			return new SimpleDriverDataSource(new Driver(), url, "simple", PASSWORD);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static DataSource wrap(String kind, HikariDataSource pool) {
		return switch (kind) {
			case "aop" -> proxy(pool, false);
			case "aop-class" -> proxy(pool, true);
			case "delegating" -> new DelegatingDataSource(pool);
			case "proxy" -> unwrappable(pool);
			case "nested" -> new DelegatingDataSource(unwrappable(proxy(new DelegatingDataSource(pool), false)));
			default -> throw new IllegalArgumentException(kind);
		};
	}

	private static DataSource proxy(DataSource target, boolean classes) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(classes);
		factory.addAdvice((MethodInterceptor) (invocation) -> invocation.proceed());
		return (DataSource) factory.getProxy(DataSourceSecuringTests.class.getClassLoader());
	}

	/**
	 * Decorates as the libraries that count queries do: with a proxy of the JDK that
	 * passes {@code unwrap} on.
	 */
	private static DataSource unwrappable(DataSource target) {
		return (DataSource) Proxy.newProxyInstance(DataSourceSecuringTests.class.getClassLoader(),
				new Class<?>[] { DataSource.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("isWrapperFor") && ((Class<?>) arguments[0]).isInstance(target)) {
						return true;
					}
					if (method.getName().equals("unwrap") && ((Class<?>) arguments[0]).isInstance(target)) {
						return target;
					}
					try {
						return method.invoke(target, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	private record Details(String url) implements JdbcConnectionDetails {

		@Override
		public String getUsername() {
			return "service";
		}

		@Override
		public String getPassword() {
			return PASSWORD;
		}

		@Override
		public String getJdbcUrl() {
			return this.url;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPool {

		@Bean
		HikariDataSource shop() {
			return pool(server.jdbcUrl(), "own");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties
	static class BoundPool {

		@Bean
		@ConfigurationProperties("acme.db")
		HikariDataSource shop() {
			return DataSourceBuilder.create().type(HikariDataSource.class).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools {

		@Bean
		@Primary
		HikariDataSource shopPool(ApplicationContext context) {
			return pool(context.getEnvironment().getRequiredProperty("acme.shop-url"), "shop");
		}

		@Bean
		HikariDataSource ordersPool(ApplicationContext context) {
			return pool(context.getEnvironment().getRequiredProperty("acme.orders-url"), "orders");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DerivedPool {

		@Bean(defaultCandidate = false)
		HikariDataSource derived(DataSource dataSource) {
			return DataSourceBuilder.derivedFrom(dataSource)
				.type(HikariDataSource.class)
				.username("derived")
				.password(PASSWORD)
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DerivedDriverDataSource {

		@Bean(defaultCandidate = false)
		SimpleDriverDataSource derived(DataSource dataSource) {
			return DataSourceBuilder.derivedFrom(dataSource)
				.type(SimpleDriverDataSource.class)
				.username("derived")
				.password(PASSWORD)
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ConnectingFlyway {

		@Bean
		FlywayMigrationStrategy flywayMigrationStrategy() {
			// The fake server does not know the statements of Flyway.
			return (flyway) -> connect(flyway.getConfiguration().getDataSource());
		}

		private static void connect(DataSource dataSource) {
			try {
				assertSecured(dataSource);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Routes {

		private static final ThreadLocal<String> current = new ThreadLocal<>();

		@Bean
		AbstractRoutingDataSource routing() {
			AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

				@Override
				protected Object determineCurrentLookupKey() {
					return current.get();
				}

			};
			routing.setTargetDataSources(
					Map.of("pool", pool(server.jdbcUrl(), "route"), "driver", simple(server.jdbcUrl())));
			routing.setDefaultTargetDataSource(pool(server.jdbcUrl(), "default"));
			return routing;
		}

	}

	static class HandMadePools {

		private final HikariConfig config = new HikariConfig();

		HandMadePools(DbTlsPools pools) {
			this.config.setJdbcUrl(server.jdbcUrl());
			this.config.setUsername("by-hand");
			this.config.setPassword(PASSWORD);
			this.config.setMaximumPoolSize(1);
			pools.secure("byHand", this.config);
		}

		HikariDataSource open() {
			return new HikariDataSource(this.config);
		}

	}

	static class LaterUrl implements BeanPostProcessor {

		private final String url;

		LaterUrl(String url) {
			this.url = url;
		}

		@Override
		public Object postProcessBeforeInitialization(Object bean, String beanName) {
			if (bean instanceof HikariDataSource pool) {
				pool.setJdbcUrl(this.url);
			}
			return bean;
		}

	}

	static class ProxyingPostProcessor implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean instanceof HikariDataSource pool) ? proxy(pool, false) : bean;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UsersOfLegacy {

		@Bean
		Flyway flyway(HikariDataSource legacy) {
			return Flyway.configure().dataSource(legacy).load();
		}

		@Bean
		DataSource delegating(HikariDataSource legacy) {
			return new DelegatingDataSource(legacy);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RequestPools {

		@Bean
		@Scope(scopeName = "acme", proxyMode = ScopedProxyMode.TARGET_CLASS)
		HikariDataSource request() {
			return pool(server.jdbcUrl(), "request");
		}

		@Bean
		@Scope(scopeName = "acme", proxyMode = ScopedProxyMode.INTERFACES)
		DataSource session() {
			return pool(server.jdbcUrl(), "session");
		}

	}

	static class InactiveScope extends SimpleThreadScope {

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			throw new IllegalStateException("Not active");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyPool {

		@Bean
		@Lazy
		HikariDataSource shop(ApplicationContext context) {
			return pool(server.jdbcUrl() + context.getEnvironment().getProperty("acme.parameters", ""), "lazy");
		}

	}

	static class PoolFactoryBean implements FactoryBean<DataSource> {

		@Override
		public DataSource getObject() {
			return pool(server.jdbcUrl(), "factory");
		}

		@Override
		public Class<?> getObjectType() {
			return DataSource.class;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedPool {

		@Bean(defaultCandidate = false)
		@Scope("prototype")
		HikariDataSource prototype() {
			return pool(server.jdbcUrl(), "prototype");
		}

		@Bean
		@Scope(value = "singleton", proxyMode = ScopedProxyMode.TARGET_CLASS)
		HikariDataSource shop() {
			return pool(server.jdbcUrl(), "scoped");
		}

	}

}
