package io.github.dbtls.sample.pki;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * How a cloud hands out what its clients have to trust.
 */
public enum TrustFormat {

	/** One file of PEM. */
	PEM("ca.pem") {

		@Override
		public byte[] write(List<X509Certificate> authorities) {
			return Pem.of(authorities).getBytes(StandardCharsets.US_ASCII);
		}

	},

	/** All regions in one file of PEM, as Amazon RDS. */
	BUNDLE("global-bundle.pem") {

		@Override
		public byte[] write(List<X509Certificate> authorities) throws GeneralSecurityException {
			return PEM.write(OtherRegions.around(authorities));
		}

	},

	/** The zip that TencentDB's console gives. */
	ZIP("TencentDB-CA-Chain.zip") {

		@Override
		public byte[] write(List<X509Certificate> authorities) throws GeneralSecurityException {
			Map<String, byte[]> entries = new LinkedHashMap<>();
			entries.put("TencentDB-CA-Chain.jks", JKS.write(authorities));
			entries.put("TencentDB-CA-Chain.p7b",
					CertificateFactory.getInstance("X.509").generateCertPath(authorities).getEncoded("PKCS7"));
			entries.put("TencentDB-CA-Chain.pem", PEM.write(authorities));
			return zip(entries);
		}

	},

	/** The key store out of that zip. */
	JKS("TencentDB-CA-Chain.jks") {

		@Override
		public byte[] write(List<X509Certificate> authorities) throws GeneralSecurityException {
			// The password is what TencentDB's documentation says.
			return store("JKS", authorities, "tencentdb");
		}

	};

	private final String file;

	TrustFormat(String file) {
		this.file = file;
	}

	/**
	 * Return the name that the cloud gives to the file.
	 * @return the name
	 */
	public String file() {
		return this.file;
	}

	/**
	 * Write authorities in this format.
	 * @param authorities what is to be trusted
	 * @return the content of the file
	 * @throws GeneralSecurityException if the JVM lacks the format
	 */
	public abstract byte[] write(List<X509Certificate> authorities) throws GeneralSecurityException;

	private static byte[] zip(Map<String, byte[]> entries) {
		ByteArrayOutputStream result = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(result)) {
			for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
				zip.putNextEntry(new ZipEntry(entry.getKey()));
				zip.write(entry.getValue());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return result.toByteArray();
	}

	/**
	 * Write a key store of trusted certificates.
	 * @param type type of the key store
	 * @param authorities what is to be trusted
	 * @param password password of the key store
	 * @return the content of the file
	 * @throws GeneralSecurityException if the JVM lacks the type
	 */
	public static byte[] store(String type, List<X509Certificate> authorities, String password)
			throws GeneralSecurityException {
		ByteArrayOutputStream result = new ByteArrayOutputStream();
		try {
			KeyStore store = KeyStore.getInstance(type);
			store.load(null, null);
			for (int i = 0; i < authorities.size(); i++) {
				store.setCertificateEntry("ca-" + i, authorities.get(i));
			}
			store.store(result, password.toCharArray());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return result.toByteArray();
	}

}
