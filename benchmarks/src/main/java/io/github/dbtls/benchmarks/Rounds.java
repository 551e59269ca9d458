package io.github.dbtls.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/**
 * Lets contestants have their turns one after the other, again and again: A B C, A B C, …
 * so that a machine which slows down slows all of them down. Some turns without
 * measurement come first.
 */
final class Rounds {

	private static final int WARM_UP_TURNS = 3;

	private final Leg.Label leg;

	private final int rounds;

	private final Duration turn;

	private final Results results = new Results();

	Rounds(Leg.Label leg, int rounds, Duration turn) {
		this.leg = leg;
		this.rounds = rounds;
		this.turn = turn;
	}

	int rounds() {
		return this.rounds;
	}

	Results results() {
		return this.results;
	}

	/**
	 * Compare contestants.
	 * @param scenario the name of the scenario
	 * @param setting what is special about this comparison, for the report
	 * @param threads how many threads work for each contestant
	 * @param scope whose CPU time is measured
	 * @param contestants the contestants, the base first
	 */
	void compare(String scenario, String setting, int threads, Meter.Scope scope, List<Contestant> contestants) {
		Group group = new Group(scenario, this.leg, setting);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Contestant> remaining = new ArrayList<>(contestants);
			// What takes longer than a turn is warm after fewer of them.
			long end = System.nanoTime() + WARM_UP_TURNS * contestants.size() * this.turn.toNanos();
			for (boolean first = true; first || System.nanoTime() < end; first = false) {
				remaining.removeIf((contestant) -> turn(group, contestant, executor, threads, scope, -1) == null);
			}
			for (int round = 0; round < this.rounds; round++) {
				int number = round;
				remaining.removeIf((contestant) -> {
					Sample sample = turn(group, contestant, executor, threads, scope, number);
					if (sample != null) {
						this.results.add(sample);
					}
					return sample == null;
				});
			}
		}
		finally {
			executor.shutdown();
		}
	}

	private @Nullable Sample turn(Group group, Contestant contestant, ExecutorService executor, int threads,
			Meter.Scope scope, int round) {
		long end = System.nanoTime() + this.turn.toNanos();
		Callable<Meter> work = () -> {
			Meter meter = new Meter(scope);
			do {
				contestant.operation().run(meter);
			}
			while (System.nanoTime() < end);
			return meter;
		};
		try {
			List<Future<Meter>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				futures.add(executor.submit(work));
			}
			List<Meter> meters = new ArrayList<>();
			for (Future<Meter> future : futures) {
				meters.add(future.get());
			}
			return new Sample(group, contestant.name(), round, sum(meters, Meter::operations),
					sum(meters, Meter::nanos) / threads, sum(meters, Meter::cpuNanos), sum(meters, Meter::bytes),
					sum(meters, Meter::resumed));
		}
		catch (ExecutionException ex) {
			this.results.add(new Note(group, contestant.name(), Failures.text(ex)));
			return null;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	private static long sum(List<Meter> meters, ToLongFunction<Meter> value) {
		return meters.stream().mapToLong(value).sum();
	}

}
