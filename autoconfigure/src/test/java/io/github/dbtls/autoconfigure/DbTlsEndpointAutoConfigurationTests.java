package io.github.dbtls.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;

import com.mysql.cj.jdbc.Driver;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.actuate.DbTlsEndpoint;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DbTlsEndpointAutoConfiguration} and what the endpoint says.
 */
class DbTlsEndpointAutoConfigurationTests {

	private static final String PASSWORD = Secrets.password("never-shown-4711");

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	private static final Authority next = TestCertificates.authority("CN=Next CA");

	private static final AutoConfigurations OURS = AutoConfigurations.of(DbTlsAutoConfiguration.class,
			DbTlsEndpointAutoConfiguration.class);

	@TempDir
	private Path directory;

	private Path file;

	private FakeMySqlServer server;

	private ApplicationContextRunner bare;

	@BeforeEach
	void startServer() {
		this.file = authority.writeTo(this.directory);
		this.server = FakeMySqlServer.tls(authority.server("localhost")).start();
		this.bare = new ApplicationContextRunner().withConfiguration(OURS)
			.withPropertyValues("management.endpoints.web.exposure.include=dbtls");
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.endpoints.web.exposure.include=health,info",
			"management.endpoint.dbtls.access=NONE", "management.endpoints.access.max-permitted=NONE",
			"management.endpoints.web.exposure.exclude=dbtls", "dbtls.enabled=false" })
	void endpointWhenItIsNotExposedIsNotThere(String property) {
		one().withPropertyValues(property).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(DbTlsEndpoint.class);
		});
	}

	@Test
	void endpointIsExposedOverJmxWhenAsked() {
		one()
			.withPropertyValues("management.endpoints.web.exposure.include=health", "spring.jmx.enabled=true",
					"management.endpoints.jmx.exposure.include=dbtls")
			.run((context) -> assertThat(context).hasSingleBean(DbTlsEndpoint.class));
	}

	@Test
	void withoutActuatorOnTheClassPathThereIsNone() {
		one().withClassLoader(new FilteredClassLoader(Endpoint.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(DbTlsEndpoint.class);
			assertThat(context).hasSingleBean(SecuredPools.class);
		});
	}

	@Test
	void endpointOfTheUserReplacesOurs() {
		DbTlsEndpoint own = new DbTlsEndpoint(Map::of);
		one().withBean("own", DbTlsEndpoint.class, () -> own)
			.run((context) -> assertThat(context.getBean(DbTlsEndpoint.class)).isSameAs(own));
	}

	@Test
	void withoutPoolsThereIsNothingToTell() {
		this.bare.withPropertyValues("dbtls.provider=mysql").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(all(context).toString()).isEqualTo("{\"dataSources\":{}}");
		});
	}

	@Test
	void lazyDataSourceIsNotCreatedToTellOfIt() {
		AtomicBoolean created = new AtomicBoolean();
		this.bare.withPropertyValues("dbtls.provider=mysql").withBean("dataSource", HikariDataSource.class, () -> {
			created.set(true);
			return pool(this.server);
		}, (definition) -> definition.setLazyInit(true)).run((context) -> {
			assertThat(all(context).at("/dataSources").isEmpty()).isTrue();
			assertThat(created).isFalse();
			context.getBean(HikariDataSource.class);
			assertThat(one(context, "dataSource")).isNotNull();
		});
	}

	@Test
	void otherNameIsNotFound() {
		one().run((context) -> assertThat(context.getBean(DbTlsEndpoint.class).dataSource("datasource")).isNull());
	}

	@Test
	void severalDataSourcesAreToldByTheirNames() {
		secured(this.bare).withBean("server", FakeMySqlServer.class, () -> this.server)
			.withUserConfiguration(TwoPools.class)
			.withPropertyValues("dbtls.data-sources.billing.ssl-mode=verify-ca")
			.run((context) -> {
				context.getBean("billing", HikariDataSource.class).getConnection().close();
				JsonNode all = all(context).at("/dataSources");
				assertThat(all.propertyNames()).containsExactlyInAnyOrder("orders", "billing");
				assertThat(all.at("/orders/policy/sslMode/value").asString()).isEqualTo("verify-identity");
				assertThat(all.at("/orders/handshakes").isEmpty()).isTrue();
				assertThat(all.at("/billing/policy/sslMode/value").asString()).isEqualTo("verify-ca");
				assertThat(all.at("/billing/policy/sslMode/property").asString())
					.isEqualTo("dbtls.data-sources.billing.ssl-mode");
				assertThat(all.at("/billing/policy/weakenings/0").asString()).contains("weaker than");
				assertThat(all.at("/billing/handshakes").isEmpty()).isFalse();
				assertThat(one(context, "billing").at("/policy")).isEqualTo(all.at("/billing/policy"));
			});
	}

	@Test
	void targetsOfARouterAreToldOneByOne() {
		secured(this.bare).withBean("server", FakeMySqlServer.class, () -> this.server)
			.withUserConfiguration(Router.class)
			.run((context) -> assertThat(all(context).at("/dataSources").propertyNames())
				.containsExactlyInAnyOrder("router", "router-south"));
	}

	@Test
	void prototypeIsToldUntilItCloses() {
		secured(this.bare).withBean("server", FakeMySqlServer.class, () -> this.server)
			.withUserConfiguration(Prototype.class)
			.run((context) -> {
				HikariDataSource pool = context.getBean(HikariDataSource.class);
				pool.getConnection().close();
				assertThat(all(context).at("/dataSources").size()).isEqualTo(1);
				pool.close();
				assertThat(all(context).at("/dataSources").isEmpty()).isTrue();
			});
	}

	@Test
	void poolOfTheParentIsToldOnce() {
		ApplicationContextRunner datasource = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class));
		for (boolean parentHasDbTls : new boolean[] { true, false }) {
			ApplicationContextRunner parent = parentHasDbTls
					? datasource.withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class)) : datasource;
			secured(parent).withPropertyValues(properties())
				.run((outer) -> secured(this.bare.withParent(outer)).run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(all(context).at("/dataSources").propertyNames()).containsExactly("dataSource");
				}));
		}
	}

	@Test
	void connectionsAreCountedByWhatWasNegotiated() {
		one().run((context) -> {
			try (Connection first = extra(context); Connection second = extra(context)) {
				Files.writeString(this.file, authority.pem() + next.pem());
				Traces.await(() -> one(context).at("/trust/generation").asInt() == 2);
				try (Connection third = extra(context)) {
					JsonNode connections = one(context).at("/connections");
					assertThat(connections.at("/open").asInt()).isEqualTo(3);
					assertThat(connections.at("/outdated").asInt()).isZero();
					assertThat(connections.at("/sessions").size()).isEqualTo(2);
					assertThat(connections.at("/sessions/0/host").asString())
						.isEqualTo("localhost:" + this.server.port());
					assertThat(connections.at("/sessions/0/protocol").asString()).isEqualTo("TLSv1.3");
					assertThat(connections.at("/sessions/0/generation").asInt()).isEqualTo(1);
					assertThat(connections.at("/sessions/0/open").asInt()).isEqualTo(2);
					assertThat(connections.at("/sessions/1/generation").asInt()).isEqualTo(2);
					assertThat(connections.at("/sessions/1/open").asInt()).isEqualTo(1);
					Files.writeString(this.file, next.pem());
					Traces.await(() -> one(context).at("/connections/outdated").asInt() == 3);
					assertThat(one(context).at("/connections/sessions/0/outdated").asInt()).isEqualTo(2);
					assertThat(third.isClosed()).isFalse();
				}
				assertThat(first.isClosed() || second.isClosed()).isFalse();
			}
			assertThat(one(context).at("/connections/open").asInt()).isZero();
		});
	}

	@Test
	void reloadThatIsRefusedIsTold() {
		one().run((context) -> {
			assertThat(one(context).at("/trust").propertyNames()).containsExactly("source", "certificates",
					"generation", "loadedAt", "authorities");
			Files.writeString(this.file, "no certificate");
			Traces.await(() -> one(context).at("/trust").has("lastError"));
			JsonNode trust = one(context).at("/trust");
			assertThat(trust.propertyNames()).containsExactly("source", "certificates", "generation", "loadedAt",
					"lastError", "lastErrorAt", "authorities");
			assertThat(trust.at("/generation").asInt()).isEqualTo(1);
		});
	}

	@Test
	void failureStaysAfterASuccessThatItNames() {
		one().run((context) -> {
			assertThat(one(context).has("lastFailure")).isFalse();
			this.server.use(next.server("localhost"));
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> extra(context));
			JsonNode failure = one(context).at("/lastFailure");
			assertThat(failure.propertyNames()).containsExactly("time", "host", "cause", "description", "action",
					"presented");
			assertThat(failure.at("/cause").asString()).isEqualTo("UNTRUSTED_ISSUER");
			assertThat(failure.at("/presented/0/issuer").asString()).isEqualTo("CN=Next CA");
			assertThat(one(context).at("/handshakes/0").propertyNames()).containsExactly("time", "host", "outcome",
					"duration");
			assertThat(one(context).at("/handshakes/0/outcome").asString()).isEqualTo("UNTRUSTED_ISSUER");
			this.server.use(authority.server("localhost"));
			extra(context).close();
			JsonNode success = one(context).at("/lastFailure/nextSuccess");
			assertThat(success.at("/host").asString()).isEqualTo("localhost:" + this.server.port());
			assertThat(success.at("/time")).isEqualTo(one(context).at("/handshakes/0/time"));
			assertThat(one(context).at("/handshakes/0/outcome").asString()).isEqualTo("SUCCESS");
		});
	}

	@Test
	void authoritiesAreCutInTheOverviewAndThoseInUseComeFirst() throws Exception {
		StringBuilder pem = new StringBuilder();
		for (int number = 1; number <= 25; number++) {
			pem.append(TestCertificates.authority("CN=Other CA " + number).pem());
		}
		Files.writeString(this.file, pem + authority.pem());
		one().run((context) -> {
			try (Connection connection = extra(context)) {
				assertThat(connection.isClosed()).isFalse();
				JsonNode cut = all(context).at("/dataSources/dataSource/trust");
				assertThat(cut.at("/certificates").asInt()).isEqualTo(26);
				assertThat(cut.at("/authorities").size()).isEqualTo(20);
				assertThat(cut.at("/authorities/0/subject").asString()).isEqualTo("CN=Shop CA");
				assertThat(cut.at("/authorities/0/inUse").asBoolean()).isTrue();
				assertThat(cut.at("/authorities/1/subject").asString()).isEqualTo("CN=Other CA 1");
				assertThat(cut.at("/authorities/1/inUse").asBoolean()).isFalse();
				assertThat(one(context).at("/trust/authorities").size()).isEqualTo(26);
			}
		});
	}

	@Test
	void certificatesAreThoseThatConnectionsDependOn() {
		this.server.use(authority.intermediate("CN=Between").server("localhost"));
		one().run((context) -> {
			assertThat(one(context).at("/certificates").isEmpty()).isTrue();
			extra(context).close();
			JsonNode certificates = one(context).at("/certificates");
			assertThat(certificates.findValuesAsString("role")).containsExactly("server", "chain", "anchor");
			assertThat(certificates.findValuesAsString("subject")).containsExactly("CN=localhost", "CN=Between",
					"CN=Shop CA");
			assertThat(certificates.findValuesAsString("issuer")).containsExactly("CN=Between", "CN=Shop CA",
					"CN=Shop CA");
			JsonNode leaf = certificates.get(0);
			assertThat(leaf.propertyNames()).containsExactly("role", "hosts", "subject", "issuer",
					"subjectAlternativeNames", "serialNumber", "notBefore", "notAfter", "expiresIn");
			assertThat(leaf.at("/hosts/0").asString()).isEqualTo("localhost:" + this.server.port());
			assertThat(Duration.parse(leaf.at("/expiresIn").asString())).isPositive();
		});
	}

	@Test
	void modeThatTheUrlRaisedNamesTheUrlAndHoldsNothingOfIt() {
		one()
			.withPropertyValues("dbtls.provider=tidb",
					"spring.datasource.url=" + this.server.jdbcUrl() + "?sslMode=VERIFY_IDENTITY&password=" + PASSWORD)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				JsonNode mode = one(context).at("/policy/sslMode");
				assertThat(mode.at("/value").asString()).isEqualTo("verify-identity");
				assertThat(mode.at("/origin").asString()).isEqualTo("jdbc-url");
				assertThat(mode.at("/property").asString()).isEqualTo("spring.datasource.url");
				assertThat(mode.at("/location").asString()).contains("spring.datasource.url");
				assertThat(all(context).toString()).doesNotContain("jdbc:", PASSWORD);
			});
	}

	@Test
	void modeThatDataSourcePropertiesRaisedNamesThem() {
		one()
			.withPropertyValues("dbtls.provider=tidb",
					"spring.datasource.hikari.data-source-properties.sslMode=VERIFY_IDENTITY")
			.run((context) -> assertThat(one(context).at("/policy/sslMode/origin").asString())
				.isEqualTo("data-source-properties"));
	}

	@Test
	void poolThatIsDerivedHasTheOriginsOfTheOther() {
		secured(this.bare).withBean("server", FakeMySqlServer.class, () -> this.server)
			.withUserConfiguration(Derived.class)
			.withPropertyValues("dbtls.data-sources.origin.ssl-mode=verify-ca",
					"dbtls.data-sources.origin.reload-interval=1m")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				JsonNode policy = one(context, "derived").at("/policy");
				assertThat(policy.at("/sslMode/property").asString()).isEqualTo("dbtls.data-sources.origin.ssl-mode");
				assertThat(policy.at("/reloadInterval/value").asString()).isEqualTo("PT1M");
				assertThat(one(context, "again").at("/policy/reloadInterval/value").asString()).isEqualTo("PT1M");
			});
	}

	private ApplicationContextRunner one() {
		return secured(this.bare.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class)))
			.withPropertyValues(properties());
	}

	private String[] properties() {
		return new String[] { "spring.datasource.url=" + this.server.jdbcUrl(), "spring.datasource.username=app",
				"spring.datasource.password=" + PASSWORD, "spring.datasource.hikari.minimum-idle=0" };
	}

	private ApplicationContextRunner secured(ApplicationContextRunner runner) {
		return runner.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.file,
				"dbtls.reload-interval=1s");
	}

	// The pool would open more of them than it is asked for.
	private static Connection extra(ApplicationContext context) throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", "app");
		properties.setProperty("password", PASSWORD);
		return new Driver().connect(context.getBean("dataSource", HikariDataSource.class).getJdbcUrl(), properties);
	}

	private static JsonNode all(ApplicationContext context) {
		return json(context.getBean(DbTlsEndpoint.class).dataSources());
	}

	private static JsonNode one(ApplicationContext context) {
		return one(context, "dataSource");
	}

	private static JsonNode one(ApplicationContext context, String name) {
		return json(context.getBean(DbTlsEndpoint.class).dataSource(name));
	}

	private static JsonNode json(Map<String, Object> response) {
		String text = JsonMapper.shared().writeValueAsString(response);
		assertThat(text).doesNotContain(PASSWORD);
		return JsonMapper.shared().readTree(text);
	}

	private static HikariDataSource pool(FakeMySqlServer server) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(server.jdbcUrl());
		pool.setUsername("app");
		pool.setMinimumIdle(0);
		return pool;
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools {

		@Bean
		HikariDataSource orders(FakeMySqlServer server) {
			return pool(server);
		}

		@Bean
		HikariDataSource billing(FakeMySqlServer server) {
			return pool(server);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Router {

		@Bean
		AbstractRoutingDataSource router(FakeMySqlServer server) {
			HikariDataSource north = pool(server);
			north.setPoolName("north");
			HikariDataSource south = pool(server);
			south.setPoolName("south");
			AbstractRoutingDataSource router = new AbstractRoutingDataSource() {

				@Override
				protected Object determineCurrentLookupKey() {
					return "north";
				}

			};
			router.setTargetDataSources(Map.of("north", north));
			router.setDefaultTargetDataSource(south);
			return router;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		@Bean
		@Scope("prototype")
		HikariDataSource tenant(FakeMySqlServer server) {
			return pool(server);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Derived {

		@Bean
		HikariDataSource origin(FakeMySqlServer server) {
			return pool(server);
		}

		@Bean
		HikariDataSource derived(@Qualifier("origin") HikariDataSource origin) {
			return copy(origin);
		}

		@Bean
		HikariDataSource again(@Qualifier("derived") HikariDataSource derived) {
			return copy(derived);
		}

		private static HikariDataSource copy(HikariDataSource dataSource) {
			HikariDataSource copy = new HikariDataSource();
			copy.setJdbcUrl(dataSource.getJdbcUrl());
			copy.setMinimumIdle(0);
			return copy;
		}

	}

}
