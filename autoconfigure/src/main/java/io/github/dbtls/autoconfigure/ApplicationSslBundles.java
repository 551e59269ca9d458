package io.github.dbtls.autoconfigure;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;

/**
 * The SSL bundles of the application, asked for only where a bundle is named: to create
 * them reads the user's key stores.
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
	 * Refuse a trust store that is set to nothing: Boot takes it for none.
	 * @param origin where the bundle was declared
	 */
	void refuseBlankTrustStore(BundleOrigin origin) {
		String blank = this.properties.blankTrustStoreOf(origin.name());
		if (origin instanceof BundleOrigin.Property && blank != null) {
			throw new DbTlsConfigurationException(blank, "'%s' is set, but to nothing.".formatted(blank),
					"Set it to the certificate of the server's authority, or remove it to trust what the provider does."
						.formatted(blank));
		}
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
