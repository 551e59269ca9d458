package io.github.dbtls.sample.stage;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.github.dbtls.actuate.DbTlsEndpoint;
import io.github.dbtls.sample.orders.OrderLoad;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The application as whoever operates it sees it: what its endpoint says, and its pool.
 */
class SecuredApplication {

	/** Bean name of the only DataSource. */
	private static final String DATA_SOURCE = "dataSource";

	private static final Duration ORDERS_PATIENCE = Duration.ofSeconds(15);

	private final ObjectProvider<DbTlsEndpoint> endpoint;

	private final ObjectProvider<HikariDataSource> dataSource;

	private final ObjectProvider<OrderLoad> orders;

	private volatile @Nullable Verification verification;

	SecuredApplication(ObjectProvider<DbTlsEndpoint> endpoint, ObjectProvider<HikariDataSource> dataSource,
			ObjectProvider<OrderLoad> orders) {
		this.endpoint = endpoint;
		this.dataSource = dataSource;
		this.orders = orders;
	}

	/**
	 * Wait until the orders that had to wait are placed, or it takes too long: an
	 * application that ends takes them with it.
	 */
	void awaitOrders() {
		OrderLoad orders = this.orders.getIfAvailable();
		if (orders != null) {
			// One or two may always be on their way.
			Waiting.until(() -> orders.state().waiting() <= 2, ORDERS_PATIENCE);
		}
	}

	/**
	 * Replaces all connections by new ones, each as soon as it is not in use. An operator
	 * need not do that: it makes visible at once what happens to new connections.
	 */
	void renewConnections() {
		HikariDataSource dataSource = this.dataSource.getIfAvailable();
		HikariPoolMXBean pool = (dataSource != null) ? dataSource.getHikariPoolMXBean() : null;
		if (pool != null) {
			pool.softEvictConnections();
		}
	}

	/**
	 * Returns how closely the application looks at the server.
	 * @return what its policy says, or the usual as long as there is no policy
	 */
	Verification verification() {
		Verification verification = this.verification;
		if (verification == null) {
			Object mode = child(child(description(), "policy"), "sslMode").get("value");
			if (mode == null) {
				return Verification.IDENTITY;
			}
			verification = Verification.of(mode.toString());
			// A policy never changes.
			this.verification = verification;
		}
		return verification;
	}

	/**
	 * Returns whether the application trusts some authorities and not some others.
	 * @param authorities those that have to be trusted
	 * @param notThese those that must not be
	 * @return whether all of them are trusted, and no other one of this sample
	 */
	boolean trusts(Set<X509Certificate> authorities, Set<X509Certificate> notThese) {
		Set<String> trusted = authorities(false);
		return trusted.containsAll(numbers(authorities)) && numbers(notThese).stream().noneMatch(trusted::contains);
	}

	/**
	 * Returns whether a connection is open that an authority vouches for.
	 * @param authority the authority
	 * @return whether there is one
	 */
	boolean relies(X509Certificate authority) {
		return authorities(true).containsAll(numbers(Set.of(authority)));
	}

	private Set<String> authorities(boolean inUse) {
		return (child(description(), "trust").get("authorities") instanceof List<?> authorities) ? authorities.stream()
			.filter(Map.class::isInstance)
			.map(Map.class::cast)
			.filter((authority) -> !inUse || Boolean.TRUE.equals(authority.get("inUse")))
			.map((authority) -> String.valueOf(authority.get("serialNumber")))
			.collect(Collectors.toSet()) : Set.of();
	}

	private @Nullable Map<String, Object> description() {
		DbTlsEndpoint endpoint = this.endpoint.getIfAvailable();
		return (endpoint != null) ? endpoint.dataSource(DATA_SOURCE) : null;
	}

	private static Map<?, ?> child(@Nullable Map<?, ?> parent, String name) {
		return (parent != null && parent.get(name) instanceof Map<?, ?> child) ? child : Map.of();
	}

	private static Set<String> numbers(Set<X509Certificate> certificates) {
		return certificates.stream()
			.map(X509Certificate::getSerialNumber)
			.map((number) -> number.toString(16))
			.collect(Collectors.toSet());
	}

}
