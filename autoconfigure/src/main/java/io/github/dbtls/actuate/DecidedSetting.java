package io.github.dbtls.actuate;

import org.jspecify.annotations.Nullable;

/**
 * One part of a pool's policy, and who decided it. It holds no secret: of a password, not
 * even that there is one.
 *
 * @param name the name that the endpoint uses
 * @param value a string, a boolean, or a list of strings
 * @param origin who decided
 * @param property the property that stands behind it, as its author may write it, or
 * {@code null} if there is none
 * @param location where that property was set, or {@code null} if that is not known
 */
public record DecidedSetting(String name, Object value, Origin origin, @Nullable String property,
		@Nullable String location) {

	/**
	 * Create a setting that no property made.
	 * @param name the name that the endpoint uses
	 * @param value its value
	 * @param origin who decided
	 */
	public DecidedSetting(String name, Object value, Origin origin) {
		this(name, value, origin, null, null);
	}

	/**
	 * Who decided.
	 */
	public enum Origin {

		/** The preset of the provider. */
		PRESET("preset"),

		/** Nobody: it is what dbtls does. */
		DEFAULT("default"),

		/** A property. */
		PROPERTY("property"),

		/** An SSL bundle, one of a service connection included. */
		SSL_BUNDLE("ssl-bundle"),

		/** The pool's JDBC URL, which asked for more. */
		JDBC_URL("jdbc-url"),

		/** The pool's data source properties, which asked for more. */
		DATA_SOURCE_PROPERTIES("data-source-properties");

		private final String text;

		Origin(String text) {
			this.text = text;
		}

		/**
		 * Return what the endpoint calls it.
		 * @return a word in lower case
		 */
		@Override
		public String toString() {
			return this.text;
		}

	}

}
