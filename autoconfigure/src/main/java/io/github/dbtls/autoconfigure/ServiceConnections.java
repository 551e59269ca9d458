package io.github.dbtls.autoconfigure;

import java.util.List;
import java.util.Properties;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.connectorj.DatabaseUrl;
import io.github.dbtls.connectorj.DriverSettings;
import io.github.dbtls.connectorj.HostAddress;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The SSL bundles that came with service connections. They are no beans, and a registry
 * of their own keeps their names from meeting those of the application.
 */
final class ServiceConnections implements SslBundles {

	private final ObjectProvider<TlsConnectionDetails> details;

	ServiceConnections(ObjectProvider<TlsConnectionDetails> details) {
		this.details = details;
	}

	/**
	 * Return whether any service connection came with a bundle.
	 * @return whether there is one
	 */
	boolean exist() {
		return this.details.stream().anyMatch(ServiceConnections::hasBundle);
	}

	/**
	 * Return the bundle of the service that all hosts of a pool belong to.
	 * @param hosts the hosts of the pool's JDBC URL
	 * @return where the bundle was declared, or {@code null} if there is none
	 */
	@Nullable BundleOrigin find(List<HostAddress> hosts) {
		return this.details.stream()
			.filter(ServiceConnections::hasBundle)
			.filter((details) -> leadsTo(details, hosts))
			.map(TlsConnectionDetails::origin)
			.findFirst()
			.orElse(null);
	}

	private static boolean leadsTo(TlsConnectionDetails details, List<HostAddress> hosts) {
		String url = details.jdbcUrl();
		if (hosts.isEmpty() || DatabaseUrl.of(url, null) != DatabaseUrl.MYSQL) {
			return false;
		}
		String where = "the service with the " + details.origin();
		return DriverSettings.read(where, url, new Properties()).hosts().containsAll(hosts);
	}

	private static boolean hasBundle(TlsConnectionDetails details) {
		try {
			return details.sslBundle() != null;
		}
		catch (RuntimeException ex) {
			// Whoever reads it says what is wrong.
			return true;
		}
	}

	@Override
	public SslBundle getBundle(String name) throws NoSuchSslBundleException {
		SslBundle bundle = this.details.stream()
			.filter((details) -> details.origin().name().equals(name))
			.map(TlsConnectionDetails::sslBundle)
			.findFirst()
			.orElse(null);
		if (bundle == null) {
			throw new NoSuchSslBundleException(name, "No service connection has the " + name);
		}
		return bundle;
	}

	@Override
	public List<String> getBundleNames() {
		return this.details.stream().map((details) -> details.origin().name()).toList();
	}

	@Override
	public void addBundleUpdateHandler(String name, Consumer<SslBundle> updateHandler) {
		// They stay as they are.
	}

	@Override
	public void addBundleRegisterHandler(BiConsumer<String, SslBundle> registerHandler) {
		// There will be no others.
	}

}
