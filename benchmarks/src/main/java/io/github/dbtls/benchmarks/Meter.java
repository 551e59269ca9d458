package io.github.dbtls.benchmarks;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * What a contestant's operations cost in one turn. An operation starts and stops it
 * around what counts, as often as it likes, so that preparations do not count. Used by
 * one thread.
 */
final class Meter {

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private final Scope scope;

	private long operations;

	private long resumed;

	private long nanos;

	private long cpuNanos;

	private long bytes;

	private long startNanos;

	private long startCpuNanos;

	private long startBytes;

	Meter(Scope scope) {
		this.scope = scope;
	}

	void start() {
		this.startBytes = this.scope.bytes();
		this.startCpuNanos = this.scope.cpuNanos();
		this.startNanos = System.nanoTime();
	}

	void stop() {
		this.nanos += System.nanoTime() - this.startNanos;
		this.cpuNanos += this.scope.cpuNanos() - this.startCpuNanos;
		this.bytes += this.scope.bytes() - this.startBytes;
	}

	/**
	 * Add what was measured elsewhere.
	 * @param nanos the time by the clock
	 * @param cpuNanos the CPU time
	 * @param bytes what was allocated
	 */
	void add(long nanos, long cpuNanos, long bytes) {
		this.nanos += nanos;
		this.cpuNanos += cpuNanos;
		this.bytes += bytes;
	}

	/**
	 * Count what was done: one connection, one query, one megabyte.
	 * @param operations how many of them
	 * @param resumed how many of them resumed a TLS session
	 */
	void count(long operations, long resumed) {
		this.operations += operations;
		this.resumed += resumed;
	}

	long operations() {
		return this.operations;
	}

	long resumed() {
		return this.resumed;
	}

	long nanos() {
		return this.nanos;
	}

	long cpuNanos() {
		return this.cpuNanos;
	}

	long bytes() {
		return this.bytes;
	}

	/**
	 * Whose CPU time and memory is measured.
	 */
	enum Scope {

		/**
		 * The thread's that measures: nothing of the JIT compiler or of relays.
		 */
		THREAD {

			@Override
			long cpuNanos() {
				return threads.getCurrentThreadCpuTime();
			}

			@Override
			long bytes() {
				return threads.getCurrentThreadAllocatedBytes();
			}

		},

		/**
		 * The process's, where threads of a pool work. What they allocate is not known on
		 * JDK 17.
		 */
		PROCESS {

			@Override
			long cpuNanos() {
				return system.getProcessCpuTime();
			}

			@Override
			long bytes() {
				return 0;
			}

		};

		abstract long cpuNanos();

		abstract long bytes();

	}

}
