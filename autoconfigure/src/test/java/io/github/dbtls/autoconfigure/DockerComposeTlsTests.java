package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.DockerComposeFile;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for the SSL labels of a Docker Compose service: Boot's own listener is told of
 * services that need no Docker.
 */
@ExtendWith(OutputCaptureExtension.class)
class DockerComposeTlsTests {

	private static final String LABEL = "org.springframework.boot.sslbundle.";

	private static final Authority authority = TestCertificates.authority("CN=Compose CA");

	private final Map<String, String> labels = new HashMap<>();

	@TempDir
	private Path directory;

	private FakeMySqlServer server;

	@BeforeEach
	void startServer() throws IOException {
		Files.createFile(this.directory.resolve("compose.yaml"));
		authority.writeTo(this.directory);
		authority.writeTrustStoreTo(this.directory);
		authority.client("app").writeTo(this.directory.resolve("client"));
		this.server = FakeMySqlServer.tls(authority.server("localhost"))
			.wantClientAuth(authority.certificate())
			.start();
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@Test
	void trustStoreIsWhatTheServerIsVerifiedAgainst(CapturedOutput output) {
		this.labels.put(LABEL + "pem.truststore.certificate", uri("ca.pem"));
		runner("mysql").withPropertyValues("dbtls.provider=tidb").run(DockerComposeTlsTests::assertConnects);
		assertThat(output).contains("trust SSL labels of Docker Compose service 'shop-mysql-1' (1 certificate)");
	}

	@Test
	void keyStoreIsWhatTheClientShows(CapturedOutput output) {
		this.server.close();
		this.server = FakeMySqlServer.tls(authority.server("localhost"))
			.needClientAuth(authority.certificate())
			.start();
		this.labels.put(LABEL + "pem.truststore.certificate", uri("ca.pem"));
		this.labels.put(LABEL + "pem.keystore.certificate", uri("client/cert.pem"));
		this.labels.put(LABEL + "pem.keystore.private-key", uri("client/key.pem"));
		runner("mysql").withPropertyValues("dbtls.provider=mysql").run(DockerComposeTlsTests::assertConnects);
		assertThat(output).contains("client certificate SSL labels of Docker Compose service 'shop-mysql-1'");
	}

	@Test
	void trustStoreMayBeRelativeToTheComposeFile() {
		this.labels.put(LABEL + "jks.truststore.location", "ca.p12");
		this.labels.put(LABEL + "jks.truststore.type", "PKCS12");
		this.labels.put(LABEL + "jks.truststore.password", TestCertificates.PASSWORD);
		this.labels.put(LABEL + "jks.protocol", "TLS");
		runner("mysql").withPropertyValues("dbtls.provider=tidb").run(DockerComposeTlsTests::assertConnects);
	}

	@Test
	void keyIsTheOneThatAliasAndPasswordName() {
		this.server.close();
		this.server = FakeMySqlServer.tls(authority.server("localhost"))
			.needClientAuth(authority.certificate())
			.start();
		TestCertificates.write(authority.client("app").toKeyStore(), this.directory.resolve("client.p12"));
		this.labels.put(LABEL + "jks.truststore.location", "ca.p12");
		this.labels.put(LABEL + "jks.truststore.password", TestCertificates.PASSWORD);
		this.labels.put(LABEL + "jks.keystore.location", "client.p12");
		this.labels.put(LABEL + "jks.keystore.password", TestCertificates.PASSWORD);
		this.labels.put(LABEL + "jks.key.alias", "identity");
		this.labels.put(LABEL + "jks.key.password", TestCertificates.PASSWORD);
		runner("mysql").withPropertyValues("dbtls.provider=mysql").run(DockerComposeTlsTests::assertConnects);
	}

	@Test
	void contradictoryLabelsAreRefused() {
		this.labels.put(LABEL + "pem.truststore.certificate", uri("ca.pem"));
		this.labels.put(LABEL + "jks.truststore.location", uri("ca.p12"));
		runner("mysql").withPropertyValues("dbtls.provider=mysql")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("Mutually exclusive JKS and PEM ssl bundles"));
		runner("mysql").run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void serviceWithoutAStoreLeavesPropertiesInForce() {
		this.labels.put(LABEL + "pem.options.enabled-protocols", "TLSv1.2");
		runner("mysql").withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.directory.resolve("ca.pem"))
			.run((context) -> {
				assertThat(context).doesNotHaveBean(TlsConnectionDetails.class);
				assertConnects(context);
			});
	}

	@Test
	void serviceOfAnotherKindIsLeftAlone() {
		this.labels.put(LABEL + "pem.truststore.certificate", uri("ca.pem"));
		runner("redis").withPropertyValues("spring.datasource.url=" + this.server.jdbcUrl())
			.run((context) -> assertThat(context).doesNotHaveBean(TlsConnectionDetails.class));
	}

	private String uri(String file) {
		return this.directory.resolve(file).toUri().toString();
	}

	private ApplicationContextRunner runner(String image) {
		return new ApplicationContextRunner()
			.withInitializer((context) -> tellOf(context, new StubService(image, this.server.port())))
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class))
			.withPropertyValues("spring.datasource.hikari.minimum-idle=0",
					"spring.datasource.hikari.connection-timeout=3000");
	}

	@SuppressWarnings("unchecked")
	private static void tellOf(ConfigurableApplicationContext context, RunningService service) {
		DockerComposeServicesReadyEvent event = mock(DockerComposeServicesReadyEvent.class);
		given(event.getSource()).willReturn(context);
		given(event.getRunningServices()).willReturn(List.of(service));
		try {
			Class<?> listener = Class.forName(
					"org.springframework.boot.docker.compose.service.connection.DockerComposeServiceConnectionsApplicationListener");
			((ApplicationListener<DockerComposeServicesReadyEvent>) BeanUtils.instantiateClass(listener))
				.onApplicationEvent(event);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertConnects(ApplicationContext context) throws SQLException {
		context.getBean(HikariDataSource.class).getConnection().close();
	}

	/**
	 * A service that {@code docker compose} would have started.
	 */
	private final class StubService implements RunningService {

		private final String image;

		private final int port;

		private StubService(String image, int port) {
			this.image = image;
			this.port = port;
		}

		@Override
		public String name() {
			return "shop-mysql-1";
		}

		@Override
		public ImageReference image() {
			return ImageReference.of(this.image);
		}

		@Override
		public String host() {
			return "localhost";
		}

		@Override
		public ConnectionPorts ports() {
			ConnectionPorts ports = mock(ConnectionPorts.class);
			given(ports.get(3306)).willReturn(this.port);
			return ports;
		}

		@Override
		public Map<String, @Nullable String> env() {
			return Map.of("MYSQL_ROOT_PASSWORD", Secrets.password("compose-Pa55word"), "MYSQL_DATABASE", "shop");
		}

		@Override
		public Map<String, String> labels() {
			return DockerComposeTlsTests.this.labels;
		}

		@Override
		public DockerComposeFile composeFile() {
			return DockerComposeFile.of(DockerComposeTlsTests.this.directory.resolve("compose.yaml").toFile());
		}

	}

}
