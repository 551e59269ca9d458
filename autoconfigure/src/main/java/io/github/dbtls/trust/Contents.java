package io.github.dbtls.trust;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a certificate file holds.
 *
 * @param certificates its certificates, in order
 * @param others what else was found, in words: {@code a private key}
 * @param takesPassword whether the format can have a password
 */
record Contents(List<X509Certificate> certificates, List<String> others, boolean takesPassword) {

	static Contents withoutPassword(List<X509Certificate> certificates, List<String> others) {
		return new Contents(certificates, others, false);
	}

}
