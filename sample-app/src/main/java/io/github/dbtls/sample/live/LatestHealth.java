package io.github.dbtls.sample.live;

/**
 * What is known of the health of the connection, without asking for it: that may take as
 * long as a connection takes.
 */
public interface LatestHealth {

	/**
	 * Return what health said last, with the status that the page shows, which may be
	 * known to be another one by now.
	 * @return the answer; its status is UP, DOWN or UNKNOWN
	 */
	HealthAnswer health();

}
