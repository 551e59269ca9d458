package io.github.dbtls.benchmarks;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

import io.github.dbtls.testkit.Secrets;

/**
 * Makes keys for certificates.
 */
final class Keys {

	private Keys() {
	}

	/**
	 * Make a key pair.
	 * @param key its kind, {@link Server#RSA} or {@link Server#EC}
	 * @return a new key pair
	 */
	static KeyPair make(String key) {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance(key.equals(Server.EC) ? "EC" : "RSA");
			if (key.equals(Server.EC)) {
				generator.initialize(new ECGenParameterSpec("secp384r1"));
			}
			else {
				generator.initialize(2048);
			}
			KeyPair keyPair = generator.generateKeyPair();
			Secrets.key(keyPair.getPrivate());
			return keyPair;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to make a key", ex);
		}
	}

}
