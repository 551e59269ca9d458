package io.github.dbtls.autoconfigure;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.mock.env.MockEnvironment;

/**
 * The SSL bundles of an application.
 */
final class TestSslBundles {

	private TestSslBundles() {
	}

	static ApplicationSslBundles none() {
		return of(new DefaultListableBeanFactory());
	}

	static ApplicationSslBundles of(String name, SslBundle bundle) {
		DefaultListableBeanFactory factory = new DefaultListableBeanFactory();
		factory.registerSingleton("sslBundles", new DefaultSslBundleRegistry(name, bundle));
		return of(factory);
	}

	private static ApplicationSslBundles of(DefaultListableBeanFactory factory) {
		return new ApplicationSslBundles(factory.getBeanProvider(SslBundles.class),
				new ServiceConnections(factory.getBeanProvider(TlsConnectionDetails.class)),
				new BundleProperties(new MockEnvironment()));
	}

}
