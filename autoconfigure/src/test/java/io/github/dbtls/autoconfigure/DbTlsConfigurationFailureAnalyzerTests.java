package io.github.dbtls.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.github.dbtls.DbTlsConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DbTlsConfigurationFailureAnalyzer}.
 */
class DbTlsConfigurationFailureAnalyzerTests {

	private static final String YAML = """
			dbtls:
			  provider: mysql
			  tls-versions:
			    - TLSv1.3
			    - SSLv3
			  data-sources:
			    ordersPool:
			      ca-path: nowhere.pem
			spring:
			  datasource:
			    username: root
			""";

	private static final String PROPERTIES = """
			dbtls.provider=mysql
			dbtls.tlsVersions=TLSv1.3,SSLv3
			dbtls.data-sources.ordersPool.caPath=nowhere.pem
			""";

	private final StandardEnvironment environment = new StandardEnvironment();

	@ParameterizedTest
	@CsvSource({ "dbtls.provider, 2:13", "dbtls.tls-versions, 4:7", "dbtls.data-sources.ordersPool.ca-path, 8:16",
			"spring.datasource.username, 11:15" })
	void propertyOfAYamlFileIsFound(String property, String position) throws Exception {
		load(new YamlPropertySourceLoader(), YAML);
		assertThat(analyze(property).getDescription()).isEqualTo("It is wrong.%n%n    Property: %s%n    Origin: %s - %s"
			.formatted(property, "Byte array resource [application]", position));
	}

	@ParameterizedTest
	@CsvSource({ "dbtls.provider, 1:16", "dbtls.tls-versions, 2:19", "dbtls.data-sources.ordersPool.ca-path, 3:38" })
	void propertyOfAPropertiesFileIsFound(String property, String position) throws Exception {
		load(new PropertiesPropertySourceLoader(), PROPERTIES);
		assertThat(analyze(property).getDescription())
			.endsWith("Origin: Byte array resource [application] - " + position);
	}

	@Test
	void environmentVariableIsFound() {
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", Map.of("DBTLS_CAPATH", "nowhere.pem")));
		assertThat(analyze("dbtls.ca-path").getDescription()).contains("Origin: \"DBTLS_CAPATH\" from property source");
	}

	@Test
	void firstOfTwoSourcesIsNamed() throws Exception {
		load(new YamlPropertySourceLoader(), YAML);
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", Map.of("DBTLS_PROVIDER", "nonsense")));
		assertThat(analyze("dbtls.provider").getDescription()).contains("DBTLS_PROVIDER");
	}

	@Test
	void propertyThatIsNotSetHasNoOrigin() {
		FailureAnalysis analysis = analyze("dbtls.ca-path");
		assertThat(analysis.getDescription()).isEqualTo("It is wrong.");
		assertThat(analysis.getAction()).isEqualTo("Correct it.");
	}

	@ParameterizedTest
	@CsvSource({ "provider 'acme'", "'...'", "dbtls..", "'dbtls.data-sources.a b.ca-path'" })
	void textThatIsNoPropertyHasNoOrigin(String property) {
		assertThat(analyze(property).getDescription()).isEqualTo("It is wrong.");
	}

	@Test
	void withoutPropertyAndEnvironmentTheTextsRemain() {
		DbTlsConfigurationException cause = new DbTlsConfigurationException(null, "It is wrong.", "Correct it.");
		FailureAnalysis analysis = new DbTlsConfigurationFailureAnalyzer(null).analyze(cause);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).isEqualTo("It is wrong.");
		assertThat(analysis.getAction()).isEqualTo("Correct it.");
	}

	@Test
	void otherFailureIsNotAnalyzed() {
		assertThat(new DbTlsConfigurationFailureAnalyzer(this.environment).analyze(new IllegalStateException("x")))
			.isNull();
	}

	private FailureAnalysis analyze(String property) {
		DbTlsConfigurationException cause = new DbTlsConfigurationException(property, "It is wrong.", "Correct it.");
		FailureAnalysis analysis = new DbTlsConfigurationFailureAnalyzer(this.environment)
			.analyze(new BeanCreationException("dataSource", "failed", cause));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getCause()).isSameAs(cause);
		return analysis;
	}

	private void load(PropertySourceLoader loader, String text) throws Exception {
		Resource resource = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "application");
		for (PropertySource<?> source : loader.load("file", resource)) {
			this.environment.getPropertySources().addLast(source);
		}
	}

}
