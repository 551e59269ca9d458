package io.github.dbtls.sample.browser;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the YAML of the page with what {@code /actuator/dbtls} says is in force, and
 * where it comes from.
 */
final class YamlInForce {

	private static final Pattern LOCATION = Pattern.compile("class path resource \\[([^]]+)].* - (\\d+):(\\d+)");

	private static final Pattern KEY = Pattern.compile(" +([a-z-]+): *(\\S.*)");

	private static final HttpClient client = HttpClient.newHttpClient();

	private YamlInForce() {
	}

	/**
	 * Check that each line that is shown is the origin of a setting that is in force, and
	 * that no setting comes from elsewhere.
	 * @param uri the application
	 * @param file the file that the page names
	 * @param text the text that the page shows
	 * @param elsewhere what the page says is set in other places
	 */
	static void check(URI uri, String file, String text, String elsewhere) throws Exception {
		List<String> lines = Browser.resource("/" + file).lines().toList();
		TreeSet<String> keysInForce = new TreeSet<>();
		for (Entry<String, JsonNode> setting : policy(uri).properties()) {
			JsonNode value = setting.getValue();
			if (value.path("property").isMissingNode()) {
				assertThat(value.path("origin").asString()).as(setting.getKey()).isNotEqualTo("property");
				continue;
			}
			String property = value.path("property").asString();
			Matcher place = LOCATION.matcher(value.path("location").asString());
			assertThat(place.matches()).as(value.toString()).isTrue();
			String line = place.group(1).equals(file) ? lines.get(Integer.parseInt(place.group(2)) - 1) : "";
			if (text.lines().noneMatch(line::equals)) {
				// What all shapes share stands elsewhere, and the page says so.
				assertThat(elsewhere).contains(property + ": ", place.group(1) + ":" + place.group(2));
				continue;
			}
			String key = property.substring(property.lastIndexOf('.') + 1);
			assertThat(line.strip()).startsWith(key + ":");
			String written = line.substring(Integer.parseInt(place.group(3)) - 1);
			assertThat(written).as(line).isEqualTo(valueOf(line));
			if (!written.contains("${")) {
				assertThat(text(value.path("value"))).as(property).isEqualTo(written);
			}
			keysInForce.add(key);
		}
		assertThat(keysInForce).isEqualTo(new TreeSet<>(keys(text).keySet()));
	}

	private static JsonNode policy(URI uri) throws Exception {
		HttpResponse<String> answer = client
			.send(HttpRequest.newBuilder(uri.resolve("/actuator/dbtls/dataSource")).build(), BodyHandlers.ofString());
		assertThat(answer.statusCode()).isEqualTo(200);
		return JsonMapper.shared().readTree(answer.body()).path("policy");
	}

	private static String text(JsonNode value) {
		return value.isArray() ? String.join(", ", value.values().stream().map(JsonNode::asString).toList())
				: value.asString();
	}

	private static Map<String, String> keys(String text) {
		assertThat(text).startsWith("dbtls:\n");
		Map<String, String> keys = new TreeMap<>();
		text.lines()
			.map(KEY::matcher)
			.filter(Matcher::matches)
			.forEach((line) -> keys.put(line.group(1), line.group(2)));
		return keys;
	}

	private static String valueOf(String line) {
		Matcher matcher = KEY.matcher(line);
		assertThat(matcher.matches()).as(line).isTrue();
		return matcher.group(2);
	}

}
