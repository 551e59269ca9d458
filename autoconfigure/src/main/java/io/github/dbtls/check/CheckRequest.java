package io.github.dbtls.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import io.github.dbtls.Provider;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSettings;
import io.github.dbtls.TlsSettings.Setting;
import io.github.dbtls.connectorj.DatabaseUrl;
import io.github.dbtls.connectorj.DriverSettings;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.connectorj.Place;
import io.github.dbtls.trust.MaterialSource;
import io.github.dbtls.trust.PoolMaterial;
import org.jspecify.annotations.Nullable;

/**
 * What is to be checked, decided and read as an application would.
 *
 * @param policy the policy
 * @param material the trusted authorities, and what the client shows
 * @param hosts the hosts
 * @param address where to connect to in place of what a host's name leads to, or
 * {@code null}
 * @param timeout how long connecting may take, and greeting and handshake after it
 * @param depth how much is wanted
 * @param debug whether stack traces are wanted
 */
record CheckRequest(TlsPolicy policy, PoolMaterial material, List<HostAddress> hosts, @Nullable String address,
		Duration timeout, Depth depth, boolean debug) {

	private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

	private static final int MYSQL_PORT = 3306;

	private static final int TIDB_PORT = 4000;

	CheckRequest {
		hosts = List.copyOf(hosts);
	}

	static CheckRequest of(CheckArguments arguments) {
		Provider provider = provider(arguments);
		DriverSettings url = url(arguments);
		TlsPolicy decided = TlsPolicy.decide(provider, settings(arguments, provider));
		TlsPolicy policy = (url != null) ? raised(decided, url) : decided;
		List<HostAddress> hosts = (url != null) ? url.hosts().stream().distinct().toList()
				: List.of(host(arguments, provider));
		return of(policy.forHosts(hosts.stream().map(HostAddress::host).toList()), hosts, arguments);
	}

	// As a pool's: what its URL says joins in.
	private static TlsPolicy raised(TlsPolicy policy, DriverSettings url) {
		url.refuseObstacles(policy.prefix(), new Place("in it", (name) -> "dbtls.url"));
		SslMode asked = url.askedMode();
		return (asked != null) ? policy.raisedTo(asked) : policy;
	}

	private static CheckRequest of(TlsPolicy policy, List<HostAddress> hosts, CheckArguments arguments) {
		return new CheckRequest(policy, MaterialSource.of(policy, null).read().load(), hosts,
				arguments.value("address"), arguments.timeout(DEFAULT_TIMEOUT), depth(arguments),
				arguments.has("debug"));
	}

	private static Depth depth(CheckArguments arguments) {
		if (arguments.has("quick") && arguments.has("all-ciphers")) {
			throw CheckArguments.problem("all-ciphers", "'--quick' and '--all-ciphers' are both there.",
					"Remove one of them.");
		}
		if (arguments.has("quick")) {
			return Depth.VERDICT;
		}
		return arguments.has("all-ciphers") ? Depth.CIPHERS : Depth.VERSIONS;
	}

	private static Provider provider(CheckArguments arguments) {
		List<String> ids = Provider.builtIn().stream().map(Provider::id).toList();
		String id = arguments.value("provider");
		if (id == null) {
			throw CheckArguments.problem("provider", "'--provider' is missing.",
					"Set it to one of: %s.".formatted(String.join(", ", ids)));
		}
		return Provider.builtIn()
			.stream()
			.filter((provider) -> provider.id().equals(id.trim()))
			.findFirst()
			.orElseThrow(() -> CheckArguments.problem("provider",
					"'--provider' is '%s', which is no built-in provider.".formatted(id),
					("The nearest is '%s'; there are: %s. For a provider of your own, name 'mysql' and give the rest "
							+ "as arguments.")
						.formatted(CheckArguments.nearest(id, ids), String.join(", ", ids))));
	}

	private static TlsSettings settings(CheckArguments arguments, Provider provider) {
		return new TlsSettings(new Setting<>("dbtls.provider", provider.id()), arguments.setting("ca-path"),
				arguments.setting("ca-password"), arguments.list("tls-versions"), arguments.sslMode(),
				arguments.list("ciphers"), null, arguments.setting("client-certificate"),
				arguments.setting("client-private-key"), arguments.setting("client-private-key-password"), null, null);
	}

	private static @Nullable DriverSettings url(CheckArguments arguments) {
		String url = arguments.value("url");
		if (url == null) {
			return null;
		}
		for (String name : List.of("host", "port")) {
			if (arguments.has(name)) {
				throw CheckArguments.problem(name, "'--url' and '--%s' are both there.".formatted(name),
						"Remove one of them: hosts and ports stand in the URL.");
			}
		}
		if (DatabaseUrl.of(url, null) != DatabaseUrl.MYSQL) {
			throw CheckArguments.problem("url",
					"'--url' begins with '%s', which is no URL of MySQL Connector/J."
						.formatted(DatabaseUrl.beginning(url)),
					"Use a URL that begins with 'jdbc:mysql://', or '--host' and '--port'.");
		}
		return DriverSettings.read("'--url'", url, new Properties());
	}

	private static HostAddress host(CheckArguments arguments, Provider provider) {
		String host = arguments.value("host");
		if (host == null) {
			throw CheckArguments.problem("host", "'--host' is missing.",
					"Name the server, as in '--host=db.example.com', or give the application's '--url=jdbc:mysql://…'.");
		}
		boolean address = host.matches("\\[?[0-9a-fA-F.]*:[0-9a-fA-F:.%]*]?");
		if (host.indexOf('/') >= 0 || host.indexOf(',') >= 0 || (host.indexOf(':') >= 0 && !address)) {
			throw CheckArguments.problem("host", "'--host' is no host name or address alone.",
					"Write the port as '--port=…'; a JDBC URL, also of several hosts, as '--url=…'.");
		}
		return new HostAddress(host.trim(), arguments.port(provider.id().startsWith("tidb") ? TIDB_PORT : MYSQL_PORT));
	}

	/**
	 * Return where to connect to.
	 * @param host the host that is checked
	 * @return a name or address
	 */
	String via(HostAddress host) {
		return (this.address != null) ? this.address : host.host();
	}

	/**
	 * Return what an application's log would warn of.
	 * @return the warnings
	 */
	List<String> warnings() {
		List<String> warnings = new ArrayList<>(this.policy.weakenings());
		warnings.addAll(this.material.warnings());
		return warnings;
	}

	/**
	 * How much is to be found out. Each step takes more connections, and MySQL counts
	 * those that end before the login: after 100 of them without a login in between
	 * ({@code max_connect_errors}) it blocks the host that they came from, and with it
	 * the applications there.
	 */
	enum Depth {

		/** The verdict. */
		VERDICT,

		/** Resumption, and each version of TLS. */
		VERSIONS,

		/** Each cipher suite as well. */
		CIPHERS

	}

}
