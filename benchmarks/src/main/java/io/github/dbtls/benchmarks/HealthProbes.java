package io.github.dbtls.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.actuate.ProbeInThread;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * One look at the health of the pool.
 */
final class HealthProbes implements Scenario {

	static final String BOOT = "Spring Boot's `db`";

	static final String DBTLS = "`dbtls`";

	private static final int PROBES = 10;

	@Override
	public String name() {
		return "health-probe";
	}

	@Override
	public String description() {
		return """
				One operation asks a health indicator once, through a pool of one connection that was used just \
				before, so that HikariCP does not try it first. `dbtls` works in a thread of its own, so that a dead \
				host does not block its caller: as Actuator calls it, CPU time is that of the process; beside it the \
				work alone, in the calling thread.""";
	}

	@Override
	public boolean takesPart(Leg.Label leg) {
		return leg.isMain() && leg.tls().equals("TLSv1.3");
	}

	@Override
	public void run(Leg leg, Rounds rounds) throws Exception {
		String asCalled = "as Actuator calls it";
		Map<String, String> properties = Map.of("logging.level.root", "error",
				"spring.datasource.hikari.maximum-pool-size", "1");
		try (ConfigurableApplicationContext context = StartingApplication.start(StartingApplication.Kind.DBTLS, leg,
				properties)) {
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			Callable<Health> boot = context.getBean("dbHealthContributor", HealthIndicator.class)::health;
			Callable<Health> dbTls = context.getBean("dbtlsHealthContributor", HealthIndicator.class)::health;
			Callable<Health> inThread = ProbeInThread.of(pool, Materials.tls(leg));
			rounds.compare(name(), asCalled, 1, Meter.Scope.PROCESS,
					List.of(contestant(BOOT, boot), contestant(DBTLS, dbTls)));
			rounds.compare(name(), "in the calling thread", 1, Meter.Scope.THREAD,
					List.of(contestant(BOOT, boot), contestant(DBTLS, inThread)));
			Group group = new Group(name(), leg.label(), asCalled);
			rounds.results().add(new Note(group, BOOT, roundTrips(pool, boot)));
			rounds.results().add(new Note(group, DBTLS, roundTrips(pool, dbTls)));
		}
	}

	private static Contestant contestant(String name, Callable<Health> probe) {
		return new Contestant(name, (meter) -> {
			meter.start();
			Health health = probe.call();
			meter.stop();
			meter.count(1, 0);
			if (!health.getStatus().equals(Status.UP)) {
				throw new IllegalStateException(health.toString());
			}
		});
	}

	/**
	 * Count as the server does. The count itself has a part in it, which is counted too
	 * and left out.
	 * @param pool a pool of one connection
	 * @param probe the probe
	 * @return statements and pings of a probe
	 * @throws Exception if the server does not count
	 */
	private static String roundTrips(HikariDataSource pool, Callable<Health> probe) throws Exception {
		long[] first = counters(pool);
		long[] second = counters(pool);
		for (int i = 0; i < PROBES; i++) {
			probe.call();
		}
		long[] third = counters(pool);
		long[] each = new long[2];
		for (int i = 0; i < each.length; i++) {
			each[i] = (third[i] - second[i] - (second[i] - first[i])) / PROBES;
		}
		return "statements for each probe: %d, pings: %d.".formatted(each[0], each[1]);
	}

	private static long[] counters(HikariDataSource pool) throws SQLException {
		return new long[] { counter(pool, "Questions"), counter(pool, "Com_admin_commands") };
	}

	private static long counter(HikariDataSource pool, String name) throws SQLException {
		try (Connection connection = pool.getConnection();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SHOW SESSION STATUS LIKE '%s'".formatted(name))) {
			if (!result.next()) {
				throw new SQLException("The server has no counter " + name);
			}
			return result.getLong(2);
		}
	}

}
