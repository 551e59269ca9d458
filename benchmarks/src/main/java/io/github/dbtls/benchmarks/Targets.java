package io.github.dbtls.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What dbtls is to reach, and whether it did in this run.
 */
final class Targets {

	private static final String TLS13 = "TLSv1.3";

	private static final String TLS12 = "TLSv1.2";

	private final Results results;

	private final List<String> lines = new ArrayList<>();

	private Targets(Results results) {
		this.results = results;
	}

	/**
	 * Return the table of all targets.
	 * @param results what was measured
	 * @return the lines, in Markdown
	 */
	static List<String> table(Results results) {
		Targets targets = new Targets(results);
		targets.lines.add("| Target | Where | Value | Floor | Aim | Verdict |");
		targets.lines.add("|---|---|---:|---:|---:|---|");
		targets.addSpeed();
		targets.addLimit();
		targets.addMemory();
		targets.addStart();
		targets.addUse();
		return targets.lines;
	}

	private void addSpeed() {
		add("resumed, TLS 1.3, JDK 17", connections(TLS13, 17), faster(Variant.BASE, DbTls.RESUMED), 1.8, 2.6);
		add("resumed, TLS 1.3, JDK 25", connections(TLS13, 25), faster(Variant.BASE, DbTls.RESUMED), 2.3, 3.2);
		add("resumed, TLS 1.2", connections(TLS12), faster(Variant.BASE, DbTls.RESUMED), 5, 7);
		add("TiDB, resumed, TLS 1.3", (group) -> isTidb(group) && group.leg().tls().equals(TLS13),
				faster(Variant.BASE, DbTls.RESUMED), 2, 2.8);
		add("without resumption", (group) -> connections(TLS13).or(connections(TLS12)).test(group) || isTidb(group),
				faster(Variant.BASE, DbTls.FIRST), 1.5, 2);
		add("against stock with 115 CAs, TLS 1.3", connections(TLS13), faster(StockDriver.MANY, DbTls.RESUMED_MANY),
				2.2, 2.8);
		add("against stock with 115 CAs, TLS 1.2", connections(TLS12), faster(StockDriver.MANY, DbTls.RESUMED_MANY), 6,
				9);
		add("against MariaDB Connector/J with PEM, TLS 1.3", connections(TLS13),
				faster(MariaDbDriver.NAME, DbTls.RESUMED), 1.15, 1.7);
		add("against MariaDB Connector/J with PEM, TLS 1.2", connections(TLS12),
				faster(MariaDbDriver.NAME, DbTls.RESUMED), 3.5, 4.5);
		add("first ten connections of a cold JVM, TLS 1.3",
				(group) -> group.scenario().equals(ColdStart.NAME) && group.leg().isMain(),
				faster(Variant.BASE, PoolKind.DBTLS), 1.4, 1.7);
	}

	private void addLimit() {
		add("latency over plain text + bare JSSE handshake, TLS 1.2", connections(TLS12), this::overLimit, 1.3, 1.1);
		add("latency over plain text + bare JSSE handshake, TLS 1.3", connections(TLS13), this::overLimit, 1.45, 1.1);
	}

	private void addMemory() {
		for (String contestant : List.of(DbTls.RESUMED, DbTls.RESUMED_MANY)) {
			Function<Group, Ratios> kilobytes = (group) -> new Ratios(this.results.samples(group, contestant)
				.stream()
				.map((sample) -> sample.bytesPerOperation() / 1000)
				.toList());
			add("KB allocated, TLS 1.2, " + contestant, connections(TLS12), kilobytes, 200, 160);
			add("KB allocated, TLS 1.3, " + contestant, connections(TLS13), kilobytes, 350, 280);
		}
	}

	private void addStart() {
		add("context refresh, added ms",
				(group) -> group.scenario().equals(ApplicationStart.NAME)
						&& group.setting().equals(ApplicationStart.COLD),
				(group) -> added(this.results.samples(group, ApplicationStart.WITHOUT),
						this.results.samples(group, ApplicationStart.DBTLS)),
				25, 10);
	}

	private static Ratios added(List<Sample> without, List<Sample> with) {
		// Two medians: starts of a round have less in common than turns in one JVM.
		if (without.isEmpty() || with.isEmpty()) {
			return new Ratios(List.of());
		}
		return new Ratios(List.of(milliseconds(with) - milliseconds(without)));
	}

	private static double milliseconds(List<Sample> samples) {
		return Ratios.median(samples.stream().map(Sample::nanosPerOperation).toList()) / 1e6;
	}

	private void addUse() {
		for (String setting : List.of(Queries.TEXT, Queries.LOOKUP, Bulk.SETTING)) {
			for (String contestant : List.of(DbTls.FIRST, DbTls.RESUMED)) {
				add("CPU of stock's, *%s*, %s".formatted(setting, contestant),
						(group) -> group.setting().equals(setting), (group) -> ofStock(group, contestant), 1.05, 1.05);
			}
		}
	}

	private Ratios ofStock(Group group, String contestant) {
		// Against both connections of the base: one alone is as noisy as its contestant.
		List<Sample> base = this.results.samples(group, Variant.BASE);
		List<Sample> control = this.results.samples(group, OpenConnection.CONTROL);
		List<Double> ratios = new ArrayList<>();
		for (Sample sample : this.results.samples(group, contestant)) {
			double stock = ofRound(base, sample.round(), Sample::cpuNanosPerOperation)
					+ ofRound(control, sample.round(), Sample::cpuNanosPerOperation);
			if (!Double.isNaN(stock)) {
				ratios.add(2 * sample.cpuNanosPerOperation() / stock);
			}
		}
		return new Ratios(ratios);
	}

	private static Predicate<Group> connections(String tls, Integer... jdks) {
		return (group) -> isOneThread(group) && group.leg().isMain() && group.leg().tls().equals(tls)
				&& (jdks.length == 0 || Set.of(jdks).contains(group.leg().jdk()));
	}

	private static boolean isTidb(Group group) {
		return isOneThread(group) && group.leg().server().startsWith("TiDB");
	}

	private static boolean isOneThread(Group group) {
		return group.scenario().equals(Connections.NAME) && group.setting().equals(Connections.ONE_THREAD);
	}

	private Function<Group, Ratios> faster(String slow, String fast) {
		return (group) -> {
			List<Sample> samples = this.results.samples(group, fast);
			boolean resumes = samples.stream().anyMatch((sample) -> sample.resumed() > 0);
			// The embedded MariaDB resumes no TLS 1.3: what is promised of it is not
			// promised there.
			return (fast.equals(DbTls.RESUMED) && !resumes) ? new Ratios(List.of())
					: Ratios.of(this.results.samples(group, slow), samples, Sample::nanosPerOperation);
		};
	}

	private Ratios overLimit(Group group) {
		List<Sample> plain = this.results.samples(group, StockDriver.PLAIN_TEXT);
		List<Sample> handshakes = this.results.samples(group, BareJsse.RESUMED_HANDSHAKE);
		List<Double> ratios = new ArrayList<>();
		for (Sample ours : this.results.samples(group, DbTls.RESUMED)) {
			double limit = ofRound(plain, ours.round(), Sample::nanosPerOperation)
					+ ofRound(handshakes, ours.round(), Sample::nanosPerOperation);
			if (!Double.isNaN(limit)) {
				ratios.add(ours.nanosPerOperation() / limit);
			}
		}
		return new Ratios(ratios);
	}

	private static double ofRound(List<Sample> samples, int round, ToDoubleFunction<Sample> value) {
		return samples.stream()
			.filter((sample) -> sample.round() == round)
			.mapToDouble(value)
			.findFirst()
			.orElse(Double.NaN);
	}

	/**
	 * Add a target, once for each group of samples that it is about.
	 * @param name what is to be reached
	 * @param about which groups it is about
	 * @param value what was measured in a group
	 * @param floor what must be reached
	 * @param aim what is aimed at; where it is below the floor, less is better
	 */
	private void add(String name, Predicate<Group> about, Function<Group, Ratios> value, double floor, double aim) {
		boolean found = false;
		for (Group group : this.results.groups()) {
			if (about.test(group)) {
				Ratios ratios = value.apply(group);
				if (!ratios.isEmpty()) {
					found = true;
					this.lines.add("| %s | %s | %s | %s | %s | %s |".formatted(name, group.leg(),
							number(ratios.median()), number(floor), number(aim), verdict(ratios.median(), floor, aim)));
				}
			}
		}
		if (!found) {
			this.lines
				.add("| %s | | | %s | %s | not measured in this run |".formatted(name, number(floor), number(aim)));
		}
	}

	static String verdict(double value, double floor, double aim) {
		double sign = (aim <= floor) ? -1 : 1;
		if (sign * value >= sign * aim) {
			return "aim";
		}
		return (sign * value >= sign * floor) ? "floor" : "**below the floor**";
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, (value >= 10) ? "%.0f" : "%.2f", value);
	}

}
