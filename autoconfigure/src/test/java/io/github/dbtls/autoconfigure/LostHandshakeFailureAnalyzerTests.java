package io.github.dbtls.autoconfigure;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import org.hibernate.HibernateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

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

	private final TlsHandshakeException handshake = new TlsHandshakeException(HandshakeFailure.UNTRUSTED_ISSUER,
			"localhost", 3306, "It is not trusted.", "Name its authority.", List.of(), null);

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	@Test
	void failureOfHibernateIsExplainedByTheLastHandshake() {
		this.beanFactory.registerBeanDefinition("dbTlsPolicies", new RootBeanDefinition());
		new LastFailure(this.beanFactory).accept(this.handshake);
		Throwable failure = new BeanCreationException("x", "failed", new HibernateException("no dialect"));
		FailureAnalysis analysis = new LostHandshakeFailureAnalyzer(this.beanFactory).analyze(failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).isEqualTo("It is not trusted.");
		assertThat(analysis.getAction()).isEqualTo("Name its authority.");
		assertThat(analysis.getCause()).isSameAs(failure);
	}

	@Test
	void failureOfAnythingElseIsNot() {
		this.beanFactory.registerBeanDefinition("dbTlsPolicies", new RootBeanDefinition());
		new LastFailure(this.beanFactory).accept(this.handshake);
		assertThat(new LostHandshakeFailureAnalyzer(this.beanFactory).analyze(new IllegalStateException("port in use")))
			.isNull();
	}

	@Test
	void withoutHandshakeTheFailureOfHibernateIsNotExplained() {
		HibernateException failure = new HibernateException("no dialect");
		assertThat(new LostHandshakeFailureAnalyzer(this.beanFactory).analyze(failure)).isNull();
		assertThat(new LostHandshakeFailureAnalyzer(null).analyze(failure)).isNull();
		this.beanFactory.registerBeanDefinition("dbTlsPolicies", new RootBeanDefinition());
		assertThat(new LostHandshakeFailureAnalyzer(this.beanFactory).analyze(failure)).isNull();
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
				.contains("Action:%n%nName the file of the authority".formatted())
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
