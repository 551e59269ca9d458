package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.connectorj.HandshakeProbe;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.PoolMaterial;
import org.hibernate.HibernateException;
import org.hibernate.MappingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link LostHandshakeFailureAnalyzer}, and of all analyzers in an application.
 */
@ExtendWith(OutputCaptureExtension.class)
class LostHandshakeFailureAnalyzerTests {

	private static final String NO_METADATA = "Unable to determine Dialect without JDBC metadata (please set ...)";

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	@Test
	void failureOfHibernateIsExplainedByTheLastHandshake() {
		TlsHandshakeException handshake = fail(pool());
		Throwable failure = new BeanCreationException("x", "failed", new HibernateException(NO_METADATA));
		FailureAnalysis analysis = analyze(failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).isEqualTo(handshake.getDescription());
		assertThat(analysis.getAction()).isEqualTo(handshake.getAction());
		assertThat(analysis.getCause()).isSameAs(failure);
	}

	static Stream<Throwable> otherFailures() {
		return Stream.of(new IllegalStateException("port in use"), new HibernateException("Schema validation failed"),
				new MappingException(NO_METADATA), new HibernateException(NO_METADATA, new IllegalStateException()),
				new HibernateException("Unable to access JDBC metadata", new SQLException("no such table")),
				new IllegalStateException(new SQLException("x", new HibernateException(NO_METADATA))));
	}

	@ParameterizedTest
	@MethodSource("otherFailures")
	void failureOfAnythingElseIsNot(Throwable failure) {
		fail(pool());
		assertThat(analyze(failure)).isNull();
	}

	@Test
	void withoutHandshakeTheFailureOfHibernateIsNotExplained() {
		HibernateException failure = new HibernateException(NO_METADATA);
		assertThat(analyze(failure)).isNull();
		assertThat(new LostHandshakeFailureAnalyzer(null).analyze(failure)).isNull();
		pool();
		assertThat(analyze(failure)).isNull();
	}

	@Test
	void handshakeThatSucceededSinceTakesNoBlame() throws Exception {
		PoolTls recovered = pool();
		fail(recovered);
		Authority authority = TestCertificates.authority("CN=Shop CA");
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			HandshakeProbe.probe(recovered, new HostAddress("localhost", server.port()));
		}
		assertThat(analyze(new HibernateException(NO_METADATA))).isNull();
	}

	@Test
	void handshakeOfAnotherPoolThatStillFailsTakesIt() throws Exception {
		LastFailure lastFailure = kept();
		PoolTls broken = pool("broken", lastFailure);
		PoolTls recovered = pool("recovered", lastFailure);
		TlsHandshakeException handshake = fail(broken);
		fail(recovered);
		Authority authority = TestCertificates.authority("CN=Shop CA");
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			HandshakeProbe.probe(recovered, new HostAddress("localhost", server.port()));
		}
		assertThat(analyze(new HibernateException(NO_METADATA)).getDescription()).isEqualTo(handshake.getDescription());
	}

	@Test
	void handshakeThatFailedLastTakesItOfSeveral() {
		LastFailure lastFailure = kept();
		PoolTls first = pool("first", lastFailure);
		PoolTls second = pool("second", lastFailure);
		for (PoolTls failing : List.of(first, second, first)) {
			TlsHandshakeException handshake = fail(failing);
			assertThat(analyze(new HibernateException(NO_METADATA)).getDescription())
				.isEqualTo(handshake.getDescription());
		}
	}

	private FailureAnalysis analyze(Throwable failure) {
		return new LostHandshakeFailureAnalyzer(this.beanFactory).analyze(failure);
	}

	private PoolTls pool() {
		return pool("orders", kept());
	}

	private LastFailure kept() {
		this.beanFactory.registerBeanDefinition("dbTlsPolicies", new RootBeanDefinition());
		return LastFailure.keptBy(this.beanFactory);
	}

	private static PoolTls pool(String name, LastFailure lastFailure) {
		TlsPolicy policy = TestPool.policy(SslMode.REQUIRED, Duration.ofHours(1), TlsVersion.TLS_1_3);
		PoolTls tls = new PoolTls(name, policy, new PoolMaterial(TestPool.trust(), null, List.of()), (outcome) -> {
		});
		lastFailure.watch(tls);
		return tls;
	}

	private static TlsHandshakeException fail(PoolTls tls) {
		return tls.attempts()
			.failed(tls.name() + ".example.com", 3306, HandshakeFailure.TLS_NOT_OFFERED, new IOException());
	}

	@Test
	void applicationWithJpaAndAnUntrustedServerFailsInOurWords(@TempDir Path directory, CapturedOutput output) {
		Path caPath = TestCertificates.authority("CN=Shop CA").writeTo(directory);
		Authority other = TestCertificates.authority("CN=Other CA");
		try (FakeMySqlServer impostor = FakeMySqlServer.tls(other.server("localhost")).start()) {
			assertThatThrownBy(() -> start("dbtls.provider=mysql", "dbtls.ca-path=" + caPath,
					"spring.datasource.url=" + impostor.jdbcUrl(), "spring.datasource.username=app",
					"spring.datasource.password=dont-show-4711", "spring.flyway.enabled=false",
					"spring.liquibase.enabled=false"))
				.hasStackTraceContaining("org.hibernate.");
			impostor.assertNoLoginReceived();
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains("Description:%n%nNo verified TLS connection to localhost:%d: ".formatted(impostor.port()))
				.contains("CN=Other CA", "CN=Shop CA", caPath.toString())
				.contains("Action:%n%nUnless you know this certificate to be the database's".formatted())
				.doesNotContain("dont-show-4711");
		}
	}

	@Test
	void applicationWithAMistakeFailsInOurWords(CapturedOutput output) {
		assertThatThrownBy(() -> start("dbtls.provider=tidb-servrless", "spring.datasource.url=jdbc:mysql://db/shop"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'dbtls.provider' is 'tidb-servrless', which is no known provider.")
			.contains("Property: dbtls.provider", "Origin: \"dbtls.provider\" from property source \"commandLineArgs\"")
			.contains("Set it to one of, nearest first: tidb-serverless");
	}

	@Test
	void applicationThatVerifiesAtStartupFailsInOurWords(@TempDir Path directory, CapturedOutput output) {
		Path caPath = TestCertificates.authority("CN=Shop CA").writeTo(directory);
		try (FakeMySqlServer plain = FakeMySqlServer.plain().start()) {
			assertThatThrownBy(() -> start("dbtls.provider=mysql", "dbtls.ca-path=" + caPath,
					"dbtls.verify-at-startup=true", "spring.datasource.url=" + plain.jdbcUrl(),
					"spring.flyway.enabled=false", "spring.liquibase.enabled=false",
					"spring.jpa.database-platform=org.hibernate.dialect.MySQLDialect",
					"spring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access=false"));
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains("No verified TLS connection to localhost:%d: the server does not offer TLS"
					.formatted(plain.port()));
			plain.assertNoLoginReceived();
		}
	}

	private static void start(String... properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.run(Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new)).close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
