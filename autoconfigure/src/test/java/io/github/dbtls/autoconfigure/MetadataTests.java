package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.dbtls.BuildFiles;
import io.github.dbtls.Provider;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the jar says about itself.
 */
class MetadataTests {

	private final Metadata metadata = Metadata.read();

	@Test
	void propertiesAreThoseOfTheRecords() {
		Set<String> expected = new TreeSet<>(Set.of("management.health.dbtls.enabled",
				"management.endpoint.dbtls.access", "management.endpoint.dbtls.cache.time-to-live"));
		expected.addAll(names("dbtls.", DbTlsProperties.class));
		expected.addAll(names("management.health.dbtls.", DbTlsHealthProperties.class));
		assertThat(this.metadata.properties()).containsOnlyKeys(expected);
	}

	private static List<String> names(String prefix, Class<?> type) {
		return Arrays.stream(type.getRecordComponents())
			.map(RecordComponent::getName)
			.map((name) -> prefix + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
			.toList();
	}

	@Test
	void eachPropertyHasATypeAndADescription() {
		assertThat(this.metadata.properties()).allSatisfy((name, property) -> {
			assertThat(property.get("type")).as(name).asString().matches("[\\w.]+[\\w$.]*(<.+>)?");
			String description = String.valueOf(property.get("description"));
			assertThat(description).as(name).matches("(?s)[A-Z].*\\.").doesNotContain("{@", "<");
			assertThat(description).as(name).doesNotMatch("(The|A) .*");
			if (property.get("type").equals("java.lang.Boolean")) {
				assertThat(description).as(name).startsWith("Whether ");
			}
			if (String.valueOf(property.get("type")).startsWith("java.util.List")) {
				assertThat(description).as(name).startsWith("Comma-separated list ");
			}
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			dbtls.enabled                                | true
			dbtls.tls-versions                           | TLSv1.3, TLSv1.2
			dbtls.session-lifetime                       | 1h
			dbtls.reload-interval                        | 10s
			dbtls.expiry-warning                         | 14d
			dbtls.expiry-out-of-service                  | false
			dbtls.verify-at-startup                      | false
			management.endpoint.dbtls.access             | unrestricted
			management.endpoint.dbtls.cache.time-to-live | 0ms
			management.health.dbtls.enabled              | true
			management.health.dbtls.timeout              | 10s
			""")
	void defaultIsTheOneOfTheDesign(String property, String value) {
		assertThat(this.metadata.defaultOf(property)).isEqualTo(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.provider", "dbtls.ca-path", "dbtls.ca-password", "dbtls.ssl-mode", "dbtls.ciphers",
			"dbtls.data-sources" })
	void defaultWhenTheProviderOrTheJvmDecidesIsNone(String property) {
		assertThat(this.metadata.defaultOf(property)).isNull();
	}

	@Test
	void defaultsThatThePolicyAppliesAreThoseOfTheMetadata() {
		TlsPolicy policy = new Policies(BoundProperties.ofYaml("dbtls.provider: mysql"), new Providers(List.of()),
				TestSslBundles.none())
			.policyOf("any", List.of());
		assertThat(policy.protocols()).isEqualTo(List.of(this.metadata.defaultOf("dbtls.tls-versions").split(", ")));
		assertThat(policy.sessionLifetime())
			.isEqualTo(DurationStyle.detectAndParse(this.metadata.defaultOf("dbtls.session-lifetime")));
	}

	@Test
	void dataSourcesAreAMapOfARecordWithItsOwnDescriptions() throws IOException {
		assertThat(this.metadata.properties().get("dbtls.data-sources").get("type"))
			.isEqualTo("java.util.Map<java.lang.String,%s>".formatted(DbTlsProperties.DataSource.class.getName()));
		// The processor emits nothing for the values of a map: tools read the type
		// itself.
		String source = Files
			.readString(BuildFiles.sources().resolve("io/github/dbtls/autoconfigure/DbTlsProperties.java"));
		String javadoc = source.substring(source.indexOf("TLS of a single DataSource"),
				source.indexOf("record DataSource("));
		for (RecordComponent component : DbTlsProperties.DataSource.class.getRecordComponents()) {
			assertThat(javadoc).contains("@param " + component.getName() + " ");
		}
	}

	@Test
	void hintsOfTheProviderAreTheBuiltInOnes() {
		assertThat(this.metadata.hintValues("dbtls.provider"))
			.containsExactlyElementsOf(Provider.builtIn().stream().map(Provider::id).toList());
		assertThat(this.metadata.hints().get("dbtls.provider").get("providers")).asString().contains("any");
	}

	@Test
	void hintsOfTheVersionsAreAll() {
		assertThat(this.metadata.hintValues("dbtls.tls-versions"))
			.containsExactlyInAnyOrderElementsOf(Stream.of(TlsVersion.values()).map(TlsVersion::jsseName).toList());
	}

	@Test
	void hintsAreThereForAllThatIsEnumeratedButNotByItsType() {
		assertThat(this.metadata.hints()).containsOnlyKeys("dbtls.provider", "dbtls.tls-versions",
				"dbtls.jsse-provider");
		assertThat(this.metadata.properties().get("dbtls.ssl-mode").get("type")).isEqualTo("io.github.dbtls.SslMode");
	}

	@Test
	void importsAreTheAutoConfigurationsSorted() throws IOException {
		List<String> imports = Files
			.readAllLines(BuildFiles.classes()
				.resolve("META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports"))
			.stream()
			.filter((line) -> !line.isBlank())
			.toList();
		Set<String> autoConfigurations = new ClassFileImporter().importPath(BuildFiles.classes())
			.stream()
			.filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
			.map(JavaClass::getName)
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(imports).containsExactlyElementsOf(autoConfigurations);
	}

	@Test
	void factoriesAreOfTheirTypeAndSorted() throws Exception {
		Properties factories = new Properties();
		Path file = BuildFiles.classes().resolve("META-INF/spring.factories");
		try (InputStream in = Files.newInputStream(file)) {
			factories.load(in);
		}
		assertThat(factories).isNotEmpty();
		for (Map.Entry<Object, Object> entry : factories.entrySet()) {
			Class<?> type = Class.forName(String.valueOf(entry.getKey()));
			List<String> names = List.of(String.valueOf(entry.getValue()).split(","));
			assertThat(names).isSorted().doesNotHaveDuplicates();
			for (String name : names) {
				assertThat(type).isAssignableFrom(Class.forName(name));
			}
		}
	}

}
