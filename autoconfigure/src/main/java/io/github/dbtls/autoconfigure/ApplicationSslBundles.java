package io.github.dbtls.autoconfigure;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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

	ApplicationSslBundles(ObjectProvider<SslBundles> provider) {
		this.provider = provider;
	}

	/**
	 * Return the bundles.
	 * @return the bundles, or {@code null} if there is no such bean, or not one alone
	 */
	@Nullable SslBundles get() {
		return this.provider.getIfUnique();
	}

	/**
	 * Look at a bundle's content as soon as it is updated.
	 * @param name the bundle's name
	 * @param reloads what looks
	 */
	void follow(String name, Reloads reloads) {
		SslBundles bundles = get();
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
