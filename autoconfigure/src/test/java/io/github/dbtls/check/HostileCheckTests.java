package io.github.dbtls.check;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.testkit.hostile.HostileAttempt;
import io.github.dbtls.testkit.hostile.HostileCase;
import io.github.dbtls.testkit.hostile.HostileCases;
import io.github.dbtls.trust.PoolMaterial;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every row of {@link HostileCases} with {@link DbTlsCheck}: its verdict is that of an
 * application, as far as it comes to it before a login.
 */
class HostileCheckTests {

	/** For a server that stalls; another one may take its time on a busy machine. */
	private static final Duration IMPATIENT = Duration.ofSeconds(2);

	private static final Duration PATIENT = Duration.ofSeconds(15);

	/** The verdict, connecting included, and three times the timeout for the rest. */
	private static final int TIMEOUTS = 6;

	private static final Duration SLACK = Duration.ofSeconds(20);

	/**
	 * The driver reads ahead and throws away what it has read when TLS begins; the check
	 * reads the greeting alone, and takes what follows it for the server's hello.
	 */
	private static final Set<String> STRICTER = Set.of("OK in one piece with the greeting",
			"error in one piece with the greeting");

	private static final Map<String, Future<Outcome>> outcomes = new HashMap<>();

	private static ExecutorService executor;

	@BeforeAll
	static void checkAll() {
		executor = Executors.newFixedThreadPool(4 * Runtime.getRuntime().availableProcessors());
		for (HostileCase hostile : HostileCases.all()) {
			outcomes.put(hostile.name(), executor.submit(() -> check(hostile)));
		}
	}

	@AfterAll
	static void shutDown() {
		executor.shutdownNow();
	}

	static List<HostileCase> cases() {
		return HostileCases.all();
	}

	@ParameterizedTest
	@MethodSource("cases")
	void verdictIsThatOfTheTable(HostileCase hostile) throws Exception {
		Outcome outcome = outcomes.get(hostile.name()).get();
		if (STRICTER.contains(hostile.name())) {
			assertThat(outcome.exitCode()).as(outcome.text()).isOne();
			return;
		}
		// Its server has proven its identity by then, and the check goes no further.
		boolean accepted = hostile.isAccepted(SslMode.VERIFY_IDENTITY) || hostile.isAfterLogin();
		assertThat(outcome.exitCode()).as(outcome.text()).isEqualTo(accepted ? 0 : 1);
		if (accepted) {
			assertThat(outcome.text()).endsWith("verdict: verified\n");
		}
		else {
			assertThat(outcome.text()).contains(expected(hostile, outcome));
		}
		assertThat(outcome.duration()).isLessThan(timeout(hostile).multipliedBy(TIMEOUTS).plus(SLACK));
	}

	private static String expected(HostileCase hostile, Outcome outcome) {
		boolean newer = hostile.newerFailure() != null
				&& outcome.text().contains("verdict: NOT VERIFIED, " + hostile.newerFailure());
		HandshakeFailure failure = newer ? hostile.newerFailure() : hostile.failure();
		return "verdict: NOT VERIFIED, " + failure + "\n  No verified TLS connection to ";
	}

	private static Duration timeout(HostileCase hostile) {
		return (hostile.failure() == HandshakeFailure.HANDSHAKE_TIMEOUT) ? IMPATIENT : PATIENT;
	}

	private static Outcome check(HostileCase hostile) {
		try (FakeMySqlServer server = hostile.start()) {
			if (hostile.shownLater() != null) {
				server.use(hostile.shownLater());
			}
			// Some of what is trusted here would be refused as a file.
			CheckRequest request = new CheckRequest(
					TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), TlsVersion.TLS_1_3,
							TlsVersion.TLS_1_2),
					new PoolMaterial(TestPool.trust(hostile.trusted()), null, List.of()),
					List.of(new HostAddress(hostile.host(), server.port())), "localhost", timeout(hostile),
					CheckRequest.Depth.CIPHERS, false);
			CheckRun run = new CheckRun();
			long start = System.nanoTime();
			int exitCode = run.of(request);
			Duration duration = Duration.ofNanos(System.nanoTime() - start);
			server.assertAllClosed();
			server.assertNoLoginReceived();
			assertThat(server.containsBytes(HostileAttempt.DATABASE)).isFalse();
			return new Outcome(exitCode, run.out(), duration);
		}
	}

	/**
	 * What came of a check.
	 *
	 * @param exitCode its exit code
	 * @param text what it printed
	 * @param duration how long it took
	 */
	private record Outcome(int exitCode, String text, Duration duration) {
	}

}
