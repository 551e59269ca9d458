package io.github.dbtls;

/**
 * What a certificate is to the connections of a pool.
 */
public enum CertificateRole {

	/** The server's own. */
	SERVER,

	/** Of an authority between the server's and the trusted one; the server sends it. */
	CHAIN,

	/** The trusted authority that the server's certificate leads to. */
	ANCHOR,

	/** What the client shows to the server. */
	CLIENT

}
