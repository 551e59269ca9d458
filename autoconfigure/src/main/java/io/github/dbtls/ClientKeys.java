package io.github.dbtls;

import java.util.Objects;
import java.util.stream.Stream;

import io.github.dbtls.BundleOrigin.Part;
import io.github.dbtls.TlsSettings.Bundle;
import io.github.dbtls.TlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Decides about mutual TLS. Certificate and key come together or not at all, and never
 * for a service that does not ask for them: a property that is accepted and has no effect
 * would be taken for protection.
 */
final class ClientKeys {

	private static final String CERTIFICATE = "client-certificate";

	private static final String PRIVATE_KEY = "client-private-key";

	private static final String PASSWORD = "client-private-key-password";

	private ClientKeys() {
	}

	static @Nullable ClientKeySource decide(Provider provider, TlsSettings settings) {
		Setting<String> certificate = settings.clientCertificate();
		Setting<String> privateKey = settings.clientPrivateKey();
		Setting<String> password = withValue(settings.clientPrivateKeyPassword());
		Setting<String> any = Stream.of(certificate, privateKey, password)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		if (any == null) {
			return (settings.sslBundle() != null) ? ofBundle(provider, settings, settings.sslBundle()) : null;
		}
		if (!provider.acceptsClientCertificate()) {
			throw notAccepted(any, provider, settings.provider());
		}
		if (certificate == null) {
			throw incomplete(any, CERTIFICATE, "Set '%s' to the file of its certificate, "
					+ "which may be the same file if both are in it, or remove '%s'.");
		}
		if (privateKey == null) {
			throw incomplete(any, PRIVATE_KEY, "Set '%s' to the file of its private key, "
					+ "which may be the same file if both are in it, or remove '%s'.");
		}
		return new ClientKeySource.Files(certificate.property(), certificate.value(), privateKey.property(),
				privateKey.value(), sibling(privateKey, PASSWORD), (password != null) ? password.value() : null);
	}

	private static @Nullable ClientKeySource ofBundle(Provider provider, TlsSettings settings, Bundle bundle) {
		if (!bundle.hasKey()) {
			return null;
		}
		if (!provider.acceptsClientCertificate()) {
			throw new DbTlsConfigurationException(bundle.origin().property(),
					"%s, which has a private key, but '%s' is '%s' (%s), which takes no client certificate.".formatted(
							bundle.origin().sentence(), settings.provider().property(), provider.id(), provider.name()),
					"To show no certificate, %s. Where a server of your own asks for client certificates, the provider is 'mysql' or 'tidb'."
						.formatted(bundle.origin().without(Part.KEY_STORE)));
		}
		return new ClientKeySource.Bundle(bundle.origin());
	}

	private static @Nullable Setting<String> withValue(@Nullable Setting<String> password) {
		// A variable of a deployment that has no password is empty.
		return (password != null && !password.value().isEmpty()) ? password : null;
	}

	private static String sibling(Setting<String> setting, String name) {
		return setting.property().substring(0, setting.property().lastIndexOf('.') + 1) + name;
	}

	private static DbTlsConfigurationException notAccepted(Setting<String> setting, Provider provider,
			Setting<String> chosen) {
		boolean inherited = !sibling(setting, "provider").equals(chosen.property())
				&& setting.property().lastIndexOf('.') < chosen.property().lastIndexOf('.');
		return new DbTlsConfigurationException(setting.property(),
				"'%s' is set, but '%s' is '%s' (%s), which takes no client certificate.".formatted(setting.property(),
						chosen.property(), provider.id(), provider.name()),
				inherited
						? "Every DataSource inherits '%s'. Write it, and what belongs to it, under 'dbtls.data-sources.<bean name>' of those that need it instead."
							.formatted(setting.property())
						: "Remove '%s'. Where a server of your own asks for client certificates, the provider is 'mysql' or 'tidb'."
							.formatted(setting.property()));
	}

	private static DbTlsConfigurationException incomplete(Setting<String> setting, String missing, String action) {
		String property = sibling(setting, missing);
		return new DbTlsConfigurationException(setting.property(),
				"'%s' is set, but '%s' is not: a client proves who it is with a certificate and its key together."
					.formatted(setting.property(), property),
				action.formatted(property, setting.property()));
	}

}
