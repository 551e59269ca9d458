package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * Properties as Boot binds them.
 */
final class BoundProperties {

	private BoundProperties() {
	}

	static DbTlsProperties ofYaml(String yaml) {
		return of(yamlEnvironment(yaml));
	}

	static DbTlsProperties of(ConfigurableEnvironment environment) {
		return Binder.get(environment).bindOrCreate("dbtls", Bindable.of(DbTlsProperties.class));
	}

	static ConfigurableEnvironment yamlEnvironment(String yaml) {
		ConfigurableEnvironment environment = emptyEnvironment();
		try {
			new YamlPropertySourceLoader()
				.load("application.yml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
				.forEach(environment.getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return environment;
	}

	static ConfigurableEnvironment propertiesEnvironment(Map<String, Object> properties) {
		ConfigurableEnvironment environment = emptyEnvironment();
		environment.getPropertySources().addLast(new MapPropertySource("test", properties));
		return environment;
	}

	static ConfigurableEnvironment variablesEnvironment(Map<String, Object> variables) {
		ConfigurableEnvironment environment = emptyEnvironment();
		addVariables(environment, variables);
		return environment;
	}

	static void addVariables(ConfigurableEnvironment environment, Map<String, Object> variables) {
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					variables));
	}

	private static ConfigurableEnvironment emptyEnvironment() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
		environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
		return environment;
	}

}
