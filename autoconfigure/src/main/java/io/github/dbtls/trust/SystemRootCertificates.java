package io.github.dbtls.trust;

import java.io.File;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The authorities that the JVM trusts by default, {@code javax.net.ssl.trustStore*}
 * included. They are taken as they are: whoever runs the JVM has chosen them.
 */
final class SystemRootCertificates {

	private static final String TRUST_STORE = "javax.net.ssl.trustStore";

	private SystemRootCertificates() {
	}

	static List<X509Certificate> load() {
		checkTrustStore();
		List<X509Certificate> roots;
		try {
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init((KeyStore) null);
			roots = acceptedIssuers(factory.getTrustManagers());
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			throw problem("cannot be read: " + Texts.reason(ex), ex);
		}
		if (roots.isEmpty()) {
			throw problem("holds no certificate", null);
		}
		return roots;
	}

	/**
	 * Refuse a trust store that the JDK would silently replace with its own: whoever
	 * named one may have meant to trust fewer authorities.
	 */
	private static void checkTrustStore() {
		String trustStore = System.getProperty(TRUST_STORE);
		if (StringUtils.hasLength(trustStore) && !trustStore.equals("NONE") && !new File(trustStore).canRead()) {
			throw problem("cannot be read, so that the JVM would trust its own roots instead", null);
		}
	}

	private static List<X509Certificate> acceptedIssuers(TrustManager[] managers) {
		for (TrustManager manager : managers) {
			if (manager instanceof X509TrustManager x509) {
				return List.of(x509.getAcceptedIssuers());
			}
		}
		return List.of();
	}

	private static DbTlsConfigurationException problem(String predicate, @Nullable Throwable cause) {
		String trustStore = System.getProperty(TRUST_STORE);
		if (trustStore == null) {
			return new DbTlsConfigurationException(null, "The JVM's own trust store " + predicate + ".",
					"Repair 'lib/security/cacerts' of the Java installation (in container images it comes with the "
							+ "package ca-certificates), or name a certificate file with 'dbtls.ca-path'.",
					cause);
		}
		return new DbTlsConfigurationException(TRUST_STORE,
				"'%s' names '%s', which %s.".formatted(TRUST_STORE, Texts.oneLine(trustStore, 300), predicate),
				"Correct the system property and those beside it (javax.net.ssl.trustStorePassword, "
						+ "javax.net.ssl.trustStoreType), or name a certificate file with 'dbtls.ca-path'.",
				cause);
	}

}
