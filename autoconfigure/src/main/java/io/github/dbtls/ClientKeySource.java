package io.github.dbtls;

import org.jspecify.annotations.Nullable;

/**
 * Where the certificate and the private key come from that a pool identifies itself with.
 */
public sealed interface ClientKeySource {

	/**
	 * Return the property that names the certificate.
	 * @return the property
	 */
	String certificateProperty();

	/**
	 * Return where the certificate comes from, for people to read.
	 * @return a location or where an SSL bundle was declared
	 */
	String certificate();

	/**
	 * Return the SSL bundle that it is.
	 * @return where the bundle was declared, or {@code null} if it is none
	 */
	default @Nullable BundleOrigin sslBundle() {
		return null;
	}

	/**
	 * PEM files.
	 *
	 * @param certificateProperty the property that names the certificate
	 * @param certificate its location: plain path, {@code file:} or {@code classpath:}
	 * @param privateKeyProperty the property that names the private key
	 * @param privateKey its location, which may be that of the certificate
	 * @param passwordProperty the property that the key's password belongs in
	 * @param password the key's password, or {@code null} if it has none
	 */
	record Files(String certificateProperty, String certificate, String privateKeyProperty, String privateKey,
			String passwordProperty, @Nullable String password) implements ClientKeySource {

		/**
		 * Leaves the password out.
		 */
		@Override
		public String toString() {
			return this.certificate.equals(this.privateKey) ? this.certificate
					: "%s with %s".formatted(this.certificate, this.privateKey);
		}

	}

	/**
	 * The key store of an SSL bundle.
	 *
	 * @param origin where it was declared
	 */
	record Bundle(BundleOrigin origin) implements ClientKeySource {

		@Override
		public String certificateProperty() {
			return this.origin.property();
		}

		@Override
		public String certificate() {
			return toString();
		}

		@Override
		public BundleOrigin sslBundle() {
			return this.origin;
		}

		@Override
		public String toString() {
			return this.origin.toString();
		}

	}

}
