package io.github.dbtls.tls;

/**
 * Follows the pools of an application context, each from before its first connection.
 */
public interface PoolObserver {

	/**
	 * A pool was secured.
	 * @param pool its TLS
	 */
	void secured(PoolTls pool);

	/**
	 * A pool is gone, or goes on without this context.
	 * @param pool its TLS
	 */
	void released(PoolTls pool);

}
