package io.github.dbtls.connectorj;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Connector/J's property names, spelt in this room only. Names are as in <a href=
 * "https://dev.mysql.com/doc/connector-j/en/connector-j-reference-configuration-properties.html">its
 * reference</a>; the driver compares them with case.
 */
final class DriverProperty {

	static final String SOCKET_FACTORY = "socketFactory";

	static final String SSL_MODE = "sslMode";

	static final String TLS_VERSIONS = "tlsVersions";

	static final String ALLOW_PUBLIC_KEY_RETRIEVAL = "allowPublicKeyRetrieval";

	static final String USER = "user";

	static final String CONNECT_TIMEOUT = "connectTimeout";

	/**
	 * Our own: Connector/J hands properties that it does not know to the socket factory.
	 */
	static final String POOL_ID = "dbtlsPool";

	/**
	 * Settings that would make the driver, or its reader, believe something that our
	 * handshake does not do, and what does it instead.
	 */
	private static final Map<String, String> REPLACED = Map.ofEntries(
			Map.entry("trustCertificateKeyStoreUrl", "'%s.ca-path'"),
			Map.entry("trustCertificateKeyStoreType", "'%s.ca-path', which tells the type from the content"),
			Map.entry("trustCertificateKeyStorePassword", "'%s.ca-password'"),
			Map.entry("clientCertificateKeyStoreUrl", "'%s.client-certificate' and '%s.client-private-key'"),
			Map.entry("clientCertificateKeyStoreType", "'%s.client-certificate' and '%s.client-private-key'"),
			Map.entry("clientCertificateKeyStorePassword", "'%s.client-private-key-password'"),
			Map.entry("fallbackToSystemTrustStore", "'%s.provider' and '%s.ca-path', which decide what is trusted"),
			Map.entry("fallbackToSystemKeyStore", "'%s.client-certificate', without which none is sent"),
			Map.entry(TLS_VERSIONS, "'%s.tls-versions'"), Map.entry("enabledTLSProtocols", "'%s.tls-versions'"),
			Map.entry("tlsCiphersuites", "'%s.ciphers'"), Map.entry("enabledSSLCipherSuites", "'%s.ciphers'"),
			Map.entry("fipsCompliantJsse", "'%s.jsse-provider'"),
			Map.entry("keyManagerFactoryProvider", "'%s.provider', which takes the JDK's"),
			Map.entry("trustManagerFactoryProvider", "'%s.provider', which takes the JDK's"),
			Map.entry("keyStoreProvider", "'%s.provider', which takes the JDK's"),
			Map.entry("sslContextProvider", "'%s.jsse-provider'"));

	/** Deprecated switches: off, they ask for less than any policy. */
	private static final Set<String> SWITCHES = Set.of("useSSL", "requireSSL", "verifyServerCertificate");

	/**
	 * Settings whose values hold no secret and help to find the place. All others are
	 * named without their values: passwords are among them.
	 */
	private static final Set<String> PRINTABLE = Stream
		.concat(SWITCHES.stream(), Stream.of(SSL_MODE, SOCKET_FACTORY, ALLOW_PUBLIC_KEY_RETRIEVAL))
		.collect(Collectors.toUnmodifiableSet());

	private static final Map<String, String> BY_LOWER_CASE = Stream
		.of(REPLACED.keySet(), SWITCHES, Set.of(SSL_MODE, SOCKET_FACTORY, ALLOW_PUBLIC_KEY_RETRIEVAL))
		.flatMap(Set::stream)
		.collect(Collectors.toUnmodifiableMap((name) -> name.toLowerCase(Locale.ROOT), (name) -> name));

	private DriverProperty() {
	}

	static boolean isSwitch(String name) {
		return SWITCHES.contains(name);
	}

	/**
	 * Return whether the value of a setting may be shown.
	 * @param name the driver's name of the setting, in the driver's case
	 * @return whether it holds no secret
	 */
	static boolean isPrintable(String name) {
		return PRINTABLE.contains(name);
	}

	/**
	 * Return what replaces a setting of the driver.
	 * @param name the driver's name of the setting
	 * @param prefix the prefix of our properties
	 * @return the replacement in words, or {@code null} if the setting is none of TLS
	 */
	static @Nullable String replacement(String name, String prefix) {
		String replacement = REPLACED.get(name);
		return (replacement != null) ? replacement.replace("%s", prefix) : null;
	}

	/**
	 * Return how the driver spells a TLS setting that is written in the wrong case.
	 * @param name the name as written
	 * @return the driver's spelling, or {@code null} if it is right or none of TLS
	 */
	static @Nullable String correctSpelling(String name) {
		String spelling = BY_LOWER_CASE.get(name.toLowerCase(Locale.ROOT));
		return (spelling != null && !spelling.equals(name)) ? spelling : null;
	}

}
