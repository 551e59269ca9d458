package io.github.dbtls.benchmarks;

/**
 * What one turn of a contestant came to.
 *
 * @param group what it can be compared with
 * @param contestant who it was
 * @param round the round, counted from 0
 * @param operations how many operations were done
 * @param nanos the time that they took, by the clock; with several threads, divided by
 * their number
 * @param cpuNanos the CPU time that they took
 * @param bytes what they allocated; 0 if not known
 * @param resumed how many operations resumed a TLS session
 */
record Sample(Group group, String contestant, int round, long operations, long nanos, long cpuNanos, long bytes,
		long resumed) {

	double nanosPerOperation() {
		return (double) this.nanos / this.operations;
	}

	double cpuNanosPerOperation() {
		return (double) this.cpuNanos / this.operations;
	}

	double bytesPerOperation() {
		return (double) this.bytes / this.operations;
	}

}
