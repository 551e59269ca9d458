package io.github.dbtls.autoconfigure;

/**
 * Is told what a pool trusts: when it is secured, and with each new generation.
 */
@FunctionalInterface
interface TrustPublisher {

	/**
	 * Publish what a pool trusts now, if it is to be published.
	 * @param pool the pool
	 * @throws io.github.dbtls.DbTlsConfigurationException if it cannot be done as
	 * promised
	 */
	void publish(SecuredPool pool);

	/**
	 * Return one that publishes nothing.
	 * @return for where there are no bundles
	 */
	static TrustPublisher none() {
		return (pool) -> {
		};
	}

}
