package io.github.dbtls.connectorj;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import io.github.dbtls.testkit.FakeMySqlConnection;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.testkit.hostile.HostileAttempt;
import io.github.dbtls.testkit.hostile.HostileCase;
import io.github.dbtls.testkit.hostile.HostileCase.Group;
import io.github.dbtls.testkit.hostile.HostileCase.Stock;
import io.github.dbtls.testkit.hostile.HostileCases;
import io.github.dbtls.testkit.hostile.RealServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Every row of {@link HostileCases}, with dbtls and with Connector/J as it comes, side by
 * side. {@code docs/hostile-cases.md} is the same table for readers;
 * {@code -Ddbtls-test.write-docs=true} writes it.
 */
class HostileCasesTests {

	private static final Set<HandshakeFailure> BEFORE_TLS = EnumSet.of(HandshakeFailure.TLS_NOT_OFFERED,
			HandshakeFailure.CONNECTION_CLOSED, HandshakeFailure.LOGIN_REFUSED);

	private static final Path DOCUMENT = Path.of("..", "docs", "hostile-cases.md");

	private static final String FIRST_ROW = "| Case | Group | Verdict | Reason | Connector/J `VERIFY_CA` "
			+ "| Connector/J `VERIFY_IDENTITY` | Real servers |";

	/**
	 * Beyond the timeout that was configured, on a machine that has other things to do.
	 */
	private static final Duration SLACK = Duration.ofSeconds(10);

	private static final List<SslMode> MODES = List.of(SslMode.VERIFY_CA, SslMode.VERIFY_IDENTITY);

	private static final Map<String, Future<HostileAttempt>> attempts = new HashMap<>();

	private static final Map<String, Future<Stock>> driver = new HashMap<>();

	private static Set<Thread> before;

	@TempDir
	private static Path directory;

	/**
	 * All cases are tried at once: those that stall wait each for itself, the others for
	 * a processor.
	 */
	@BeforeAll
	static void tryAll() {
		before = Thread.getAllStackTraces().keySet();
		ExecutorService waiting = Executors.newCachedThreadPool();
		ExecutorService working = Executors.newFixedThreadPool(4 * Runtime.getRuntime().availableProcessors());
		for (HostileCase hostile : HostileCases.all()) {
			boolean waits = hostile.failure() == HandshakeFailure.HANDSHAKE_TIMEOUT
					|| MODES.stream().anyMatch((mode) -> hostile.stock(mode) == Stock.HANGS);
			ExecutorService executor = waits ? waiting : working;
			for (SslMode mode : MODES) {
				submit(executor, hostile, mode, "", () -> HostileAttempt.ofDbTls(hostile, mode));
				driver.put(hostile.name() + mode,
						executor.submit(() -> HostileAttempt.ofDriver(hostile, mode, directory)));
			}
			if (hostile.group() == Group.CHAIN) {
				submit(executor, hostile, SslMode.VERIFY_IDENTITY, "TLSv1.2",
						() -> HostileAttempt.ofDbTls(hostile, SslMode.VERIFY_IDENTITY, "TLSv1.2"));
			}
		}
		waiting.shutdown();
		working.shutdown();
	}

	private static void submit(ExecutorService executor, HostileCase hostile, SslMode mode, String protocol,
			Callable<HostileAttempt> attempt) {
		attempts.put(hostile.name() + mode + protocol, executor.submit(attempt));
	}

	/**
	 * No thread may be left, of a case that was accepted or refused or given up.
	 */
	@AfterAll
	static void assertNoThreadIsLeft() throws Exception {
		for (Future<?> future : attempts.values()) {
			future.get();
		}
		for (Future<?> future : driver.values()) {
			future.get();
		}
		long end = System.nanoTime() + SLACK.toNanos();
		while (!threadsLeft().isEmpty() && System.nanoTime() < end) {
			TimeUnit.MILLISECONDS.sleep(50);
		}
		assertThat(threadsLeft()).isEmpty();
	}

	private static List<String> threadsLeft() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !before.contains(thread))
			.map(Thread::getName)
			// One for the whole JVM each, of the JDK and of the driver.
			.filter((name) -> !name.equals("CompletableFutureDelayScheduler")
					&& !name.equals("ForkJoinPool.commonPool-delayScheduler")
					&& !name.equals("mysql-cj-abandoned-connection-cleanup") && !name.startsWith("junit-")
					&& !name.equals("Keep-Alive-Timer"))
			.toList();
	}

	static List<HostileCase> cases() {
		return HostileCases.all();
	}

	@ParameterizedTest
	@MethodSource("cases")
	void verdictIsThatOfTheTable(HostileCase hostile) throws Exception {
		for (SslMode mode : MODES) {
			assertVerdict(hostile, mode, attempt(hostile, mode, ""));
		}
		if (hostile.group() == Group.CHAIN) {
			HostileAttempt attempt = attempt(hostile, SslMode.VERIFY_IDENTITY, "TLSv1.2");
			assertVerdict(hostile, SslMode.VERIFY_IDENTITY, attempt);
			assertThat(attempt.session() == null || attempt.session().protocol().equals("TLSv1.2")).isTrue();
		}
		Evidence.of(Kind.HOSTILE_CASE, hostile.name());
	}

	private static void assertVerdict(HostileCase hostile, SslMode mode, HostileAttempt attempt) {
		assertThat(attempt.accepted()).as("accepted in mode %s (%s)", mode, attempt.thrown())
			.isEqualTo(hostile.isAccepted(mode));
		assertThat(attempt.connections()).as("connections").isNotEmpty();
		for (FakeMySqlConnection connection : attempt.connections()) {
			String clear = new String(connection.receivedBytes(), StandardCharsets.ISO_8859_1);
			assertThat(clear).doesNotContain(TestPool.USER, TestPool.PASSWORD, HostileAttempt.DATABASE);
			assertThat(connection.loginReceivedInClear()).as("login in clear").isFalse();
			assertThat(connection.ended()).as("the client's socket is closed").isTrue();
		}
		assertThat(attempt.duration()).isLessThan(HostileAttempt.timeout(hostile).plus(SLACK));
		if (attempt.accepted()) {
			assertAccepted(hostile, attempt);
		}
		else {
			assertRefused(hostile, attempt);
		}
	}

	private static void assertAccepted(HostileCase hostile, HostileAttempt attempt) {
		assertThat(attempt.connections()).singleElement()
			.returns(TestPool.USER, FakeMySqlConnection::user)
			.returns(TestPool.PASSWORD, FakeMySqlConnection::password)
			.returns(HostileAttempt.DATABASE, FakeMySqlConnection::database);
		if (attempt.session() != null) {
			assertThat(attempt.session().anchor()).isEqualTo(hostile.anchor());
		}
		assertThat(attempt.handshake()).isNull();
	}

	private static boolean isLeftToTheDriver(HostileAttempt attempt) {
		// Before it asks for TLS, it breaks off by itself; health, log and listeners are
		// told in our words.
		return BEFORE_TLS.contains(attempt.failure())
				&& attempt.connections().stream().noneMatch(FakeMySqlConnection::sslRequested);
	}

	private static void assertRefused(HostileCase hostile, HostileAttempt attempt) {
		// Some fixes of the JDK reach older lines later, so its version does not tell.
		boolean newer = hostile.newerFailure() != null && attempt.failure() == hostile.newerFailure();
		assertThat(attempt.failure()).as(attempt.message())
			.isEqualTo(newer ? hostile.newerFailure() : hostile.failure());
		assertThat(attempt.message()).contains(newer ? hostile.newerText() : hostile.text());
		if (!hostile.isAfterLogin()) {
			assertThat(attempt.connections()).noneMatch(FakeMySqlConnection::loginReceivedInTls);
		}
		TlsHandshakeException handshake = attempt.handshake();
		if (handshake != null) {
			if (!isLeftToTheDriver(attempt)) {
				assertThatException().isThrownBy(() -> {
					throw attempt.thrown();
				}).withStackTraceContaining(handshake.getDescription().lines().toList().get(0));
			}
			assertThat(handshake.getAction()).isNotBlank();
		}
		if (hostile.identity() != null && hostile.failure() != HandshakeFailure.OTHER) {
			assertThat(handshake).isNotNull();
			assertThat(handshake.getPresented()).isEqualTo(hostile.identity().chain());
			assertThat(handshake.getDescription()).contains("Presented by the server:", "Trusted: ca.pem (");
		}
	}

	@ParameterizedTest
	@MethodSource("cases")
	void driverDecidesAsTheTableSays(HostileCase hostile) throws Exception {
		for (SslMode mode : MODES) {
			if (hostile.stock(mode) != Stock.BY_CHANCE) {
				Stock verdict = get(driver.get(hostile.name() + mode));
				boolean newer = hostile.newerFailure() != null && verdict == Stock.REFUSED;
				assertThat(newer ? hostile.stock(mode) : verdict).as(mode.name()).isEqualTo(hostile.stock(mode));
			}
		}
	}

	/**
	 * Wherever the driver refuses, we do, but for the names here; the table gives the
	 * reason for each.
	 */
	@Test
	void casesThatOnlyTheDriverRefusesAreJustified() {
		assertThat(differing(Stock.REFUSED, true)).containsExactlyInAnyOrder("wrong order", "leaf twice",
				"stranger at the end", "expired stranger at the end", "expired old root sent by the server",
				"constrained intermediate trusted", "right IPv6 address", "IPv6 address written in full",
				"trailing dot in the URL", "U-label in the URL");
	}

	@Test
	void casesThatOnlyWeRefuseAreJustified() {
		assertThat(differing(Stock.ACCEPTED, false)).containsExactlyInAnyOrder("path length of the trusted root",
				"permitted names of the trusted root", "excluded names of the trusted root",
				"permitted addresses of the trusted root", "excluded addresses of the trusted root", "SHA-1 leaf",
				"SHA-1 leaf by EC", "SHA-1 intermediate", "RSASSA-PSS with SHA-1", "RSA-1024 leaf",
				"RSA-1024 intermediate", "seven intermediates", "wildcard after a letter", "wildcard before a letter",
				"wildcard between letters", "wildcard within an A-label", "address as DNS name",
				"address as common name", "wildcard for an address", "two common names, the last one right");
	}

	@Test
	void casesThatOnlyTheDriverWaitsForAreJustified() {
		assertThat(differing(Stock.HANGS, false)).containsExactlyInAnyOrder("silence at once",
				"silence within the greeting", "silence behind the greeting", "silence behind the request for TLS",
				"silence behind the client's hello", "silence within a record", "silence behind the server's hello",
				"a byte of the greeting at a time", "a byte of the handshake at a time",
				"switch to a clear password in place of TLS", "empty records without end");
	}

	@Test
	void reasonIsGivenForDifferencesOnly() {
		Set<String> differing = new HashSet<>(differing(Stock.REFUSED, true));
		differing.addAll(differing(Stock.ACCEPTED, false));
		differing.addAll(differing(Stock.HANGS, false));
		assertThat(HostileCases.all().stream().filter((hostile) -> hostile.difference() != null))
			.extracting(HostileCase::name)
			.containsExactlyInAnyOrderElementsOf(differing);
	}

	private static List<String> differing(Stock stock, boolean accepted) {
		return HostileCases.all()
			.stream()
			.filter((hostile) -> MODES.stream()
				.anyMatch((mode) -> hostile.stock(mode) == stock && hostile.isAccepted(mode) == accepted))
			.map(HostileCase::name)
			.toList();
	}

	@Test
	void tableIsLongAndItsNamesAreUnique() {
		assertThat(HostileCases.all()).extracting(HostileCase::name).doesNotHaveDuplicates();
		Map<Group, Long> counts = HostileCases.all()
			.stream()
			.collect(Collectors.groupingBy(HostileCase::group, Collectors.counting()));
		assertThat(counts.get(Group.CHAIN)).isGreaterThan(60);
		assertThat(counts.get(Group.NAME)).isGreaterThan(60);
		assertThat(counts.get(Group.PROTOCOL)).isGreaterThan(80);
		assertThat(counts.get(Group.LOGIN)).isGreaterThanOrEqualTo(10);
	}

	@Test
	void documentIsWrittenFromTheTable() throws IOException {
		String expected = document();
		if (Boolean.getBoolean("dbtls-test.write-docs")) {
			Files.createDirectories(DOCUMENT.getParent());
			Files.writeString(DOCUMENT, expected);
		}
		assertThat(DOCUMENT).content().as("run with -Ddbtls-test.write-docs=true to write it").isEqualTo(expected);
	}

	private static String document() {
		List<HostileCase> cases = HostileCases.all();
		long refused = cases.stream().filter((hostile) -> hostile.failure() != null).count();
		List<String> lines = new ArrayList<>();
		lines
			.add("""
					# Hostile cases

					What dbtls does when a server, or somebody between, does not play by the rules. The tests run every row \
					against a scripted server, with dbtls in `verify-ca` and `verify-identity` and with Connector/J as it \
					comes, on each supported driver line; the rows of certificates run on real ones \
					too, which the last column names, as far as these load such a certificate (`RealServer`). This page is written from the table in the code (`HostileCases`) and checked by \
					`HostileCasesTests`.

					**%d cases: %d are refused, %d look odd and are accepted.** Refused means: with this reason, within the \
					configured timeout, no byte of user name, password or database sent, no thread or socket left. Where the \
					reason says *inside TLS*, the server had proven its identity before. With `verify-ca` the name is not \
					compared, so all rows of `HOST_NAME_MISMATCH` are accepted there, by Connector/J too. Where dbtls and \
					Connector/J differ, the reason says why.

					## Cases
					"""
				.formatted(cases.size(), refused, cases.size() - refused));
		lines.add(FIRST_ROW);
		lines.add("|---|---|---|---|---|---|---|");
		for (HostileCase hostile : cases) {
			lines.add("| %s | %s | %s | %s | %s | %s | %s |".formatted(hostile.name(),
					hostile.group().name().toLowerCase(Locale.ROOT),
					(hostile.failure() != null) ? "refused" : "accepted", reason(hostile),
					hostile.stock(SslMode.VERIFY_CA).text(), hostile.stock(SslMode.VERIFY_IDENTITY).text(),
					realServers(hostile)));
		}
		return String.join("\n", lines) + "\n";
	}

	private static String realServers(HostileCase hostile) {
		return Stream.of(RealServer.values())
			.filter((server) -> server.shows(hostile))
			.map(RealServer::text)
			.collect(Collectors.joining(", "));
	}

	private static String reason(HostileCase hostile) {
		StringBuilder reason = new StringBuilder();
		if (hostile.failure() != null) {
			reason.append("`").append(hostile.failure()).append("`");
			reason.append(hostile.isAfterLogin() ? ", inside TLS" : "");
			reason.append(hostile.text().isEmpty() ? "" : ": " + hostile.text());
			reason.append(
					(hostile.newerFailure() == null) ? "" : "; with newer JDKs at once, with Connector/J too, `%s`: %s"
						.formatted(hostile.newerFailure(), hostile.newerText()));
		}
		else {
			reason.append(hostile.text());
		}
		if (hostile.difference() != null) {
			reason.append(". *Unlike Connector/J:* ").append(hostile.difference());
		}
		return reason.toString().replace("|", "\\|");
	}

	private static HostileAttempt attempt(HostileCase hostile, SslMode mode, String protocol) throws Exception {
		return get(attempts.get(hostile.name() + mode + protocol));
	}

	private static <T> T get(Future<T> future) throws Exception {
		try {
			return future.get();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
	}

}
