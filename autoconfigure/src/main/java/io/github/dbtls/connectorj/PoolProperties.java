package io.github.dbtls.connectorj;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.github.dbtls.TlsPolicy;

/**
 * The small map that makes the driver use our handshake. It holds no secret, and says the
 * same in a pool's data source properties and in its URL.
 */
public final class PoolProperties {

	static final Set<String> NAMES = Set.of(DriverProperty.SOCKET_FACTORY, DriverProperty.SSL_MODE,
			DriverProperty.TLS_VERSIONS, DriverProperty.POOL_ID);

	private final Map<String, String> map;

	private PoolProperties(Map<String, String> map) {
		this.map = map;
	}

	/**
	 * Make the map of a pool.
	 * @param id the pool's id in the {@link PoolRegistry}
	 * @param policy the pool's policy
	 * @return the map
	 */
	public static PoolProperties of(String id, TlsPolicy policy) {
		Map<String, String> map = new LinkedHashMap<>();
		map.put(DriverProperty.SOCKET_FACTORY, DbTlsSocketFactory.class.getName());
		// The driver's own gate: where the server offers no TLS, no login is sent.
		map.put(DriverProperty.SSL_MODE, policy.sslMode().name());
		map.put(DriverProperty.TLS_VERSIONS, String.join(",", policy.protocols()));
		map.put(DriverProperty.POOL_ID, id);
		return new PoolProperties(map);
	}

	/**
	 * Return the map.
	 * @return names of the driver and their values
	 */
	public Map<String, String> asMap() {
		return this.map;
	}

	/**
	 * Write the map into a URL, in place of what it says about the same.
	 * @param url a JDBC URL, secured before or not
	 * @return the URL with our parameters, once, before any fragment
	 */
	public String writeTo(String url) {
		int hash = url.indexOf('#');
		String fragment = (hash >= 0) ? url.substring(hash) : "";
		String rest = (hash >= 0) ? url.substring(0, hash) : url;
		int question = rest.indexOf('?');
		StringBuilder secured = new StringBuilder((question >= 0) ? rest.substring(0, question) : rest);
		char separator = '?';
		if (question >= 0) {
			for (String parameter : rest.substring(question + 1).split("&")) {
				if (!parameter.isBlank() && !NAMES.contains(name(parameter))) {
					secured.append(separator).append(parameter);
					separator = '&';
				}
			}
		}
		for (Map.Entry<String, String> entry : this.map.entrySet()) {
			secured.append(separator).append(entry.getKey()).append('=').append(entry.getValue());
			separator = '&';
		}
		return secured.append(fragment).toString();
	}

	private static String name(String parameter) {
		int equals = parameter.indexOf('=');
		String name = ((equals >= 0) ? parameter.substring(0, equals) : parameter).trim();
		try {
			return URLDecoder.decode(name, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return name;
		}
	}

}
