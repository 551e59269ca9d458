package io.github.dbtls.actuate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.dbtls.diagnosis.CertificateText;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.TrustMaterial;

/**
 * What health and the endpoint both say. Names and order are a contract of both.
 */
final class Details {

	private Details() {
	}

	/**
	 * Describe the trust in force.
	 * @param tls the pool's TLS
	 * @param material the trust
	 * @return the details, to be added to
	 */
	static Map<String, Object> trust(PoolTls tls, TrustMaterial material) {
		Map<String, Object> trust = new LinkedHashMap<>();
		trust.put("source", material.source());
		trust.put("certificates", material.certificates().size());
		trust.put("generation", tls.generation());
		trust.put("loadedAt", material.loadedAt().toString());
		PoolTls.ReloadFault fault = tls.reloadFault();
		if (fault != null) {
			trust.put("lastError", fault.message());
			trust.put("lastErrorAt", fault.since().toString());
		}
		return trust;
	}

	/**
	 * Describe whom a certificate names.
	 * @param certificate the certificate
	 * @return the details, to be added to
	 */
	static Map<String, Object> certificate(X509Certificate certificate) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("subject", CertificateText.name(certificate.getSubjectX500Principal()));
		details.put("issuer", CertificateText.name(certificate.getIssuerX500Principal()));
		details.put("subjectAlternativeNames", CertificateText.subjectAlternativeNames(certificate));
		details.put("serialNumber", certificate.getSerialNumber().toString(16));
		return details;
	}

	/**
	 * Add how long a certificate is valid from now on.
	 * @param details what to add to
	 * @param certificate the certificate
	 */
	static void validity(Map<String, Object> details, X509Certificate certificate) {
		Instant notAfter = certificate.getNotAfter().toInstant();
		details.put("notAfter", notAfter.toString());
		details.put("expiresIn", Duration.between(Instant.now().truncatedTo(ChronoUnit.SECONDS), notAfter).toString());
	}

}
