package io.github.dbtls;

import io.github.dbtls.TlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Decides where the trusted authorities come from.
 */
final class TrustSources {

	private TrustSources() {
	}

	static TrustSource decide(Provider provider, TlsSettings settings, SslMode sslMode, @Nullable BundleRules bundle) {
		Setting<String> caPath = settings.caPath();
		Setting<String> caPassword = settings.caPassword();
		if (caPath == null && caPassword != null && provider.caPath() == null) {
			throw new DbTlsConfigurationException(caPassword.property(),
					"'%s' is set, but no '%s' that it could open.".formatted(caPassword.property(),
							settings.prefix() + ".ca-path"),
					"Set '%s' to the key store, or remove the password.".formatted(settings.prefix() + ".ca-path"));
		}
		if (!sslMode.isVerifying()) {
			refuseUnused(settings, bundle);
			return new TrustSource.None();
		}
		if (caPath != null) {
			String password = (caPassword != null) ? caPassword.value() : provider.caPassword();
			return new TrustSource.CaFile(caPath.property(), caPath.value(), password,
					(caPassword != null) ? caPassword.property() : null, false);
		}
		TrustSource ofBundle = (bundle != null) ? bundle.trust() : null;
		return (ofBundle != null) ? ofBundle : ofProvider(provider, settings.prefix(), caPassword, bundle);
	}

	private static void refuseUnused(TlsSettings settings, @Nullable BundleRules bundle) {
		String mode = (settings.sslMode() != null) ? settings.sslMode().property() : settings.prefix() + ".ssl-mode";
		if (bundle != null) {
			bundle.requireUsed(mode);
		}
		Setting<String> unused = (settings.caPath() != null) ? settings.caPath() : settings.caPassword();
		if (unused != null) {
			throw new DbTlsConfigurationException(unused.property(),
					"'%s' is set, but '%s' is 'required', which verifies nothing: the file would not be used."
						.formatted(unused.property(), mode),
					"Set '%s' to 'verify-ca' or 'verify-identity', or remove '%s'.".formatted(mode, unused.property()));
		}
	}

	/**
	 * Return what a provider trusts by itself.
	 * @param provider the provider
	 * @param prefix prefix of the properties
	 * @param caPassword the password of the provider's own file, if the user set one
	 * @param bundle the bundle that lacks trust, or {@code null}
	 * @return the trust source
	 * @throws DbTlsConfigurationException if the user has to name it
	 */
	static TrustSource ofProvider(Provider provider, String prefix, @Nullable Setting<String> caPassword,
			@Nullable BundleRules bundle) {
		if (provider.caPath() != null) {
			String password = (caPassword != null) ? caPassword.value() : provider.caPassword();
			return new TrustSource.CaFile("provider '%s'".formatted(provider.id()), provider.caPath(), password,
					(caPassword != null) ? caPassword.property() : null, false);
		}
		if (provider.trust() == Provider.Trust.SYSTEM_ROOTS) {
			return new TrustSource.SystemRoots();
		}
		if (bundle != null) {
			throw bundle.trustMissing(provider);
		}
		String property = prefix + ".ca-path";
		throw new DbTlsConfigurationException(property,
				"'%s' is not set. Provider '%s' (%s) has certificate authorities of its own, which no JVM trusts."
					.formatted(property, provider.id(), provider.name()),
				"Set '%s' to the file that the provider gives you%s, or '%s' to an SSL bundle that has it.%s".formatted(
						property, (provider.documentation() != null) ? " (" + provider.documentation() + ")" : "",
						prefix + ".ssl-bundle",
						(provider.lowestSslMode() == SslMode.REQUIRED)
								? " For a server whose certificate nothing can verify, '%s: required' encrypts without verification."
									.formatted(prefix + ".ssl-mode")
								: ""));
	}

}
