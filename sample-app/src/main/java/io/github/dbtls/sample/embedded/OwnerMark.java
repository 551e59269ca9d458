package io.github.dbtls.sample.embedded;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which JVM made a folder. Process numbers are used again, so that its start belongs to
 * it.
 *
 * @param process number of the process
 * @param start when it started, in milliseconds since 1970, or zero if that is unknown
 */
record OwnerMark(long process, long start) {

	/** Where it is written in the folder. */
	static final String FILE = "owner";

	// Linux tells the start relative to that of the machine, whose own time is rounded.
	private static final long TOLERANCE = Duration.ofSeconds(10).toMillis();

	static OwnerMark current() {
		return of(ProcessHandle.current());
	}

	private static OwnerMark of(ProcessHandle process) {
		return new OwnerMark(process.pid(), process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
	}

	/**
	 * Reads a mark.
	 * @param text what {@link #toString()} said
	 * @return the mark, or {@code null} if it is none
	 */
	static @Nullable OwnerMark parse(String text) {
		String[] parts = text.strip().split(" ");
		try {
			return (parts.length == 2) ? new OwnerMark(Long.parseLong(parts[0]), Long.parseLong(parts[1])) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * Returns whether the JVM is still there, in case of doubt {@code true}.
	 * @return whether it runs
	 */
	boolean isAlive() {
		return ProcessHandle.of(this.process).map(OwnerMark::of).filter(this::isSame).isPresent();
	}

	private boolean isSame(OwnerMark other) {
		return this.start == 0 || other.start == 0 || Math.abs(this.start - other.start) < TOLERANCE;
	}

	@Override
	public String toString() {
		return this.process + " " + this.start;
	}

}
