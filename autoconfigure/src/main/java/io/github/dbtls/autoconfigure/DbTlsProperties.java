package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.dbtls.SslMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * TLS of the application's MySQL connections. What is unset stays {@code null}: the
 * provider's preset has its say before a default is applied.
 *
 * @param enabled Whether dbtls secures MySQL connections.
 * @param provider Database service whose preset applies, or the id of a Provider bean.
 * @param caPath Location of the trusted certificate authorities: a file, 'file:' or
 * 'classpath:'. PEM, DER, PKCS#7, JKS, PKCS#12 or TencentDB's zip, told by content.
 * @param caPassword Password of the trusted authorities' JKS or PKCS#12 key store.
 * @param tlsVersions Comma-separated list of TLS versions that may be negotiated.
 * @param sslMode How much of the server's identity is proven. A provider's preset is the
 * floor.
 * @param ciphers Comma-separated list of cipher suites that may be negotiated, by their
 * JSSE names.
 * @param sessionLifetime How long a TLS session may be resumed after its full handshake,
 * at most.
 * @param clientCertificate Location of the certificate that the client shows to the
 * server, as PEM: its own first, then those of the authorities between it and the root.
 * @param clientPrivateKey Location of the private key of the client certificate, as PEM:
 * PKCS#8, PKCS#1 or SEC1. It may be the same file.
 * @param clientPrivateKeyPassword Password of the encrypted private key of the client
 * certificate.
 * @param sslBundle Name of an SSL bundle ('spring.ssl.bundle') whose trust store, and key
 * store if it has one, take the place of 'ca-path' and 'client-*'.
 * @param reloadInterval How often changed certificate files are looked for; 0 switches
 * reloading off.
 * @param expiryWarning How long before a certificate expires that connections depend on
 * the log, health and an application event say so; 0 is never.
 * @param expiryOutOfService Whether health is OUT_OF_SERVICE from then on, instead of UP
 * with a detail that says so.
 * @param verifyAtStartup Whether each pool makes one handshake without login before the
 * application is ready, so that a failure stops startup.
 * @param jsseProvider JSSE provider on the class path that makes the TLS handshakes in
 * place of the JDK's: its name, such as Conscrypt or BCJSSE, or its class.
 * @param dataSources Settings of single DataSources by bean name; unset ones come from
 * 'dbtls.*'.
 */
@ConfigurationProperties(value = "dbtls", ignoreUnknownFields = false)
record DbTlsProperties(@DefaultValue("true") boolean enabled, @Nullable String provider, @Nullable String caPath,
		@Nullable String caPassword, @Nullable List<String> tlsVersions, @Nullable SslMode sslMode,
		@Nullable List<String> ciphers, @Nullable Duration sessionLifetime, @Nullable String clientCertificate,
		@Nullable String clientPrivateKey, @Nullable String clientPrivateKeyPassword, @Nullable String sslBundle,
		@Nullable Duration reloadInterval, @Nullable Duration expiryWarning, @Nullable Boolean expiryOutOfService,
		@Nullable Boolean verifyAtStartup, @Nullable String jsseProvider,
		@DefaultValue Map<String, DataSource> dataSources) {

	/**
	 * Leaves the values out: a password is among them.
	 */
	@Override
	public String toString() {
		return "DbTlsProperties[provider=" + this.provider + "]";
	}

	/**
	 * TLS of a single DataSource.
	 *
	 * @param enabled Whether dbtls secures this DataSource. Without, its connections are
	 * what its own settings make of them.
	 * @param provider Database service whose preset applies, or the id of a Provider
	 * bean.
	 * @param caPath Location of the trusted certificate authorities: a file, 'file:' or
	 * 'classpath:'. PEM, DER, PKCS#7, JKS, PKCS#12 or TencentDB's zip, told by content.
	 * @param caPassword Password of the trusted authorities' JKS or PKCS#12 key store.
	 * @param tlsVersions Comma-separated list of TLS versions that may be negotiated.
	 * @param sslMode How much of the server's identity is proven. A provider's preset is
	 * the floor.
	 * @param ciphers Comma-separated list of cipher suites that may be negotiated, by
	 * their JSSE names.
	 * @param sessionLifetime How long a TLS session may be resumed after its full
	 * handshake, at most.
	 * @param clientCertificate Location of the certificate that the client shows to the
	 * server, as PEM: its own first, then those of the authorities between it and the
	 * root.
	 * @param clientPrivateKey Location of the private key of the client certificate, as
	 * PEM: PKCS#8, PKCS#1 or SEC1. It may be the same file.
	 * @param clientPrivateKeyPassword Password of the encrypted private key of the client
	 * certificate.
	 * @param sslBundle Name of an SSL bundle ('spring.ssl.bundle') whose trust store, and
	 * key store if it has one, take the place of 'ca-path' and 'client-*'.
	 * @param reloadInterval How often changed certificate files are looked for; 0
	 * switches reloading off.
	 * @param expiryWarning How long before a certificate expires that connections depend
	 * on the log, health and an application event say so; 0 is never.
	 * @param expiryOutOfService Whether health is OUT_OF_SERVICE from then on, instead of
	 * UP with a detail that says so.
	 * @param verifyAtStartup Whether the pool makes one handshake without login before
	 * the application is ready, so that a failure stops startup.
	 * @param jsseProvider JSSE provider on the class path that makes the TLS handshakes
	 * in place of the JDK's: its name, such as Conscrypt or BCJSSE, or its class.
	 */
	record DataSource(@DefaultValue("true") boolean enabled, @Nullable String provider, @Nullable String caPath,
			@Nullable String caPassword, @Nullable List<String> tlsVersions, @Nullable SslMode sslMode,
			@Nullable List<String> ciphers, @Nullable Duration sessionLifetime, @Nullable String clientCertificate,
			@Nullable String clientPrivateKey, @Nullable String clientPrivateKeyPassword, @Nullable String sslBundle,
			@Nullable Duration reloadInterval, @Nullable Duration expiryWarning, @Nullable Boolean expiryOutOfService,
			@Nullable Boolean verifyAtStartup, @Nullable String jsseProvider) {

		/**
		 * Leaves the values out: a password is among them.
		 */
		@Override
		public String toString() {
			return "DataSource[enabled=" + this.enabled + ", provider=" + this.provider + "]";
		}

	}

}
