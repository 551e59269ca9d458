package io.github.dbtls.autoconfigure;

import java.net.ConnectException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.connectorj.HandshakeProbe;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Builder;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link DriverFailureAnalyzer}, with what the real driver throws.
 */
@ExtendWith(OutputCaptureExtension.class)
class DriverFailureAnalyzerTests {

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	private static final String DENIED = "Access denied for user 'app'@'10.0.0.1' (using password: YES)";

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	static Stream<Arguments> failureOfTheDriverIsExplained() {
		return Stream.of(
				Arguments.of(FakeMySqlServer.plain(),
						"No verified TLS connection to localhost:%d: the server does not "
								+ "offer TLS (provider 'mysql', ssl-mode verify-identity).",
						"Switch TLS on at the server"),
				Arguments.of(tls().closeAfter(Step.ACCEPT),
						"No verified TLS connection to localhost:%d: the connection ended: "
								+ "The server closed the connection before its greeting (provider 'mysql', ssl-mode verify-identity).",
						"The server's log says why."),
				Arguments.of(tls().refuse(1040, "08004", "Too many connections"),
						"No verified TLS connection to localhost:%d: the server refuses the client before TLS begins; "
								+ "error 1040, Too many connections (provider 'mysql', ssl-mode verify-identity).",
						"It has nothing to do with TLS."),
				Arguments.of(tls().refuse(9001, "HY000", "Max connect timeout reached"),
						"No verified TLS connection to localhost:%d: the server refuses the client before TLS begins; "
								+ "error 9001, Max connect timeout reached (provider 'mysql', ssl-mode verify-identity).",
						"The server's words say what to do"),
				Arguments.of(tls().denyLogin(1045, "28000", DENIED),
						"TLS to localhost:%d is in order, but the login behind it was refused: error 1045, " + DENIED
								+ " (provider 'mysql', ssl-mode verify-identity).",
						"If name and password are right, the user may be declared with REQUIRE X509"));
	}

	@ParameterizedTest
	@MethodSource
	void failureOfTheDriverIsExplained(Builder builder, String description, String action) {
		LastFailure kept = kept();
		try (TestPool pool = pool(); FakeMySqlServer server = builder.start()) {
			kept.watch(pool.tls());
			Throwable failure = new BeanCreationException("flyway", "failed", connect(pool, server.jdbcUrl()));
			FailureAnalysis analysis = analyze(failure);
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription().lines()).startsWith(description.formatted(server.port()));
			assertThat(analysis.getAction()).contains(action);
			assertThat(analysis.getCause()).isSameAs(failure);
		}
	}

	@Test
	void failureOfSeveralPoolsIsThatOfThePoolThatTriedToLogIn() throws SQLException {
		LastFailure kept = kept();
		Authority clients = TestCertificates.authority("CN=Client CA");
		try (TestPool good = pool();
				TestPool denied = TestPool.withClient(clients.client("app"), TlsVersion.TLS_1_3,
						authority.certificate());
				FakeMySqlServer server = tls().start();
				FakeMySqlServer denying = tls().denyLogin(1045, "28000", DENIED).start()) {
			kept.watch(denied.tls());
			kept.watch(good.tls());
			SQLException thrown = connect(denied, denying.jdbcUrl());
			good.connect(server.jdbcUrl()).close();
			assertThat(analyze(thrown).getDescription()).startsWith("TLS to localhost:" + denying.port());
			assertThat(analyze(thrown).getAction()).contains("The server did not ask for the certificate of");
		}
	}

	@Test
	void failureOfTheLastHostIsExplainedByTheImpostorBeforeIt() {
		LastFailure kept = kept();
		FakeMySqlServer gone = FakeMySqlServer.plain().start();
		gone.close();
		try (TestPool pool = pool();
				FakeMySqlServer impostor = FakeMySqlServer
					.tls(TestCertificates.authority("CN=Other CA").server("localhost"))
					.start()) {
			kept.watch(pool.tls());
			Throwable thrown = connect(pool, "jdbc:mysql://localhost:%d,localhost:%d/shop?retriesAllDown=1"
				.formatted(gone.port(), impostor.port()));
			assertThat(analyze(thrown).getDescription()).startsWith(
					"No verified TLS connection to localhost:%d: no trusted authority".formatted(impostor.port()));
		}
	}

	@Test
	void failureOfOnePoolIsNotThatOfAnotherThatFailedBefore() {
		LastFailure kept = kept();
		FakeMySqlServer gone = FakeMySqlServer.plain().start();
		gone.close();
		try (TestPool first = pool();
				TestPool second = pool();
				FakeMySqlServer plain = FakeMySqlServer.plain().start()) {
			kept.watch(first.tls());
			kept.watch(second.tls());
			connect(first, plain.jdbcUrl());
			assertThat(analyze(connect(second, gone.jdbcUrl())).getDescription())
				.startsWith("No verified TLS connection to localhost:%d: nothing answers there".formatted(gone.port()));
			connect(second, plain.jdbcUrl());
			assertThat(analyze(connect(first, gone.jdbcUrl())).getDescription()).contains("does not offer TLS");
		}
	}

	@Test
	void failureOfAnExemptedDataSourceIsNotThatOfAPoolThatLoggedIn() throws Exception {
		LastFailure kept = kept();
		try (TestPool pool = pool(); FakeMySqlServer server = tls().start()) {
			kept.watch(pool.tls());
			pool.connect(server.jdbcUrl()).close();
			assertThat(analyze(exempted(gone()))).isNull();
			try (FakeMySqlServer closing = FakeMySqlServer.plain().closeAfter(Step.ACCEPT).start()) {
				assertThat(analyze(exempted(closing.port()))).isNull();
			}
		}
	}

	@Test
	void failureOfAnExemptedDataSourceIsNotThatOfAPoolThatWasProbed() throws Exception {
		LastFailure kept = kept();
		try (TestPool pool = pool(); FakeMySqlServer server = tls().start()) {
			kept.watch(pool.tls());
			HandshakeProbe.probe(pool.tls(), new HostAddress("localhost", server.port()));
			try (FakeMySqlServer closing = FakeMySqlServer.plain().closeAfter(Step.ACCEPT).start()) {
				assertThat(analyze(exempted(closing.port()))).isNull();
			}
		}
	}

	@Test
	void failureOfAnExemptedDataSourceIsNotThatOfAPoolThatFailedOtherwise() {
		LastFailure kept = kept();
		try (TestPool pool = pool();
				FakeMySqlServer denying = tls().denyLogin(1045, "28000", DENIED).start();
				FakeMySqlServer closing = FakeMySqlServer.plain().closeAfter(Step.ACCEPT).start()) {
			kept.watch(pool.tls());
			connect(pool, denying.jdbcUrl());
			assertThat(analyze(exempted(gone()))).isNull();
			connect(pool, "jdbc:mysql://localhost:%d/shop".formatted(gone()));
			assertThat(analyze(exempted(closing.port()))).isNull();
		}
	}

	@Test
	void failureThatMayBeOfEitherPoolIsNotExplained() {
		LastFailure kept = kept();
		try (TestPool one = pool();
				TestPool other = pool();
				FakeMySqlServer closing = tls().closeAfter(Step.ACCEPT).start()) {
			kept.watch(one.tls());
			kept.watch(other.tls());
			SQLException thrown = connect(one, closing.jdbcUrl());
			assertThat(analyze(thrown).getDescription()).contains(":" + closing.port());
			connect(other, closing.jdbcUrl());
			assertThat(analyze(thrown)).isNull();
		}
	}

	@Test
	void failureToConnectIsOfThePoolWhoseConnectionItWas() {
		LastFailure kept = kept();
		int first = gone();
		int second = gone();
		try (TestPool one = pool(); TestPool other = pool()) {
			kept.watch(one.tls());
			kept.watch(other.tls());
			SQLException ofOne = connect(one, "jdbc:mysql://localhost:%d/shop".formatted(first));
			SQLException ofOther = connect(other, "jdbc:mysql://localhost:%d/shop".formatted(second));
			assertThat(analyze(ofOne).getDescription()).contains("localhost:%d: nothing answers".formatted(first));
			assertThat(analyze(ofOther).getDescription()).contains("localhost:%d: nothing answers".formatted(second));
			assertThat(analyze(exempted(gone()))).isNull();
		}
	}

	static Stream<Throwable> failureOfSomethingElseIsNotExplained() {
		return Stream.of(new SQLException("Unknown database 'shop'", "42000", 1049),
				new SQLException(DENIED, "28000", 1045),
				new SQLException("Communications link failure", new ConnectException("refused")),
				new SQLException("Login failed for user 'sa'.", "S0001", 18456), new IllegalStateException("other"));
	}

	@ParameterizedTest
	@MethodSource
	void failureOfSomethingElseIsNotExplained(Throwable failure) throws SQLException {
		assertThat(analyze(failure)).isNull();
		assertThat(new DriverFailureAnalyzer(null).analyze(failure)).isNull();
		LastFailure kept = kept();
		assertThat(analyze(failure)).isNull();
		try (TestPool pool = pool(); FakeMySqlServer server = tls().start()) {
			kept.watch(pool.tls());
			pool.connect(server.jdbcUrl()).close();
			assertThat(analyze(failure)).isNull();
		}
	}

	/**
	 * What the driver says where it speaks no TLS: of a DataSource that is exempted.
	 */
	static Stream<Arguments> failureOfAConnectionWithoutTlsIsExplained() {
		return Stream.of(
				Arguments.of(new SQLException("Public Key Retrieval is not allowed", "08001"),
						"The connection to the database was refused: Public Key Retrieval is not allowed.",
						"Do not set 'allowPublicKeyRetrieval'"),
				Arguments.of(new SQLException(
						"Connections using insecure transport are prohibited while --require_secure_transport=ON.",
						"HY000", 3159),
						"The connection to the database was refused: error 3159, Connections using insecure transport are prohibited while --require_secure_transport=ON.",
						"it is not one that dbtls secured"));
	}

	@ParameterizedTest
	@MethodSource
	void failureOfAConnectionWithoutTlsIsExplained(SQLException thrown, String description, String action) {
		assertThat(analyze(thrown)).isNull();
		kept();
		FailureAnalysis analysis = analyze(new IllegalStateException(thrown));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).isEqualTo(description);
		assertThat(analysis.getAction()).contains(action);
	}

	@Test
	void nothingIsKeptOnceTheApplicationIsReady(@TempDir Path directory) {
		Path caPath = authority.writeTo(directory);
		try (FakeMySqlServer server = tls().start();
				ConfigurableApplicationContext context = start(List.of(TwoPools.class), "dbtls.provider=mysql",
						"dbtls.ca-path=" + caPath, "good.url=" + server.jdbcUrl(), "bad.url=" + server.jdbcUrl(),
						"pass=" + Secrets.password("dont-show-4712"), "dbtls.reload-interval=0")) {
			assertThat(LastFailure.in(context.getBeanFactory()))
				.extracting("watched", InstanceOfAssertFactories.COLLECTION)
				.isEmpty();
		}
	}

	@Test
	void applicationWithSeveralDataSourcesSaysWhichLineToChange(@TempDir Path directory, CapturedOutput output) {
		Path caPath = authority.writeTo(directory);
		try (FakeMySqlServer server = tls().start();
				FakeMySqlServer denying = tls().denyLogin(1045, "28000", DENIED).start()) {
			assertThatThrownBy(() -> start(List.of(TwoPools.class), "dbtls.provider=mysql", "dbtls.ca-path=" + caPath,
					"dbtls.data-sources.stock.provider=tidb", "good.url=" + server.jdbcUrl(),
					"bad.url=" + denying.jdbcUrl(), "pass=" + Secrets.password("dont-show-4712"),
					"dbtls.reload-interval=0"));
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains(
						"Description:%n%nTLS to localhost:%d is in order, but the login behind it was refused: error 1045, %s (provider 'tidb', ssl-mode verify-ca)."
							.formatted(denying.port(), DENIED))
				.contains(
						"then set 'dbtls.data-sources.stock.client-certificate' and 'dbtls.data-sources.stock.client-private-key'.")
				.doesNotContain("dont-show-4712");
		}
	}

	@Test
	void applicationWithJpaAndADeniedLoginSaysThatItIsTheLogin(@TempDir Path directory, CapturedOutput output) {
		Path caPath = authority.writeTo(directory);
		try (FakeMySqlServer denying = tls().denyLogin(1045, "28000", DENIED).start()) {
			assertThatThrownBy(() -> start(List.of(Application.class), "dbtls.provider=mysql",
					"dbtls.ca-path=" + caPath, "spring.datasource.url=" + denying.jdbcUrl(),
					"spring.datasource.username=app", "spring.flyway.enabled=false", "spring.liquibase.enabled=false"));
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains(
						"Description:%n%nTLS to localhost:%d is in order, but the login behind it was refused: the log has the reason (provider 'mysql', ssl-mode verify-identity)."
							.formatted(denying.port()))
				.contains("Action:%n%nLook for the database's words further up in the log.".formatted())
				.contains(DENIED);
		}
	}

	private FailureAnalysis analyze(Throwable failure) {
		return new DriverFailureAnalyzer(this.beanFactory).analyze(failure);
	}

	private LastFailure kept() {
		this.beanFactory.registerBeanDefinition("dbTlsPolicies", new RootBeanDefinition());
		return LastFailure.keptBy(this.beanFactory);
	}

	private static Builder tls() {
		return FakeMySqlServer.tls(authority.server("localhost"));
	}

	private static TestPool pool() {
		return TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
	}

	private static SQLException connect(TestPool pool, String url) {
		return Assertions.catchThrowableOfType(SQLException.class, () -> pool.connect(url));
	}

	private static int gone() {
		FakeMySqlServer gone = FakeMySqlServer.plain().start();
		gone.close();
		return gone.port();
	}

	private static SQLException exempted(int port) {
		return Assertions.catchThrowableOfType(SQLException.class,
				() -> DriverManager.getConnection("jdbc:mysql://127.0.0.1:%d/legacy".formatted(port)));
	}

	private static ConfigurableApplicationContext start(List<Class<?>> sources, String... properties) {
		SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run(Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, DbTlsAutoConfiguration.class })
	static class TwoPools {

		@Bean
		HikariDataSource orders(Environment environment) {
			return pool(environment, "good.url");
		}

		@Bean
		HikariDataSource stock(Environment environment) {
			return pool(environment, "bad.url");
		}

		@Bean
		ApplicationRunner both(List<DataSource> pools) {
			return (arguments) -> {
				for (DataSource pool : pools) {
					pool.getConnection().close();
				}
			};
		}

		private static HikariDataSource pool(Environment environment, String url) {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(environment.getRequiredProperty(url));
			pool.setUsername("app");
			pool.setPassword(environment.getRequiredProperty("pass"));
			return pool;
		}

	}

}
