package io.github.dbtls.autoconfigure;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsSettings;
import io.github.dbtls.TlsSettings.Setting;
import io.github.dbtls.trust.SslBundleReader;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;

/**
 * The SSL bundles of the application and what one must be that takes the place of files.
 * They are asked for only where a bundle is named: to create them reads the user's key
 * stores.
 */
final class ApplicationSslBundles {

	private final ObjectProvider<SslBundles> provider;

	private final Set<Followed> followed = ConcurrentHashMap.newKeySet();

	private final ServiceConnections connections;

	private final BundleProperties properties;

	ApplicationSslBundles(ObjectProvider<SslBundles> provider, ServiceConnections connections,
			BundleProperties properties) {
		this.provider = provider;
		this.connections = connections;
		this.properties = properties;
	}

	/**
	 * Return what the bundle that a property names comes to.
	 * @param name the property, and the bundle's name
	 * @param dataSources whether settings of a single DataSource have a name
	 * @param replaced the authority of all DataSources that the bundle takes the place
	 * of, or {@code null}
	 * @return what it comes to
	 */
	TlsSettings.Bundle named(Setting<String> name, Predicate<String> dataSources, @Nullable Setting<String> replaced) {
		if (isReserved(name.value(), dataSources)) {
			throw published(name);
		}
		BundleOrigin.Property origin = new BundleOrigin.Property(name.property(), name.value());
		TlsSettings.Bundle bundle = read(origin);
		SslBundles bundles = of(origin);
		if (bundles != null && bundles.getBundle(name.value()).getStores() instanceof PublishedStores) {
			// Of a parent context.
			throw published(name);
		}
		if (!bundle.hasTrust()) {
			refuseBlankTrustStore(name.value());
			requireTrust(bundle, replaced);
		}
		return bundle;
	}

	// Whether it is there would depend on which DataSource comes first.
	private static boolean isReserved(String bundle, Predicate<String> dataSources) {
		String own = TrustPublication.COMMON + "-";
		return bundle.equals(TrustPublication.COMMON)
				|| (bundle.startsWith(own) && dataSources.test(bundle.substring(own.length())));
	}

	private static DbTlsConfigurationException published(Setting<String> name) {
		String files = name.property().replaceAll("ssl-bundle$", "ca-path");
		return new DbTlsConfigurationException(name.property(),
				"'%s' is '%s', the name of a bundle that dbtls itself publishes: what DataSources trust by their certificate files."
					.formatted(name.property(), name.value()),
				"To trust the same file, name it in '%s' and remove '%s'. A bundle of your own needs another name, there and under 'spring.ssl.bundle'."
					.formatted(files, name.property()));
	}

	// Boot takes it for none.
	private void refuseBlankTrustStore(String bundle) {
		String blank = this.properties.blankTrustStoreOf(bundle);
		if (blank != null) {
			throw new DbTlsConfigurationException(blank, "'%s' is set, but to nothing.".formatted(blank),
					"Set it to the certificate of the server's authority, or remove it to trust what the provider does.");
		}
	}

	/**
	 * Refuse a bundle without a trust store where it takes the place of an authority: a
	 * key that is added must not remove the authority that was pinned.
	 * @param bundle the bundle
	 * @param replaced the authority, or {@code null} if there is none
	 */
	static void requireTrust(TlsSettings.Bundle bundle, @Nullable Setting<String> replaced) {
		if (!bundle.hasTrust() && replaced != null) {
			throw new DbTlsConfigurationException(bundle.origin().property(),
					"%s, which has no trust store, and would take the place of '%s' all the same."
						.formatted(bundle.origin().sentence(), replaced.property()),
					"Give it the certificate of the server's authority too: '%s'."
						.formatted(bundle.origin().setting(BundleOrigin.Part.TRUST_STORE)));
		}
	}

	/**
	 * Return what a bundle comes to.
	 * @param origin where it was declared
	 * @return what it comes to
	 */
	TlsSettings.Bundle read(BundleOrigin origin) {
		return SslBundleReader.of(origin, of(origin)).settings();
	}

	/**
	 * Return the bundles that came with service connections.
	 * @return the service connections
	 */
	ServiceConnections connections() {
		return this.connections;
	}

	/**
	 * Return the bundles that one is among.
	 * @param origin where the bundle was declared
	 * @return the bundles, or {@code null} if there is no such bean, or not one alone
	 */
	@Nullable SslBundles of(BundleOrigin origin) {
		return (origin instanceof BundleOrigin.Property) ? this.provider.getIfUnique() : this.connections;
	}

	/**
	 * Look at a bundle's content as soon as it is updated.
	 * @param origin where the bundle was declared
	 * @param reloads what looks
	 */
	void follow(BundleOrigin origin, Reloads reloads) {
		SslBundles bundles = origin.isUpdatable() ? of(origin) : null;
		String name = origin.name();
		if (bundles != null && this.followed.add(new Followed(name, reloads))) {
			// No handler can be removed, and bundles may be those of a parent context,
			// which lives longer. Boot's watcher calls it: it only asks for a look.
			WeakReference<Reloads> reference = new WeakReference<>(reloads);
			bundles.addBundleUpdateHandler(name, (bundle) -> {
				Reloads target = reference.get();
				if (target != null) {
					target.bundleUpdated(name);
				}
			});
		}
	}

	/**
	 * A bundle that is followed already.
	 *
	 * @param name its name
	 * @param reloads for whom: this context, or an ancestor whose pools it secured
	 */
	private record Followed(String name, Reloads reloads) {
	}

}
