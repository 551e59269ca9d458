package io.github.dbtls.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.tls.ChainBenchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The parts that dbtls has of its own, by JMH.
 */
final class MicroBenchmarks implements Scenario {

	/** What the report calls them: the group, and who it is; the base comes first. */
	private static final Map<String, String[]> NAMES = new LinkedHashMap<>();

	static {
		name(TrustBenchmark.class, "pkcs12ByStockMeans", "reading %s", "PKCS#12 with password, `KeyStore`");
		name(TrustBenchmark.class, "pemByDbTls", "reading %s", "PEM, dbtls");
		name(TrustBenchmark.class, "contextByStockMeans", "TLS context with %s", "`SSLContext` of a `KeyStore`");
		name(TrustBenchmark.class, "contextByDbTls", "TLS context with %s", "generation of dbtls");
		name(ChainBenchmark.class, "jdk", "verifying a chain, %s", "the JDK's trust manager");
		name(ChainBenchmark.class, "first", "verifying a chain, %s", "dbtls, first time");
		name(ChainBenchmark.class, "again", "verifying a chain, %s", "dbtls, again");
	}

	private static void name(Class<?> type, String method, String group, String contestant) {
		NAMES.put(type.getName() + "." + method, new String[] { group, contestant });
	}

	@Override
	public String name() {
		return "parts";
	}

	@Override
	public String description() {
		return """
				Parts of a connection, measured by JMH in one JVM for each row, one after the other. Stock \
				Connector/J reads its trust store and makes a context for each connection, dbtls once for each \
				generation of trust. A full handshake has the JDK verify the chain and dbtls on top of it, a resumed \
				one dbtls alone.""";
	}

	@Override
	public boolean takesPart(Leg.Label leg) {
		return leg.isMain() && leg.tls().equals("TLSv1.3");
	}

	@Override
	public void run(Leg leg, Rounds rounds) throws RunnerException {
		Collection<RunResult> results = new Runner(new OptionsBuilder().include(TrustBenchmark.class.getName())
			.include(ChainBenchmark.class.getName())
			.mode(Mode.AverageTime)
			.timeUnit(TimeUnit.NANOSECONDS)
			.forks(1)
			.warmupIterations(3)
			.warmupTime(TimeValue.milliseconds(200))
			.measurementIterations(rounds.rounds())
			.measurementTime(TimeValue.milliseconds(100))
			.addProfiler(GCProfiler.class)
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT)
			.build()).run();
		NAMES.forEach((benchmark, names) -> results.stream()
			.filter((result) -> result.getParams().getBenchmark().equals(benchmark))
			.forEach((result) -> add(leg, rounds, names, result)));
	}

	private static void add(Leg leg, Rounds rounds, String[] names, RunResult result) {
		String count = result.getParams().getParam("authorities");
		Group group = new Group("parts", leg.label(),
				names[0].formatted(count.equals("1") ? "1 authority" : count + " authorities"));
		int round = 0;
		for (BenchmarkResult fork : result.getBenchmarkResults()) {
			for (IterationResult iteration : fork.getIterationResults()) {
				rounds.results().add(sample(group, names[1], round++, iteration));
			}
		}
	}

	private static Sample sample(Group group, String contestant, int round, IterationResult iteration) {
		// What is averaged already is taken for so many operations that nothing is lost.
		long operations = 1000;
		long bytes = iteration.getSecondaryResults()
			.values()
			.stream()
			.filter((result) -> result.getLabel().endsWith("gc.alloc.rate.norm"))
			.mapToLong((result) -> times(result, operations))
			.sum();
		return new Sample(group, contestant, round, operations, times(iteration.getPrimaryResult(), operations), 0,
				bytes, 0);
	}

	private static long times(Result<?> result, long operations) {
		return Math.round(result.getScore() * operations);
	}

}
