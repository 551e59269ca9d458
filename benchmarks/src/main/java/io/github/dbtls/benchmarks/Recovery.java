package io.github.dbtls.benchmarks;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;

/**
 * A full pool that has lost all its connections at once.
 */
final class Recovery implements Scenario {

	private static final int SIZE = 10;

	@Override
	public String name() {
		return "recovery";
	}

	@Override
	public String description() {
		return """
				All connections of a full pool of 10 are reset by a relay in front of the server, and the server \
				forgets its session tickets (`ALTER INSTANCE RELOAD TLS`, or `FLUSH SSL`), as after a restart that takes \
				no time. Measured is how long it takes to borrow 10 working connections; times are per connection. CPU \
				time is that of the process, relay included.""";
	}

	@Override
	public void run(Leg leg, Rounds rounds) throws Exception {
		try (DbTlsApplication application = DbTlsApplication.start(leg);
				Relay stockRelay = new Relay(leg.server(), Duration.ZERO);
				Relay dbTlsRelay = new Relay(leg.server(), Duration.ZERO);
				HikariDataSource stock = pool(PoolKind.stock(behind(leg, stockRelay)));
				HikariDataSource dbTls = pool(PoolKind.dbTls(behind(leg, dbTlsRelay), application))) {
			rounds.compare(name(), "pool of " + SIZE, 1, Meter.Scope.PROCESS,
					List.of(new Contestant(Variant.BASE, recovery(leg, stockRelay, stock)),
							new Contestant(PoolKind.DBTLS, recovery(leg, dbTlsRelay, dbTls))));
		}
	}

	private static Leg behind(Leg leg, Relay relay) {
		return leg.at(leg.server().behind(relay.port()));
	}

	private static HikariDataSource pool(PoolKind kind) {
		return PoolKind.start(kind.configuration().get(), SIZE);
	}

	private static Operation recovery(Leg leg, Relay relay, HikariDataSource pool) {
		return (meter) -> {
			PoolKind.awaitFull(pool);
			Servers.execute(leg.server(), leg.server().forgetTickets());
			relay.dropAll();
			meter.start();
			List<Connection> connections = PoolKind.borrowAll(pool);
			meter.stop();
			meter.count(SIZE, PoolKind.resumed(connections));
			PoolKind.giveBack(connections);
		};
	}

}
