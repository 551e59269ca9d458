package io.github.dbtls.benchmarks;

/**
 * What is done again and again, and measured.
 */
@FunctionalInterface
interface Operation {

	/**
	 * Do it once.
	 * @param meter to be started and stopped around what counts, and told what was done
	 * @throws Exception if it fails, which ends the contestant's part in the comparison
	 */
	void run(Meter meter) throws Exception;

}
