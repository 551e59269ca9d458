package io.github.dbtls.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Writes the report. It knows no scenario: what it shows is what the samples say.
 */
final class Report {

	private final Results results;

	private final Map<String, String> environment;

	private final Options options;

	private final List<String> remarks;

	private final Duration duration;

	Report(Results results, Map<String, String> environment, Options options, List<String> remarks, Duration duration) {
		this.results = results;
		this.environment = environment;
		this.options = options;
		this.remarks = remarks;
		this.duration = duration;
	}

	String markdown() {
		List<String> lines = new ArrayList<>();
		lines.add("# What a TLS connection costs");
		lines.add("");
		lines
			.add("""
					Measured with `mvn -pl benchmarks -am -Pbenchmarks verify`: contestants take turns (A B C, A B C, …) in \
					one JVM for each table, after a warm-up; rounds: %d, of turns of %d ms, %d min %02d s in all. \
					**Faster** is the base's time divided by the contestant's, the median of the rounds, with the lowest \
					and the highest round behind it; **CPU** is the same ratio of the client's CPU time. Larger is better. \
					Client and server share the machine."""
				.formatted(this.options.rounds(), this.options.turn(), this.duration.toMinutes(),
						this.duration.toSecondsPart()));
		lines.add("");
		lines.add("| Environment | |");
		lines.add("|---|---|");
		this.environment.forEach((name, value) -> lines.add("| %s | %s |".formatted(name, value)));
		this.remarks.forEach((remark) -> lines.addAll(List.of("", "**" + remark + "**")));
		lines.addAll(List.of("", "## Targets", "", "The values are those of the tables below.", ""));
		lines.addAll(Targets.table(this.results));
		for (Scenario scenario : this.options.scenarios()) {
			lines.addAll(List.of("", "## " + heading(scenario.name()), "", scenario.description()));
			for (Group group : this.results.groups()) {
				if (group.scenario().equals(scenario.name())) {
					lines.addAll(List.of("", "### %s: %s".formatted(group.leg(), group.setting()), ""));
					lines.addAll(table(group));
				}
			}
		}
		return String.join("\n", lines) + "\n";
	}

	private static String heading(String name) {
		return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1).replace('-', ' ');
	}

	private List<String> table(Group group) {
		List<String> lines = new ArrayList<>();
		List<String> contestants = List.copyOf(this.results.contestants(group));
		if (!contestants.isEmpty()) {
			lines.add("| | Faster | lowest–highest | CPU | ms | CPU ms | KB | resumed |");
			lines.add("|---|---:|---:|---:|---:|---:|---:|---:|");
			List<Sample> base = this.results.samples(group, contestants.get(0));
			for (String contestant : contestants) {
				lines.add(row(contestant, base, this.results.samples(group, contestant)));
			}
		}
		this.results.notes()
			.stream()
			.filter((note) -> note.group().equals(group))
			.forEach((note) -> lines.addAll(List.of("", "*%s*: %s".formatted(note.contestant(), note.text()))));
		return lines;
	}

	private static String row(String contestant, List<Sample> base, List<Sample> samples) {
		Ratios time = Ratios.of(base, samples, Sample::nanosPerOperation);
		Ratios cpu = Ratios.of(base, samples, Sample::cpuNanosPerOperation);
		long operations = samples.stream().mapToLong(Sample::operations).sum();
		long resumed = samples.stream().mapToLong(Sample::resumed).sum();
		double bytes = median(samples, Sample::bytesPerOperation);
		double cpuNanos = median(samples, Sample::cpuNanosPerOperation);
		return String.format(Locale.ROOT, "| %s | %s | %s | %s | %s | %s | %s | %s |", contestant, ratio(time),
				time.isEmpty() ? "" : time.spread(), (cpuNanos > 0) ? ratio(cpu) : "–",
				number(median(samples, Sample::nanosPerOperation) / 1e6), (cpuNanos > 0) ? number(cpuNanos / 1e6) : "–",
				(bytes > 0) ? number(bytes / 1000) : "–",
				(resumed > 0) ? String.format(Locale.ROOT, "%.0f %%", 100.0 * resumed / operations) : "–");
	}

	private static double median(List<Sample> samples, ToDoubleFunction<Sample> value) {
		return Ratios.median(samples.stream().map(value::applyAsDouble).toList());
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, (value >= 100) ? "%.0f" : (value >= 1) ? "%.2f" : "%.4f", value);
	}

	private static String ratio(Ratios ratios) {
		return ratios.isEmpty() ? "" : String.format(Locale.ROOT, "**%.2f**", ratios.median());
	}

}
