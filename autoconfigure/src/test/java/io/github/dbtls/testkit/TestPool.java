package io.github.dbtls.testkit;

import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.ClientKeySource;
import io.github.dbtls.Provider;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.TrustSource;
import io.github.dbtls.connectorj.PoolProperties;
import io.github.dbtls.connectorj.PoolRegistry;
import io.github.dbtls.tls.ExpiryRule;
import io.github.dbtls.tls.PoolListener;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.ClientKey;
import io.github.dbtls.trust.PoolMaterial;
import io.github.dbtls.trust.TrustMaterial;

/**
 * The TLS of a pool without an application context: registered, written to URLs, and
 * removed again when it is closed.
 */
public final class TestPool implements AutoCloseable {

	/** Who logs in. */
	public static final String USER = "fake-user-7f3a";

	/** What must never be seen before a verified handshake. */
	public static final String PASSWORD = "fake-password-91bc";

	private final PoolTls tls;

	private final String id;

	private final PoolProperties properties;

	private final List<TlsHandshakeException> failures;

	private TestPool(PoolTls tls, List<TlsHandshakeException> failures) {
		this.tls = tls;
		this.id = PoolRegistry.add(tls);
		this.properties = PoolProperties.of(this.id, tls.policy());
		this.failures = failures;
	}

	/**
	 * Make a pool's TLS.
	 * @param mode how much it verifies
	 * @param trusted the authorities that it trusts
	 * @return the TLS, to be closed
	 */
	public static TestPool of(SslMode mode, X509Certificate... trusted) {
		return of(policy(mode, Duration.ofHours(1), TlsVersion.TLS_1_3, TlsVersion.TLS_1_2), trusted);
	}

	/**
	 * Make a pool's TLS that verifies identities.
	 * @param rule when it warns of certificates that expire
	 * @param trusted the authorities that it trusts
	 * @return the TLS, to be closed
	 */
	public static TestPool of(ExpiryRule rule, X509Certificate... trusted) {
		TlsPolicy policy = policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), TlsVersion.TLS_1_3);
		List<TlsHandshakeException> failures = new CopyOnWriteArrayList<>();
		return new TestPool(new PoolTls("orders", policy, new PoolMaterial(trust(trusted), null, List.of()), rule,
				collect(failures)), failures);
	}

	/**
	 * Make a pool's TLS.
	 * @param policy the policy
	 * @param trusted the authorities that it trusts
	 * @return the TLS, to be closed
	 */
	public static TestPool of(TlsPolicy policy, X509Certificate... trusted) {
		return of(policy, trust(trusted));
	}

	/**
	 * Make a pool's TLS.
	 * @param policy the policy
	 * @param trust what it trusts
	 * @return the TLS, to be closed
	 */
	public static TestPool of(TlsPolicy policy, TrustMaterial trust) {
		List<TlsHandshakeException> failures = new CopyOnWriteArrayList<>();
		return new TestPool(new PoolTls("orders", policy, new PoolMaterial(trust, null, List.of()), collect(failures)),
				failures);
	}

	/**
	 * Make the TLS of a pool that shows a certificate of its own.
	 * @param client what it shows
	 * @param version the version of TLS
	 * @param trusted the authorities that it trusts
	 * @return the TLS, to be closed
	 */
	public static TestPool withClient(Identity client, TlsVersion version, X509Certificate... trusted) {
		return withClient(UnaryOperator.identity(), client, version, trusted);
	}

	/**
	 * Make the TLS of a pool that shows a certificate of its own.
	 * @param policy makes the policy of another
	 * @param client what it shows
	 * @param version the version of TLS
	 * @param trusted the authorities that it trusts
	 * @return the TLS, to be closed
	 */
	public static TestPool withClient(UnaryOperator<TlsPolicy> policy, Identity client, TlsVersion version,
			X509Certificate... trusted) {
		TlsPolicy plain = policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), version);
		TlsPolicy mutual = new TlsPolicy(plain.prefix(), plain.provider(), plain.sslMode(), plain.tlsVersions(),
				plain.ciphers(), plain.trust(),
				new ClientKeySource.Files("dbtls.client-certificate", "client.pem", "dbtls.client-private-key",
						"client.pem", "dbtls.client-private-key-password", null),
				plain.sessionLifetime(), null, plain.weakenings());
		ClientKey key = new ClientKey("client.pem", client.chain(), client.privateKey(), Instant.now());
		List<TlsHandshakeException> failures = new CopyOnWriteArrayList<>();
		return new TestPool(new PoolTls("orders", policy.apply(mutual),
				new PoolMaterial(trust(trusted), key, List.of()), collect(failures)), failures);
	}

	private static PoolListener collect(List<TlsHandshakeException> failures) {
		return (outcome) -> {
			if (outcome.failure() != null) {
				failures.add(outcome.failure());
			}
		};
	}

	/**
	 * Make a policy of provider {@code mysql}.
	 * @param mode how much is verified
	 * @param sessionLifetime how long sessions resume
	 * @param versions the versions of TLS, newest first
	 * @return the policy
	 */
	public static TlsPolicy policy(SslMode mode, Duration sessionLifetime, TlsVersion... versions) {
		return new TlsPolicy("dbtls", provider("mysql"), mode, List.of(versions), List.of(),
				new TrustSource.SystemRoots(), null, sessionLifetime, null, List.of());
	}

	/**
	 * Return a built-in provider.
	 * @param id its id
	 * @return the provider
	 */
	public static Provider provider(String id) {
		return Provider.builtIn().stream().filter((provider) -> provider.id().equals(id)).findFirst().orElseThrow();
	}

	/**
	 * Make trust of these authorities.
	 * @param trusted their certificates
	 * @return the trust, as if read from {@code ca.pem}
	 */
	public static TrustMaterial trust(X509Certificate... trusted) {
		return new TrustMaterial("ca.pem", List.of(trusted), Instant.now());
	}

	/**
	 * Return the TLS of the pool.
	 * @return the TLS
	 */
	public PoolTls tls() {
		return this.tls;
	}

	/**
	 * Return the id in the registry.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Return what is written to the driver's settings.
	 * @return the properties
	 */
	public PoolProperties properties() {
		return this.properties;
	}

	/**
	 * Return the failures that were reported, the oldest first.
	 * @return the failures
	 */
	public List<TlsHandshakeException> failures() {
		return List.copyOf(this.failures);
	}

	/**
	 * Open a connection through the real driver.
	 * @param url a JDBC URL, not secured yet
	 * @param more further driver settings, names and values in turn
	 * @return the connection
	 * @throws SQLException if it comes to none
	 */
	public Connection connect(String url, String... more) throws SQLException {
		Properties settings = new Properties();
		settings.setProperty("user", USER);
		settings.setProperty("password", PASSWORD);
		for (int i = 0; i < more.length; i += 2) {
			settings.setProperty(more[i], more[i + 1]);
		}
		forgetLoginTimeout();
		return DriverManager.getConnection(this.properties.writeTo(url), settings);
	}

	/**
	 * Forget how long the last pool that started lets its callers wait: HikariCP hands
	 * that to {@link DriverManager}, for all of the JVM, and it would be the deadline of
	 * handshakes of other tests.
	 */
	public static void forgetLoginTimeout() {
		DriverManager.setLoginTimeout(0);
	}

	/**
	 * Make a real pool, which connects when it is asked for a connection first.
	 * @param url a JDBC URL, not secured yet
	 * @return the pool, to be closed
	 */
	public HikariDataSource hikari(String url) {
		HikariDataSource pool = new HikariDataSource();
		pool.setPoolName("orders");
		pool.setJdbcUrl(this.properties.writeTo(url));
		pool.setUsername(USER);
		pool.setPassword(PASSWORD);
		pool.setMaximumPoolSize(1);
		this.properties.asMap().forEach(((HikariConfig) pool)::addDataSourceProperty);
		return pool;
	}

	@Override
	public void close() {
		PoolRegistry.remove(this.id);
	}

}
