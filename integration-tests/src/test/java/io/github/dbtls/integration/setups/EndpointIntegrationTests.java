package io.github.dbtls.integration.setups;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

import javax.management.ObjectName;
import javax.sql.DataSource;

import io.github.dbtls.testkit.Secrets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code /actuator/dbtls} over HTTP and JMX, of a web application with two DataSources on
 * two servers.
 */
class EndpointIntegrationTests {

	private static final HttpClient client = HttpClient.newHttpClient();

	private final Database first = Database.first();

	private final Database second = Database.second();

	@TempDir
	private Path directory;

	@Test
	void endpointTellsOfUseFailureAndReload() throws Exception {
		Path authority = this.directory.resolve("ca.pem");
		copy(this.second.stranger(), authority);
		try (ConfigurableApplicationContext context = start(authority, "management.endpoints.web.exposure.include",
				"health,dbtls")) {
			query(context, "dataSource");
			JsonNode used = get(context, "/dataSource", 200);
			assertThat(used.at("/handshakes/0/outcome").asString()).isEqualTo("SUCCESS");
			assertThat(used.at("/handshakes/0/host").asString()).isEqualTo("localhost:" + this.first.port());
			assertThat(used.at("/connections/sessions/0/protocol").asString()).isEqualTo("TLSv1.3");
			assertThat(used.at("/connections/open").asInt()).isPositive();
			assertThat(used.at("/trust/authorities/0/inUse").asBoolean()).isTrue();
			assertThat(used.has("lastFailure")).isFalse();

			Application.assertRefused(context.getBean("reports", DataSource.class)::getConnection);
			JsonNode failed = get(context, "/reports", 200);
			assertThat(failed.at("/lastFailure/cause").asString()).isEqualTo("UNTRUSTED_ISSUER");
			assertThat(failed.at("/lastFailure/host").asString()).isEqualTo("localhost:" + this.second.port());
			assertThat(failed.at("/lastFailure/presented").isEmpty()).isFalse();
			assertThat(failed.at("/lastFailure").has("nextSuccess")).isFalse();
			assertThat(failed.at("/connections/open").asInt()).isZero();

			copy(this.second.authority(), authority);
			while (get(context, "/reports", 200).at("/trust/generation").asInt() < 2) {
				Observation.pause();
			}
			query(context, "reports");
			JsonNode healed = get(context, "/reports", 200);
			assertThat(healed.at("/handshakes/0/generation").asInt()).isEqualTo(2);
			assertThat(healed.at("/lastFailure/nextSuccess/host").asString())
				.isEqualTo("localhost:" + this.second.port());
			assertThat(healed.at("/policy/trust/property").asString()).isEqualTo("dbtls.data-sources.reports.ca-path");
			assertThat(healed.at("/policy/provider/property").asString()).isEqualTo("dbtls.provider");

			assertThat(get(context, "", 200).at("/dataSources").propertyNames()).containsExactlyInAnyOrder("dataSource",
					"reports");
			assertThat(send(request(context, "/nobody").build()).statusCode()).isEqualTo(404);
			assertThat(send(request(context, "").POST(BodyPublishers.noBody()).build()).statusCode()).isEqualTo(405);
			assertThat(send(request(context, "/reports").DELETE().build()).statusCode()).isEqualTo(405);
		}
	}

	@Test
	void endpointIsNotExposedByItself() throws Exception {
		try (ConfigurableApplicationContext context = start(this.second.authority())) {
			query(context, "dataSource");
			assertThat(send(request(context, "").build()).statusCode()).isEqualTo(404);
			assertThat(send(request(context, "/dataSource").build()).statusCode()).isEqualTo(404);
			assertThat(context.getBeanDefinitionNames()).doesNotContain("dbTlsEndpoint");
		}
	}

	@Test
	void endpointIsThereOverJmx() throws Exception {
		try (ConfigurableApplicationContext context = start(this.second.authority(), "spring.jmx.enabled", "true",
				"management.endpoints.jmx.exposure.include", "dbtls")) {
			query(context, "reports");
			ObjectName name = new ObjectName("org.springframework.boot:type=Endpoint,name=Dbtls");
			Object all = ManagementFactory.getPlatformMBeanServer()
				.invoke(name, "dataSources", new Object[0], new String[0]);
			assertThat(JsonMapper.shared().valueToTree(all).at("/dataSources").propertyNames())
				.containsExactlyInAnyOrder("dataSource", "reports");
			Object reports = ManagementFactory.getPlatformMBeanServer()
				.invoke(name, "dataSource", new Object[] { "reports" }, new String[] { String.class.getName() });
			assertThat(JsonMapper.shared().valueToTree(reports).at("/handshakes/0/outcome").asString())
				.isEqualTo("SUCCESS");
		}
	}

	private ConfigurableApplicationContext start(Path reportsAuthority, String... more) {
		SpringApplicationBuilder application = new SpringApplicationBuilder(
				SeveralDataSourcesIntegrationTests.TwoDataSources.class)
			.web(WebApplicationType.SERVLET)
			.properties(Map.of("server.port", "0", "server.address", "127.0.0.1", "spring.flyway.enabled", "false",
					"spring.liquibase.enabled", "false", "spring.main.banner-mode", "off"))
			.properties(Map.of("spring.datasource.url", this.first.schema("setup_endpoint"),
					"spring.datasource.username", "app", "spring.datasource.password", this.first.password(),
					"acme.reports.url", this.second.schema("setup_endpoint"), "acme.reports.username", "app",
					"acme.reports.password", this.second.password(), "acme.reports.hikari.connection-timeout", "5000"))
			.properties(Map.of("dbtls.provider", "mysql", "dbtls.ca-path", this.first.authority().toString(),
					"dbtls.reload-interval", "1s", "dbtls.data-sources.reports.ca-path", reportsAuthority.toString()));
		for (int i = 0; i < more.length; i += 2) {
			application.properties(Map.of(more[i], more[i + 1]));
		}
		return application.run();
	}

	private static void query(ConfigurableApplicationContext context, String dataSource) {
		assertThat(JdbcClient.create(context.getBean(dataSource, DataSource.class))
			.sql("SELECT 1")
			.query(Integer.class)
			.single()).isEqualTo(1);
	}

	private static void copy(Path from, Path to) throws IOException {
		Path beside = to.resolveSibling("new.pem");
		Files.copy(from, beside, StandardCopyOption.REPLACE_EXISTING);
		Files.move(beside, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
	}

	private static JsonNode get(ConfigurableApplicationContext context, String path, int status)
			throws IOException, InterruptedException {
		HttpResponse<String> response = send(request(context, path).build());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return JsonMapper.shared().readTree(response.body());
	}

	private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
		HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
		assertThat(Secrets.find(response.body())).isNull();
		assertThat(response.body()).doesNotContain("jdbc:");
		return response;
	}

	private static HttpRequest.Builder request(ConfigurableApplicationContext context, String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/actuator/dbtls%s"
			.formatted(context.getEnvironment().getRequiredProperty("local.server.port"), path)));
	}

}
