package io.github.dbtls.actuate;

import java.util.concurrent.Callable;

import javax.sql.DataSource;

import io.github.dbtls.tls.PoolTls;

import org.springframework.boot.health.contributor.Health;

/**
 * The probe of {@link DbTlsHealthIndicator} without its thread, for benchmarks: what a
 * thread that has ended cost, nobody knows.
 */
public final class ProbeInThread {

	private ProbeInThread() {
	}

	/**
	 * Return the probe.
	 * @param pool the pool to look at
	 * @param tls the TLS that its connections are to have
	 * @return the probe, which works in the thread that calls it
	 */
	public static Callable<Health> of(DataSource pool, PoolTls tls) {
		return new HealthProbe(pool, tls);
	}

}
