package io.github.dbtls.trust;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * The authorities that the JVM trusts by default, {@code javax.net.ssl.trustStore*}
 * included. They are taken as they are: whoever runs the JVM has chosen them.
 */
final class SystemRootCertificates {

	private static final String TRUST_STORE = "javax.net.ssl.trustStore";

	private SystemRootCertificates() {
	}

	static List<X509Certificate> load() {
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
			// The JDK takes a missing javax.net.ssl.trustStore for an empty one.
			throw problem("holds no certificate, or does not exist", null);
		}
		return roots;
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
