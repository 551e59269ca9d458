package io.github.dbtls.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * Finds the line of the file, or the environment variable, that a property was set in.
 */
final class PropertyLocations {

	private PropertyLocations() {
	}

	/**
	 * Return where a property was set.
	 * @param environment the environment
	 * @param property the property, or a description with a space in it
	 * @return Spring Boot's words for the place, or {@code null} if it is not known
	 */
	static @Nullable String find(Environment environment, String property) {
		if (property.indexOf(' ') >= 0) {
			return null;
		}
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			ConfigurationProperty found = source.getConfigurationProperty(name);
			// A list stands under its elements.
			found = (found != null) ? found : source.getConfigurationProperty(name.append("[0]"));
			if (found != null && found.getOrigin() != null) {
				return found.getOrigin().toString();
			}
		}
		return null;
	}

}
