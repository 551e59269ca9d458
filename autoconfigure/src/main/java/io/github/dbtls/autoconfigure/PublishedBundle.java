package io.github.dbtls.autoconfigure;

import java.security.cert.X509Certificate;
import java.util.List;

import io.github.dbtls.DbTlsConfigurationException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/**
 * A bundle that dbtls publishes, and the way into a registry of Boot's. What fails there
 * is either that the name is another's, or the matter of who listens to the registry.
 *
 * @param name the bundle's name
 * @param source what names the file, as an error message calls it
 * @param certificates the authorities in it
 * @param sslBundle the bundle
 */
record PublishedBundle(String name, String source, List<X509Certificate> certificates, SslBundle sslBundle) {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	static PublishedBundle of(String name, String source, List<X509Certificate> certificates, SslOptions options) {
		return new PublishedBundle(name, source, certificates,
				SslBundle.of(new PublishedStores(certificates), SslBundleKey.NONE, options));
	}

	/**
	 * Return whether the bundle's name is free. That of a parent or child context may
	 * have it, whose bundle is of the same properties.
	 * @param registry the registry
	 * @param properties the application's own bundles
	 * @return whether no bundle has the name
	 * @throws DbTlsConfigurationException if another bundle has the name
	 */
	boolean isFree(SslBundleRegistry registry, BundleProperties properties) {
		SslBundle other = find(registry);
		if (other != null && !(other.getStores() instanceof PublishedStores)) {
			throw taken(properties, null);
		}
		return other == null;
	}

	/**
	 * Register the bundle.
	 * @param registry the registry, whose handlers are called and may fail
	 * @param properties the application's own bundles
	 * @throws DbTlsConfigurationException if another bundle has the name
	 */
	void register(SslBundleRegistry registry, BundleProperties properties) {
		try {
			registry.registerBundle(this.name, this.sslBundle);
		}
		catch (Throwable ex) {
			if (find(registry) != this.sslBundle) {
				if (ex instanceof Error error) {
					throw error;
				}
				throw taken(properties, ex);
			}
			handlerFailed(ex);
		}
		if (registry instanceof SslBundles bundles) {
			// Without one, Boot warns at each update that nobody takes it over.
			bundles.addBundleUpdateHandler(this.name, (updated) -> {
			});
		}
	}

	/**
	 * Let the bundle take the place of an earlier one of its name.
	 * @param registry the registry, whose handlers are called and may fail
	 */
	void update(SslBundleRegistry registry) {
		try {
			registry.updateBundle(this.name, this.sslBundle);
		}
		catch (Throwable ex) {
			handlerFailed(ex);
		}
	}

	private @Nullable SslBundle find(SslBundleRegistry registry) {
		return (registry instanceof SslBundles bundles && bundles.getBundleNames().contains(this.name))
				? bundles.getBundle(this.name) : null;
	}

	// The pool does not depend on what others make of the bundle, be it an error of
	// theirs.
	private void handlerFailed(Throwable thrown) {
		logger.warn("SSL bundle '%s' is up to date, but not everything that uses it took it over".formatted(this.name),
				thrown);
	}

	private DbTlsConfigurationException taken(BundleProperties properties, @Nullable Throwable cause) {
		String property = properties.anyOf(this.name);
		String source = this.source.startsWith(TrustPublication.COMMON + ".") ? "'" + this.source + "'" : this.source;
		return new DbTlsConfigurationException(property,
				"The authorities of %s are published as SSL bundle '%s', but another bundle has this name: %s."
					.formatted(source, this.name,
							(property != null) ? "that of '%s'".formatted(property)
									: "of 'spring.ssl.bundle.*.%s', or of an SslBundleRegistrar bean"
										.formatted(this.name)),
				"Give that bundle another name, there and wherever it is used. 'dbtls', and 'dbtls-' with the name of a DataSource, are the names of what dbtls publishes.",
				cause);
	}

}
