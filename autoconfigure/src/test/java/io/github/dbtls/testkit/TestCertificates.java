package io.github.dbtls.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;

/**
 * Where the certificates of the tests come from: made when they are needed, honest or
 * hostile, and never checked in.
 */
public final class TestCertificates {

	/**
	 * The password of every store that the test kit writes.
	 */
	public static final String PASSWORD = "store-Pa55word";

	private TestCertificates() {
	}

	/**
	 * Make a root authority.
	 * @param subject its name, such as {@code CN=Test CA}
	 * @return the authority
	 */
	public static Authority authority(String subject) {
		return selfSigned(subject).authority();
	}

	/**
	 * Make a root authority with a key of a certain type, which decides what it can sign
	 * with.
	 * @param subject its name, such as {@code CN=Test CA}
	 * @param keyType the type of its key
	 * @return the authority
	 */
	public static Authority authority(String subject, KeyType keyType) {
		return selfSigned(subject).key(keyType).authority();
	}

	/**
	 * Start to build a certificate that is signed with its own key: a root authority, or
	 * a server without any.
	 * @param subject its name, such as {@code CN=localhost}
	 * @return a builder
	 */
	public static CertificateBuilder selfSigned(String subject) {
		return new CertificateBuilder(subject, null);
	}

	/**
	 * Return a trust store of these certificates.
	 * @param certificates the certificates
	 * @return a PKCS#12 key store
	 */
	public static KeyStore trustStore(X509Certificate... certificates) {
		try {
			KeyStore keyStore = KeyStore.getInstance("PKCS12");
			keyStore.load(null, null);
			for (int i = 0; i < certificates.length; i++) {
				keyStore.setCertificateEntry("ca-" + i, certificates[i]);
			}
			return keyStore;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to make a trust store", ex);
		}
	}

	/**
	 * Return the SSL context of a client that trusts these authorities.
	 * @param trusted their certificates
	 * @return a new SSL context, with no session in its cache
	 */
	public static SSLContext clientContext(X509Certificate... trusted) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, Identity.trustManagers(trusted), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to make an SSL context", ex);
		}
	}

	/**
	 * Write a store with the password {@link #PASSWORD}.
	 * @param store the store
	 * @param file where to write it; its directory is made if it is missing
	 * @return the file
	 */
	public static Path write(KeyStore store, Path file) {
		try {
			Files.createDirectories(file.toAbsolutePath().getParent());
			try (OutputStream output = Files.newOutputStream(file)) {
				store.store(output, PASSWORD.toCharArray());
			}
			return file;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to write " + file, ex);
		}
	}

}
