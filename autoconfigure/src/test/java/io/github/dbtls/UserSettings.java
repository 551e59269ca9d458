package io.github.dbtls;

import java.time.Duration;
import java.util.List;

import io.github.dbtls.TlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Settings as a user makes them, one after the other.
 */
final class UserSettings {

	private final String prefix;

	private @Nullable Setting<String> caPath;

	private @Nullable Setting<String> caPassword;

	private @Nullable Setting<List<String>> tlsVersions;

	private @Nullable Setting<SslMode> sslMode;

	private @Nullable Setting<List<String>> ciphers;

	private @Nullable Setting<Duration> sessionLifetime;

	private @Nullable Setting<String> clientCertificate;

	private @Nullable Setting<String> clientPrivateKey;

	private @Nullable Setting<String> clientPrivateKeyPassword;

	private @Nullable JsseProvider jsseProvider;

	private TlsSettings.@Nullable Bundle sslBundle;

	private UserSettings(String prefix) {
		this.prefix = prefix;
	}

	static UserSettings none() {
		return new UserSettings("dbtls");
	}

	static UserSettings of(String dataSource) {
		return new UserSettings("dbtls.data-sources." + dataSource);
	}

	UserSettings caPath(String caPath) {
		this.caPath = setting("ca-path", caPath);
		return this;
	}

	UserSettings caPassword(String caPassword) {
		this.caPassword = setting("ca-password", caPassword);
		return this;
	}

	UserSettings tlsVersions(String... versions) {
		this.tlsVersions = setting("tls-versions", List.of(versions));
		return this;
	}

	UserSettings sslMode(SslMode sslMode) {
		this.sslMode = setting("ssl-mode", sslMode);
		return this;
	}

	UserSettings commonSslMode(SslMode sslMode) {
		this.sslMode = new Setting<>("dbtls.ssl-mode", sslMode);
		return this;
	}

	UserSettings ciphers(String... ciphers) {
		this.ciphers = setting("ciphers", List.of(ciphers));
		return this;
	}

	UserSettings sessionLifetime(Duration lifetime) {
		this.sessionLifetime = setting("session-lifetime", lifetime);
		return this;
	}

	UserSettings clientCertificate(String location) {
		this.clientCertificate = setting("client-certificate", location);
		return this;
	}

	UserSettings clientPrivateKey(String location) {
		this.clientPrivateKey = setting("client-private-key", location);
		return this;
	}

	UserSettings clientPrivateKeyPassword(String password) {
		this.clientPrivateKeyPassword = setting("client-private-key-password", password);
		return this;
	}

	UserSettings jsseProvider(java.security.Provider provider) {
		this.jsseProvider = new JsseProvider(this.prefix + ".jsse-provider", provider);
		return this;
	}

	UserSettings sslBundle(TlsSettings.Bundle bundle) {
		this.sslBundle = bundle;
		return this;
	}

	private <T> Setting<T> setting(String name, T value) {
		return new Setting<>(this.prefix + "." + name, value);
	}

	TlsSettings settings(Provider provider) {
		return new TlsSettings(setting("provider", provider.id()), this.caPath, this.caPassword, this.tlsVersions,
				this.sslMode, this.ciphers, this.sessionLifetime, this.clientCertificate, this.clientPrivateKey,
				this.clientPrivateKeyPassword, this.jsseProvider, this.sslBundle);
	}

	TlsPolicy decideFor(Provider provider) {
		return TlsPolicy.decide(provider, settings(provider));
	}

	TlsPolicy decideFor(String builtIn) {
		return decideFor(builtIn(builtIn));
	}

	static Provider builtIn(String id) {
		return Provider.builtIn()
			.stream()
			.filter((provider) -> provider.id().equals(id))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(id));
	}

}
