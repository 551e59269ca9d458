package io.github.dbtls.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.EditDistance;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Refuses names below {@code dbtls} that do not exist, before anything is bound: Boot
 * would refuse them as well, but prints their values, and a misspelt password is still a
 * password. It also lets system properties pass, which are no less relied on. Variables
 * of the environment are warned of only, see {@link MisspeltVariables}.
 */
final class UnknownProperties {

	private static final String ROOT = "dbtls";

	private static final String DATA_SOURCES = "data-sources";

	/** Kinds of values by the name of the key. */
	private final Map<String, Class<?>> keys = new LinkedHashMap<>();

	private final Map<String, Class<?>> dataSourceKeys = new LinkedHashMap<>();

	private UnknownProperties() {
		addKeys(this.keys, DbTlsProperties.class);
		addKeys(this.dataSourceKeys, DbTlsProperties.DataSource.class);
	}

	private static void addKeys(Map<String, Class<?>> keys, Class<?> properties) {
		for (RecordComponent component : properties.getRecordComponents()) {
			keys.put(DataObjectPropertyName.toDashedForm(component.getName()), component.getType());
		}
	}

	static void refuse(Environment environment) {
		UnknownProperties unknown = new UnknownProperties();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource variables) {
				for (String variable : variables.getPropertyNames()) {
					MisspeltVariables.warn(variable, unknown.keys.keySet());
				}
			}
			else if (source.getUnderlyingSource() instanceof EnumerablePropertySource<?> enumerable) {
				for (String property : enumerable.getPropertyNames()) {
					unknown.refuse(property, enumerable.getProperty(property));
				}
			}
		}
	}

	private void refuse(String property, @Nullable Object value) {
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
		if (name.getNumberOfElements() < 2 || !isSame(name, 0, ROOT)) {
			return;
		}
		if (!isSame(name, 1, DATA_SOURCES)) {
			refuse(property, name, 1, "dbtls.", this.keys);
		}
		else if (name.getNumberOfElements() > 3) {
			String element = name.getElement(2, Form.ORIGINAL);
			// A bean name with a dot is written in brackets.
			String prefix = (element.indexOf('.') >= 0) ? "dbtls.data-sources[%s]." : "dbtls.data-sources.%s.";
			refuse(property, name, 3, prefix.formatted(element), this.dataSourceKeys);
		}
		else if (value != null && !value.toString().isBlank()) {
			// Without a value it is a map without entries.
			throw new DbTlsConfigurationException(property,
					"'%s' has a value, but takes the settings of a DataSource below it.".formatted(property),
					"Write 'dbtls.data-sources.<bean name>.<setting>', for example '%s.ca-path'."
						.formatted((name.getNumberOfElements() > 2) ? property : property + ".<bean name>"));
		}
	}

	private void refuse(String property, ConfigurationPropertyName name, int position, String prefix,
			Map<String, Class<?>> known) {
		for (Map.Entry<String, Class<?>> key : known.entrySet()) {
			int below = name.getNumberOfElements() - position - 1;
			if (isSame(name, position, key.getKey()) && (below == 0 || (below == 1
					&& List.class.isAssignableFrom(key.getValue()) && name.isNumericIndex(position + 1)))) {
				return;
			}
		}
		StringJoiner wanted = new StringJoiner("-");
		for (int i = position; i < name.getNumberOfElements(); i++) {
			wanted.add(name.getElement(i, Form.DASHED));
		}
		String nearest = nearest(name.getElement(position, Form.DASHED), wanted.toString(), known);
		throw new DbTlsConfigurationException(property,
				"'%s' is set, but dbtls has no such property.".formatted(property),
				"The nearest that it has is '%s'. Correct the name, or remove it.".formatted(prefix + nearest));
	}

	private static boolean isSame(ConfigurationPropertyName name, int position, String key) {
		return name.getElement(position, Form.UNIFORM).equals(key.replace("-", ""));
	}

	private static String nearest(String first, String whole, Map<String, Class<?>> known) {
		List<String> words = List.of(whole.split("-"));
		return known.keySet()
			.stream()
			// Nobody is told to switch it all off who did not nearly say so.
			.filter((key) -> !key.equals("enabled") || EditDistance.between(whole, key) <= 2)
			.min(Comparator.comparing((String key) -> !List.of(key.split("-")).containsAll(words))
				.thenComparingInt(
						(key) -> Math.min(EditDistance.between(first, key), EditDistance.between(whole, key))))
			.orElse("provider");
	}

}
