package io.github.dbtls.autoconfigure;

/**
 * The way out for a DataSource that cannot be secured.
 */
final class Exemption {

	private Exemption() {
	}

	static String advice(String remedy, String name) {
		return "%s. If this DataSource shall stay without dbtls, exempt it with 'dbtls.data-sources.%s.enabled: false': its connections are then what their own settings make of them."
			.formatted(remedy, name);
	}

}
