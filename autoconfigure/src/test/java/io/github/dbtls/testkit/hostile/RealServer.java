package io.github.dbtls.testkit.hostile;

import java.util.Map;

/**
 * Real servers that show the certificates of the hostile cases, as far as they load them.
 */
public enum RealServer {

	/** OpenSSL. */
	MYSQL("MySQL 9.7", Map.of()),

	/** The TLS of Go. */
	TIDB("TiDB 8.5", Map.of());

	private final String text;

	private final Map<String, String> notLoaded;

	RealServer(String text, Map<String, String> notLoaded) {
		this.text = text;
		this.notLoaded = notLoaded;
	}

	/**
	 * Return its name and version, as the documentation has it.
	 * @return the text
	 */
	public String text() {
		return this.text;
	}

	/**
	 * Return the certificates that this server refuses to show.
	 * @return what it says of each, by the name of the case
	 */
	public Map<String, String> notLoaded() {
		return this.notLoaded;
	}

	/**
	 * Return whether a case is tried on this server.
	 * @param hostile the case
	 * @return whether it is about a certificate, which this server loads
	 */
	public boolean shows(HostileCase hostile) {
		return hostile.identity() != null && !this.notLoaded.containsKey(hostile.name());
	}

}
