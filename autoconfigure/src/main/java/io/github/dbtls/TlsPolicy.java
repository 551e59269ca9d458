package io.github.dbtls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.dbtls.TlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * The decision about the connections of one pool: the user's settings on top of the
 * provider's preset, validated once. Whoever holds one may rely on it.
 *
 * @param prefix prefix of the properties that it came from, {@code dbtls} for example
 * @param provider the preset
 * @param sslMode how much is verified
 * @param tlsVersions versions that may be negotiated, newest first
 * @param ciphers cipher suites that may be negotiated, or empty for those of the JVM
 * @param trust where the trusted authorities come from
 * @param clientKey where the client's own certificate and key come from, or {@code null}
 * if it shows none
 * @param sessionLifetime how long a TLS session may be resumed after its full handshake
 * @param jsseProvider the JSSE provider that makes the handshakes, or {@code null} for
 * the JVM's own
 * @param weakenings what is weaker than the preset, in words; empty in most applications
 */
public record TlsPolicy(String prefix, Provider provider, SslMode sslMode, List<TlsVersion> tlsVersions,
		List<String> ciphers, TrustSource trust, @Nullable ClientKeySource clientKey, Duration sessionLifetime,
		@Nullable JsseProvider jsseProvider, List<String> weakenings) {

	static final Duration DEFAULT_SESSION_LIFETIME = Duration.ofHours(1);

	/**
	 * Longest lifetime of a ticket,
	 * <a href="https://www.rfc-editor.org/rfc/rfc8446#section-4.6.1">RFC 8446, 4.6.1</a>.
	 */
	static final Duration LONGEST_SESSION_LIFETIME = Duration.ofDays(7);

	public TlsPolicy {
		tlsVersions = List.copyOf(tlsVersions);
		ciphers = List.copyOf(ciphers);
		weakenings = List.copyOf(weakenings);
	}

	/**
	 * Decide.
	 * @param provider the preset
	 * @param settings what the user asked for
	 * @return the decision
	 * @throws DbTlsConfigurationException if the settings contradict each other, cannot
	 * be met here, or are weaker than the provider allows
	 */
	public static TlsPolicy decide(Provider provider, TlsSettings settings) {
		List<String> weakenings = new ArrayList<>();
		SslMode sslMode = sslMode(provider, settings.sslMode(), weakenings);
		BundleRules bundle = BundleRules.of(settings);
		List<TlsVersion> versions = BundleRules.narrow(bundle,
				TlsVersions.decide(provider, settings.tlsVersions(), settings.prefix()));
		List<String> ciphers = BundleRules.narrow(bundle, CipherSuites.decide(settings.ciphers(), versions), versions);
		TrustSource trust = TrustSources.decide(provider, settings, sslMode, bundle);
		addPublicAuthorities(sslMode, trust, weakenings);
		ClientKeySource clientKey = ClientKeys.decide(provider, settings);
		Duration lifetime = sessionLifetime(settings.sessionLifetime());
		JsseProvider jsseProvider = settings.jsseProvider();
		if (jsseProvider != null) {
			jsseProvider.require(sslMode, versions, ciphers, settings.prefix());
		}
		return new TlsPolicy(settings.prefix(), provider, sslMode, versions, ciphers, trust, clientKey, lifetime,
				jsseProvider, weakenings);
	}

	private static SslMode sslMode(Provider provider, @Nullable Setting<SslMode> setting, List<String> weakenings) {
		if (setting == null) {
			return provider.sslMode();
		}
		SslMode mode = setting.value();
		if (mode.isWeakerThan(provider.lowestSslMode())) {
			throw new DbTlsConfigurationException(setting.property(),
					"'%s' is '%s', which is weaker than '%s', the least that provider '%s' (%s) allows.".formatted(
							setting.property(), mode.propertyValue(), provider.lowestSslMode().propertyValue(),
							provider.id(), provider.name()),
					"Remove '%s', or set it to %s.".formatted(setting.property(), modesFrom(provider.lowestSslMode())));
		}
		if (mode.isWeakerThan(provider.sslMode())) {
			weakenings.add(weakening("'%s' is".formatted(setting.property()), mode, provider));
		}
		return mode;
	}

	private static String weakening(String who, SslMode mode, Provider provider) {
		return "%s '%s', weaker than '%s', the default of provider '%s': %s".formatted(who, mode.propertyValue(),
				provider.sslMode().propertyValue(), provider.id(), mode.isVerifying() ? "the host name is not verified"
						: "nothing is verified, whoever answers gets the password");
	}

	private static void addPublicAuthorities(SslMode mode, TrustSource trust, List<String> weakenings) {
		if (mode == SslMode.VERIFY_CA && trust.usesSystemRoots()) {
			weakenings.add("'verify-ca' against the system's roots accepts any certificate of any public authority, "
					+ "whoever it was issued to");
		}
	}

	private static String modesFrom(SslMode lowest) {
		List<String> modes = new ArrayList<>();
		for (SslMode mode : SslMode.values()) {
			if (!mode.isWeakerThan(lowest)) {
				modes.add("'" + mode.propertyValue() + "'");
			}
		}
		return String.join(" or ", modes);
	}

	private static Duration sessionLifetime(@Nullable Setting<Duration> setting) {
		if (setting == null) {
			return DEFAULT_SESSION_LIFETIME;
		}
		// JSSE counts in seconds and reads zero as "for ever".
		if (setting.value().compareTo(Duration.ofSeconds(1)) < 0
				|| setting.value().compareTo(LONGEST_SESSION_LIFETIME) > 0) {
			throw new DbTlsConfigurationException(setting.property(),
					"'%s' is %s. A TLS session lives for one second at least and seven days at most (RFC 8446, 4.6.1)."
						.formatted(setting.property(), setting.value()),
					"Set '%s' to a duration such as '1h' or '10m'.".formatted(setting.property()));
		}
		return setting.value();
	}

	/**
	 * Return the policy of a pool whose own JDBC URL asks for more than the application's
	 * policy.
	 * @param mode the mode that the pool asks for
	 * @return this policy, or a stronger one
	 * @throws DbTlsConfigurationException if there is nothing to verify against
	 */
	public TlsPolicy raisedTo(SslMode mode) {
		if (!this.sslMode.isWeakerThan(mode)) {
			return this;
		}
		TrustSource raisedTrust = this.sslMode.isVerifying() ? this.trust
				: TrustSources.ofProvider(this.provider, this.prefix, null, null);
		List<String> remaining = new ArrayList<>();
		if (mode.isWeakerThan(this.provider.sslMode())) {
			remaining.add(weakening("its own settings ask for", mode, this.provider));
		}
		addPublicAuthorities(mode, raisedTrust, remaining);
		return new TlsPolicy(this.prefix, this.provider, mode, this.tlsVersions, this.ciphers, raisedTrust,
				this.clientKey, this.sessionLifetime, this.jsseProvider, remaining);
	}

	/**
	 * Return the policy of a pool with these hosts: some providers give some hosts a
	 * certificate of a public authority. Without the host name compared, trusting all of
	 * those would accept anybody's certificate: then they stay out.
	 * @param hosts the hosts of the JDBC URL
	 * @return this policy, or one that trusts the system's roots as well
	 */
	public TlsPolicy forHosts(List<String> hosts) {
		if (this.sslMode == SslMode.VERIFY_IDENTITY && !this.trust.usesSystemRoots()
				&& hosts.stream().anyMatch(this.provider::isPublicHostName)) {
			return new TlsPolicy(this.prefix, this.provider, this.sslMode, this.tlsVersions, this.ciphers,
					this.trust.withSystemRoots(), this.clientKey, this.sessionLifetime, this.jsseProvider,
					this.weakenings);
		}
		return this;
	}

	/**
	 * Return the SSL bundle that trust, the client's certificate, or both come from.
	 * @return where the bundle was declared, or {@code null} if there is none
	 */
	public @Nullable BundleOrigin sslBundle() {
		BundleOrigin ofTrust = this.trust.sslBundle();
		return (ofTrust == null && this.clientKey != null) ? this.clientKey.sslBundle() : ofTrust;
	}

	/**
	 * Return the property that the trusted authorities belong in, whether it is set or
	 * not.
	 * @return {@code dbtls.ca-path}, or the trust store of an SSL bundle
	 */
	public String trustProperty() {
		String named = this.trust.trustProperty();
		BundleOrigin bundle = sslBundle();
		if (named == null && bundle != null) {
			// A file beside it would be refused.
			return bundle.setting(BundleOrigin.Part.TRUST_STORE);
		}
		return (named != null) ? named : this.prefix + ".ca-path";
	}

	/**
	 * Return JSSE's names of the versions that may be negotiated.
	 * @return the names, newest first
	 */
	public List<String> protocols() {
		return this.tlsVersions.stream().map(TlsVersion::jsseName).toList();
	}

	/**
	 * Return what the client offers: the cipher suites that the user chose, or of those
	 * that JSSE enables the acceptable ones that a version of {@link #tlsVersions} has.
	 * JSSE would sort the others out by itself, anew for each handshake.
	 * @param enabled what JSSE enables
	 * @return JSSE's names, in its order
	 */
	public List<String> offeredCiphers(String[] enabled) {
		return !this.ciphers.isEmpty() ? this.ciphers : Arrays.stream(enabled)
			.filter((suite) -> CipherSuites.isAcceptable(suite) && CipherSuites.fitsAny(suite, this.tlsVersions))
			.toList();
	}

}
