package io.github.dbtls.benchmarks;

import java.util.List;

/**
 * Something that applications do and that TLS makes slower: a class of its own, listed in
 * {@link #all()}. It runs in a JVM of its own for each {@link Leg} that it takes part in,
 * and leaves all measuring to {@link Rounds}; the report needs to know nothing of it.
 */
interface Scenario {

	/**
	 * Return the name, in the report and in {@code -Dbenchmarks.only}.
	 * @return the name, in lower case with dashes
	 */
	String name();

	/**
	 * Return what the report says above the numbers.
	 * @return what one operation is, and what is not measured
	 */
	String description();

	/**
	 * Return whether this scenario runs in a leg: a full run is to take less than 25
	 * minutes on two cores.
	 * @param leg the leg
	 * @return whether it does
	 */
	default boolean takesPart(Leg.Label leg) {
		return leg.isMain();
	}

	/**
	 * Run.
	 * @param leg where
	 * @param rounds what measures
	 * @throws Exception if it cannot run
	 */
	void run(Leg leg, Rounds rounds) throws Exception;

	/**
	 * Return all scenarios in the order of the report.
	 * @return the scenarios
	 */
	static List<Scenario> all() {
		return List.of(new Connections(), new ColdStart(), new PoolFill(), new Recovery(), new Delayed(), new Queries(),
				new Bulk(), new ApplicationStart(), new HealthProbes(), new MicroBenchmarks());
	}

}
