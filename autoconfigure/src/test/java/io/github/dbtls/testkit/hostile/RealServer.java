package io.github.dbtls.testkit.hostile;

import java.util.Map;

/**
 * Real servers that show the certificates of the hostile cases, as far as they can.
 */
public enum RealServer {

	/**
	 * OpenSSL, which loads no key under 2048 bits, and does not use a signature that the
	 * client does not offer.
	 */
	MYSQL("MySQL 9.7",
			Map.of("someone else's certificate, without its key", "Unable to get private key", "RSA-1024 leaf",
					"Unable to get certificate", "RSA-1024 intermediate", "Unable to get certificate",
					"RSASSA-PSS with SHA-1", "handshake_failure", "MD5 leaf", "handshake_failure")),

	/**
	 * The TLS of Go, which loads all that the key belongs to.
	 */
	TIDB("TiDB 8.5",
			Map.of("someone else's certificate, without its key", "tls: private key does not match public key"));

	private final String text;

	private final Map<String, String> notShown;

	RealServer(String text, Map<String, String> notShown) {
		this.text = text;
		this.notShown = notShown;
	}

	/**
	 * Return its name and version, as the documentation has it.
	 * @return the text
	 */
	public String text() {
		return this.text;
	}

	/**
	 * Return the certificates that this server does not show.
	 * @return what it says of each, by the name of the case
	 */
	public Map<String, String> notShown() {
		return this.notShown;
	}

	/**
	 * Return whether a case is tried on this server.
	 * @param hostile the case
	 * @return whether it is about a certificate, and this server shows that
	 */
	public boolean shows(HostileCase hostile) {
		return hostile.identity() != null && !this.notShown.containsKey(hostile.name());
	}

}
