package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Properties;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.actuate.DecidedSetting.Origin;
import io.github.dbtls.connectorj.DatabaseUrl;
import io.github.dbtls.connectorj.DriverSettings;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.connectorj.PoolProperties;
import io.github.dbtls.connectorj.PoolRegistry;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.MaterialSnapshot;
import io.github.dbtls.trust.MaterialSource;
import io.github.dbtls.trust.PoolMaterial;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundles;

/**
 * Secures what hands a JDBC URL to Connector/J:
 * <ol>
 * <li>Refuse what stands in the way, as the driver itself reads the settings.</li>
 * <li>Decide the policy: that of the DataSource, raised where its URL asks for more.</li>
 * <li>Read the trusted authorities, and the client's certificate and key.</li>
 * <li>Write our properties to the data source properties and to the URL: properties win
 * for the pool itself, the URL travels to whatever is derived from it.</li>
 * <li>Read back from the driver that each host will do what the policy says.</li>
 * </ol>
 */
final class PoolSecurer {

	private final Policies policies;

	private final SecuredPools pools;

	private final ApplicationSslBundles sslBundles;

	private final TrustPublisher publisher;

	private final SettingPlaces places;

	private final LastFailure lastFailure;

	PoolSecurer(Policies policies, SecuredPools pools, ApplicationSslBundles sslBundles, TrustPublisher publisher,
			SettingPlaces places, LastFailure lastFailure) {
		this.policies = policies;
		this.pools = pools;
		this.sslBundles = sslBundles;
		this.publisher = publisher;
		this.places = places;
		this.lastFailure = lastFailure;
	}

	/**
	 * Secure a source of connections, unless it is another database's or was secured
	 * before.
	 * @param name the name of its policy
	 * @param source the source
	 * @return whether it leads to a MySQL-protocol database
	 * @throws DbTlsConfigurationException if it cannot be secured
	 */
	boolean secure(String name, ConnectionSource source) {
		SecuredPool before = this.pools.find(source.target());
		if (before != null) {
			requireSecured(name, source);
			this.pools.use(before);
			return true;
		}
		String url = source.url();
		if (!isMySql(name, source) || url == null) {
			return false;
		}
		DriverSettings settings = DriverSettings.read(where(name), url, source.properties());
		SecuredPool origin = this.policies.hasEntry(name) ? null : this.pools.findById(settings.poolId());
		if (origin != null && !(source instanceof HikariConnectionSource)) {
			// Derived from a pool, whose policy travelled with the URL.
			return true;
		}
		Basis basis = (origin != null) ? derivedFrom(origin, name) : decide(name, settings);
		String obstacle = source.obstacle();
		if (obstacle != null) {
			throw cannotBeSecured(name, obstacle, source);
		}
		secure(name, source, url, basis, settings);
		return true;
	}

	private Basis decide(String name, DriverSettings settings) {
		Policies.Decision decision = this.policies.decisionOf(name, settings.hosts());
		return new Basis(decision.policy(), DecidedSettings.of(decision, this.places.environment()));
	}

	// It must not be weaker than the other.
	private Basis derivedFrom(SecuredPool origin, String name) {
		return new Basis(origin.tls().policy(),
				origin.settings().derived(this.policies.verifyAtStartup(name), this.places.environment()));
	}

	private void secure(String name, ConnectionSource source, String url, Basis decided, DriverSettings settings) {
		TlsPolicy basis = decided.policy();
		String where = where(name);
		// The URL alone counts as well: it is what derived connections get.
		DriverSettings urlSettings = DriverSettings.read(where, url, new Properties());
		urlSettings.refuseObstacles(basis.prefix(), this.places.url(url));
		settings.refuseObstacles(basis.prefix(), this.places.dataSourceProperties());
		SslMode asked = stronger(urlSettings.askedMode(), settings.askedMode());
		List<String> hosts = settings.hosts().stream().map(HostAddress::host).toList();
		TlsPolicy policy = ((asked != null) ? basis.raisedTo(asked) : basis).forHosts(hosts);
		UserNames.check(where, policy, settings.userNames(), source);
		BundleOrigin bundle = policy.sslBundle();
		SslBundles bundles = (bundle != null) ? this.sslBundles.of(bundle) : null;
		MaterialSource materialSource = MaterialSource.of(policy, bundles);
		MaterialSnapshot snapshot = materialSource.read();
		PoolMaterial material = snapshot.load();
		SecuredPools owner = this.pools.ownerOf(source);
		PoolTls tls = new PoolTls(name, policy, material, decided.settings().expiryRule(),
				owner.reloads()::handshakeFinished);
		this.lastFailure.watch(tls);
		String id = PoolRegistry.add(tls);
		PoolProperties properties = PoolProperties.of(id, policy);
		boolean raisedByUrl = asked != null && asked == urlSettings.askedMode();
		DecidedSettings decidedSettings = decided.settings()
			.adapted(basis, policy, raisedByUrl ? Origin.JDBC_URL : Origin.DATA_SOURCE_PROPERTIES,
					raisedByUrl ? this.places.urlProperty(url) : null, this.places.environment());
		SecuredPool pool = new SecuredPool(id, source, tls, properties, settings.hosts(),
				this.policies.isVerifiedAtStartup(name), decidedSettings);
		this.pools.add(pool, owner);
		try {
			source.secure(properties.writeTo(url), properties);
			requireSecured(name, source);
			SecuredPoolLog.secured(tls, material, settings.hosts(), asked, basis, url);
			this.pools.secured(pool);
			if (owner == this.pools) {
				// A bundle of this context would outlive its word on another's pool.
				this.publisher.publish(pool);
			}
			if (bundle != null) {
				SecuredPoolLog.replaced(name, bundle, this.policies.replacedBy(bundle, name));
			}
			Duration reloadInterval = decided.settings().reloadInterval();
			if (!reloadInterval.isZero()) {
				follow(pool, owner, bundles, materialSource, snapshot, material, reloadInterval);
			}
		}
		catch (RuntimeException ex) {
			// It is no bean then; the next attempt, of a lazy one, makes a new entry.
			this.pools.remove(pool);
			throw ex;
		}
	}

	private void follow(SecuredPool pool, SecuredPools owner, @Nullable SslBundles bundles, MaterialSource source,
			MaterialSnapshot snapshot, PoolMaterial material, Duration interval) {
		BundleOrigin bundle = pool.tls().policy().sslBundle();
		if (bundle != null && bundles != null && owner != this.pools && !owner.outlive(bundles)) {
			// They end with this context, and whoever asked them would keep it in memory.
			if (source.isWatchable()) {
				SecuredPoolLog.notFollowed(pool.name(), bundle);
			}
			return;
		}
		owner.reloads().add(pool, source, snapshot, material, interval);
		if (bundle != null) {
			this.sslBundles.follow(bundle, owner.reloads());
		}
	}

	/**
	 * Return whether a source was secured in this application context or an ancestor.
	 * @param source the source
	 * @return whether it was
	 */
	boolean isSecured(ConnectionSource source) {
		return this.pools.find(source.target()) != null;
	}

	/**
	 * Forget a source that closed.
	 * @param source the source
	 */
	void release(ConnectionSource source) {
		SecuredPool pool = this.pools.find(source.target());
		if (pool != null) {
			this.pools.remove(pool);
		}
	}

	/**
	 * Check that a source of connections is secured, as the driver itself reads its
	 * settings now.
	 * @param name the name of its policy
	 * @param source the source
	 * @return whether it leads to a MySQL-protocol database
	 * @throws DbTlsConfigurationException if it is not secured
	 */
	boolean requireSecured(String name, ConnectionSource source) {
		String where = where(name);
		String url = source.url();
		if (!isMySql(name, source) || url == null) {
			return false;
		}
		DriverSettings settings = DriverSettings.read(where, url, source.properties());
		SecuredPool pool = this.pools.findById(settings.poolId());
		if (pool == null) {
			throw new DbTlsConfigurationException(null,
					"%s leads to MySQL, and is not secured: its settings changed after dbtls had written them, or dbtls never saw it."
						.formatted(where),
					Exemptions.orElse(
							"Let the DataSource be a bean, hand its configuration to '%s', and change no driver setting later"
								.formatted(DbTlsPools.class.getName()),
							name));
		}
		settings.requireSecured(pool.properties(), pool.tls().policy().prefix());
		return true;
	}

	private static @Nullable SslMode stronger(@Nullable SslMode one, @Nullable SslMode other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return one.isWeakerThan(other) ? other : one;
	}

	private static boolean isMySql(String name, ConnectionSource source) {
		String url = source.url();
		if (url == null) {
			return isMySqlByDriver(name, source);
		}
		DatabaseUrl kind = DatabaseUrl.of(url, source.driverClassName());
		if (kind == DatabaseUrl.OTHER_DRIVER) {
			throw new DbTlsConfigurationException(null,
					"%s connects to '%s' with %s, but dbtls secures MySQL Connector/J under 'jdbc:mysql:' only."
						.formatted(where(name),
								url.replaceAll("(?s)^((?:[\\w.+-]+:)+//).*|^((?:[\\w+-]+:){0,2}).*", "$1$2…"),
								(source.driverClassName() != null) ? source.driverClassName() : "another driver"),
					Exemptions.orElse(
							"Use a URL that begins with 'jdbc:mysql://' and the driver com.mysql.cj.jdbc.Driver",
							name));
		}
		if (kind == DatabaseUrl.UNKNOWN && !OtherDatabases.isDriver(source.driverClassName())) {
			throw new DbTlsConfigurationException(null,
					"%s connects to '%s', and dbtls does not know this kind of JDBC URL, nor whether it leads to MySQL."
						.formatted(where(name), DatabaseUrl.beginning(url)),
					Exemptions.orElse("If it does, use a URL that begins with 'jdbc:mysql://' and the driver "
							+ "com.mysql.cj.jdbc.Driver", name));
		}
		return kind == DatabaseUrl.MYSQL;
	}

	private static boolean isMySqlByDriver(String name, ConnectionSource source) {
		String driver = source.driverClassName();
		if (OtherDatabases.isDriver(driver)) {
			return false;
		}
		String obstacle = source.obstacle();
		if (obstacle != null) {
			throw cannotBeSecured(name, obstacle, source);
		}
		throw new DbTlsConfigurationException(null,
				"%s has no JDBC URL that dbtls could read without connecting.".formatted(where(name)),
				Exemptions.orElse("Set its JDBC URL ('spring.datasource.url'); for a 'dataSourceClassName' of MySQL, "
						+ "set 'data-source-properties.url'", name));
	}

	private static DbTlsConfigurationException cannotBeSecured(String name, String obstacle, ConnectionSource source) {
		return new DbTlsConfigurationException(null, "%s cannot be secured: it %s.".formatted(where(name), obstacle),
				Exemptions.orElse(source.remedy(), name));
	}

	private static String where(String name) {
		return "DataSource '%s'".formatted(name);
	}

	/**
	 * What the policy of a pool starts from.
	 *
	 * @param policy the policy
	 * @param settings where it came from
	 */
	private record Basis(TlsPolicy policy, DecidedSettings settings) {
	}

}
