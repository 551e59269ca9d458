package io.github.dbtls.tls;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.testkit.FakeMySqlConnection;
import io.github.dbtls.testkit.Jsse;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.testkit.hostile.HostileAttempt;
import io.github.dbtls.testkit.hostile.HostileCase;
import io.github.dbtls.testkit.hostile.HostileCase.Group;
import io.github.dbtls.testkit.hostile.HostileCases;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All hostile cases once more, with handshakes that are not the JDK's: none that is
 * refused there is accepted here, but for a harmless one.
 */
class OtherJsseHostileTests {

	/**
	 * RFC 5246, 7.2.2, leaves it to the client what it makes of a warning. The server
	 * proves its identity after that.
	 */
	private static final Set<String> ACCEPTED_TOO = Set.of("warning, then the handshake");

	/**
	 * Neither makes a second handshake within TLS 1.2, and BouncyCastle's offers no
	 * RSASSA-PSS keys.
	 */
	private static final Map<Jsse, Set<String>> REFUSED_TOO = Map.of(Jsse.CONSCRYPT, Set.of("renegotiation"),
			Jsse.BCJSSE, Set.of("renegotiation", "RSASSA-PSS with SHA-256"));

	/** BoringSSL sees to it before our trust manager is asked. */
	private static final Set<String> REFUSED_BY_BORINGSSL = Set.of("certificate that may sign certificates only");

	/** What says nothing of the server. */
	private static final Set<HandshakeFailure> NEUTRAL = Set.of(HandshakeFailure.OTHER,
			HandshakeFailure.HANDSHAKE_TIMEOUT, HandshakeFailure.NOT_MYSQL);

	@ParameterizedTest
	@EnumSource(value = Jsse.class, names = "JDK", mode = EnumSource.Mode.EXCLUDE)
	void verdictIsThatOfTheJdk(Jsse jsse) throws Exception {
		assertThat(jsse.provider()).isNotNull();
		Map<String, Future<HostileAttempt>> attempts = new HashMap<>();
		ExecutorService executor = Executors.newFixedThreadPool(40);
		for (HostileCase hostile : HostileCases.all()) {
			for (String version : versions(hostile)) {
				attempts.put(hostile.name() + version, executor.submit(() -> HostileAttempt.ofDbTls(jsse, hostile,
						SslMode.VERIFY_IDENTITY, version.isEmpty() ? new String[0] : new String[] { version })));
			}
		}
		executor.shutdown();
		for (HostileCase hostile : HostileCases.all()) {
			for (String version : versions(hostile)) {
				assertVerdict(jsse, hostile, get(attempts.get(hostile.name() + version)));
			}
		}
		assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
	}

	private static List<String> versions(HostileCase hostile) {
		return (hostile.group() == Group.CHAIN) ? List.of("TLSv1.2", "TLSv1.3") : List.of("");
	}

	private static HostileAttempt get(Future<HostileAttempt> future) throws Exception {
		try {
			return future.get(2, TimeUnit.MINUTES);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
	}

	private static void assertVerdict(Jsse jsse, HostileCase hostile, HostileAttempt attempt) {
		boolean expected = hostile.isAccepted(SslMode.VERIFY_IDENTITY);
		expected = (expected && !REFUSED_TOO.get(jsse).contains(hostile.name()))
				|| ACCEPTED_TOO.contains(hostile.name());
		assertThat(attempt.accepted()).as("%s: accepted (%s)", hostile.name(), attempt.thrown()).isEqualTo(expected);
		for (FakeMySqlConnection connection : attempt.connections()) {
			String clear = new String(connection.receivedBytes(), StandardCharsets.ISO_8859_1);
			assertThat(clear).doesNotContain(TestPool.USER, TestPool.PASSWORD, HostileAttempt.DATABASE);
			assertThat(connection.loginReceivedInClear()).as("%s: login in clear", hostile.name()).isFalse();
			assertThat(connection.ended()).as("%s: the client's socket is closed", hostile.name()).isTrue();
		}
		if (expected || hostile.failure() == null) {
			return;
		}
		if (!hostile.isAfterLogin()) {
			assertThat(attempt.connections()).as(hostile.name()).noneMatch(FakeMySqlConnection::loginReceivedInTls);
		}
		if (hostile.group() == Group.PROTOCOL || hostile.group() == Group.LOGIN
				|| REFUSED_BY_BORINGSSL.contains(hostile.name())) {
			assertThat(attempt.failure() == hostile.failure() || attempt.failure() == hostile.newerFailure()
					|| NEUTRAL.contains(attempt.failure()))
				.as("%s: %s", hostile.name(), attempt.message())
				.isTrue();
			return;
		}
		assertThat(attempt.failure()).as("%s: %s", hostile.name(), attempt.message()).isEqualTo(hostile.failure());
	}

}
