package io.github.dbtls.trust;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSettings;
import io.github.dbtls.TrustSource;
import org.jspecify.annotations.Nullable;

/**
 * What an SSL bundle held at one moment, read whole and not judged yet.
 *
 * @param settings what takes part in the decision
 * @param trust the certificates of its trust store, or {@code null} if it has none
 * @param key its key, or {@code null} if it has none
 * @param ownManagers whether it has managers that were not made of its stores
 */
record BundleContents(TlsSettings.Bundle settings, @Nullable Contents trust, @Nullable BundleKey key,
		boolean ownManagers) {

	/**
	 * Check that a policy which was decided with this bundle still fits: what a bundle
	 * has, and what it lets be negotiated, is decided once.
	 * @param policy the policy
	 */
	void requireFit(TlsPolicy policy) {
		requireSame(this.settings.hasTrust(), policy.trust() instanceof TrustSource.Bundle, "a trust store");
		requireSame(this.settings.hasKey(), policy.clientKey() instanceof ClientKeySource.Bundle, "a private key");
		requireEnabled(this.settings.protocols(), policy.protocols());
		// None chosen is all that the JVM has.
		if (!this.settings.ciphers().isEmpty() && policy.ciphers().isEmpty()) {
			throw narrower(this.settings.ciphers());
		}
		requireEnabled(this.settings.ciphers(), policy.ciphers());
	}

	private void requireSame(boolean now, boolean before, String what) {
		if (now != before) {
			throw changed(now ? "has %s, and had none when the application started".formatted(what)
					: "has %s no longer".formatted(what));
		}
	}

	private void requireEnabled(List<String> enabled, List<String> used) {
		if (!enabled.isEmpty() && !enabled.containsAll(used)) {
			throw narrower(enabled);
		}
	}

	private DbTlsConfigurationException narrower(List<String> enabled) {
		return changed("enables %s only, and more when the application started".formatted(Texts.some(enabled)));
	}

	private DbTlsConfigurationException changed(String predicate) {
		return new DbTlsConfigurationException(this.settings.origin().property(),
				"%s, which %s.".formatted(this.settings.origin().sentence(), predicate),
				"Restart the application for it to come into force.");
	}

	/**
	 * Tell what the bundle's author may not expect.
	 * @param policy the policy that was decided with it
	 * @param warnings told so
	 */
	void warn(TlsPolicy policy, Consumer<String> warnings) {
		if (this.trust == null && policy.trust().usesSystemRoots()) {
			warnings.accept("%s, which has no trust store: the system's roots are trusted"
				.formatted(this.settings.origin().sentence()));
		}
		if (this.ownManagers) {
			warnings.accept(
					"%s, which has trust or key managers of its own making: dbtls takes its stores, and does not ask those"
						.formatted(this.settings.origin().sentence()));
		}
	}

	List<X509Certificate> authorities(Instant now, Consumer<String> warnings) {
		if (this.trust == null) {
			throw changed("has a trust store no longer");
		}
		return Authorities.select(this.trust, SslBundleReader.trustStore(this.settings.origin()), now, warnings);
	}

	ClientKey clientKey(ClientKeySource source, Instant now, Consumer<String> warnings) {
		if (this.key == null) {
			throw changed("has a private key no longer");
		}
		Problem problem = SslBundleReader.keyStore(this.settings.origin());
		new ClientKeyCheck(source, problem, problem, now, warnings).check(this.key.chain(), this.key.privateKey());
		return new ClientKey(source.toString(), this.key.chain(), this.key.privateKey(), now);
	}

	/**
	 * Return what tells this content from another.
	 * @return a digest of all of it
	 */
	String digest() {
		MessageDigest digest = MaterialSnapshot.sha256();
		digest.update(this.settings.toString().getBytes(StandardCharsets.UTF_8));
		if (this.trust != null) {
			update(digest, this.trust.certificates());
		}
		if (this.key != null) {
			update(digest, this.key.chain());
			// One in hardware has no encoding; a new one comes with a new certificate.
			byte[] encoded = this.key.privateKey().getEncoded();
			digest.update((encoded != null) ? encoded : new byte[0]);
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	private static void update(MessageDigest digest, List<X509Certificate> certificates) {
		try {
			for (X509Certificate certificate : certificates) {
				digest.update(certificate.getEncoded());
			}
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException("A certificate that was read cannot be encoded", ex);
		}
	}

	/**
	 * Leaves the private key out.
	 */
	@Override
	public String toString() {
		return "BundleContents of %s".formatted(this.settings.origin());
	}

}
