package io.github.dbtls.testkit;

/**
 * Real servers for the tests.
 */
public final class RealServers {

	/**
	 * The environment variable that makes a test fail which would otherwise be skipped
	 * for want of a server: its value must be {@code required}.
	 */
	public static final String REQUIRED_VARIABLE = "DBTLS_REAL_SERVERS";

	private RealServers() {
	}

	static boolean required() {
		return "required".equals(System.getenv(REQUIRED_VARIABLE));
	}

}
