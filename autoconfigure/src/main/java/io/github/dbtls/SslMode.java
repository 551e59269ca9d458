package io.github.dbtls;

import java.util.Locale;

/**
 * How much of the server's identity is proven, weakest first. The names are those of
 * MySQL's own clients. There is no mode without encryption.
 *
 * @see <a href=
 * "https://dev.mysql.com/doc/connector-j/en/connector-j-connp-props-security.html">Connector/J:
 * sslMode</a>
 */
public enum SslMode {

	/**
	 * Encrypts, and verifies nothing: an attacker in the middle is not noticed. For
	 * servers with a self-generated certificate only.
	 */
	REQUIRED,

	/**
	 * Encrypts, and verifies that a trusted authority issued the server's certificate.
	 * Which server it was issued to is not compared.
	 */
	VERIFY_CA,

	/**
	 * As {@link #VERIFY_CA}, and the certificate must be issued to the host name that the
	 * application connects to.
	 */
	VERIFY_IDENTITY;

	/**
	 * Return whether the server's certificate is verified at all.
	 * @return {@code true} for all but {@link #REQUIRED}
	 */
	public boolean isVerifying() {
		return this != REQUIRED;
	}

	/**
	 * Return whether this mode proves less than the other one.
	 * @param other the mode to compare with
	 * @return whether this mode is weaker
	 */
	public boolean isWeakerThan(SslMode other) {
		return compareTo(other) < 0;
	}

	/**
	 * Return the mode as it is written in YAML, {@code verify-ca} for example.
	 * @return the spelling of the property's value
	 */
	public String propertyValue() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
