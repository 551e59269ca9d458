package io.github.dbtls.autoconfigure;

import java.util.List;
import java.util.Set;

import io.github.dbtls.DbTlsConfigurationException;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Refuses properties that later versions will have: none is accepted and ignored.
 */
final class UnsupportedProperties {

	static final List<String> NAMES = List.of("expiry-warning", "expiry-out-of-service");

	private UnsupportedProperties() {
	}

	static void refuse(Environment environment) {
		Binder binder = Binder.get(environment);
		NAMES.forEach((name) -> refuse(binder, "dbtls." + name));
		Set<String> entries = binder.bind("dbtls.data-sources", Bindable.mapOf(String.class, Object.class))
			.map((map) -> map.keySet())
			.orElse(Set.of());
		for (String entry : entries) {
			// A bean name with a dot is written in brackets.
			String element = (entry.indexOf('.') >= 0) ? "[" + entry + "]" : "." + entry;
			NAMES.forEach((name) -> refuse(binder, "dbtls.data-sources" + element + "." + name));
		}
	}

	private static void refuse(Binder binder, String property) {
		if (binder.bind(ConfigurationPropertyName.adapt(property, '.'), Bindable.of(String.class)).isBound()) {
			throw new DbTlsConfigurationException(property,
					"'%s' is set, which this version of dbtls does not support yet.".formatted(property),
					"Remove '%s'. Ignoring it could make the connection weaker than you expect.".formatted(property));
		}
	}

}
