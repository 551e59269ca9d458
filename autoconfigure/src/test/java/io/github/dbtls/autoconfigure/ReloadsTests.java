package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.TrustSource;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.connectorj.PoolProperties;
import io.github.dbtls.connectorj.PoolRegistry;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.tls.HandshakeOutcome;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.HangingFiles;
import io.github.dbtls.trust.MaterialSnapshot;
import io.github.dbtls.trust.MaterialSource;
import io.github.dbtls.trust.PoolMaterial;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Reloads} and {@link LookThreads} with files whose reading hangs, and
 * for what happens when they start again.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReloadsTests {

	private static final Authority old = TestCertificates.authority("CN=Old CA");

	private static final Authority next = TestCertificates.authority("CN=Next CA");

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final Reloads reloads = new Reloads(TrustPublisher.none(), Duration.ofMillis(400));

	private final HangingFiles away = new HangingFiles();

	private final AtomicInteger evictions = new AtomicInteger();

	private volatile @Nullable RuntimeException evictionFailure;

	private final List<SecuredPool> pools = new ArrayList<>();

	@TempDir
	private Path directory;

	@BeforeEach
	void begin() {
		Traces.begin();
	}

	@AfterEach
	void stop() {
		this.away.comeBack();
		this.reloads.stop();
		Traces.await(() -> threads().isEmpty());
	}

	@Test
	void lookThatHangsStopsNoOther(CapturedOutput output) throws IOException {
		PoolTls hanging = add("hanging", this.away);
		PoolTls other = add("other", new HangingFiles());
		this.away.hang();
		this.reloads.start();
		Traces.await(() -> hanging.reloadFault() != null);
		write("other", old, next);
		Traces.await(() -> other.generation() == 2);
		String problem = "'dbtls.ca-path' names '%s', which cannot be read: reading it has not returned for "
			.formatted(file("hanging"));
		PoolTls.ReloadFault first = hanging.reloadFault();
		assertThat(first.message()).startsWith(problem);
		assertThat(first.since()).isBetween(Instant.now().minusSeconds(30), Instant.now());
		Traces.await(() -> hanging.reloadFault().message().equals(problem + "2 s."));
		assertThat(hanging.reloadFault().since()).isBetween(first.since().minusMillis(500),
				first.since().plusMillis(500));
		assertThat(other.reloadFault()).isNull();
		write("hanging", old, next);
		this.away.comeBack();
		Traces.await(() -> hanging.generation() == 2);
		assertThat(hanging.reloadFault()).isNull();
		assertThat(output).containsOnlyOnce("hanging: " + problem)
			.contains("Find out why the file system does not give it: is it one of a network, whose server is away? "
					+ "Until then generation 1 stays in force.")
			.containsOnlyOnce("hanging: changed files are looked for again")
			.doesNotContain("other: 'dbtls");
	}

	@Test
	void looksThatHangGetFewThreadsAndAllAreTold() {
		List<PoolTls> pools = new ArrayList<>();
		for (int i = 0; i < LookThreads.MOST + 2; i++) {
			pools.add(add("pool-" + i, this.away));
		}
		this.away.hang();
		this.reloads.start();
		Traces.await(() -> pools.stream().allMatch((pool) -> pool.reloadFault() != null));
		assertThat(lookThreads()).hasSize(LookThreads.MOST).allMatch(Thread::isDaemon);
		assertThat(pools).extracting((pool) -> pool.reloadFault().message())
			.filteredOn((message) -> message.contains("reading it has not returned"))
			.hasSize(LookThreads.MOST);
		assertThat(pools).extracting((pool) -> pool.reloadFault().message())
			.filteredOn((message) -> message
				.matches("Changed files have not been looked for for \\d s: looking for those of other pools .*"))
			.hasSize(2);
		this.away.comeBack();
		Traces.await(() -> pools.stream().allMatch((pool) -> pool.reloadFault() == null));
		Traces.await(() -> lookThreads().isEmpty());
	}

	@Test
	void failedHandshakesStartNoSecondLookWhileOneHangs() throws IOException {
		PoolTls hanging = add("hanging", this.away);
		this.away.hang();
		this.reloads.start();
		Traces.await(() -> hanging.reloadFault() != null && hanging.reloadFault().message().contains(" 2 s."));
		this.reloads.handshakeFinished(new HandshakeOutcome(Instant.now(), null, null, hanging.attempts()
			.failed("db.example.com", 3306, HandshakeFailure.UNTRUSTED_ISSUER, new IOException())));
		Traces.await(() -> hanging.reloadFault().message().contains(" 3 s."));
		assertThat(lookThreads()).hasSize(1);
		write("hanging", next);
		this.away.comeBack();
		Traces.await(() -> hanging.generation() == 2);
	}

	@Test
	void connectionsAreEvictedWhileLooksHang() throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.tls(old.server("localhost")).start()) {
			PoolTls tls = add("evicting", this.away);
			PoolTls other = add("hanging", this.away);
			String id = PoolRegistry.add(tls);
			try (Connection open = DriverManager.getConnection(
					PoolProperties.of(id, tls.policy()).writeTo(server.jdbcUrl()), TestPool.USER, TestPool.PASSWORD)) {
				assertThat(ConnectionSession.of(open).generation()).isEqualTo(1);
				write("evicting", next);
				this.reloads.start();
				Traces.await(() -> tls.generation() == 2);
				this.away.hang();
				Traces.await(() -> tls.reloadFault() != null && other.reloadFault() != null);
				int before = this.evictions.get();
				// The pool is told again for a minute, while such a connection is open.
				Traces.await(() -> this.evictions.get() > before);
				assertThat(tls.reloadFault()).isNotNull();
			}
			finally {
				PoolRegistry.remove(id);
			}
		}
	}

	@Test
	void stopWhileALookHangsIsNotHeldUpAndStartsNoThreadAnew() throws IOException {
		PoolTls hanging = add("hanging", this.away);
		this.away.hang();
		this.reloads.start();
		Traces.await(() -> hanging.reloadFault() != null);
		long start = System.nanoTime();
		this.reloads.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
		// Nothing ends a thread that waits for a file system: it must not keep the JVM
		// up.
		assertThat(threads()).hasSize(1).allMatch(Thread::isDaemon).allMatch((thread) -> isLook(thread));
		write("hanging", next);
		for (int i = 0; i < 2; i++) {
			start = System.nanoTime();
			this.reloads.start();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Reloads.HOLD_UP.minusMillis(100),
					Reloads.HOLD_UP.plusSeconds(10));
			assertThat(lookThreads()).hasSize(1);
			this.reloads.stop();
		}
		this.reloads.start();
		assertThat(hanging.generation()).isEqualTo(1);
		this.away.comeBack();
		Traces.await(() -> hanging.generation() == 2);
		assertThat(hanging.reloadFault()).isNull();
	}

	@Test
	void poolThatIsForgottenWhileItsLookHangsStaysForgotten() throws IOException {
		PoolTls hanging = add("hanging", this.away);
		SecuredPool pool = this.pools.get(0);
		this.away.hang();
		this.reloads.start();
		Traces.await(() -> hanging.reloadFault() != null);
		write("hanging", next);
		this.reloads.remove(pool);
		Traces.await(() -> threads().size() == 1);
		this.away.comeBack();
		Traces.await(() -> threads().isEmpty());
		assertThat(hanging.generation()).isEqualTo(1);
	}

	@Test
	void looksThatWaitedWhenItStoppedReadNothingMore() {
		int reads = hangWithOneWaiting();
		this.reloads.stop();
		this.away.comeBack();
		Traces.await(() -> threads().isEmpty());
		assertThat(this.away.reads()).isEqualTo(reads);
		// And are made when it starts again.
		this.reloads.start();
		Traces.await(() -> this.away.reads() >= reads + this.pools.size());
		assertThat(this.pools).allMatch((pool) -> pool.tls().reloadFault() == null);
	}

	@Test
	void looksThatWaitedForPoolsThatAreForgottenReadNothingMore() {
		int reads = hangWithOneWaiting();
		this.pools.forEach(this.reloads::remove);
		this.away.comeBack();
		Traces.await(() -> threads().isEmpty());
		assertThat(this.away.reads()).isEqualTo(reads);
	}

	private int hangWithOneWaiting() {
		for (int i = 0; i < LookThreads.MOST + 1; i++) {
			add("pool-" + i, this.away);
		}
		int reads = this.away.reads();
		this.away.hang();
		this.reloads.start();
		Traces.await(() -> this.pools.stream().allMatch((pool) -> pool.tls().reloadFault() != null));
		assertThat(this.away.reads()).isEqualTo(reads + LookThreads.MOST);
		return this.away.reads();
	}

	@Test
	void threadsHaveNothingOfWhoeverComesFirst() throws IOException {
		AtomicInteger inherited = new AtomicInteger();
		InheritableThreadLocal<String> caller = new InheritableThreadLocal<>() {

			@Override
			protected String childValue(String value) {
				inherited.incrementAndGet();
				return value;
			}

		};
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader application = new URLClassLoader(new URL[0], before);
				URLClassLoader foreign = new URLClassLoader(new URL[0], before)) {
			this.reloads.setBeanClassLoader(application);
			caller.set("of a request");
			Thread.currentThread().setContextClassLoader(foreign);
			add("pool", this.away);
			this.away.hang();
			this.reloads.start();
			Traces.await(() -> threads().size() == 2);
			assertThat(threads()).extracting(Thread::getContextClassLoader).containsOnly(application);
			assertThat(inherited).hasValue(0);
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
			caller.remove();
		}
	}

	@Test
	void startAfterAStopReturnsWhenAWithdrawnAuthorityIsNoLongerTrusted() throws IOException {
		PoolTls withdrawn = add("withdrawn", new HangingFiles());
		PoolTls added = add("added", new HangingFiles());
		PoolTls unchanged = add("unchanged", new HangingFiles());
		this.reloads.start();
		this.reloads.stop();
		write("withdrawn", next);
		write("added", old, next);
		this.reloads.start();
		assertThat(withdrawn.generation()).isEqualTo(2);
		assertThat(withdrawn.trust().certificates()).containsExactly(next.certificate());
		assertThat(added.generation()).isEqualTo(2);
		assertThat(unchanged.generation()).isEqualTo(1);
		// And goes on as before.
		write("unchanged", old, next);
		Traces.await(() -> unchanged.generation() == 2);
	}

	@Test
	void startAfterAStopTellsOfAFileThatIsBroken(CapturedOutput output) throws IOException {
		PoolTls broken = add("broken", new HangingFiles());
		this.reloads.start();
		this.reloads.stop();
		Files.writeString(file("broken"), "-----BEGIN CERTIFICATE-----");
		this.reloads.start();
		assertThat(broken.reloadFault().message()).contains("is cut short");
		assertThat(broken.generation()).isEqualTo(1);
		assertThat(output).containsOnlyOnce("broken: changed certificates do not come into force");
	}

	@Test
	void startAfterAStopTellsOfConnectionsThatCannotBeEvicted(CapturedOutput output) throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.tls(old.server("localhost")).start()) {
			PoolTls tls = add("pool", this.away);
			String id = PoolRegistry.add(tls);
			try (Connection open = DriverManager.getConnection(
					PoolProperties.of(id, tls.policy()).writeTo(server.jdbcUrl()), TestPool.USER, TestPool.PASSWORD)) {
				assertThat(ConnectionSession.of(open).generation()).isEqualTo(1);
				this.reloads.start();
				this.reloads.stop();
				write("pool", next);
				this.evictionFailure = new IllegalStateException("pool is away");
				this.reloads.start();
				assertThat(tls.generation()).isEqualTo(2);
				assertThat(this.evictions).hasPositiveValue();
			}
			finally {
				PoolRegistry.remove(id);
			}
		}
		assertThat(output).contains("pool: outdated connections could not be evicted")
			.doesNotContain("looking for changed files failed");
	}

	@Test
	void startAfterAStopIsNotHeldUpByAFileThatKeepsChanging() throws Exception {
		PoolTls changing = add("changing", new HangingFiles());
		this.reloads.start();
		this.reloads.stop();
		CountDownLatch end = new CountDownLatch(1);
		String pem = old.pem() + next.pem();
		Path source = file("changing");
		Thread writer = new Thread(() -> {
			int line = 0;
			try {
				do {
					Path written = Files.writeString(this.directory.resolve("new"), pem + "# " + line++ + "\n");
					Files.move(written, source, StandardCopyOption.ATOMIC_MOVE);
				}
				while (!end.await(50, TimeUnit.MILLISECONDS));
			}
			catch (IOException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		writer.start();
		try {
			Traces.await(() -> !read(source).equals(old.pem()));
			long start = System.nanoTime();
			this.reloads.start();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Reloads.HOLD_UP.plusSeconds(5));
			assertThat(changing.generation()).isEqualTo(1);
			assertThat(changing.reloadFault()).isNull();
		}
		finally {
			end.countDown();
			writer.join();
		}
		Traces.await(() -> changing.generation() == 2);
	}

	private PoolTls add(String name, HangingFiles files) {
		TlsPolicy policy = TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), TlsVersion.TLS_1_3);
		write(name, old);
		policy = new TlsPolicy(policy.prefix(), policy.provider(), policy.sslMode(), policy.tlsVersions(),
				policy.ciphers(), new TrustSource.CaFile("dbtls.ca-path", file(name).toString(), null, null, false),
				null, policy.sessionLifetime(), policy.jsseProvider(), policy.weakenings());
		MaterialSource source = files.source(policy);
		MaterialSnapshot snapshot = source.read();
		PoolMaterial material = snapshot.load();
		PoolTls tls = new PoolTls(name, policy, material, (outcome) -> {
		});
		SecuredPool pool = new SecuredPool(name, new CountingSource(), tls, PoolProperties.of(name, policy), List.of(),
				false, DecidedSettingsTests.ofPreset());
		this.pools.add(pool);
		this.reloads.add(pool, source, snapshot, material, INTERVAL);
		return tls;
	}

	private Path file(String name) {
		return this.directory.resolve(name + ".pem");
	}

	private void write(String name, Authority... authorities) {
		StringBuilder pem = new StringBuilder();
		for (Authority authority : authorities) {
			pem.append(authority.pem());
		}
		try {
			Files.writeString(file(name), pem);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<Thread> threads() {
		return Traces.threads();
	}

	private static List<Thread> lookThreads() {
		return threads().stream().filter(ReloadsTests::isLook).toList();
	}

	private static boolean isLook(Thread thread) {
		return thread.getName().equals(LookThreads.NAME);
	}

	/**
	 * A pool that counts how often it is told to drop its connections.
	 */
	private final class CountingSource implements ConnectionSource {

		@Override
		public Object target() {
			return this;
		}

		@Override
		public String url() {
			return null;
		}

		@Override
		public String driverClassName() {
			return null;
		}

		@Override
		public Properties properties() {
			return new Properties();
		}

		@Override
		public String userName() {
			return null;
		}

		@Override
		public String obstacle() {
			return null;
		}

		@Override
		public @Nullable String evict() {
			ReloadsTests.this.evictions.incrementAndGet();
			if (ReloadsTests.this.evictionFailure != null) {
				throw ReloadsTests.this.evictionFailure;
			}
			return null;
		}

		@Override
		public void secure(String url, PoolProperties properties) {
			// It is said to be.
		}

	}

}
