package io.github.dbtls.testkit;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/**
 * Writes certificates and keys as PEM.
 */
public final class Pem {

	private Pem() {
	}

	/**
	 * Return certificates as one PEM text.
	 * @param certificates the certificates, in the order to write them
	 * @return the text
	 */
	public static String of(X509Certificate... certificates) {
		return of(List.of(certificates));
	}

	/**
	 * Return certificates as one PEM text.
	 * @param certificates the certificates, in the order to write them
	 * @return the text
	 */
	public static String of(Collection<X509Certificate> certificates) {
		StringBuilder pem = new StringBuilder();
		for (X509Certificate certificate : certificates) {
			try {
				pem.append(block("CERTIFICATE", certificate.getEncoded()));
			}
			catch (CertificateEncodingException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return pem.toString();
	}

	/**
	 * Return a private key as an unencrypted PKCS#8 PEM text.
	 * @param key the key
	 * @return the text
	 */
	public static String of(PrivateKey key) {
		return block("PRIVATE KEY", key.getEncoded());
	}

	/**
	 * Return one PEM block of any type.
	 * @param type the text between the dashes, such as {@code CERTIFICATE}
	 * @param content the bytes inside
	 * @return the text
	 */
	public static String block(String type, byte[] content) {
		String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
		return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
	}

}
