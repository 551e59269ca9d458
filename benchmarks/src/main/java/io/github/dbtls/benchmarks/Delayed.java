package io.github.dbtls.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * Connections to a server that is far away.
 */
final class Delayed implements Scenario {

	private static final Duration DELAY = Duration.ofMillis(10);

	@Override
	public String name() {
		return "delayed";
	}

	@Override
	public String description() {
		return """
				As *connections* and *pool fill*, through a relay that delays every byte by 10 ms in each direction, \
				the packets of TCP's own handshake included. The JDK makes no difference here: only the oldest one is \
				measured.""";
	}

	@Override
	public boolean takesPart(Leg.Label leg) {
		return leg.isMain() && leg.jdk() == Jdk.FEATURES.get(0);
	}

	@Override
	public void run(Leg leg, Rounds rounds) throws Exception {
		try (Relay relay = new Relay(leg.server(), DELAY); DbTlsApplication application = DbTlsApplication.start(leg)) {
			Leg far = leg.at(leg.server().behind(relay.port()));
			rounds.compare(name(), "1 thread", 1, Meter.Scope.THREAD,
					List.of(StockDriver.base(far).contestant(), DbTls.resumed(far, application).contestant(),
							DbTls.first(far, application).contestant(), new MariaDbDriver(far).contestant(),
							StockDriver.plainText(far).contestant()));
			rounds.compare(name(), "pool of 10", 1, Meter.Scope.PROCESS,
					List.of(PoolKind.stock(far).fill(10), PoolKind.dbTls(far, application).fill(10)));
		}
	}

}
