package io.github.dbtls.trust;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a certificate file holds.
 *
 * @param certificates its certificates, in order
 * @param others what else was found, in words: {@code a private key}
 * @param takesPassword whether the format can have a password
 */
record Contents(List<X509Certificate> certificates, List<String> others, boolean takesPassword) {

	static Contents of(KeyStore store, Problem problem, Limits limits) throws KeyStoreException {
		if (store.size() > limits.certificates()) {
			throw BoundedInput.tooMany(problem, limits);
		}
		List<X509Certificate> certificates = new ArrayList<>();
		List<String> others = new ArrayList<>();
		for (String alias : Collections.list(store.aliases())) {
			if (!store.isCertificateEntry(alias)) {
				others.add("a private key");
			}
			else if (store.getCertificate(alias) instanceof X509Certificate certificate) {
				certificates.add(certificate);
			}
			else {
				others.add("a certificate that is not X.509");
			}
		}
		return new Contents(certificates, others, true);
	}

	static Contents withoutPassword(List<X509Certificate> certificates, List<String> others) {
		return new Contents(certificates, others, false);
	}

}
