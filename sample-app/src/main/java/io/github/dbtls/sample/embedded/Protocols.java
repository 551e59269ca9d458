package io.github.dbtls.sample.embedded;

import java.util.List;

/**
 * What TLS the server offers.
 */
public enum Protocols {

	/** What a server should offer today. */
	TLS_1_2_AND_1_3("TLSv1.2", "TLSv1.3"),

	/** Old, but not broken. */
	TLS_1_2("TLSv1.2"),

	/** Broken. */
	TLS_1_1("TLSv1.1"),

	/** All in plain text. */
	NONE;

	private final List<String> names;

	Protocols(String... names) {
		this.names = List.of(names);
	}

	/**
	 * Return the versions as they are spelt in settings.
	 * @return the names
	 */
	public List<String> names() {
		return this.names;
	}

	List<String> arguments() {
		return this.names.isEmpty() ? List.of("--skip-ssl", "--require-secure-transport=OFF")
				: List.of("--require-secure-transport=ON", "--tls-version=" + String.join(",", this.names));
	}

}
