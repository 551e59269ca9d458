package io.github.dbtls.sample.live;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What {@code /actuator/health/dbtls} says, as far as the page shows it. Anything may be
 * missing when the connection is down.
 *
 * @param status status of the health component
 * @param details details of the connection
 */
public record HealthAnswer(@Nullable String status, @Nullable Details details) {

	static final HealthAnswer UNKNOWN = new HealthAnswer(null, null);

	/**
	 * Return whether the connection can be used.
	 * @return whether the status is {@code UP}
	 */
	public boolean isUp() {
		return "UP".equals(this.status);
	}

	/**
	 * The connection.
	 *
	 * @param provider the provider of the database
	 * @param sslMode what is verified
	 * @param verified whether the server's identity is proven
	 * @param protocol the TLS version
	 * @param cipher the cipher suite
	 * @param resumed whether an earlier TLS session was resumed
	 * @param host the server as {@code host:port}
	 * @param certificate the server's certificate
	 * @param server the server
	 * @param trust who is trusted
	 * @param error why there is no connection
	 */
	public record Details(@Nullable String provider, @Nullable String sslMode, @Nullable Boolean verified,
			@Nullable String protocol, @Nullable String cipher, @Nullable Boolean resumed, @Nullable String host,
			@Nullable Certificate certificate, @Nullable Server server, @Nullable Trust trust, @Nullable Error error) {
	}

	/**
	 * The server's certificate.
	 *
	 * @param subject whose it is
	 * @param issuer who signed it
	 * @param serialNumber its number among those of the issuer
	 * @param subjectAlternativeNames the hosts that it is for
	 * @param notAfter until when it is valid
	 */
	public record Certificate(@Nullable String subject, @Nullable String issuer, @Nullable String serialNumber,
			@Nullable List<String> subjectAlternativeNames, @Nullable String notAfter) {
	}

	/**
	 * The server.
	 *
	 * @param version its version
	 */
	public record Server(@Nullable String version) {
	}

	/**
	 * Who is trusted.
	 *
	 * @param source where the authorities come from
	 * @param certificates how many they are
	 * @param lastError why changed ones did not come into force
	 */
	public record Trust(@Nullable String source, @Nullable Integer certificates, @Nullable String lastError) {
	}

	/**
	 * Why there is no connection.
	 *
	 * @param cause the kind of reason
	 * @param message the reason
	 */
	public record Error(@Nullable String cause, @Nullable String message) {
	}

}
