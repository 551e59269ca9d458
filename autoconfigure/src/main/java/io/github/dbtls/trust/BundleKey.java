package io.github.dbtls.trust;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The key of an SSL bundle, not judged yet.
 *
 * @param chain its certificates
 * @param privateKey the key
 */
record BundleKey(List<X509Certificate> chain, PrivateKey privateKey) {

	/**
	 * Leaves the private key out.
	 */
	@Override
	public String toString() {
		return "BundleKey[chain=%s]".formatted(Texts.subjects(this.chain));
	}

}
