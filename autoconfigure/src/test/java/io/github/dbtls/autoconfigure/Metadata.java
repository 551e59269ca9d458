package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.dbtls.BuildFiles;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParserFactory;

/**
 * The generated metadata of our properties.
 */
final class Metadata {

	private final Map<String, Map<String, Object>> properties = new LinkedHashMap<>();

	private final Map<String, Map<String, Object>> hints = new LinkedHashMap<>();

	private Metadata(Map<String, Object> content) {
		elements(content, "properties").forEach((property) -> this.properties.put(text(property, "name"), property));
		elements(content, "hints").forEach((hint) -> this.hints.put(text(hint, "name"), hint));
	}

	static Metadata read() {
		try {
			return new Metadata(JsonParserFactory.getJsonParser()
				.parseMap(
						Files.readString(BuildFiles.classes().resolve("META-INF/spring-configuration-metadata.json"))));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	Map<String, Map<String, Object>> properties() {
		return this.properties;
	}

	Map<String, Map<String, Object>> hints() {
		return this.hints;
	}

	/**
	 * Return a default as users write it.
	 * @param property name of the property
	 * @return the default, or {@code null} if there is none
	 */
	@Nullable String defaultOf(String property) {
		Object value = Objects.requireNonNull(this.properties.get(property)).get("defaultValue");
		if (value instanceof List<?> list) {
			return String.join(", ", list.stream().map(String::valueOf).toList());
		}
		return (value != null) ? value.toString() : null;
	}

	List<String> hintValues(String property) {
		return elements(Objects.requireNonNull(this.hints.get(property)), "values").stream()
			.map((value) -> text(value, "value"))
			.toList();
	}

	private static String text(Map<String, Object> map, String key) {
		return String.valueOf(map.get(key));
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> elements(Map<String, Object> map, String key) {
		return (List<Map<String, Object>>) map.getOrDefault(key, List.of());
	}

}
