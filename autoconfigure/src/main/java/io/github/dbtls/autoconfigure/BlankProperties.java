package io.github.dbtls.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.dbtls.DbTlsConfigurationException;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Refuses a setting that is there and has no value, as a variable that nobody filled
 * makes one: Boot takes an empty switch, mode or duration for unset, and of some it says
 * that it cannot convert {@code null}.
 */
final class BlankProperties {

	/** What reads these says itself that they are blank; a map has no value. */
	private static final Set<Class<?>> TEXTS = Set.of(String.class, List.class, Map.class);

	private static final List<String> NAMES = typed(DbTlsProperties.class);

	private static final List<String> NAMES_OF_ENTRIES = typed(DbTlsProperties.DataSource.class);

	private BlankProperties() {
	}

	private static List<String> typed(Class<?> properties) {
		List<String> names = new ArrayList<>();
		for (RecordComponent component : properties.getRecordComponents()) {
			if (!TEXTS.contains(component.getType())) {
				names.add(DataObjectPropertyName.toDashedForm(component.getName()));
			}
		}
		return List.copyOf(names);
	}

	static void refuse(Environment environment) {
		Binder binder = Binder.get(environment);
		NAMES.forEach((name) -> refuse(binder, "dbtls." + name));
		Set<String> entries = binder.bind("dbtls.data-sources", Bindable.mapOf(String.class, Object.class))
			.map(Map::keySet)
			.orElse(Set.of());
		for (String entry : entries) {
			// A bean name with a dot is written in brackets.
			String element = (entry.indexOf('.') >= 0) ? "[" + entry + "]" : "." + entry;
			NAMES_OF_ENTRIES.forEach((name) -> refuse(binder, "dbtls.data-sources" + element + "." + name));
		}
	}

	private static void refuse(Binder binder, String property) {
		if (binder.bind(ConfigurationPropertyName.adapt(property, '.'), Bindable.of(String.class))
			.map(String::isBlank)
			.orElse(false)) {
			throw new DbTlsConfigurationException(property, "'%s' is set, but to nothing.".formatted(property),
					"Give it a value, or remove it to get the default. If it stands for a variable, that one is empty.");
		}
	}

}
