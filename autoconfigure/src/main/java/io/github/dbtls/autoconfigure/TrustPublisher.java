package io.github.dbtls.autoconfigure;

/**
 * Is told what a pool trusts: when it is secured, and with each new generation.
 */
@FunctionalInterface
interface TrustPublisher {

	/** Publishes nothing. */
	TrustPublisher NONE = (pool) -> {
	};

	/**
	 * Publish what a pool trusts now, if it is to be published.
	 * @param pool the pool
	 * @throws io.github.dbtls.DbTlsConfigurationException if it cannot be done as
	 * promised
	 */
	void publish(SecuredPool pool);

}
