package io.github.dbtls.trust;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.BundleOrigin.Part;

import org.springframework.boot.ssl.SslBundle;

/**
 * Reads the client's certificate and key from the key store of an SSL bundle.
 *
 * @param bundle the bundle, which has alias and password
 * @param origin where it was declared
 * @param problem words what is wrong
 */
record BundleKeyReader(SslBundle bundle, BundleOrigin origin, Problem problem) {

	BundleKey read(KeyStore store) throws GeneralSecurityException {
		String alias = alias(store);
		return new BundleKey(chain(store, alias), privateKey(store, alias));
	}

	private String alias(KeyStore store) throws GeneralSecurityException {
		String wanted = this.bundle.getKey().getAlias();
		List<String> keys = new ArrayList<>();
		for (String alias : Collections.list(store.aliases())) {
			if (store.isKeyEntry(alias)) {
				keys.add(alias);
			}
		}
		if (keys.isEmpty()) {
			throw this.problem.which("has no private key",
					"Set '%s' to a store with the client's key, or remove it if the server asks for none."
						.formatted(this.origin.setting(Part.KEY_STORE)));
		}
		if (wanted == null && keys.size() > 1) {
			throw this.problem.which("has %d private keys: %s".formatted(keys.size(), Texts.some(keys)),
					"Set '%s' to the one that is meant.".formatted(this.origin.setting(Part.KEY_ALIAS)));
		}
		// Some kinds of store ignore case.
		if (wanted != null && !(store.containsAlias(wanted) && store.isKeyEntry(wanted))) {
			throw this.problem.which("has no private key '%s'".formatted(Texts.oneLine(wanted, 100)),
					"Set '%s' to one of: %s.".formatted(this.origin.setting(Part.KEY_ALIAS), Texts.some(keys)));
		}
		return (wanted != null) ? wanted : keys.get(0);
	}

	private PrivateKey privateKey(KeyStore store, String alias) throws GeneralSecurityException {
		// As Boot itself chooses between the two.
		String password = (this.bundle.getKey().getPassword() != null) ? this.bundle.getKey().getPassword()
				: this.bundle.getStores().getKeyStorePassword();
		try {
			if (store.getKey(alias, (password != null) ? password.toCharArray() : null) instanceof PrivateKey key) {
				return key;
			}
		}
		catch (GeneralSecurityException ex) {
			throw this.problem.which("has a private key '%s' that its password does not open".formatted(alias),
					"Correct '%s', or without it the password of '%s'."
						.formatted(this.origin.setting(Part.KEY_PASSWORD), this.origin.setting(Part.KEY_STORE)),
					ex);
		}
		throw this.problem.which("has a secret key '%s' where a private key should be".formatted(alias),
				"Set '%s' to that of the client's certificate.".formatted(this.origin.setting(Part.KEY_ALIAS)));
	}

	private List<X509Certificate> chain(KeyStore store, String alias) throws GeneralSecurityException {
		List<X509Certificate> chain = new ArrayList<>();
		Certificate[] certificates = store.getCertificateChain(alias);
		for (Certificate certificate : (certificates != null) ? certificates : new Certificate[0]) {
			if (certificate instanceof X509Certificate x509) {
				chain.add(x509);
			}
		}
		if (chain.isEmpty()) {
			throw this.problem.which("has no certificate for its private key '%s'".formatted(alias),
					"Give it the client's certificate, and those of the authorities above it.");
		}
		if (chain.size() > Limits.CLIENT.certificates()) {
			throw BoundedInput.tooMany(this.problem, Limits.CLIENT);
		}
		return chain;
	}

}
