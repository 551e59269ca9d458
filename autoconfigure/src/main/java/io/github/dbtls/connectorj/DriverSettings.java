package io.github.dbtls.connectorj;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import com.mysql.cj.conf.ConnectionUrl;
import com.mysql.cj.conf.HostInfo;
import com.mysql.cj.conf.HostsListView;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.SslMode;
import org.jspecify.annotations.Nullable;

/**
 * What the driver itself makes of a URL and properties: per-host settings, encoded names,
 * {@code useConfigs} and transformers included. Read from the driver instead of a parser
 * of ours, since the driver decides.
 */
public final class DriverSettings {

	/** By the scheme, or by a property of the driver's other schemes. */
	private static final Pattern DNS_SRV = Pattern
		.compile("^\\s*(?i:jdbc:mysql\\+srv:)|[?&(,]\\s*dnsSrv\\s*=\\s*(?i:true|yes)");

	private static final Pattern POSITIVE = Pattern.compile("[1-9]\\d{0,8}");

	private final String where;

	private final List<HostInfo> hosts;

	private DriverSettings(String where, List<HostInfo> hosts) {
		this.where = where;
		this.hosts = hosts;
	}

	/**
	 * Read what the driver will do.
	 * @param where who has these settings, for messages: {@code DataSource 'orders'}
	 * @param url the JDBC URL
	 * @param properties what is handed to the driver beside it; need not hold a password
	 * @return the settings of all hosts
	 * @throws DbTlsConfigurationException if the driver cannot read them
	 */
	public static DriverSettings read(String where, String url, Properties properties) {
		try {
			ConnectionUrl connectionUrl = ConnectionUrl.getConnectionUrlInstance(url, properties);
			return new DriverSettings(where, connectionUrl.getHostsList(HostsListView.ALL));
		}
		catch (RuntimeException ex) {
			// The driver's messages may quote the URL, and with it a password.
			throw new DbTlsConfigurationException(null,
					"The JDBC URL of %s cannot be read by MySQL Connector/J (%s).".formatted(where,
							ex.getClass().getSimpleName()),
					"Correct the URL. dbtls asks the driver which hosts and settings it has before anything connects; "
							+ "for 'jdbc:mysql+srv:' that takes DNS.");
		}
	}

	/**
	 * Refuse what would weaken the policy or contradict it.
	 * @param prefix prefix of the properties to use instead
	 * @param place where the settings stand
	 * @throws DbTlsConfigurationException if there is such a setting
	 */
	public void refuseObstacles(String prefix, Place place) {
		for (HostInfo host : this.hosts) {
			Map<String, String> settings = new TreeMap<>(host.getHostProperties());
			boolean ours = isOurs(settings);
			settings.forEach((name, value) -> {
				if (!ours || !isWrittenByUs(name)) {
					Obstacles.refuse(this.where, place, prefix, name, value);
				}
			});
		}
	}

	/**
	 * Return the strongest mode that the settings ask for themselves.
	 * @return the mode, or {@code null} if they ask for none
	 */
	public @Nullable SslMode askedMode() {
		SslMode strongest = null;
		for (HostInfo host : this.hosts) {
			Map<String, String> settings = host.getHostProperties();
			SslMode mode = isOurs(settings) ? null : Obstacles.mode(settings.get(DriverProperty.SSL_MODE));
			if (mode != null && (strongest == null || strongest.isWeakerThan(mode))) {
				strongest = mode;
			}
		}
		return strongest;
	}

	/**
	 * Check that the driver will do what the pool's policy says, for each host.
	 * @param properties what we wrote
	 * @param prefix prefix of the properties to use instead
	 * @throws DbTlsConfigurationException if one host is not secured by it
	 */
	public void requireSecured(PoolProperties properties, String prefix) {
		for (HostInfo host : this.hosts) {
			properties.asMap().forEach((name, expected) -> {
				String found = host.getHostProperties().get(name);
				if (!expected.equals(found)) {
					throw new DbTlsConfigurationException(null,
							"%s would connect to %s:%d with '%s=%s' instead of '%s'.".formatted(this.where,
									host.getHost(), host.getPort(), name, found, expected),
							("Remove '%s' from the URL's 'address=(…)', or from what replaces the settings of dbtls; "
									+ "use %s instead.")
								.formatted(name, replacement(name, prefix)));
				}
			});
			host.getHostProperties().forEach((name, value) -> {
				if (!isWrittenByUs(name)) {
					Obstacles.refuse(this.where, Place.ANY, prefix, name, value);
				}
			});
		}
	}

	/**
	 * Return whether these settings lead to a pool that was secured by dbtls before.
	 * @return whether each host has the id of a pool
	 */
	public boolean isSecured() {
		return !this.hosts.isEmpty() && this.hosts.stream()
			.allMatch((host) -> isOurs(host.getHostProperties())
					&& PoolRegistry.find(host.getHostProperties().get(DriverProperty.POOL_ID)) != null);
	}

	/**
	 * Return the id of the secured pool.
	 * @return the id, or {@code null} if there is none or more than one
	 */
	public @Nullable String poolId() {
		Set<String> ids = new LinkedHashSet<>();
		this.hosts.forEach((host) -> ids.add(String.valueOf(host.getHostProperties().get(DriverProperty.POOL_ID))));
		return (ids.size() == 1 && isSecured()) ? ids.iterator().next() : null;
	}

	/**
	 * Return the hosts.
	 * @return the hosts in the URL's order
	 */
	public List<HostAddress> hosts() {
		return this.hosts.stream().map((host) -> new HostAddress(host.getHost(), host.getPort())).toList();
	}

	/**
	 * Return how long the driver may take to connect to a host.
	 * @param address one of the hosts
	 * @return the time, or {@code null} if the settings bound it not at all, or not so
	 * that the driver could read it
	 */
	public @Nullable Duration connectTimeout(HostAddress address) {
		return this.hosts.stream()
			.filter((host) -> host.getHost().equals(address.host()) && host.getPort() == address.port())
			.map((host) -> host.getHostProperties().getOrDefault(DriverProperty.CONNECT_TIMEOUT, ""))
			.filter((millis) -> POSITIVE.matcher(millis).matches())
			.map((millis) -> Duration.ofMillis(Long.parseLong(millis)))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return the names that the driver logs in with.
	 * @return the names, without those that are empty
	 */
	public Set<String> userNames() {
		Set<String> names = new LinkedHashSet<>();
		for (HostInfo host : this.hosts) {
			if (host.getUser() != null && !host.getUser().isEmpty()) {
				names.add(host.getUser());
			}
		}
		return names;
	}

	/**
	 * Return whether the hosts of a URL are looked up as SRV records.
	 * @param url the JDBC URL
	 * @return whether DNS names the hosts
	 */
	public static boolean areHostsFromDns(String url) {
		return DNS_SRV.matcher(url).find();
	}

	private static String replacement(String name, String prefix) {
		String replacement = name.equals(DriverProperty.SSL_MODE) ? "'%s.ssl-mode'".formatted(prefix)
				: DriverProperty.replacement(name, prefix);
		return (replacement != null) ? replacement : "'%s.*'".formatted(prefix);
	}

	private static boolean isOurs(Map<String, String> settings) {
		return DbTlsSocketFactory.class.getName().equals(settings.get(DriverProperty.SOCKET_FACTORY))
				&& settings.containsKey(DriverProperty.POOL_ID);
	}

	private static boolean isWrittenByUs(String name) {
		return PoolProperties.NAMES.contains(name);
	}

}
