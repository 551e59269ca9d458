package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.BuildFiles;
import io.github.dbtls.HandshakeFailedEvent;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsSettings.Setting;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.actuate.DbTlsHealthIndicator;
import io.github.dbtls.actuate.PoolMeters;
import io.github.dbtls.actuate.SharedMeters;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.test.tools.SourceFile;
import org.springframework.core.test.tools.TestCompiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests that {@code docs/observability.md}, the alert rules and the dashboard say what
 * the code does: they are held against what a registry has after real handshakes, and
 * what Prometheus would see of it.
 */
class ObservabilityDocsTests {

	private static final Pattern METRIC = Pattern.compile("\\b(dbtls_\\w+)(?:\\{([^}]*)})?");

	private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

	/** What Prometheus adds to each series. */
	private static final String INSTANCE = "instance";

	private static final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	/** Names of Prometheus's with the names of their labels. */
	private static final Map<String, Set<String>> scraped = new TreeMap<>();

	private static Path docs;

	private static String page;

	@BeforeAll
	static void shakeHands() throws Exception {
		docs = BuildFiles.project().resolve("docs");
		page = Files.readString(docs.resolve("observability.md"));
		Authority authority = TestCertificates.authority("CN=Shop CA");
		PoolMeters meters = new PoolMeters(new SharedMeters());
		meters.bindTo(registry);
		try (TestPool pool = TestPool.withClient(authority.client("app"), TlsVersion.TLS_1_3, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();
				FakeMySqlServer impostor = FakeMySqlServer
					.tls(TestCertificates.authority("CN=Other").server("localhost"))
					.start()) {
			meters.secured(pool.tls());
			pool.connect(server.jdbcUrl()).close();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pool.connect(impostor.jdbcUrl()));
			Matcher series = Pattern.compile("(?m)^(\\w+)\\{([^}]*)} \\S+").matcher(registry.scrape());
			while (series.find()) {
				scraped.put(series.group(1), labels(series.group(2)));
			}
		}
	}

	@Test
	void metersAreThoseOfTheTable() {
		Map<String, String> table = new TreeMap<>();
		rows("| Meter | Type |").forEach((cells) -> table.put(code(cells.get(0)).get(0),
				cells.get(1) + " " + new TreeSet<>(code(cells.get(2)))));
		Map<String, String> real = new TreeMap<>();
		for (Meter meter : registry.getMeters()) {
			Set<String> tags = new TreeSet<>(meter.getId().getTags().stream().map(Tag::getKey).toList());
			assertThat(tags.remove("datasource")).isTrue();
			String type = switch (meter.getId().getType()) {
				case TIMER -> "timer";
				case COUNTER -> "counter";
				case GAUGE -> "seconds".equals(meter.getId().getBaseUnit()) ? "gauge, seconds" : "gauge";
				default -> String.valueOf(meter.getId().getType());
			};
			real.put(meter.getId().getName(), type + " " + tags);
		}
		assertThat(table).isEqualTo(real);
	}

	@Test
	void alertRulesNameOnlyWhatExistsAndLeaveNoMeterOut() throws IOException {
		Map<String, Set<String>> alerted = new TreeMap<>();
		for (Map<String, Object> rule : rules()) {
			alerted.put(text(rule, "alert"), checkExpression(text(rule, "expr")));
			Set<String> labels = new TreeSet<>(allLabels());
			Matcher label = Pattern.compile("\\$labels\\.(\\w+)").matcher(String.valueOf(rule.get("annotations")));
			while (label.find()) {
				assertThat(labels).contains(label.group(1));
			}
			assertThat(rule.get("labels")).asString().containsPattern("severity=(info|warning|critical)");
		}
		Map<String, Set<String>> table = new TreeMap<>();
		rows("| Alert | Meter |").forEach((cells) -> table.put(code(cells.get(0)).get(0), meters(code(cells.get(1)))));
		Map<String, Set<String>> real = new TreeMap<>();
		alerted.forEach((alert, metrics) -> real.put(alert, meters(metrics)));
		assertThat(table).isEqualTo(real);
		assertThat(real.values().stream().flatMap(Set::stream)).containsAll(meters(scraped.keySet()));
	}

	@Test
	void whatHasNothingToDoWithTlsIsNoCriticalAlert() throws IOException {
		Map<String, List<String>> selectors = new TreeMap<>();
		for (Map<String, Object> rule : rules()) {
			List<String> ofCauses = Pattern.compile("dbtls_handshake_failures_total(\\{[^}]*})?")
				.matcher(text(rule, "expr").replaceAll("dbtls_handshake_failures_total offset", ""))
				.results()
				.map((match) -> String.valueOf(match.group(1)))
				.distinct()
				.toList();
			if (!ofCauses.isEmpty()) {
				selectors.put(String.valueOf(((Map<?, ?>) rule.get("labels")).get("severity")), ofCauses);
			}
		}
		String causes = HandshakeFailure.LOGIN_REFUSED + "|" + HandshakeFailure.UNREACHABLE;
		assertThat(selectors).containsOnly(Map.entry("critical", List.of("{cause!~\"" + causes + "\"}")),
				Map.entry("warning", List.of("{cause=~\"" + causes + "\"}")));
	}

	@Test
	void dashboardNamesOnlyWhatExistsAndShowsAllMeters() throws IOException {
		Map<String, Object> dashboard = JsonParserFactory.getJsonParser()
			.parseMap(Files.readString(docs.resolve("grafana-dashboard.json")));
		Set<String> shown = new TreeSet<>();
		Set<Object> ids = new TreeSet<>();
		for (Map<String, Object> panel : maps(dashboard.get("panels"))) {
			assertThat(ids.add(panel.get("id"))).isTrue();
			assertThat(panel.get("datasource")).isEqualTo(Map.of("type", "prometheus", "uid", "${datasource}"));
			assertThat(maps(panel.get("targets"))).isNotEmpty().allSatisfy((target) -> {
				shown.addAll(checkExpression(text(target, "expr")));
				Matcher legend = Pattern.compile("\\{\\{(\\w+)}}").matcher(text(target, "legendFormat"));
				Set<String> grouped = grouped(text(target, "expr"));
				while (legend.find()) {
					assertThat(grouped).contains(legend.group(1));
				}
			});
		}
		assertThat(meters(shown)).isEqualTo(meters(scraped.keySet()));
		List<Map<String, Object>> variables = maps(((Map<?, ?>) dashboard.get("templating")).get("list"));
		assertThat(variables).extracting((variable) -> variable.get("name"))
			.containsExactly("datasource", "pool", "instance");
		assertThat(variables.get(0)).containsEntry("type", "datasource").containsEntry("query", "prometheus");
		Set<String> used = new TreeSet<>();
		Matcher variable = Pattern.compile("\\$\\{?(\\w+)}?").matcher(dashboard.toString());
		while (variable.find()) {
			used.add(variable.group(1));
		}
		assertThat(used).containsExactly("__rate_interval", "datasource", "instance", "pool");
		for (Map<String, Object> query : variables.subList(1, 3)) {
			checkExpression(text(query, "definition").replaceFirst("label_values\\((.*), \\w+\\)", "$1"));
		}
	}

	@Test
	void eventsAreThoseOfTheTable() throws IOException {
		Map<String, List<String>> table = new TreeMap<>();
		rows("| Event | Published |").forEach((cells) -> table.put(code(cells.get(0)).get(0), code(cells.get(2))));
		Map<String, List<String>> real = new TreeMap<>();
		String root = HandshakeFailedEvent.class.getPackageName();
		try (Stream<Path> files = Files.list(BuildFiles.sources().resolve(root.replace('.', '/')))) {
			for (Path file : files.filter((path) -> path.toString().endsWith("Event.java")).toList()) {
				String name = file.getFileName().toString().replace(".java", "");
				RecordComponent[] components = assertThatNoEventIsNoRecord(root + "." + name);
				real.put(name,
						Arrays.stream(components)
							.map(RecordComponent::getName)
							.filter((component) -> !Set.of("dataSource", "time").contains(component))
							.toList());
			}
		}
		assertThat(table).isEqualTo(real);
	}

	private static RecordComponent[] assertThatNoEventIsNoRecord(String name) {
		try {
			RecordComponent[] components = Class.forName(name).getRecordComponents();
			assertThat(components).extracting(RecordComponent::getName).startsWith("dataSource", "time");
			return components;
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void listenerOfTheExampleCompiles() {
		List<String> examples = blocks("java");
		assertThat(examples).hasSize(1);
		TestCompiler.forSystem()
			.withSources(SourceFile.of(examples.get(0)))
			.compile((compiled) -> assertThat(compiled.getAllCompiledClasses()).hasSize(1));
	}

	@Test
	void settingsOfTheExampleBind() {
		List<String> examples = blocks("yaml");
		assertThat(examples).hasSize(1);
		assertThatNoException().isThrownBy(() -> {
			UnknownProperties.refuse(BoundProperties.yamlEnvironment(examples.get(0)));
			Policies policies = new Policies(BoundProperties.ofYaml(examples.get(0)), new Providers(List.of()),
					TestSslBundles.none());
			policies.validate();
			assertThat(policies.decisionOf("any", List.of()).expiryWarning()).extracting(Setting::value)
				.isEqualTo(Duration.ofDays(30));
		});
	}

	@Test
	void healthOfTheExampleHasTheKeysOfRealHealth() throws Exception {
		List<String> examples = blocks("json");
		assertThat(examples).hasSize(1);
		Map<String, Object> example = JsonParserFactory.getJsonParser().parseMap("{" + examples.get(0) + "}");
		Authority authority = TestCertificates.selfSigned("CN=Shop CA").expiresIn(Duration.ofDays(3)).authority();
		try (TestPool pool = TestPool.of(SslMode.VERIFY_CA, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();
				HikariDataSource hikari = pool.hikari(server.jdbcUrl())) {
			Map<String, Object> details = new DbTlsHealthIndicator(hikari, pool.tls(), Duration.ofSeconds(10)).health()
				.getDetails();
			assertThat(maps(details.get("expiring")).get(0).keySet())
				.containsExactlyElementsOf(maps(example.get("expiring")).get(0).keySet());
		}
	}

	private static Set<String> checkExpression(String expression) {
		Set<String> metrics = new TreeSet<>();
		Set<String> possible = new TreeSet<>();
		Matcher matcher = METRIC.matcher(expression);
		while (matcher.find()) {
			assertThat(scraped).as(expression).containsKey(matcher.group(1));
			Set<String> labels = new TreeSet<>(scraped.get(matcher.group(1)));
			labels.add(INSTANCE);
			possible.addAll(labels);
			if (matcher.group(2) != null) {
				assertThat(labels).as(expression).containsAll(labels(matcher.group(2)));
			}
			metrics.add(matcher.group(1));
		}
		assertThat(metrics).as(expression).isNotEmpty();
		assertThat(possible).as(expression).containsAll(grouped(expression));
		assertThat(expression.chars().filter((c) -> c == '(').count()).as(expression)
			.isEqualTo(expression.chars().filter((c) -> c == ')').count());
		return metrics;
	}

	private static Set<String> grouped(String expression) {
		Set<String> grouped = new TreeSet<>();
		Matcher grouping = GROUPING.matcher(expression);
		while (grouping.find()) {
			grouped.addAll(List.of(grouping.group(1).split(", ")));
		}
		return grouped;
	}

	private static Set<String> labels(String selectors) {
		Set<String> labels = new TreeSet<>();
		Matcher label = Pattern.compile("(\\w+)(?:=~|!=|!~|=)\"").matcher(selectors);
		while (label.find()) {
			labels.add(label.group(1));
		}
		return labels;
	}

	private static Set<String> allLabels() {
		return Stream.concat(Stream.of(INSTANCE), scraped.values().stream().flatMap(Set::stream))
			.collect(Collectors.toSet());
	}

	// Prometheus has several names for a timer.
	private static Set<String> meters(Iterable<String> names) {
		Set<String> meters = new TreeSet<>();
		names.forEach(
				(name) -> meters.add(name.replace('.', '_').replaceFirst("(_seconds)?(_(count|sum|max|total))?$", "")));
		return meters;
	}

	private static List<Map<String, Object>> rules() throws IOException {
		Map<String, Object> file = new Yaml().load(Files.readString(docs.resolve("alert-rules.yaml")));
		List<Map<String, Object>> rules = new ArrayList<>();
		maps(file.get("groups")).forEach((group) -> rules.addAll(maps(group.get("rules"))));
		return rules;
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> maps(Object list) {
		return (List<Map<String, Object>>) list;
	}

	private static String text(Map<String, Object> map, String key) {
		return String.valueOf(map.get(key));
	}

	private static List<List<String>> rows(String header) {
		List<List<String>> rows = page.lines()
			.dropWhile((line) -> !line.startsWith(header))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.map((line) -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList())
			.toList();
		assertThat(rows).as(header).isNotEmpty();
		return rows;
	}

	private static List<String> code(String cell) {
		return Pattern.compile("`([^`]+)`").matcher(cell).results().map((match) -> match.group(1)).toList();
	}

	private static List<String> blocks(String language) {
		return Pattern.compile("(?ms)^```" + language + "\\R(.*?)^```")
			.matcher(page)
			.results()
			.map((match) -> match.group(1))
			.toList();
	}

}
