package io.github.dbtls.trust;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What a client proves its identity with, as it was at one moment: the key belongs to the
 * first certificate, and each certificate was issued by the next.
 *
 * @param source where they came from, for people to read
 * @param chain the client's certificate, then those of the authorities above it
 * @param privateKey the key of the first certificate
 * @param loadedAt when they were read
 */
public record ClientKey(String source, List<X509Certificate> chain, PrivateKey privateKey, Instant loadedAt) {

	public ClientKey {
		chain = List.copyOf(chain);
	}

	/**
	 * Return the client's own certificate.
	 * @return the first of the chain
	 */
	public X509Certificate certificate() {
		return this.chain.get(0);
	}

	/**
	 * Leaves the private key out.
	 */
	@Override
	public String toString() {
		return "ClientKey[source=%s, certificate=%s, loadedAt=%s]".formatted(this.source, Texts.subject(certificate()),
				this.loadedAt);
	}

}
