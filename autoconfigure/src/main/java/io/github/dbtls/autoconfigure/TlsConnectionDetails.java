package io.github.dbtls.autoconfigure;

import io.github.dbtls.BundleOrigin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * What Boot leaves out of its {@code JdbcConnectionDetails}: the SSL bundle that came
 * with a service connection. It stands beside those, for the same container or service.
 */
interface TlsConnectionDetails extends ConnectionDetails {

	/**
	 * Return where the bundle was declared.
	 * @return annotations or labels
	 */
	BundleOrigin origin();

	/**
	 * Return the bundle.
	 * @return the bundle, or {@code null} if there is none
	 */
	@Nullable SslBundle sslBundle();

	/**
	 * Return the JDBC URL that leads to the service.
	 * @return the URL
	 */
	String jdbcUrl();

}
