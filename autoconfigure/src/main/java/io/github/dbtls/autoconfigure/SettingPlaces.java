package io.github.dbtls.autoconfigure;

import io.github.dbtls.connectorj.Place;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Finds the property that a driver setting stands in, so that a failure analysis can show
 * the line of the file.
 */
final class SettingPlaces {

	private static final String URL = "spring.datasource.url";

	private static final String HIKARI = "spring.datasource.hikari.data-source-properties.";

	private final Environment environment;

	SettingPlaces(Environment environment) {
		this.environment = environment;
	}

	Place url(String url) {
		String property = urlProperty(url);
		return new Place("in its JDBC URL", (name) -> property);
	}

	/**
	 * Return the property that a JDBC URL stands in.
	 * @param url the URL
	 * @return the property, or {@code null}: a service connection or a bean method may
	 * have brought another one
	 */
	@Nullable String urlProperty(String url) {
		return url.equals(this.environment.getProperty(URL)) ? URL : null;
	}

	Environment environment() {
		return this.environment;
	}

	Place dataSourceProperties() {
		return new Place("in its data source properties",
				(name) -> this.environment.containsProperty(HIKARI + name) ? HIKARI + name : null);
	}

}
