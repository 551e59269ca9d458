package io.github.dbtls.autoconfigure;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * The application's own {@code spring.ssl.bundle.*}.
 */
final class BundleProperties {

	private final Environment environment;

	BundleProperties(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Return a property that a bundle is made of.
	 * @param bundle the bundle's name
	 * @return the property, or {@code null} if none is there, or its source does not say
	 * what it holds
	 */
	@Nullable String anyOf(String bundle) {
		ConfigurationPropertyName pem = ConfigurationPropertyName.adapt("spring.ssl.bundle.pem." + bundle, '.');
		ConfigurationPropertyName jks = ConfigurationPropertyName.adapt("spring.ssl.bundle.jks." + bundle, '.');
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				Optional<ConfigurationPropertyName> found = iterable.stream()
					.filter((name) -> pem.isAncestorOf(name) || jks.isAncestorOf(name))
					.findFirst();
				if (found.isPresent()) {
					return found.get().toString();
				}
			}
		}
		return null;
	}

}
