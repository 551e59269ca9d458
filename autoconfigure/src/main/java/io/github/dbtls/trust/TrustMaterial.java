package io.github.dbtls.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The authorities that a server's certificate may lead to, as they were at one moment.
 * <p>
 * Those read from a file are all authorities in the sense of
 * <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9">RFC 5280, 4.2.1.9</a>
 * and 4.2.1.3. Expired ones and ones that are not valid yet may be among them, so that a
 * root that begins tomorrow needs no reload: whether an anchor is valid is decided at
 * each handshake.
 *
 * @param source where they came from, for people to read
 * @param certificates the authorities in the order of the source, none of them twice
 * @param ofFile those of them that a certificate file holds; the others came from
 * elsewhere, the roots of the JVM for example
 * @param loadedAt when they were read
 */
public record TrustMaterial(String source, List<X509Certificate> certificates, List<X509Certificate> ofFile,
		Instant loadedAt) {

	public TrustMaterial {
		certificates = List.copyOf(new LinkedHashSet<>(certificates));
		ofFile = List.copyOf(new LinkedHashSet<>(ofFile));
	}

	/**
	 * Create material of which nothing came from a certificate file.
	 * @param source where it came from, for people to read
	 * @param certificates the authorities
	 * @param loadedAt when they were read
	 */
	public TrustMaterial(String source, List<X509Certificate> certificates, Instant loadedAt) {
		this(source, certificates, List.of(), loadedAt);
	}

	@Override
	public String toString() {
		return "TrustMaterial[source=%s, certificates=%d, loadedAt=%s]".formatted(this.source, this.certificates.size(),
				this.loadedAt);
	}

}
