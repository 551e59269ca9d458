package io.github.dbtls;

import org.jspecify.annotations.Nullable;

/**
 * Where the certificate authorities come from that a server's certificate is verified
 * against.
 */
public sealed interface TrustSource {

	/**
	 * Return whether hosts with a certificate of a public authority are trusted by the
	 * JVM's own roots.
	 * @return whether the system's roots are among the anchors
	 */
	boolean usesSystemRoots();

	/**
	 * Return the same source with the system's roots beside it.
	 * @return a trust source that trusts both
	 */
	default TrustSource withSystemRoots() {
		return this;
	}

	/**
	 * Return the SSL bundle that it is.
	 * @return where the bundle was declared, or {@code null} if it is none
	 */
	default @Nullable BundleOrigin sslBundle() {
		return null;
	}

	/**
	 * Return the property that the authorities stand in.
	 * @return the property, or {@code null} if the user named none
	 */
	default @Nullable String trustProperty() {
		return null;
	}

	/**
	 * Nothing is verified, so nothing is trusted: {@link SslMode#REQUIRED}.
	 */
	record None() implements TrustSource {

		@Override
		public boolean usesSystemRoots() {
			return false;
		}

		@Override
		public String toString() {
			return "none";
		}

	}

	/**
	 * What the JVM's default trust manager trusts, {@code javax.net.ssl.trustStore}
	 * included.
	 */
	record SystemRoots() implements TrustSource {

		@Override
		public boolean usesSystemRoots() {
			return true;
		}

		@Override
		public String toString() {
			return "system roots";
		}

	}

	/**
	 * A certificate file.
	 *
	 * @param property the property that names the file, or a description of the provider
	 * that does: what an error message calls it
	 * @param location plain path, {@code file:} or {@code classpath:}
	 * @param password password of a JKS or PKCS#12 key store, or {@code null}
	 * @param passwordProperty the property that the password stands in, or {@code null}
	 * if it is the provider's default (which need not fit the file)
	 * @param usesSystemRoots whether the system's roots are trusted as well
	 */
	record CaFile(String property, String location, @Nullable String password, @Nullable String passwordProperty,
			boolean usesSystemRoots) implements TrustSource {

		@Override
		public @Nullable String trustProperty() {
			// Of a provider's own file it is a description.
			return this.property.endsWith(".ca-path") ? this.property : null;
		}

		@Override
		public CaFile withSystemRoots() {
			return new CaFile(this.property, this.location, this.password, this.passwordProperty, true);
		}

		@Override
		public String toString() {
			return this.usesSystemRoots ? this.location + " and system roots" : this.location;
		}

	}

	/**
	 * The trust store of an SSL bundle.
	 *
	 * @param origin where it was declared
	 * @param usesSystemRoots whether the system's roots are trusted as well
	 */
	record Bundle(BundleOrigin origin, boolean usesSystemRoots) implements TrustSource {

		@Override
		public String trustProperty() {
			return this.origin.setting(BundleOrigin.Part.TRUST_STORE);
		}

		@Override
		public BundleOrigin sslBundle() {
			return this.origin;
		}

		@Override
		public Bundle withSystemRoots() {
			return new Bundle(this.origin, true);
		}

		@Override
		public String toString() {
			return this.usesSystemRoots ? this.origin + " and system roots" : this.origin.toString();
		}

	}

}
