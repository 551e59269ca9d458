package io.github.dbtls.autoconfigure;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * The application's own {@code spring.ssl.bundle.*}.
 */
final class BundleProperties {

	private static final Set<String> LOCATIONS = Set.of("certificate", "location");

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
		return find(bundle, "", (name) -> true);
	}

	/**
	 * Return the property of a trust store that is set, but to nothing, as a variable of
	 * a deployment may be.
	 * @param bundle the bundle's name
	 * @return the property, or {@code null} if there is none
	 */
	@Nullable String blankTrustStoreOf(String bundle) {
		Binder binder = Binder.get(this.environment);
		return find(bundle, ".truststore",
				(name) -> LOCATIONS.contains(name.getLastElement(ConfigurationPropertyName.Form.UNIFORM))
						&& binder.bind(name, Bindable.of(String.class)).map(String::isBlank).orElse(true));
	}

	private @Nullable String find(String bundle, String suffix, Predicate<ConfigurationPropertyName> condition) {
		ConfigurationPropertyName pem = ConfigurationPropertyName.adapt("spring.ssl.bundle.pem." + bundle + suffix,
				'.');
		ConfigurationPropertyName jks = ConfigurationPropertyName.adapt("spring.ssl.bundle.jks." + bundle + suffix,
				'.');
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				Optional<ConfigurationPropertyName> found = iterable.stream()
					.filter((name) -> pem.isAncestorOf(name) || jks.isAncestorOf(name))
					.filter(condition)
					.findFirst();
				if (found.isPresent()) {
					return found.get().toString();
				}
			}
		}
		return null;
	}

}
