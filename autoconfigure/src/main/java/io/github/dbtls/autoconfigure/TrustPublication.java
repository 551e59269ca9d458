package io.github.dbtls.autoconfigure;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TrustSource.CaFile;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.core.Ordered;

/**
 * Publishes the trust that came from certificate files as bundles of Spring Boot, so that
 * whatever shows bundles shows it too: {@code dbtls} for {@code dbtls.*},
 * {@code dbtls-<bean name>} for a DataSource with trust of its own.
 * <p>
 * It is a publication and nothing else. Pools hold their trust themselves and never look
 * it up here, so that nothing breaks where an {@code SslBundles} bean of the application
 * switches registrars off, or where this context uses the bundles of its parent. Nor is
 * it the protection of dbtls: whoever takes such a bundle elsewhere gets the authorities,
 * the protocols and the ciphers, and the checks of the JDK.
 * <p>
 * It comes after Boot's registrar and the application's, so that a name that is taken is
 * noticed here and not where the other bundle is registered, in words of Boot's that do
 * not know dbtls.
 */
final class TrustPublication implements SslBundleRegistrar, TrustPublisher, Ordered {

	static final String COMMON = "dbtls";

	private static final String OWN_PROPERTIES = "dbtls.data-sources.";

	private final ObjectProvider<Policies> policies;

	private final BeanFactory beanFactory;

	private final BundleProperties properties;

	private final Map<String, PublishedBundle> publications = new LinkedHashMap<>();

	/**
	 * Which bundles are in which registry. A context without one of its own uses its
	 * parent's; one with its own calls the registrars of its parent as well, and nobody
	 * tells those when it closes.
	 */
	private final Map<SslBundleRegistry, Map<String, Delivery>> registries = new WeakHashMap<>();

	/**
	 * Sizes of what is in a registry. It is read without a lock: a meter filter is called
	 * under one of the meter registry's, which a bundle's update handler waits for.
	 */
	private final Map<String, Integer> sizes = new ConcurrentHashMap<>();

	private volatile @Nullable Optional<TlsPolicy> common;

	TrustPublication(ObjectProvider<Policies> policies, BeanFactory beanFactory, BundleProperties properties) {
		this.policies = policies;
		this.beanFactory = beanFactory;
		this.properties = properties;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/**
	 * Return the number of certificates in each bundle of dbtls that is in a registry.
	 * @return a live map
	 */
	Map<String, Integer> sizes() {
		return this.sizes;
	}

	@Override
	public void registerBundles(SslBundleRegistry registry) {
		List<String> bundles;
		synchronized (this) {
			this.registries.put(registry, new HashMap<>());
			bundles = List.copyOf(this.publications.keySet());
		}
		try {
			bundles.forEach((bundle) -> deliver(registry, bundle));
		}
		catch (RuntimeException | Error ex) {
			// The context that it is of does not start, and nobody uses it.
			synchronized (this) {
				this.registries.remove(registry);
			}
			throw ex;
		}
	}

	@Override
	public void publish(SecuredPool pool) {
		TlsPolicy policy = pool.tls().policy();
		if (policy.trust() instanceof CaFile file) {
			String bundle = bundle(pool.name(), policy, file);
			if (bundle != null) {
				publish(bundle, pool, policy, file);
			}
		}
	}

	private @Nullable String bundle(String pool, TlsPolicy policy, CaFile file) {
		// A file of the provider's has no property but the one that names the provider.
		String property = file.property().startsWith(COMMON + ".") ? file.property() : policy.prefix() + ".provider";
		if (!property.startsWith(OWN_PROPERTIES)) {
			return COMMON;
		}
		String entry = property.substring(OWN_PROPERTIES.length(), property.lastIndexOf('.'));
		boolean own = Policies.isSameName(entry, pool);
		// A pool that was derived from another has the other's trust. One that is no bean
		// may come and go, and a bundle cannot go.
		return (own && this.beanFactory.containsBean(pool)) ? COMMON + "-" + pool : null;
	}

	// Decided once: that may read a bundle, and a look must not wait for it.
	private @Nullable TlsPolicy common() {
		Optional<TlsPolicy> common = this.common;
		if (common == null) {
			common = Optional.ofNullable(this.policies.getObject().common());
			this.common = common;
		}
		return common.orElse(null);
	}

	private void publish(String bundle, SecuredPool pool, TlsPolicy policy, CaFile file) {
		SslOptions options = options(bundle, policy);
		List<SslBundleRegistry> registries;
		synchronized (this) {
			List<X509Certificate> certificates = pool.tls().trust().ofFile();
			PublishedBundle before = this.publications.get(bundle);
			if (before == null || !before.certificates().equals(certificates)) {
				this.publications.put(bundle, PublishedBundle.of(bundle, file.property(), certificates, options));
			}
			registries = List.copyOf(this.registries.keySet());
		}
		RuntimeException refusal = null;
		for (SslBundleRegistry registry : registries) {
			try {
				deliver(registry, bundle);
			}
			catch (RuntimeException ex) {
				// The others have it all the same.
				refusal = (refusal != null) ? refusal : ex;
			}
		}
		if (refusal != null) {
			throw refusal;
		}
	}

	private SslOptions options(String bundle, TlsPolicy policy) {
		// DataSources that share trust may differ in these, and any may come first.
		TlsPolicy common = COMMON.equals(bundle) ? common() : null;
		TlsPolicy decisive = (common != null) ? common : policy;
		String[] ciphers = decisive.ciphers().isEmpty() ? null : decisive.ciphers().toArray(String[]::new);
		return SslOptions.of(ciphers, decisive.protocols().toArray(String[]::new));
	}

	// Who listens to the registry is called without the lock, and may not return: no
	// other bundle waits for it, nor does who comes with something newer of the same one.
	// That is delivered by who delivers already, so that nothing older overtakes it.
	private void deliver(SslBundleRegistry registry, String bundle) {
		Delivery delivery = delivery(registry, bundle);
		PublishedBundle publication = (delivery != null) ? begin(delivery, bundle) : null;
		while (delivery != null && publication != null) {
			boolean delivered = false;
			try {
				show(registry, publication, delivery);
				delivered = true;
			}
			finally {
				end(delivery, delivered ? publication : null);
			}
			publication = begin(delivery, bundle);
		}
	}

	private synchronized @Nullable Delivery delivery(SslBundleRegistry registry, String bundle) {
		Map<String, Delivery> deliveries = this.registries.get(registry);
		return (deliveries != null) ? deliveries.computeIfAbsent(bundle, (name) -> new Delivery()) : null;
	}

	private synchronized @Nullable PublishedBundle begin(Delivery delivery, String bundle) {
		PublishedBundle latest = this.publications.get(bundle);
		if (delivery.inProgress || latest == delivery.last) {
			return null;
		}
		delivery.inProgress = true;
		return latest;
	}

	private synchronized void end(Delivery delivery, @Nullable PublishedBundle delivered) {
		delivery.inProgress = false;
		if (delivered != null) {
			delivery.last = delivered;
		}
	}

	private void show(SslBundleRegistry registry, PublishedBundle publication, Delivery delivery) {
		if (isRegistered(delivery)) {
			measure(publication.name());
			publication.update(registry);
		}
		else if (publication.isFree(registry, this.properties)) {
			register(registry, publication);
			registered(delivery);
		}
	}

	private void register(SslBundleRegistry registry, PublishedBundle publication) {
		boolean registered = false;
		// Before anybody makes meters of it.
		measure(publication.name());
		try {
			publication.register(registry, this.properties);
			registered = true;
		}
		finally {
			if (!registered) {
				measureNoLonger(publication.name());
			}
		}
	}

	private synchronized boolean isRegistered(Delivery delivery) {
		return delivery.registered;
	}

	private synchronized void registered(Delivery delivery) {
		delivery.registered = true;
	}

	// Of the latest, which may be newer than what is on its way to a registry.
	private synchronized void measure(String bundle) {
		PublishedBundle latest = this.publications.get(bundle);
		if (latest != null) {
			this.sizes.put(bundle, latest.certificates().size());
		}
	}

	private synchronized void measureNoLonger(String bundle) {
		boolean elsewhere = this.registries.values().stream().anyMatch((deliveries) -> {
			Delivery delivery = deliveries.get(bundle);
			return delivery != null && delivery.registered;
		});
		if (!elsewhere) {
			this.sizes.remove(bundle);
		}
	}

	/**
	 * What became of a bundle in a registry. Guarded by the lock of all.
	 */
	private static final class Delivery {

		private boolean registered;

		private boolean inProgress;

		private @Nullable PublishedBundle last;

	}

}
