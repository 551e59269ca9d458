package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslStoreBundle;

/**
 * The stores of a bundle that dbtls publishes: trust and nothing else. The client's
 * private key is handed to nobody.
 */
final class PublishedStores implements SslStoreBundle {

	private final KeyStore trustStore;

	PublishedStores(List<X509Certificate> certificates) {
		try {
			this.trustStore = KeyStore.getInstance("PKCS12");
			this.trustStore.load(null, null);
			for (int i = 0; i < certificates.size(); i++) {
				this.trustStore.setCertificateEntry("ca-" + (i + 1), certificates.get(i));
			}
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException("Every JVM has PKCS12 in memory", ex);
		}
	}

	@Override
	public @Nullable KeyStore getKeyStore() {
		return null;
	}

	@Override
	public @Nullable String getKeyStorePassword() {
		return null;
	}

	@Override
	public KeyStore getTrustStore() {
		return this.trustStore;
	}

}
