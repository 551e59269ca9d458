package io.github.dbtls.autoconfigure;

import java.util.List;

import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.connectorj.PoolProperties;
import io.github.dbtls.tls.PoolTls;

/**
 * One DataSource that dbtls secured.
 *
 * @param id its id in the driver's properties
 * @param source what was secured
 * @param tls its TLS
 * @param properties what was written to it
 * @param hosts the hosts of its URL
 * @param verifiedAtStartup whether a handshake is made before the application is ready
 * @param settings where its policy came from
 */
record SecuredPool(String id, ConnectionSource source, PoolTls tls, PoolProperties properties, List<HostAddress> hosts,
		boolean verifiedAtStartup, DecidedSettings settings) {

	/**
	 * Return the object that was secured.
	 * @return the pool or its configuration
	 */
	Object target() {
		return this.source.target();
	}

	String name() {
		return this.tls.name();
	}

}
