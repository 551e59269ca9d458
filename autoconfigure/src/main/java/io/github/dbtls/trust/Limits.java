package io.github.dbtls.trust;

/**
 * How much is read before a certificate file is refused.
 *
 * @param bytes size of the file, and of all that a zip unpacks to
 * @param certificates number of certificates
 * @param entries number of entries of a zip
 */
record Limits(int bytes, int certificates, int entries) {

	/**
	 * A hundred times the largest bundle of a cloud: AWS's has 165 KB and 108
	 * certificates.
	 */
	static final Limits STANDARD = new Limits(16 * 1024 * 1024, 10_000, 1_000);

	/**
	 * A client's certificate or key: even RSA keys of 16384 bits in a long chain have
	 * less.
	 */
	static final Limits CLIENT = new Limits(1024 * 1024, 100, 0);

}
