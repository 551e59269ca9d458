package io.github.dbtls;

import org.jspecify.annotations.Nullable;

/**
 * Where the certificate and the private key come from that a pool identifies itself with.
 *
 * @param certificateProperty the property that names the certificate
 * @param certificate its location: plain path, {@code file:} or {@code classpath:}
 * @param privateKeyProperty the property that names the private key
 * @param privateKey its location, which may be that of the certificate
 * @param passwordProperty the property that the key's password belongs in
 * @param password the key's password, or {@code null} if it has none
 */
public record ClientKeySource(String certificateProperty, String certificate, String privateKeyProperty,
		String privateKey, String passwordProperty, @Nullable String password) {

	/**
	 * Leaves the password out.
	 */
	@Override
	public String toString() {
		return this.certificate.equals(this.privateKey) ? this.certificate
				: "%s with %s".formatted(this.certificate, this.privateKey);
	}

}
