package io.github.dbtls.actuate;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.sql.DataSource;

import io.github.dbtls.tls.PoolTls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Health of one secured pool, from the live TLS session of one of its connections.
 * <p>
 * It borrows a connection of the pool and opens none of its own. A pool whose hosts are
 * all dead blocks its caller for a minute and more, whatever its timeout says, and does
 * so again for the next caller: so one probe at a time runs in a thread of its own, and
 * callers wait for it no longer than the deadline.
 */
public final class DbTlsHealthIndicator implements HealthIndicator {

	private final PoolTls tls;

	private final HealthProbe probe;

	private final Duration timeout;

	private @Nullable FutureTask<Health> running;

	/**
	 * Create an indicator.
	 * @param pool the pool
	 * @param tls its TLS
	 * @param timeout how long a caller waits for the answer
	 */
	public DbTlsHealthIndicator(DataSource pool, PoolTls tls, Duration timeout) {
		this.tls = tls;
		this.probe = new HealthProbe(pool, tls);
		this.timeout = timeout;
	}

	@Override
	public Health health() {
		FutureTask<Health> task = running();
		try {
			return task.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			return this.probe.down(ex, "No connection of the pool within %d ms".formatted(this.timeout.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return this.probe.down(ex, "Interrupted");
		}
		catch (ExecutionException ex) {
			return this.probe.down((ex.getCause() != null) ? ex.getCause() : ex, null);
		}
	}

	private synchronized FutureTask<Health> running() {
		if (this.running == null || this.running.isDone()) {
			this.running = new FutureTask<>(this.probe);
			Thread thread = new Thread(this.running, "dbtls-health-" + this.tls.name());
			thread.setDaemon(true);
			thread.start();
		}
		return this.running;
	}

}
