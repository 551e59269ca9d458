package io.github.dbtls;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.dbtls.BundleOrigin.Part;
import io.github.dbtls.TlsSettings.Bundle;
import io.github.dbtls.TlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * What an SSL bundle may be combined with. It takes the place of the files, and its
 * options may only narrow what would be negotiated without it.
 */
final class BundleRules {

	private final Bundle bundle;

	private BundleRules(Bundle bundle) {
		this.bundle = bundle;
	}

	static @Nullable BundleRules of(TlsSettings settings) {
		if (settings.sslBundle() == null) {
			return null;
		}
		BundleRules rules = new BundleRules(settings.sslBundle());
		rules.requireAlone(settings);
		rules.requireContent();
		return rules;
	}

	private void requireAlone(TlsSettings settings) {
		Setting<?> other = Stream
			.of(settings.caPath(), settings.caPassword(), settings.clientCertificate(), settings.clientPrivateKey(),
					settings.clientPrivateKeyPassword())
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		if (other != null) {
			throw new DbTlsConfigurationException(origin().property(),
					"'%s' and '%s' are both set: an SSL bundle takes the place of 'ca-path', 'ca-password' and 'client-*'."
						.formatted(origin().property(), other.property()),
					"Remove one of the two. In a bundle, 'truststore' is what 'ca-path' would be, 'keystore' what 'client-*' would be.");
		}
	}

	private void requireContent() {
		if (!this.bundle.hasTrust() && !this.bundle.hasKey()) {
			throw which("has neither a trust store nor a private key",
					"Give it the certificate of the server's authority, '%s', or remove '%s'."
						.formatted(origin().setting(Part.TRUST_CERTIFICATE), origin().property()));
		}
	}

	static List<TlsVersion> narrow(@Nullable BundleRules rules, List<TlsVersion> versions) {
		return (rules != null) ? rules.narrow(versions) : versions;
	}

	static List<String> narrow(@Nullable BundleRules rules, List<String> asked, List<TlsVersion> versions) {
		return (rules != null) ? rules.narrow(asked, versions) : asked;
	}

	private List<TlsVersion> narrow(List<TlsVersion> versions) {
		if (this.bundle.protocols().isEmpty()) {
			return versions;
		}
		List<TlsVersion> common = versions.stream()
			.filter((version) -> this.bundle.protocols().contains(version.jsseName()))
			.toList();
		if (common.isEmpty()) {
			throw which(
					"enables %s, while %s is what may be negotiated here".formatted(
							String.join(", ", this.bundle.protocols()),
							versions.stream().map(TlsVersion::jsseName).collect(Collectors.joining(", "))),
					"Let '%s', and '%s' if it is set, have TLSv1.3 or TLSv1.2, whichever 'tls-versions' allows."
						.formatted(origin().setting(Part.ENABLED_PROTOCOLS), origin().setting(Part.PROTOCOL)));
		}
		return common;
	}

	private List<String> narrow(List<String> asked, List<TlsVersion> versions) {
		List<String> ciphers = this.bundle.ciphers();
		if (ciphers.isEmpty()) {
			return asked;
		}
		List<String> common = new ArrayList<>(ciphers);
		common.retainAll(asked.isEmpty() ? CipherSuites.known() : asked);
		common.removeIf((suite) -> !CipherSuites.isAcceptable(suite) || !CipherSuites.fitsAny(suite, versions));
		if (common.isEmpty()) {
			throw which(
					"enables cipher suites of which none may be negotiated here: %s"
						.formatted(String.join(", ", ciphers)),
					"Let '%s' have JSSE's names of strong cipher suites of %s that 'dbtls.ciphers' allows if it is set, or remove it."
						.formatted(origin().setting(Part.CIPHERS),
								versions.stream().map(TlsVersion::jsseName).collect(Collectors.joining(", "))));
		}
		return common;
	}

	/**
	 * Return what the bundle trusts.
	 * @return the trust source, or {@code null} if the bundle has no trust store
	 */
	@Nullable TrustSource trust() {
		return this.bundle.hasTrust() ? new TrustSource.Bundle(origin(), false) : null;
	}

	/**
	 * Refuse a trust store that nothing would be verified against.
	 * @param mode the property that decides so
	 */
	void requireUsed(String mode) {
		if (this.bundle.hasTrust()) {
			throw which(
					"has a trust store, but '%s' is 'required', which verifies nothing: it would not be used"
						.formatted(mode),
					"Set '%s' to 'verify-ca' or 'verify-identity', or %s.".formatted(mode,
							origin().without(Part.TRUST_STORE)));
		}
	}

	/**
	 * Return the failure of a bundle that lacks the trust which the provider needs.
	 * @param provider the provider
	 * @return the exception to throw
	 */
	DbTlsConfigurationException trustMissing(Provider provider) {
		return which(
				"has no trust store. Provider '%s' (%s) has certificate authorities of its own, which no JVM trusts"
					.formatted(provider.id(), provider.name()),
				"Set '%s' to the file that the provider gives you."
					.formatted(origin().setting(Part.TRUST_CERTIFICATE)));
	}

	private BundleOrigin origin() {
		return this.bundle.origin();
	}

	private DbTlsConfigurationException which(String predicate, String action) {
		return new DbTlsConfigurationException(origin().property(),
				"%s, which %s.".formatted(origin().sentence(), predicate), action);
	}

}
