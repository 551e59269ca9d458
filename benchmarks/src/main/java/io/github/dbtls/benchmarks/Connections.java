package io.github.dbtls.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Physical connections per second.
 */
final class Connections implements Scenario {

	static final String NAME = "connections";

	static final String ONE_THREAD = "1 thread";

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String description() {
		return """
				One operation opens a physical connection, login and the driver's own statements included, and closes \
				it. CPU time and memory are those of the threads that do it. *bare JSSE* is Connector/J with a shared \
				`SSLContext` and nothing else; of *handshake alone* only the handshake is measured.""";
	}

	@Override
	public boolean takesPart(Leg.Label leg) {
		return true;
	}

	@Override
	public void run(Leg leg, Rounds rounds) {
		try (DbTlsApplication application = DbTlsApplication.start(leg);
				DbTlsApplication many = DbTlsApplication.start(leg, leg.server().trust().manyPem());
				DbTlsApplication conscrypt = DbTlsApplication.start(leg, leg.server().trust().pem(),
						"dbtls.jsse-provider=Conscrypt")) {
			Variant base = StockDriver.base(leg);
			Variant resumed = DbTls.resumed(leg, application);
			Variant first = DbTls.first(leg, application);
			List<Contestant> contestants = new ArrayList<>(
					List.of(base.contestant(), resumed.contestant(), first.contestant()));
			if (leg.label().isMain()) {
				contestants.add(DbTls.resumedWithMany(leg, many).contestant());
				contestants.add(DbTls.resumedByConscrypt(leg, conscrypt).contestant());
				contestants.add(StockDriver.jks(leg).contestant());
				contestants.add(StockDriver.withoutPassword(leg).contestant());
				contestants.add(StockDriver.many(leg).contestant());
			}
			if (leg.server().key().equals(Server.RSA)) {
				contestants.add(new MariaDbDriver(leg).contestant());
				contestants.add(StockDriver.plainText(leg).contestant());
				for (BareJsse bare : List.of(new BareJsse(leg, false), new BareJsse(leg, true))) {
					contestants.add(bare.contestant());
					contestants.add(bare.handshakeAlone());
				}
			}
			rounds.compare(NAME, ONE_THREAD, 1, Meter.Scope.THREAD, contestants);
			if (leg.label().isMain()) {
				rounds.compare(NAME, "8 threads", 8, Meter.Scope.THREAD,
						List.of(base.contestant(), resumed.contestant(), firstOfEachThread(leg, application)));
			}
		}
	}

	private static Contestant firstOfEachThread(Leg leg, DbTlsApplication application) {
		// Several threads with the same sessions would resume what another one has not
		// forgotten yet.
		ThreadLocal<Operation> operations = ThreadLocal
			.withInitial(() -> DbTls.first(leg, application).contestant().operation());
		return new Contestant(DbTls.FIRST, (meter) -> operations.get().run(meter));
	}

}
