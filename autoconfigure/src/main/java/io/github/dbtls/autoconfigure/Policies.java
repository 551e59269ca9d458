package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.JsseProvider;
import io.github.dbtls.Provider;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSettings;
import io.github.dbtls.TlsSettings.Setting;
import io.github.dbtls.connectorj.HostAddress;
import org.jspecify.annotations.Nullable;

/**
 * The policy of each DataSource by bean name: its own settings over those of all.
 */
final class Policies {

	private static final String PREFIX = "dbtls";

	private final DbTlsProperties properties;

	private final Providers providers;

	private final ApplicationSslBundles sslBundles;

	private final JsseProviders jsseProviders = new JsseProviders();

	Policies(DbTlsProperties properties, Providers providers, ApplicationSslBundles sslBundles) {
		this.properties = properties;
		this.providers = providers;
		this.sslBundles = sslBundles;
		if (properties.enabled()) {
			requireProvider();
			requireDistinctEntries();
		}
	}

	private void requireProvider() {
		if (this.properties.provider() != null || hasEntryWithProvider()) {
			return;
		}
		boolean anythingElse = Stream.of(this.properties.caPath(), this.properties.caPassword(),
				this.properties.tlsVersions(), this.properties.sslMode(), this.properties.ciphers(),
				this.properties.sessionLifetime(), this.properties.clientCertificate(),
				this.properties.clientPrivateKey(), this.properties.clientPrivateKeyPassword(),
				this.properties.sslBundle(), this.properties.reloadInterval(), this.properties.expiryWarning(),
				this.properties.expiryOutOfService(), this.properties.verifyAtStartup(), this.properties.jsseProvider())
			.anyMatch(Objects::nonNull) || !this.properties.dataSources().isEmpty();
		if (anythingElse) {
			throw providerMissing("'dbtls.provider' is not set, but other properties of 'dbtls' are.");
		}
	}

	private void requireDistinctEntries() {
		Map<String, String> entries = new HashMap<>();
		entries().sorted().forEach((entry) -> {
			String other = entries.put(canonical(entry), entry);
			if (other != null) {
				throw new DbTlsConfigurationException("dbtls.data-sources." + entry,
						"'dbtls.data-sources.%s' and 'dbtls.data-sources.%s' mean the same DataSource: names match by their letters and digits alone, ignoring case."
							.formatted(entry, other),
						"Write both as '%s', the only form that environment variables have."
							.formatted(canonical(entry)));
			}
		});
	}

	private boolean hasEntryWithProvider() {
		return this.properties.dataSources().values().stream().anyMatch((entry) -> entry.provider() != null);
	}

	private DbTlsConfigurationException providerMissing(String description) {
		return new DbTlsConfigurationException("dbtls.provider", description,
				"Set 'dbtls.provider' to one of: %s. To secure nothing, set 'dbtls.enabled: false'."
					.formatted(this.providers.ids()));
	}

	/**
	 * Return whether dbtls is on: {@code no} and {@code off} are no {@code false} to the
	 * auto-configuration's condition.
	 * @return whether it is not switched off
	 */
	boolean isEnabled() {
		return this.properties.enabled();
	}

	/**
	 * Return whether the application uses dbtls at all.
	 * @return whether a provider is named anywhere
	 */
	boolean isActive() {
		return this.properties.enabled() && (this.properties.provider() != null || hasEntryWithProvider());
	}

	/**
	 * Decide everything that is configured, so that a mistake is found even where nothing
	 * uses it yet.
	 */
	void validate() {
		if (this.properties.provider() != null) {
			validate(null);
		}
		this.properties.dataSources().forEach((name, entry) -> {
			if (entry.enabled()) {
				validate(name);
			}
		});
	}

	private void validate(@Nullable String entry) {
		ReloadSettings.interval(reloadInterval(entry));
		ExpirySettings.rule(expiryWarning(entry), expiryOutOfService(entry));
		try {
			decide(entry, null);
		}
		catch (DbTlsConfigurationException ex) {
			if (!this.sslBundles.connections().exist() || !isDecidedWithTrust(entry)) {
				throw ex;
			}
			// What it lacks, a service connection has; a pool of another service is
			// refused when it is secured.
		}
	}

	private boolean isDecidedWithTrust(@Nullable String entry) {
		try {
			decide(entry,
					new TlsSettings.Bundle(new BundleOrigin.Annotations("any"), List.of(), List.of(), true, false));
			return true;
		}
		catch (DbTlsConfigurationException ex) {
			return false;
		}
	}

	boolean isExempt(String dataSource) {
		String entry = entryName(dataSource);
		return entry != null && !settingsOf(entry).enabled();
	}

	boolean hasEntry(String dataSource) {
		return entryName(dataSource) != null;
	}

	boolean isVerifiedAtStartup(String dataSource) {
		Setting<Boolean> setting = verifyAtStartup(dataSource);
		return setting != null && setting.value();
	}

	/**
	 * Return what is asked for a DataSource.
	 * @param dataSource the DataSource
	 * @return whether a handshake is made at startup, or {@code null} if nothing is asked
	 */
	@Nullable Setting<Boolean> verifyAtStartup(String dataSource) {
		return setting(entryName(dataSource), "verify-at-startup", DbTlsProperties.DataSource::verifyAtStartup,
				DbTlsProperties::verifyAtStartup);
	}

	private @Nullable Setting<Duration> reloadInterval(@Nullable String entry) {
		return setting(entry, "reload-interval", DbTlsProperties.DataSource::reloadInterval,
				DbTlsProperties::reloadInterval);
	}

	private @Nullable Setting<Duration> expiryWarning(@Nullable String entry) {
		return setting(entry, "expiry-warning", DbTlsProperties.DataSource::expiryWarning,
				DbTlsProperties::expiryWarning);
	}

	private @Nullable Setting<Boolean> expiryOutOfService(@Nullable String entry) {
		return setting(entry, "expiry-out-of-service", DbTlsProperties.DataSource::expiryOutOfService,
				DbTlsProperties::expiryOutOfService);
	}

	/**
	 * Return the names that settings of single DataSources are made for.
	 * @return the names as the user wrote them
	 */
	Stream<String> entries() {
		return this.properties.dataSources().keySet().stream();
	}

	/**
	 * Return what the settings of all DataSources come to, without those of single ones.
	 * @return the policy, or {@code null} if only single ones have a provider
	 */
	@Nullable TlsPolicy common() {
		return (this.properties.provider() != null) ? decide(null, null).policy() : null;
	}

	/**
	 * Decide about a DataSource. An SSL bundle that came with the service connection
	 * takes the place of what properties say, as all connection details do.
	 * @param dataSource the DataSource
	 * @param hosts the hosts of its JDBC URL
	 * @return its policy
	 */
	TlsPolicy policyOf(String dataSource, List<HostAddress> hosts) {
		return decisionOf(dataSource, hosts).policy();
	}

	/**
	 * Decide about a DataSource, and tell what was asked for.
	 * @param dataSource the DataSource
	 * @param hosts the hosts of its JDBC URL
	 * @return its policy, and where it came from
	 * @see #policyOf
	 */
	Decision decisionOf(String dataSource, List<HostAddress> hosts) {
		BundleOrigin connection = this.sslBundles.connections().find(hosts);
		return decide(entryName(dataSource), (connection != null) ? this.sslBundles.read(connection) : null);
	}

	/**
	 * Return the properties that a bundle of a service connection takes the place of.
	 * @param bundle the bundle
	 * @param dataSource the DataSource
	 * @return the properties that are set and not used
	 */
	List<String> replacedBy(BundleOrigin bundle, String dataSource) {
		String entry = entryName(dataSource);
		Setting<String> provider = provider(entry);
		if (bundle instanceof BundleOrigin.Property || provider == null) {
			return List.of();
		}
		Setting<String> named = sslBundle(entry);
		return Stream
			.concat(settings(entry, provider).files().stream(),
					Stream.ofNullable((named != null) ? named.property() : null))
			.toList();
	}

	static boolean isSameName(String one, String other) {
		return canonical(one).equals(canonical(other));
	}

	private static String canonical(String name) {
		// Environment variables keep neither case nor dashes.
		return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
	}

	private @Nullable String entryName(String dataSource) {
		return entries().filter((name) -> isSameName(name, dataSource)).findFirst().orElse(null);
	}

	private DbTlsProperties.DataSource settingsOf(String entry) {
		return Objects.requireNonNull(this.properties.dataSources().get(entry));
	}

	private Decision decide(@Nullable String entry, TlsSettings.@Nullable Bundle connection) {
		Setting<String> provider = provider(entry);
		if (provider == null) {
			throw providerMissing("'dbtls.provider' is not set, and a DataSource has no provider of its own.");
		}
		TlsSettings settings = settings(entry, provider);
		if (connection != null) {
			ApplicationSslBundles.requireTrust(connection, settings.caPath());
		}
		Provider preset = this.providers.get(provider);
		TlsSettings asked = (connection != null) ? settings.withBundleAlone(connection) : withBundle(entry, settings);
		return new Decision(TlsPolicy.decide(preset, asked), asked, reloadInterval(entry), expiryWarning(entry),
				expiryOutOfService(entry), setting(entry, "verify-at-startup",
						DbTlsProperties.DataSource::verifyAtStartup, DbTlsProperties::verifyAtStartup));
	}

	private @Nullable Setting<String> provider(@Nullable String entry) {
		return setting(entry, "provider", DbTlsProperties.DataSource::provider, DbTlsProperties::provider);
	}

	private TlsSettings settings(@Nullable String entry, Setting<String> provider) {
		return new TlsSettings(provider,
				fileSetting(entry, "ca-path", DbTlsProperties.DataSource::caPath, DbTlsProperties::caPath),
				fileSetting(entry, "ca-password", DbTlsProperties.DataSource::caPassword, DbTlsProperties::caPassword),
				setting(entry, "tls-versions", DbTlsProperties.DataSource::tlsVersions, DbTlsProperties::tlsVersions),
				setting(entry, "ssl-mode", DbTlsProperties.DataSource::sslMode, DbTlsProperties::sslMode),
				setting(entry, "ciphers", DbTlsProperties.DataSource::ciphers, DbTlsProperties::ciphers),
				setting(entry, "session-lifetime", DbTlsProperties.DataSource::sessionLifetime,
						DbTlsProperties::sessionLifetime),
				clientSetting(entry, "client-certificate", DbTlsProperties.DataSource::clientCertificate,
						DbTlsProperties::clientCertificate),
				clientSetting(entry, "client-private-key", DbTlsProperties.DataSource::clientPrivateKey,
						DbTlsProperties::clientPrivateKey),
				clientSetting(entry, "client-private-key-password",
						DbTlsProperties.DataSource::clientPrivateKeyPassword,
						DbTlsProperties::clientPrivateKeyPassword),
				jsseProvider(entry), null);
	}

	private @Nullable JsseProvider jsseProvider(@Nullable String entry) {
		Setting<String> name = setting(entry, "jsse-provider", DbTlsProperties.DataSource::jsseProvider,
				DbTlsProperties::jsseProvider);
		return (name != null) ? this.jsseProviders.find(name) : null;
	}

	private TlsSettings withBundle(@Nullable String entry, TlsSettings settings) {
		Setting<String> name = sslBundle(entry);
		return (name != null) ? settings.withBundle(this.sslBundles.named(name, this::hasEntry,
				setting(null, "ca-path", (own) -> null, DbTlsProperties::caPath))) : settings;
	}

	// A DataSource that names where its trust comes from has nothing of the other kind
	// from those of all.
	private @Nullable Setting<String> sslBundle(@Nullable String entry) {
		boolean replaced = entry != null && settingsOf(entry).caPath() != null;
		return setting(entry, "ssl-bundle", DbTlsProperties.DataSource::sslBundle,
				replaced ? (properties) -> null : DbTlsProperties::sslBundle);
	}

	private @Nullable Setting<String> fileSetting(@Nullable String entry, String name,
			Function<DbTlsProperties.DataSource, @Nullable String> own,
			Function<DbTlsProperties, @Nullable String> common) {
		boolean replaced = entry != null && settingsOf(entry).sslBundle() != null;
		return setting(entry, name, own, replaced ? (properties) -> null : common);
	}

	private @Nullable Setting<String> clientSetting(@Nullable String entry, String name,
			Function<DbTlsProperties.DataSource, @Nullable String> own,
			Function<DbTlsProperties, @Nullable String> common) {
		// Certificate, key and password belong together: half a pair of its own and half
		// one of all DataSources would fit by accident only.
		boolean hasOwn = entry != null && Stream
			.of(settingsOf(entry).clientCertificate(), settingsOf(entry).clientPrivateKey(),
					settingsOf(entry).clientPrivateKeyPassword())
			.anyMatch(Objects::nonNull);
		return fileSetting(entry, name, own, hasOwn ? (properties) -> null : common);
	}

	private <T> @Nullable Setting<T> setting(@Nullable String entry, String name,
			Function<DbTlsProperties.DataSource, @Nullable T> own, Function<DbTlsProperties, @Nullable T> common) {
		T value = (entry != null) ? own.apply(settingsOf(entry)) : null;
		if (value != null) {
			return new Setting<>("%s.data-sources.%s.%s".formatted(PREFIX, entry, name), value);
		}
		value = common.apply(this.properties);
		return (value != null) ? new Setting<>(PREFIX + "." + name, value) : null;
	}

	/**
	 * A decision and what the user asked for.
	 *
	 * @param policy what was decided
	 * @param settings what was asked for, SSL bundle included
	 * @param reloadInterval how often to look at files, or {@code null} if unset
	 * @param expiryWarning when to warn of the end of a certificate, or {@code null} if
	 * unset
	 * @param expiryOutOfService whether health says so by its status, or {@code null} if
	 * unset
	 * @param verifyAtStartup whether to make a handshake at startup, or {@code null} if
	 * unset
	 */
	record Decision(TlsPolicy policy, TlsSettings settings, @Nullable Setting<Duration> reloadInterval,
			@Nullable Setting<Duration> expiryWarning, @Nullable Setting<Boolean> expiryOutOfService,
			@Nullable Setting<Boolean> verifyAtStartup) {
	}

}
