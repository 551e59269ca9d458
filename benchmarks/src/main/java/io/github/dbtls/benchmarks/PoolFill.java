package io.github.dbtls.benchmarks;

import java.util.List;

/**
 * Starting a pool until it is full.
 */
final class PoolFill implements Scenario {

	@Override
	public String name() {
		return "pool-fill";
	}

	@Override
	public String description() {
		return """
				A HikariCP pool is configured, secured and started, until all its connections are idle; times are per \
				connection. HikariCP opens them one at a time with a pause of 30 ms behind each. CPU time is that of \
				the process.""";
	}

	@Override
	public void run(Leg leg, Rounds rounds) {
		try (DbTlsApplication application = DbTlsApplication.start(leg)) {
			for (int size : new int[] { 10, 50 }) {
				rounds.compare(name(), "pool of " + size, 1, Meter.Scope.PROCESS,
						List.of(PoolKind.stock(leg).fill(size), PoolKind.dbTls(leg, application).fill(size)));
			}
		}
	}

}
