package io.github.dbtls.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;

/**
 * A JVM that opens its first connections and ends.
 */
public final class ColdJvm {

	static final int CONNECTIONS = 10;

	private ColdJvm() {
	}

	/**
	 * Connect.
	 * @param args who connects, and the file of the leg
	 * @throws Exception if it comes to no connection
	 */
	public static void main(String[] args) throws Exception {
		Leg leg = Leg.read(Path.of(args[1]));
		DbTlsApplication application = DbTlsApplication.start(leg);
		Meter meter = new Meter(Meter.Scope.THREAD);
		int resumed = 0;
		meter.start();
		Variant variant = args[0].equals(PoolKind.DBTLS) ? DbTls.resumed(leg, application) : StockDriver.base(leg);
		for (int i = 0; i < CONNECTIONS; i++) {
			try (Connection connection = variant.open()) {
				resumed += variant.isResumed(connection) ? 1 : 0;
			}
		}
		meter.stop();
		Jvm.answer(meter.nanos(), meter.cpuNanos(), meter.bytes(), resumed);
		// Drivers have threads that do not end.
		System.exit(0);
	}

}
