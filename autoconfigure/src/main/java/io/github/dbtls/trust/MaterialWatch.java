package io.github.dbtls.trust;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the files of a pool changed, and what of it may come into force. It
 * reads them at each look and compares their content, so that it makes no difference
 * whether a file was written in place, renamed, removed and written again, or reached
 * through a symbolic link that was swapped as Kubernetes does, on whatever file system.
 * <p>
 * Nobody tells when a writer is done, and a PEM file that is cut after a whole
 * certificate parses well. So there are three steps:
 * <ol>
 * <li>A change must look the same twice, {@link #STABLE} apart, before it is judged. Who
 * writes a file of some kilobytes is done by then.</li>
 * <li>A change that takes authorities away, or certificates of the client's chain, must
 * stay for {@link #SETTLED}: that is what a half-written file looks like. One that adds
 * some has no reason to wait.</li>
 * <li>A fault must stay for {@link #SETTLED} before it is reported: a file that is being
 * replaced is missing or broken for a moment, and of a certificate and its key one is
 * always written first.</li>
 * </ol>
 * What is in force stays so until something better is there.
 */
public final class MaterialWatch {

	static final Duration STABLE = Duration.ofMillis(300);

	static final Duration SETTLED = Duration.ofSeconds(2);

	private static final int REMEMBERED_FAULTS = 100;

	private final MaterialSource source;

	private final Duration interval;

	private final Listener listener;

	private final LongSupplier nanoTime;

	private final Clock clock;

	private final Set<String> reported = new HashSet<>();

	private PoolMaterial inForce;

	private String inForceKey;

	private @Nullable Change change;

	private boolean faulty;

	/**
	 * Create a watch.
	 * @param source where the material comes from
	 * @param snapshot what was read of it
	 * @param inForce the material that was made of the snapshot
	 * @param interval how long to wait between looks while nothing happens
	 * @param listener told of each change
	 */
	public MaterialWatch(MaterialSource source, MaterialSnapshot snapshot, PoolMaterial inForce, Duration interval,
			Listener listener) {
		this(source, snapshot, inForce, interval, listener, System::nanoTime, Clock.systemUTC());
	}

	MaterialWatch(MaterialSource source, MaterialSnapshot snapshot, PoolMaterial inForce, Duration interval,
			Listener listener, LongSupplier nanoTime, Clock clock) {
		this.source = source;
		this.inForceKey = snapshot.digest();
		this.inForce = inForce;
		this.interval = interval;
		this.listener = listener;
		this.nanoTime = nanoTime;
		this.clock = clock;
	}

	/**
	 * Look at the files. Not to be called by two threads at once.
	 * @return how long to wait until the next look
	 */
	public Duration look() {
		return look(SETTLED);
	}

	/**
	 * Look at the files after a time in which nobody did, while a checkpoint waited for
	 * its restore for example. What changed in that time has settled long ago in all
	 * likelihood, and connections are about to be made: what looks the same twice is
	 * judged, whatever it takes away. Should it have been a writer's pause, that fails
	 * closed until the next look. Not to be called by two threads at once.
	 * @return how long to wait until the next look
	 */
	public Duration lookAfterPause() {
		return look(STABLE);
	}

	private Duration look(Duration settling) {
		Change seen = read();
		if (Thread.currentThread().isInterrupted()) {
			// Whoever stops the watch interrupts the reading as well: no fault of the
			// file.
			return this.interval;
		}
		if (seen.key.equals(this.inForceKey)) {
			this.change = null;
			mended();
			return this.interval;
		}
		if (this.change == null || !this.change.key.equals(seen.key)) {
			this.change = seen;
			return STABLE;
		}
		Duration age = Duration.ofNanos(seen.nanoTime - this.change.nanoTime);
		return (age.compareTo(STABLE) >= 0) ? judge(this.change, age, settling) : STABLE.minus(age);
	}

	private Change read() {
		long time = this.nanoTime.getAsLong();
		Instant now = this.clock.instant();
		try {
			MaterialSnapshot snapshot = this.source.read();
			return new Change(snapshot.digest(), snapshot::load, time, now);
		}
		catch (RuntimeException ex) {
			return new Change("fault: " + ex.getMessage(), () -> {
				throw ex;
			}, time, now);
		}
	}

	private Duration judge(Change change, Duration age, Duration settling) {
		boolean settled = age.compareTo(settling) >= 0;
		PoolMaterial material;
		try {
			material = change.load();
			if (!settled && takesAway(material)) {
				return STABLE;
			}
			this.listener.renew(material);
		}
		catch (RuntimeException ex) {
			if (!settled) {
				return STABLE;
			}
			// It is judged again at each look: what is not valid yet will be one day.
			failed(ex, change.since);
			return this.interval;
		}
		// It is in force, whatever becomes of the news of it.
		this.inForce = material;
		this.inForceKey = change.key;
		this.change = null;
		this.faulty = false;
		this.reported.clear();
		this.listener.renewed(material);
		return this.interval;
	}

	private boolean takesAway(PoolMaterial material) {
		return !Set.copyOf(material.trust().certificates()).containsAll(this.inForce.trust().certificates())
				|| length(material) < length(this.inForce);
	}

	private static int length(PoolMaterial material) {
		return (material.clientKey() != null) ? material.clientKey().chain().size() : 0;
	}

	private void failed(RuntimeException fault, Instant since) {
		if (this.reported.size() >= REMEMBERED_FAULTS) {
			this.reported.clear();
		}
		this.faulty = true;
		this.listener.failed(fault, since, this.reported.add(String.valueOf(fault.getMessage())));
	}

	private void mended() {
		this.reported.clear();
		if (this.faulty) {
			this.faulty = false;
			this.listener.mended();
		}
	}

	/**
	 * What a watch tells.
	 */
	public interface Listener {

		/**
		 * Put new material in force, and nothing else: what is thrown means that it is
		 * not in force.
		 * @param material the material
		 */
		void renew(PoolMaterial material);

		/**
		 * Do what follows from new material that is in force.
		 * @param material the material
		 */
		void renewed(PoolMaterial material);

		/**
		 * Take down that the files hold nothing that could come into force.
		 * @param fault what is wrong; a {@link DbTlsConfigurationException} as at startup
		 * in most cases
		 * @param since when it was seen first
		 * @param news whether it was not told before, since the files were last in order
		 */
		void failed(RuntimeException fault, Instant since, boolean news);

		/**
		 * Take down that the files hold again what is in force.
		 */
		void mended();

	}

	/**
	 * What was seen instead of what is in force.
	 */
	private static final class Change {

		private final String key;

		private final Content content;

		private final long nanoTime;

		private final Instant since;

		private @Nullable PoolMaterial material;

		private Change(String key, Content content, long nanoTime, Instant since) {
			this.key = key;
			this.content = content;
			this.nanoTime = nanoTime;
			this.since = since;
		}

		private PoolMaterial load() {
			if (this.material == null) {
				this.material = this.content.load();
			}
			return this.material;
		}

	}

	/**
	 * What a change consists of: material, or a fault that is thrown.
	 */
	@FunctionalInterface
	private interface Content {

		PoolMaterial load();

	}

}
