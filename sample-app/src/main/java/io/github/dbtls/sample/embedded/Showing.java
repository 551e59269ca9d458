package io.github.dbtls.sample.embedded;

/**
 * How a server came to show another certificate.
 */
public enum Showing {

	/** It read the certificate again while it ran. */
	RELOADED,

	/** It had to restart. */
	RESTARTED,

	/** It does not run or offers no TLS, and shows the certificate once it does. */
	LATER

}
