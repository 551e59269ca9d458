package io.github.dbtls.connectorj;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Where driver settings stand, for messages.
 *
 * @param words the place in words, {@code in its JDBC URL} for example
 * @param property leads from a setting's name to the property it stands in, or to
 * {@code null} if that is not known
 */
public record Place(String words, Function<String, @Nullable String> property) {

	/** A JDBC URL or data source properties, of whatever origin. */
	static final Place ANY = new Place("in its JDBC URL or data source properties", (name) -> null);

}
