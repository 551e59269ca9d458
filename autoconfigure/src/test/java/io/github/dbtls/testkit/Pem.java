package io.github.dbtls.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.crypto.util.PBKDF2Config;
import org.bouncycastle.crypto.util.PBKDFConfig;
import org.bouncycastle.crypto.util.ScryptConfig;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

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
	 * Return a private key in the older form of its algorithm: PKCS#1 for RSA, SEC1 for
	 * EC.
	 * @param key the key
	 * @return the text
	 */
	public static String traditional(PrivateKey key) {
		try {
			PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
			if (key.getAlgorithm().equals("RSA")) {
				return block("RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded());
			}
			ECPrivateKey ec = ECPrivateKey.getInstance(info.parsePrivateKey());
			int bits = ((java.security.interfaces.ECPrivateKey) key).getParams().getOrder().bitLength();
			return block("EC PRIVATE KEY",
					new ECPrivateKey(bits, ec.getKey(), info.getPrivateKeyAlgorithm().getParameters()).getEncoded());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return a private key as PKCS#8 that a password opens, as OpenSSL writes it.
	 * @param key the key
	 * @param password the password
	 * @return the text
	 */
	public static String encrypted(PrivateKey key, String password) {
		return encrypted(key, password, new PBKDF2Config.Builder().withPRF(PBKDF2Config.PRF_SHA256).build());
	}

	/**
	 * Return a private key as PKCS#8 whose password goes through scrypt, which JDKs do
	 * not know.
	 * @param key the key
	 * @param password the password
	 * @return the text
	 */
	public static String encryptedWithScrypt(PrivateKey key, String password) {
		return encrypted(key, password, new ScryptConfig.Builder(1024, 8, 1).build());
	}

	private static String encrypted(PrivateKey key, String password, PBKDFConfig config) {
		try {
			OutputEncryptor encryptor = new JcePKCSPBEOutputEncryptorBuilder(config,
					NISTObjectIdentifiers.id_aes256_CBC)
				.setProvider(new BouncyCastleProvider())
				.build(password.toCharArray());
			return block("ENCRYPTED PRIVATE KEY",
					new JcaPKCS8EncryptedPrivateKeyInfoBuilder(key).build(encryptor).getEncoded());
		}
		catch (IOException | OperatorCreationException ex) {
			throw new IllegalStateException(ex);
		}
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
