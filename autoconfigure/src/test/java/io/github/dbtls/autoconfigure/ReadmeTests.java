package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.dbtls.BuildFiles;
import io.github.dbtls.Provider;
import io.github.dbtls.Provider.Trust;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests that the README says what the code does.
 */
class ReadmeTests {

	private static final String PROVIDER_HEADER = "| `dbtls.provider` | Service | Default mode | Lowest mode | Trust | Client certificate |";

	private static final Pattern PROPERTY = Pattern
		.compile("`((?:dbtls|management\\.(?:endpoint|health)\\.dbtls)\\.[^`]+)`");

	private static final Pattern YAML = Pattern.compile("(?m)^ *```ya?ml\\R(.*?)^ *```", Pattern.DOTALL);

	/**
	 * What a cell says of a default that the metadata cannot know.
	 */
	private static final Set<String> NO_DEFAULT = Set.of("–", "by provider", "the JVM's", "`dbtls.*`");

	private static String readme;

	@BeforeAll
	static void read() throws IOException {
		readme = Files.readString(BuildFiles.project().resolve("README.md"));
	}

	@Test
	void providersAreTheBuiltInOnes() {
		List<List<String>> rows = rowsAfter(PROVIDER_HEADER);
		List<Provider> providers = Provider.builtIn();
		assertThat(rows).extracting((row) -> row.get(0))
			.containsExactlyElementsOf(providers.stream().map((provider) -> "`" + provider.id() + "`").toList());
		for (int i = 0; i < rows.size(); i++) {
			List<String> row = rows.get(i);
			Provider provider = providers.get(i);
			assertThat(row).as(provider.id()).element(1).isEqualTo(provider.name());
			assertThat(row).as(provider.id()).element(2).isEqualTo("`" + provider.sslMode().propertyValue() + "`");
			assertThat(row).as(provider.id())
				.element(3)
				.isEqualTo("`" + provider.lowestSslMode().propertyValue() + "`");
			assertThat(row.get(4)).as(provider.id())
				.startsWith((provider.trust() == Trust.CA_FILE) ? "`ca-path`" : "system roots");
			assertThat(row.get(5)).as(provider.id()).startsWith(provider.acceptsClientCertificate() ? "yes" : "no");
			assertThat(String.join(" | ", row)).as(provider.id()).contains("](" + provider.documentation() + ")");
		}
	}

	@Test
	void propertiesAreThoseOfTheMetadata() {
		Metadata metadata = Metadata.read();
		Map<String, String> rows = propertyRows();
		assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(metadata.properties().keySet());
		rows.forEach((property, cell) -> {
			String value = metadata.defaultOf(property);
			if (value != null) {
				assertThat(cell).as(property).isEqualTo("`" + value + "`");
			}
			else {
				assertThat(NO_DEFAULT).as(property).contains(cell);
			}
		});
	}

	@Test
	void yamlWhenItIsOursBinds() {
		List<String> examples = yamlExamples();
		assertThat(examples).anyMatch((yaml) -> yaml.contains("dbtls:"));
		for (String yaml : examples) {
			assertThatNoException().as(yaml).isThrownBy(() -> {
				ConfigurableEnvironment environment = BoundProperties.yamlEnvironment(yaml);
				DbTlsProperties properties = BoundProperties.ofYaml(yaml);
				assertThat(unknownKeys(yaml)).isEmpty();
				new Policies(properties, providersWithThoseOfTheExamples(properties), bundlesOf(environment))
					.validate();
			});
		}
	}

	private static ApplicationSslBundles bundlesOf(ConfigurableEnvironment environment) {
		// The bundle that an example names is one that it defines.
		Map<String, Object> pem = Binder.get(environment)
			.bind("spring.ssl.bundle.pem", Bindable.mapOf(String.class, Object.class))
			.orElse(Map.of());
		return TestSslBundles.of(String.join("", pem.keySet()), SslBundle.of(SslStoreBundle.of(null, null,
				TestCertificates.trustStore(TestCertificates.authority("CN=CA").certificate()))));
	}

	private static List<String> unknownKeys(String yaml) {
		Set<String> known = Metadata.read()
			.properties()
			.keySet()
			.stream()
			.map((name) -> name.substring(name.lastIndexOf('.') + 1))
			.collect(Collectors.toSet());
		List<String> unknown = new ArrayList<>();
		BoundProperties.yamlEnvironment(yaml).getPropertySources().forEach((source) -> {
			if (source instanceof EnumerablePropertySource<?> enumerable) {
				for (String name : enumerable.getPropertyNames()) {
					String key = name.replaceAll("\\[\\d+]$", "");
					if (name.startsWith("dbtls.") && !known.contains(key.substring(key.lastIndexOf('.') + 1))) {
						unknown.add(name);
					}
				}
			}
		});
		return unknown;
	}

	private static Providers providersWithThoseOfTheExamples(DbTlsProperties properties) {
		// The README shows a provider of a platform team's own.
		String id = properties.provider();
		boolean own = id != null && Provider.builtIn().stream().noneMatch((provider) -> provider.id().equals(id));
		return new Providers(own ? List.of(Provider.withId(id).build()) : List.of());
	}

	private static Map<String, String> propertyRows() {
		Map<String, String> rows = new LinkedHashMap<>();
		readme.lines().filter((line) -> line.startsWith("|") && !line.startsWith(PROVIDER_HEADER)).forEach((line) -> {
			List<String> cells = cells(line);
			Matcher matcher = PROPERTY.matcher(cells.get(0));
			if (matcher.matches()) {
				String property = matcher.group(1).replaceFirst("\\.<[^>]+>\\.\\*$", "");
				assertThat(rows.put(property, cells.get(1))).as("row of " + property + " before").isNull();
			}
		});
		return rows;
	}

	private static List<List<String>> rowsAfter(String header) {
		List<String> lines = readme.lines().toList();
		List<List<String>> rows = new ArrayList<>();
		boolean inside = false;
		for (String line : lines) {
			if (line.startsWith(header)) {
				assertThat(inside).as("second table with the same header").isFalse();
				inside = true;
			}
			else if (inside && !line.startsWith("|")) {
				break;
			}
			else if (inside && !line.startsWith("|-") && !line.startsWith("| -")) {
				rows.add(cells(line));
			}
		}
		assertThat(rows).as("rows under " + header).isNotEmpty();
		return rows;
	}

	private static List<String> cells(String line) {
		String row = line.strip();
		String inner = row.substring(1, row.endsWith("|") ? row.length() - 1 : row.length());
		return List.of(inner.split("\\|", -1)).stream().map(String::strip).toList();
	}

	private static List<String> yamlExamples() {
		List<String> examples = new ArrayList<>();
		Matcher matcher = YAML.matcher(readme);
		while (matcher.find()) {
			examples.add(matcher.group(1));
		}
		return examples;
	}

}
