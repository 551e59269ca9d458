package io.github.dbtls.testkit;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Kinds of key that certificates of the tests are made with.
 */
public enum KeyType {

	/**
	 * The default: a key takes less than a millisecond.
	 */
	EC_P256("EC", "secp256r1", 0),

	/**
	 * A stronger curve.
	 */
	EC_P384("EC", "secp384r1", 0),

	/**
	 * Too short for anybody today.
	 */
	RSA_1024("RSA", null, 1024),

	/**
	 * What most servers have.
	 */
	RSA_2048("RSA", null, 2048),

	/**
	 * What the public authorities have.
	 */
	RSA_4096("RSA", null, 4096);

	private static final Map<KeyType, KeyPair> shared = new ConcurrentHashMap<>();

	private final String algorithm;

	private final String curve;

	private final int bits;

	KeyType(String algorithm, String curve, int bits) {
		this.algorithm = algorithm;
		this.curve = curve;
		this.bits = bits;
	}

	/**
	 * Make a key pair that nobody else has.
	 * @return a new key pair
	 */
	KeyPair fresh() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance(this.algorithm);
			if (this.curve != null) {
				generator.initialize(new ECGenParameterSpec(this.curve));
			}
			else {
				generator.initialize(this.bits);
			}
			KeyPair keys = generator.generateKeyPair();
			Secrets.key(keys.getPrivate());
			return keys;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to make a key of type " + this, ex);
		}
	}

	/**
	 * Return a key pair for a certificate whose key need not differ from other ones: RSA
	 * keys are slow to make, so they are made once.
	 * @return a key pair
	 */
	KeyPair shared() {
		return (this.curve != null) ? fresh() : shared.computeIfAbsent(this, KeyType::fresh);
	}

	/**
	 * Return the usual algorithm to sign with a key of this type.
	 * @param keyAlgorithm the algorithm of the issuer's key
	 * @return the JCA name
	 */
	static String signatureAlgorithm(String keyAlgorithm) {
		return keyAlgorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
	}

}
