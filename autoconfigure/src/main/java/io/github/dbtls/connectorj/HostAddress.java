package io.github.dbtls.connectorj;

/**
 * One host of a JDBC URL.
 *
 * @param host name or address
 * @param port port
 */
public record HostAddress(String host, int port) {

	@Override
	public String toString() {
		return this.host + ":" + this.port;
	}

}
