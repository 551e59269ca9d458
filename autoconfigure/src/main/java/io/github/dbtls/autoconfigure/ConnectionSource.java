package io.github.dbtls.autoconfigure;

import java.util.Properties;

import io.github.dbtls.connectorj.PoolProperties;
import org.jspecify.annotations.Nullable;

/**
 * Something that hands a JDBC URL and properties to a driver.
 */
interface ConnectionSource {

	/**
	 * Return the object that has the URL.
	 * @return the DataSource, or a configuration of one
	 */
	Object target();

	/**
	 * Return the JDBC URL.
	 * @return the URL, or {@code null} if there is none
	 */
	@Nullable String url();

	/**
	 * Return the driver.
	 * @return the class name, or {@code null} if the URL decides
	 */
	@Nullable String driverClassName();

	/**
	 * Return what the driver gets beside the URL, without user name and password.
	 * @return a copy
	 */
	Properties properties();

	/**
	 * Return the name that it logs in with. May ask a provider of credentials, which may
	 * connect somewhere: ask only where the name matters.
	 * @return the name, or {@code null} if the URL has it
	 */
	@Nullable String userName();

	/**
	 * Return what tells it apart from others of the same bean name.
	 * @return the name of the pool, or {@code null} if it has none yet
	 */
	default @Nullable String poolName() {
		return null;
	}

	/**
	 * Return whether no connection will ever come from this again.
	 * @return whether it is closed
	 */
	default boolean isClosed() {
		return false;
	}

	/**
	 * Return why this cannot be secured.
	 * @return what stands in the way, or {@code null}
	 */
	@Nullable String obstacle();

	/**
	 * Return what to do about the obstacle.
	 * @return the way that keeps it secured, without a full stop
	 */
	default String remedy() {
		return "Let Spring Boot or a bean method return a HikariDataSource with a JDBC URL that nothing has used yet";
	}

	/**
	 * Close the connections that were opened so far: idle ones now, others when they are
	 * returned.
	 * @return {@code null} if whoever keeps them was told; else why that cannot be, and
	 * what to do, as a clause and sentences that follow "since"
	 */
	default @Nullable String evict() {
		return "dbtls does not know who keeps them. Restart the application to have them renewed.";
	}

	/**
	 * Write our properties.
	 * @param url the secured URL
	 * @param properties the same in a map
	 */
	void secure(String url, PoolProperties properties);

}
