package io.github.dbtls;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What the user asked for, before the provider's preset had its say. A setting that is
 * {@code null} was not made.
 *
 * @param provider the value of {@code provider}
 * @param caPath location of the trusted authorities
 * @param caPassword password of their key store
 * @param tlsVersions versions that may be negotiated
 * @param sslMode how much is verified
 * @param ciphers cipher suites that may be negotiated
 * @param sessionLifetime how long a TLS session may be resumed
 * @param clientCertificate location of the client's certificate
 * @param clientPrivateKey location of its private key
 * @param clientPrivateKeyPassword password of the private key
 * @param jsseProvider the JSSE provider that makes the handshakes
 * @param sslBundle what to take instead of {@code caPath} and {@code client*}
 */
public record TlsSettings(Setting<String> provider, @Nullable Setting<String> caPath,
		@Nullable Setting<String> caPassword, @Nullable Setting<List<String>> tlsVersions,
		@Nullable Setting<SslMode> sslMode, @Nullable Setting<List<String>> ciphers,
		@Nullable Setting<Duration> sessionLifetime, @Nullable Setting<String> clientCertificate,
		@Nullable Setting<String> clientPrivateKey, @Nullable Setting<String> clientPrivateKeyPassword,
		@Nullable JsseProvider jsseProvider, @Nullable Bundle sslBundle) {

	/**
	 * Return the properties that an SSL bundle would take the place of.
	 * @return those that are set
	 */
	public List<String> files() {
		return Stream
			.of(this.caPath, this.caPassword, this.clientCertificate, this.clientPrivateKey,
					this.clientPrivateKeyPassword)
			.filter(Objects::nonNull)
			.map(Setting::property)
			.toList();
	}

	/**
	 * Return the same settings with an SSL bundle as well.
	 * @param bundle the bundle
	 * @return the settings
	 */
	public TlsSettings withBundle(Bundle bundle) {
		return new TlsSettings(this.provider, this.caPath, this.caPassword, this.tlsVersions, this.sslMode,
				this.ciphers, this.sessionLifetime, this.clientCertificate, this.clientPrivateKey,
				this.clientPrivateKeyPassword, this.jsseProvider, bundle);
	}

	/**
	 * Return the same settings with an SSL bundle in place of all files.
	 * @param bundle the bundle
	 * @return the settings
	 */
	public TlsSettings withBundleAlone(Bundle bundle) {
		return new TlsSettings(this.provider, null, null, this.tlsVersions, this.sslMode, this.ciphers,
				this.sessionLifetime, null, null, null, this.jsseProvider, bundle);
	}

	/**
	 * Return the prefix that properties beside {@code provider} have.
	 * @return {@code dbtls}, or {@code dbtls.data-sources.<name>}
	 */
	String prefix() {
		String property = this.provider.property();
		return property.substring(0, property.lastIndexOf('.'));
	}

	/**
	 * Leaves the values out: a password is among them.
	 */
	@Override
	public String toString() {
		return "TlsSettings of '" + this.provider.value() + "'";
	}

	/**
	 * One of Spring Boot's SSL bundles, as far as it takes part in the decision.
	 *
	 * @param origin where it was declared
	 * @param protocols JSSE's names of the versions that it enables, or empty for all
	 * @param ciphers the cipher suites that it enables, or empty for all
	 * @param hasTrust whether it has a trust store
	 * @param hasKey whether it has a private key
	 */
	public record Bundle(BundleOrigin origin, List<String> protocols, List<String> ciphers, boolean hasTrust,
			boolean hasKey) {

		public Bundle {
			protocols = List.copyOf(protocols);
			ciphers = List.copyOf(ciphers);
		}

	}

	/**
	 * One setting of the user.
	 *
	 * @param <T> the type of its value
	 * @param property the property's full name
	 * @param value the value
	 */
	public record Setting<T>(String property, T value) {

		/**
		 * Leaves the value out: it may be a password.
		 */
		@Override
		public String toString() {
			return this.property;
		}

	}

}
