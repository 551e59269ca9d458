package io.github.dbtls.benchmarks;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A JVM that runs one scenario in one leg, so that none warms up for another.
 */
public final class Child {

	private Child() {
	}

	/**
	 * Run a scenario.
	 * @param args its name, the file of the leg, the number of rounds, the milliseconds
	 * of a turn, and the file for the results
	 * @throws Exception if it cannot run
	 */
	public static void main(String[] args) throws Exception {
		Scenario scenario = Scenario.all()
			.stream()
			.filter((candidate) -> candidate.name().equals(args[0]))
			.findFirst()
			.orElseThrow();
		Leg leg = Leg.read(Path.of(args[1]));
		Rounds rounds = new Rounds(leg.label(), Integer.parseInt(args[2]), Duration.ofMillis(Long.parseLong(args[3])));
		scenario.run(leg, rounds);
		rounds.results().write(Path.of(args[4]));
		// Drivers have threads that do not end.
		System.exit(0);
	}

}
