package io.github.dbtls;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Published as an application event, once a day, for a certificate that connections
 * depend on and that expires soon, or did.
 *
 * @param dataSource the name of the DataSource
 * @param time when it was noticed
 * @param certificate what the certificate is to the connections
 * @param subject whose it is
 * @param hosts the servers that it is used with, as {@code host:port}; empty for the
 * client's
 * @param notAfter until when it is valid
 */
public record CertificateExpiryEvent(String dataSource, Instant time, CertificateRole certificate, String subject,
		List<String> hosts, Instant notAfter) {

	public CertificateExpiryEvent {
		hosts = List.copyOf(hosts);
	}

	/**
	 * Return how long it was still valid.
	 * @return the time, negative if it had expired
	 */
	public Duration remaining() {
		return Duration.between(this.time, this.notAfter);
	}

}
