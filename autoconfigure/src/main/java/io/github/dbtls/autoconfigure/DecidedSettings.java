package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.ClientKeySource;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSettings;
import io.github.dbtls.TlsSettings.Setting;
import io.github.dbtls.TrustSource;
import io.github.dbtls.actuate.DecidedSetting;
import io.github.dbtls.actuate.DecidedSetting.Origin;
import io.github.dbtls.tls.ExpiryRule;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Where each part of a pool's policy came from, for people to read. It is plain text: a
 * pool of a parent context must not keep the environment of a child in memory.
 */
final class DecidedSettings {

	private static final String MODE = "sslMode";

	private static final String CIPHERS = "ciphers";

	private static final String TRUST = "trust";

	private static final String VERIFY_AT_STARTUP = "verifyAtStartup";

	private final Map<String, DecidedSetting> settings;

	private final Duration reloadInterval;

	private final ExpiryRule expiryRule;

	private DecidedSettings(Map<String, DecidedSetting> settings, Duration reloadInterval, ExpiryRule expiryRule) {
		this.settings = settings;
		this.reloadInterval = reloadInterval;
		this.expiryRule = expiryRule;
	}

	/**
	 * Tell where a policy came from.
	 * @param decision the policy and what the user asked for
	 * @param environment tells where properties were set
	 * @return the settings
	 */
	static DecidedSettings of(Policies.Decision decision, Environment environment) {
		DecidedSettings decided = new DecidedSettings(new LinkedHashMap<>(),
				ReloadSettings.interval(decision.reloadInterval()),
				ExpirySettings.rule(decision.expiryWarning(), decision.expiryOutOfService()));
		decided.addAll(decision, new Writer(decided.settings, environment));
		return decided;
	}

	private void addAll(Policies.Decision decision, Writer writer) {
		TlsPolicy policy = decision.policy();
		TlsSettings settings = decision.settings();
		TlsSettings.Bundle bundle = settings.sslBundle();
		writer.property("provider", policy.provider().id(), settings.provider().property());
		writer.setting(MODE, policy.sslMode().propertyValue(), settings.sslMode(), Origin.PRESET);
		if (bundle != null && narrows(bundle.protocols(), settings.tlsVersions(), policy.tlsVersions().size())) {
			writer.bundle("tlsVersions", policy.protocols(), bundle.origin());
		}
		else {
			writer.setting("tlsVersions", policy.protocols(), settings.tlsVersions(), Origin.PRESET);
		}
		if (bundle != null && narrows(bundle.ciphers(), settings.ciphers(), policy.ciphers().size())) {
			writer.bundle(CIPHERS, policy.ciphers(), bundle.origin());
		}
		else {
			writer.setting(CIPHERS, policy.ciphers(), settings.ciphers(), Origin.DEFAULT);
		}
		trust(policy, writer);
		clientKey(policy.clientKey(), writer);
		writer.setting("sessionLifetime", policy.sessionLifetime().toString(), settings.sessionLifetime(),
				Origin.DEFAULT);
		if (policy.jsseProvider() != null) {
			writer.property("jsseProvider", policy.jsseProvider().name(), policy.jsseProvider().property());
		}
		else {
			writer.add("jsseProvider", "the JVM's", Origin.DEFAULT);
		}
		writer.setting("reloadInterval", this.reloadInterval.toString(), decision.reloadInterval(), Origin.DEFAULT);
		writer.setting("expiryWarning", this.expiryRule.warning().toString(), decision.expiryWarning(), Origin.DEFAULT);
		writer.setting("expiryOutOfService", this.expiryRule.outOfService(), decision.expiryOutOfService(),
				Origin.DEFAULT);
		verifyAtStartup(decision.verifyAtStartup(), writer);
	}

	private static boolean narrows(List<String> ofBundle, @Nullable Setting<? extends List<?>> asked, int decided) {
		return !ofBundle.isEmpty() && (asked == null || decided < asked.value().size());
	}

	private static void trust(TlsPolicy policy, Writer writer) {
		TrustSource trust = policy.trust();
		if (trust instanceof TrustSource.Bundle bundle) {
			writer.bundle(TRUST, trust.toString(), bundle.origin());
		}
		else if (trust instanceof TrustSource.CaFile file && file.trustProperty() != null) {
			writer.property(TRUST, trust.toString(), file.property());
		}
		else if (trust instanceof TrustSource.None) {
			// Whoever decided that nothing is verified.
			DecidedSetting mode = Objects.requireNonNull(writer.settings().get(MODE));
			writer.add(new DecidedSetting(TRUST, trust.toString(), mode.origin(), mode.property(), mode.location()));
		}
		else {
			writer.add(TRUST, trust.toString(), Origin.PRESET);
		}
	}

	private static void clientKey(@Nullable ClientKeySource key, Writer writer) {
		if (key instanceof ClientKeySource.Files files) {
			writer.property("clientCertificate", files.certificate(), files.certificateProperty());
			writer.property("clientPrivateKey", files.privateKey(), files.privateKeyProperty());
		}
		else if (key instanceof ClientKeySource.Bundle bundle) {
			writer.bundle("clientCertificate", bundle.certificate(), bundle.origin());
		}
	}

	private static void verifyAtStartup(@Nullable Setting<Boolean> setting, Writer writer) {
		writer.setting(VERIFY_AT_STARTUP, (setting != null) && setting.value(), setting, Origin.DEFAULT);
	}

	/**
	 * Return the settings of a pool that is derived from the one with these.
	 * @param verifyAtStartup what is asked for it by its own name
	 * @param environment tells where properties were set
	 * @return a copy
	 */
	DecidedSettings derived(@Nullable Setting<Boolean> verifyAtStartup, Environment environment) {
		DecidedSettings copy = copy();
		verifyAtStartup(verifyAtStartup, new Writer(copy.settings, environment));
		return copy;
	}

	/**
	 * Return the settings of a pool whose policy is another than the application's.
	 * @param basis what these settings come to
	 * @param policy the policy of the pool
	 * @param raisedBy where a stronger mode was asked for
	 * @param property the property that this stands in, or {@code null} if it is not
	 * known
	 * @param environment tells where properties were set
	 * @return a copy
	 */
	DecidedSettings adapted(TlsPolicy basis, TlsPolicy policy, Origin raisedBy, @Nullable String property,
			Environment environment) {
		if (policy.equals(basis)) {
			return this;
		}
		DecidedSettings copy = copy();
		Writer writer = new Writer(copy.settings, environment);
		if (policy.sslMode() != basis.sslMode()) {
			writer.add(new DecidedSetting(MODE, policy.sslMode().propertyValue(), raisedBy, property,
					(property != null) ? PropertyLocations.find(environment, property) : null));
		}
		if (!policy.trust().equals(basis.trust())) {
			trust(policy, writer);
		}
		return copy;
	}

	/**
	 * Return how often files are looked at.
	 * @return the interval, or zero if they are not
	 */
	Duration reloadInterval() {
		return this.reloadInterval;
	}

	/**
	 * Return when the end of a certificate is worth a warning.
	 * @return the rule
	 */
	ExpiryRule expiryRule() {
		return this.expiryRule;
	}

	private DecidedSettings copy() {
		return new DecidedSettings(new LinkedHashMap<>(this.settings), this.reloadInterval, this.expiryRule);
	}

	/**
	 * Return all of them.
	 * @param ciphers what is offered to servers where nobody chose
	 * @return the settings, in the order of the documentation
	 */
	List<DecidedSetting> all(List<String> ciphers) {
		return this.settings.values()
			.stream()
			.map((setting) -> (setting.name().equals(CIPHERS) && setting.origin() == Origin.DEFAULT)
					? new DecidedSetting(CIPHERS, ciphers, Origin.DEFAULT) : setting)
			.toList();
	}

	/**
	 * Writes settings down.
	 *
	 * @param settings where to
	 * @param environment tells where properties were set
	 */
	private record Writer(Map<String, DecidedSetting> settings, Environment environment) {

		void add(DecidedSetting setting) {
			this.settings.put(setting.name(), setting);
		}

		void add(String name, Object value, Origin origin) {
			add(new DecidedSetting(name, value, origin));
		}

		void property(String name, Object value, String property) {
			add(new DecidedSetting(name, value, Origin.PROPERTY, property,
					PropertyLocations.find(this.environment, property)));
		}

		void setting(String name, Object value, @Nullable Setting<?> setting, Origin otherwise) {
			if (setting != null) {
				property(name, value, setting.property());
			}
			else {
				add(name, value, otherwise);
			}
		}

		void bundle(String name, Object value, BundleOrigin origin) {
			boolean named = origin instanceof BundleOrigin.Property;
			// Of a service connection there are words only.
			add(new DecidedSetting(name, value, Origin.SSL_BUNDLE, named ? origin.property() : null,
					named ? PropertyLocations.find(this.environment, origin.property()) : origin.toString()));
		}

	}

}
