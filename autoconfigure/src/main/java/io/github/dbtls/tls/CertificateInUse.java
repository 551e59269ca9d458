package io.github.dbtls.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import io.github.dbtls.CertificateRole;

/**
 * A certificate that a pool's connections depend on.
 *
 * @param role what it is to them
 * @param certificate the certificate
 * @param hosts the servers that it is used with, as {@code host:port}; empty for the
 * client's
 */
public record CertificateInUse(CertificateRole role, X509Certificate certificate, List<String> hosts) {

	public CertificateInUse {
		hosts = List.copyOf(hosts);
	}

	/**
	 * Return until when it is valid.
	 * @return the time
	 */
	public Instant notAfter() {
		return this.certificate.getNotAfter().toInstant();
	}

}
