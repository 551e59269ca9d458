package io.github.dbtls.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * What the user wants, in {@code benchmarks.*} system properties.
 *
 * @param rounds how many turns of each contestant are measured
 * @param turn how long a turn takes at least, in milliseconds
 * @param scenarios which scenarios run
 * @param servers which servers, by name; all that can be had where empty
 */
record Options(int rounds, long turn, List<Scenario> scenarios, List<String> servers) {

	static Options read() {
		List<String> only = list("benchmarks.only");
		List<Scenario> scenarios = Scenario.all();
		List<String> names = scenarios.stream().map(Scenario::name).toList();
		for (String name : only) {
			if (!names.contains(name)) {
				throw new IllegalArgumentException("benchmarks.only: '%s' is none of %s".formatted(name, names));
			}
		}
		return new Options(number("benchmarks.rounds", "7"), number("benchmarks.turn", "400"),
				scenarios.stream().filter((scenario) -> only.isEmpty() || only.contains(scenario.name())).toList(),
				list("benchmarks.servers"));
	}

	private static int number(String property, String defaultValue) {
		String value = System.getProperty(property, defaultValue);
		int number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
		if (number == 0) {
			throw new IllegalArgumentException("%s: '%s' is no number from 1 on".formatted(property, value));
		}
		return number;
	}

	private static List<String> list(String property) {
		return Arrays.stream(System.getProperty(property, "").split(","))
			.map(String::strip)
			.filter((name) -> !name.isEmpty())
			.toList();
	}

}
