package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder;
import io.github.dbtls.testkit.FakeMySqlConnection;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The harness measures what it says; how long it takes is nothing to assert.
 */
class BenchmarksTests {

	private static final Authority authority = TestCertificates.authority("CN=Benchmark CA");

	private static TrustFiles trust;

	@BeforeAll
	static void writeTrust(@TempDir Path directory) throws IOException {
		trust = TrustFiles.write(directory, authority);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void resumedAndNotResumedConnectionsAreWhatTheySay(String tls) throws Exception {
		try (FakeMySqlServer fake = server()) {
			Leg leg = leg(fake, tls);
			try (DbTlsApplication application = DbTlsApplication.start(leg)) {
				assertThat(resumed(fake, DbTls.first(leg, application).contestant())).containsExactly(false, false,
						false);
				assertThat(resumed(fake, DbTls.resumed(leg, application).contestant())).containsExactly(false, true,
						true);
			}
			assertThat(resumed(fake, StockDriver.base(leg).contestant())).containsExactly(false, false, false);
			assertThat(resumed(fake, new BareJsse(leg, true).contestant())).containsExactly(false, false, false);
			assertThat(resumed(fake, new BareJsse(leg, false).contestant())).containsExactly(false, true, true);
			assertThat(resumed(fake, new BareJsse(leg, true).handshakeAlone())).containsExactly(false, false, false);
			assertThat(resumed(fake, new BareJsse(leg, false).handshakeAlone())).containsExactly(false, true, true);
			assertThat(fake.connections()).allSatisfy((connection) -> {
				assertThat(connection.protocol()).isEqualTo(tls);
				assertThat(connection.loginReceivedInTls()).isTrue();
			});
		}
	}

	/**
	 * Connect three times, and return what the server says of it, which has to be what
	 * the meter says.
	 */
	private static List<Boolean> resumed(FakeMySqlServer fake, Contestant contestant) throws Exception {
		int before = fake.connectionCount();
		Meter meter = new Meter(Meter.Scope.THREAD);
		for (int i = 0; i < 3; i++) {
			contestant.operation().run(meter);
		}
		List<Boolean> resumed = fake.connections().stream().skip(before).map(FakeMySqlConnection::resumed).toList();
		assertThat(meter.operations()).isEqualTo(3);
		assertThat(meter.resumed()).isEqualTo(resumed.stream().filter(Boolean::booleanValue).count());
		assertThat(meter.nanos()).isPositive();
		assertThat(meter.bytes()).isPositive();
		return resumed;
	}

	@Test
	void reportHasEveryContestantOrSaysWhyNot() throws Exception {
		try (FakeMySqlServer fake = server()) {
			Leg leg = leg(fake, "TLSv1.3");
			Rounds rounds = new Rounds(leg.label(), 1, Duration.ofMillis(1));
			new Connections().run(leg, rounds);
			Path file = trust.directory().resolve("results.csv");
			rounds.results().write(file);
			String report = new Report(Results.read(file), Map.of("CPU", "a fast one"),
					new Options(1, 1, List.of(new Connections()), List.of()), List.of("No JDK 99 on this machine"),
					Duration.ZERO)
				.markdown();
			assertThat(report)
				.contains("## Targets", "## Connections", "1 thread", "8 threads", "a fast one",
						"No JDK 99 on this machine", Variant.BASE, DbTls.RESUMED, DbTls.RESUMED_MANY,
						DbTls.RESUMED_CONSCRYPT, DbTls.FIRST, "stock, JKS of one CA", "stock, PKCS#12 without password",
						StockDriver.MANY, MariaDbDriver.NAME, StockDriver.PLAIN_TEXT, "bare JSSE, resumed",
						"bare JSSE, not resumed", BareJsse.RESUMED_HANDSHAKE, BareJsse.FIRST_HANDSHAKE)
				.doesNotContain(trust.directory().toString());
		}
	}

	@Test
	void whoCannotTakePartIsInTheReportWithTheReason() {
		Leg.Label leg = new Leg.Label(17, "MySQL 9.7", "TLSv1.3", Server.RSA);
		Rounds rounds = new Rounds(leg, 1, Duration.ofMillis(1));
		rounds.compare(Connections.NAME, "1 thread", 1, Meter.Scope.THREAD,
				List.of(new Contestant("able", (meter) -> meter.count(1, 0)), new Contestant("unable", (meter) -> {
					throw new IOException("Cannot open file:/srv/ca.p12");
				})));
		assertThat(rounds.results().contestants(new Group(Connections.NAME, leg, "1 thread"))).containsExactly("able");
		assertThat(new Report(rounds.results(), Map.of(), new Options(1, 1, List.of(new Connections()), List.of()),
				List.of(), Duration.ZERO)
			.markdown()).contains("*unable*: Cannot open ca.p12");
	}

	@Test
	void ratiosAreThoseOfTheSameRound() {
		Group group = new Group("connections", new Leg.Label(17, "MySQL 9.7", "TLSv1.3", Server.RSA), "1 thread");
		List<Sample> slow = List.of(sample(group, 0, 400), sample(group, 1, 900), sample(group, 2, 100));
		List<Sample> fast = List.of(sample(group, 1, 300), sample(group, 0, 200), sample(group, 2, 100));
		Ratios ratios = Ratios.of(slow, fast, Sample::nanosPerOperation);
		assertThat(ratios.values()).containsExactly(1.0, 2.0, 3.0);
		assertThat(ratios.median()).isEqualTo(2);
		assertThat(ratios.spread()).isEqualTo("1.00–3.00");
	}

	private static Sample sample(Group group, int round, long nanos) {
		return new Sample(group, "someone", round, 10, nanos, nanos, 0, 0);
	}

	@Test
	void verdictKnowsWhereLessIsBetter() {
		assertThat(Targets.verdict(2.7, 1.8, 2.6)).isEqualTo("aim");
		assertThat(Targets.verdict(2.0, 1.8, 2.6)).isEqualTo("floor");
		assertThat(Targets.verdict(1.7, 1.8, 2.6)).isEqualTo("**below the floor**");
		assertThat(Targets.verdict(150, 200, 160)).isEqualTo("aim");
		assertThat(Targets.verdict(190, 200, 160)).isEqualTo("floor");
		assertThat(Targets.verdict(201, 200, 160)).isEqualTo("**below the floor**");
	}

	private FakeMySqlServer server() {
		return FakeMySqlServer
			.tls(authority.issue("CN=localhost")
				.names("localhost", "127.0.0.1")
				.purposes(CertificateBuilder.Purpose.SERVER_AUTH)
				.identity())
			.start();
	}

	private Leg leg(FakeMySqlServer fake, String tls) {
		Server.Account account = new Server.Account(TestPool.USER, TestPool.PASSWORD);
		return new Leg(17, tls, new Server("a fake server", Server.RSA, fake.host(), fake.port(), "shop", account,
				account, "FLUSH SSL", trust));
	}

}
