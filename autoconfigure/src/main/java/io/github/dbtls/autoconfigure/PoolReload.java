package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.time.Instant;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.MaterialSnapshot;
import io.github.dbtls.trust.MaterialSource;
import io.github.dbtls.trust.MaterialWatch;
import io.github.dbtls.trust.PoolMaterial;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The reload of one pool: puts changed files in force, and rids the pool of connections
 * that the new trust does not vouch for.
 * <p>
 * A pool can be told to drop all of its connections only, and drops those in use when
 * they are returned. So it is told if at least one of them leads to a server that the new
 * trust refuses: added authorities and renewed certificates of the same one disturb
 * nobody. A connection that was on its way to the pool at that moment is missed
 * (<a href="https://github.com/brettwooldridge/HikariCP/issues/1836">HikariCP#1836</a>),
 * hence the pool is told again for a minute while such a one is open.
 */
final class PoolReload implements MaterialWatch.Listener {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final SecuredPool pool;

	private final PoolTls tls;

	private final MaterialSource source;

	private final MaterialWatch watch;

	private final Duration interval;

	private final Runnable onOutdated;

	private final TrustPublisher publisher;

	private volatile boolean publishing;

	private PoolTls.@Nullable ReloadFault hang;

	/**
	 * Create the reload of a pool.
	 * @param pool the pool
	 * @param source where its material comes from
	 * @param snapshot what was read of it
	 * @param inForce the material in force
	 * @param interval how often changes are looked for
	 * @param onOutdated called when connections have become outdated
	 * @param publisher is told each new generation
	 */
	PoolReload(SecuredPool pool, MaterialSource source, MaterialSnapshot snapshot, PoolMaterial inForce,
			Duration interval, Runnable onOutdated, TrustPublisher publisher) {
		this.pool = pool;
		this.tls = pool.tls();
		this.source = source;
		this.interval = interval;
		this.watch = new MaterialWatch(source, snapshot, inForce, interval, this);
		this.onOutdated = onOutdated;
		this.publisher = publisher;
	}

	SecuredPool pool() {
		return this.pool;
	}

	/**
	 * Look for changes. Not to be called by two threads at once.
	 * @return how long to wait until the next look
	 */
	Duration look() {
		return this.watch.look();
	}

	/**
	 * Put in force what changed while nobody looked, without the patience that a change
	 * gets which is seen when it happens. Not to be called by two threads at once.
	 * @param atMost how long to wait for files that keep changing
	 * @return how long to wait until the next look
	 */
	Duration catchUp(Duration atMost) {
		long end = System.nanoTime() + atMost.toNanos();
		Duration next = this.watch.lookAfterPause();
		try {
			while (next.compareTo(this.interval) < 0 && end - System.nanoTime() > next.toNanos()) {
				// Whoever starts the context again waits for this, and no longer than
				// Reloads.HOLD_UP even if a read hangs. It sleeps at most as long as the
				// caller allows: nothing tells when a file is quiet but to look again.
				Thread.sleep(next.toMillis() + 1);
				next = this.watch.lookAfterPause();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return next;
	}

	/**
	 * Take down that a look does not return.
	 * @param time for how long
	 */
	synchronized void hangs(Duration time) {
		DbTlsConfigurationException fault = this.source.hanging(time);
		String message = (fault != null) ? String.valueOf(fault.getMessage())
				: "Changed files have not been looked for for %d s: %s does not return.".formatted(time.toSeconds(),
						this.publishing ? "what listens to updates of the pool's SSL bundle"
								: "looking for those of other pools");
		boolean news = this.hang == null;
		this.hang = new PoolTls.ReloadFault(message, Instant.now().minus(time));
		this.tls.reloadFailed(this.hang, news);
		if (news) {
			logger.warn("%s: %s%n  %sUntil then generation %d stays in force.".formatted(this.tls.name(), message,
					(fault != null) ? fault.getAction() + " " : "", this.tls.generation()));
		}
	}

	/**
	 * Take down that a look returned, if it was said to hang.
	 */
	synchronized void returned() {
		PoolTls.ReloadFault hang = this.hang;
		if (hang != null) {
			this.hang = null;
			// The look itself may have found another fault by now.
			if (this.tls.reloadFault() == hang) {
				this.tls.reloadMended();
			}
			logger.info("%s: changed files are looked for again".formatted(this.tls.name()));
		}
	}

	/**
	 * Return whether connections are open that the trust in force does not vouch for.
	 * @return whether there are any
	 */
	boolean hasOutdated() {
		return this.tls.outdatedConnections() > 0;
	}

	/**
	 * Tell the pool to drop its connections, if any of them is outdated and may not have
	 * been told.
	 * @param first whether it was not told since the trust changed
	 */
	void evict(boolean first) {
		int outdated = first ? this.tls.outdatedConnections() : this.tls.arrivingConnections();
		if (outdated == 0) {
			return;
		}
		String unreached = this.pool.source().evict();
		if (first && unreached == null) {
			logger.info("%s: %d open %s only the earlier trust vouched for: closed when idle, or when returned"
				.formatted(this.tls.name(), outdated, connections(outdated)));
		}
		else if (first) {
			logger.warn("%s: %d open %s only the earlier trust vouched for, %s until closed, since %s".formatted(
					this.tls.name(), outdated, connections(outdated), (outdated == 1) ? "stays" : "stay", unreached));
		}
	}

	private static String connections(int number) {
		return (number == 1) ? "connection, which" : "connections, which";
	}

	@Override
	public void renew(PoolMaterial material) {
		this.tls.renew(material);
	}

	@Override
	public void renewed(PoolMaterial material) {
		SecuredPoolLog.renewed(this.tls, material);
		if (hasOutdated()) {
			this.onOutdated.run();
		}
		publish();
	}

	// The pool does not depend on what becomes of its publication.
	private void publish() {
		this.publishing = true;
		try {
			this.publisher.publish(this.pool);
		}
		catch (Throwable ex) {
			logger.warn("%s: generation %d is in force, but its SSL bundle was not brought up to date: %s"
				.formatted(this.tls.name(), this.tls.generation(), ex.getMessage()), ex);
		}
		finally {
			this.publishing = false;
		}
	}

	@Override
	public void failed(RuntimeException fault, Instant since, boolean news) {
		String message = String.valueOf(fault.getMessage());
		this.tls.reloadFailed(new PoolTls.ReloadFault(message, since), news);
		if (news) {
			String action = (fault instanceof DbTlsConfigurationException known) ? known.getAction() + " " : "";
			logger.warn(
					"%s: changed certificates do not come into force: %s%n  %sUntil then generation %d stays in force."
						.formatted(this.tls.name(), message, action, this.tls.generation()));
		}
	}

	@Override
	public void mended() {
		this.tls.reloadMended();
		logger.info("%s: the certificates are in order again: they are what is in force: generation %d"
			.formatted(this.tls.name(), this.tls.generation()));
	}

}
