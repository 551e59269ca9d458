package io.github.dbtls.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.TrustSource;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder.Purpose;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.MovableClock;
import io.github.dbtls.testkit.Pem;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link MaterialWatch}. Time passes when a test says so.
 */
class MaterialWatchTests {

	private static final Authority old = TestCertificates.authority("CN=Old CA");

	private static final Authority next = TestCertificates.authority("CN=Next CA");

	private static final Authority third = TestCertificates.authority("CN=Third CA");

	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private final Told told = new Told();

	private final MovableClock clock = new MovableClock();

	private long nanoTime = Long.MAX_VALUE - 5;

	@TempDir
	private Path directory;

	private Path file;

	private MaterialWatch watch;

	@BeforeEach
	void createWatch() throws IOException {
		this.file = old.writeTo(this.directory);
		this.watch = watch(this.file.toString(), null);
	}

	@Test
	void lookWhenNothingChangedDoesNothing() throws IOException {
		assertThat(this.watch.look()).isEqualTo(INTERVAL);
		Files.setLastModifiedTime(this.file, FileTime.from(this.clock.instant().plusSeconds(100)));
		assertThat(this.watch.look()).isEqualTo(INTERVAL);
		Files.writeString(this.file, old.pem());
		assertThat(lookFor(Duration.ofSeconds(30))).isEqualTo(INTERVAL);
		assertThat(this.told.events).isEmpty();
	}

	@Test
	void lookWhenRewrittenInPlaceRenewsAfterTheSecondLook() throws IOException {
		Files.writeString(this.file, old.pem() + next.pem());
		assertThat(this.watch.look()).isEqualTo(MaterialWatch.STABLE);
		assertThat(this.told.events).isEmpty();
		pass(MaterialWatch.STABLE);
		assertThat(this.watch.look()).isEqualTo(INTERVAL);
		assertThat(this.told.events).containsExactly("renewed");
		assertThat(this.told.certificates).containsExactly(old.certificate(), next.certificate());
		assertThat(lookFor(Duration.ofSeconds(30))).isEqualTo(INTERVAL);
		assertThat(this.told.events).hasSize(1);
	}

	@Test
	void lookWhenSizeAndTimeStampAreTheSameRenewsAllTheSame() throws IOException {
		FileTime time = Files.getLastModifiedTime(this.file);
		String pem = old.pem() + next.pem();
		Files.writeString(this.file, pem);
		Files.setLastModifiedTime(this.file, time);
		lookFor(Duration.ofSeconds(1));
		assertThat(this.told.events).containsExactly("renewed");
		Files.writeString(this.file, next.pem() + old.pem());
		Files.setLastModifiedTime(this.file, time);
		assertThat(Files.size(this.file)).isEqualTo(pem.length());
		lookFor(Duration.ofSeconds(1));
		assertThat(this.told.events).containsExactly("renewed", "renewed");
	}

	@Test
	void lookWhenTwiceAtOnceIsNotTwice() throws IOException {
		Files.writeString(this.file, old.pem() + next.pem());
		this.watch.look();
		pass(Duration.ofMillis(100));
		assertThat(this.watch.look()).isEqualTo(MaterialWatch.STABLE.minusMillis(100));
		assertThat(this.told.events).isEmpty();
	}

	@Test
	void lookWhenRenamedOverRenews() throws IOException {
		Path other = Files.writeString(this.directory.resolve("new.pem"), next.pem());
		Files.move(other, this.file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		lookFor(MaterialWatch.SETTLED.plusMillis(700));
		assertThat(this.told.events).containsExactly("renewed");
		assertThat(this.told.certificates).containsExactly(next.certificate());
	}

	@Test
	void lookWhenSymbolicLinkOfADirectoryIsSwappedRenews() throws IOException {
		// As Kubernetes mounts ConfigMaps: ca.pem -> ..data/ca.pem, ..data ->
		// ..2026_11_21.
		Path first = old.writeTo(this.directory.resolve("..2026_11_20")).getParent();
		Path second = next.writeTo(this.directory.resolve("..2026_11_21")).getParent();
		Path data = this.directory.resolve("..data");
		Path link = this.directory.resolve("linked.pem");
		try {
			Files.createSymbolicLink(data, first.getFileName());
			Files.createSymbolicLink(link, Path.of("..data", "ca.pem"));
		}
		catch (IOException | UnsupportedOperationException ex) {
			Assumptions.abort("No symbolic links here: " + ex.getMessage());
		}
		MaterialWatch linked = watch(link.toUri().toString(), null);
		Path swapped = Files.createSymbolicLink(this.directory.resolve("..data_tmp"), second.getFileName());
		Files.move(swapped, data, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		Files.delete(first.resolve("ca.pem"));
		lookFor(linked, MaterialWatch.SETTLED.plusMillis(700));
		assertThat(this.told.events).containsExactly("renewed");
		assertThat(this.told.certificates).containsExactly(next.certificate());
	}

	@Test
	void lookWhenRemovedAndWrittenAgainSoonSaysNothing() throws IOException {
		Files.delete(this.file);
		lookFor(Duration.ofSeconds(1));
		Files.writeString(this.file, old.pem() + next.pem());
		lookFor(Duration.ofSeconds(1));
		assertThat(this.told.events).containsExactly("renewed");
	}

	@Test
	void lookWhenRemovedForLongIsAFaultUntilItIsBack() throws IOException {
		Instant removedAt = this.clock.instant();
		Files.delete(this.file);
		lookFor(Duration.ofSeconds(45));
		assertThat(this.told.events)
			.containsOnlyOnce("failed: '%s' names '%s', which does not exist.".formatted("dbtls.ca-path", this.file))
			.doesNotContain("renewed");
		assertThat(this.told.since).isEqualTo(removedAt);
		assertThat(this.told.events.stream().filter("failed again"::equals)).hasSizeBetween(3, 5);
		Files.writeString(this.file, old.pem());
		assertThat(this.watch.look()).isEqualTo(INTERVAL);
		assertThat(this.told.events).endsWith("mended").doesNotContain("renewed");
	}

	@Test
	void lookWhenBundleIsCutAfterAWholeCertificateWaitsForTheRest() throws IOException {
		String bundle = old.pem() + next.pem() + third.pem();
		Files.writeString(this.file, bundle);
		lookFor(Duration.ofSeconds(1));
		assertThat(this.told.events).containsExactly("renewed");
		// A slow writer: the file parses well at each of these moments.
		Files.writeString(this.file, old.pem());
		lookFor(Duration.ofSeconds(1));
		Files.writeString(this.file, old.pem() + next.pem());
		lookFor(Duration.ofSeconds(1));
		Files.writeString(this.file, bundle + third.pem());
		lookFor(Duration.ofSeconds(1));
		assertThat(this.told.events).containsExactly("renewed", "renewed");
		assertThat(this.told.certificates).hasSize(3);
	}

	@Test
	void lookWhenAuthorityWasTakenAwayRenewsOnceItHasSettled() throws IOException {
		Files.writeString(this.file, old.pem() + next.pem());
		lookFor(Duration.ofSeconds(1));
		Files.writeString(this.file, next.pem());
		lookFor(MaterialWatch.SETTLED.minusMillis(100));
		assertThat(this.told.events).containsExactly("renewed");
		lookFor(Duration.ofSeconds(1));
		assertThat(this.told.events).containsExactly("renewed", "renewed");
		assertThat(this.told.certificates).containsExactly(next.certificate());
	}

	@Test
	void lookWhenBrokenThenMendedWithNewContentRenews() throws IOException {
		Files.writeString(this.file, old.pem().substring(0, 300));
		lookFor(Duration.ofSeconds(5));
		assertThat(this.told.events).hasSize(1).first().asString().startsWith("failed: 'dbtls.ca-path' names");
		Files.writeString(this.file, old.pem() + next.pem());
		lookFor(Duration.ofSeconds(1));
		assertThat(this.told.events).hasSize(2).endsWith("renewed");
	}

	@Test
	void lookWhenFaultsDifferTellsEachOnce() throws IOException {
		for (int round = 0; round < 3; round++) {
			for (String content : List.of("", "no certificate", old.pem().substring(0, 300))) {
				Files.writeString(this.file, content);
				lookFor(Duration.ofSeconds(20));
			}
		}
		assertThat(this.told.events.stream().filter((event) -> event.startsWith("failed: "))).hasSize(3)
			.doesNotHaveDuplicates();
		Files.writeString(this.file, old.pem());
		lookFor(Duration.ofSeconds(1));
		Files.writeString(this.file, "no certificate");
		lookFor(Duration.ofSeconds(20));
		assertThat(this.told.events.stream().filter((event) -> event.startsWith("failed: "))).hasSize(4);
	}

	@Test
	void lookWhenItIsNotValidYetRenewsWhenItIs() throws IOException {
		Authority tomorrow = TestCertificates.selfSigned("CN=Tomorrow")
			.notBefore(this.clock.instant().plus(Duration.ofHours(1)))
			.authority();
		Files.writeString(this.file, tomorrow.pem());
		lookFor(Duration.ofSeconds(20));
		assertThat(this.told.events).first().asString().contains("is not valid before");
		pass(Duration.ofHours(1));
		lookFor(Duration.ofSeconds(20));
		assertThat(this.told.events).endsWith("renewed");
	}

	@Test
	void lookWhenContentCannotComeIntoForceIsAFault() throws IOException {
		this.told.refusal = new IllegalStateException("Unable to create the TLS context");
		Files.writeString(this.file, old.pem() + next.pem());
		lookFor(Duration.ofSeconds(5));
		assertThat(this.told.events).containsExactly("failed: Unable to create the TLS context");
		this.told.refusal = null;
		lookFor(Duration.ofSeconds(20));
		assertThat(this.told.events).endsWith("renewed");
	}

	@Test
	void lookWhenContentChangesAfterItWasReadRenewsWhatWasRead() throws IOException {
		AtomicReference<String> later = new AtomicReference<>();
		MaterialWatch racing = watch(this.file.toString(), (path) -> {
			byte[] bytes = Files.readAllBytes(path);
			if (later.get() != null) {
				Files.writeString(path, later.get());
			}
			return new ByteArrayInputStream(bytes);
		});
		Files.writeString(this.file, old.pem() + next.pem());
		racing.look();
		pass(MaterialWatch.STABLE);
		later.set(old.pem() + third.pem());
		racing.look();
		assertThat(this.told.certificates).containsExactly(old.certificate(), next.certificate());
	}

	@Test
	void lookWhenInterruptedTellsNothing() throws IOException {
		Files.delete(this.file);
		this.watch.look();
		pass(MaterialWatch.SETTLED);
		Thread.currentThread().interrupt();
		try {
			assertThat(this.watch.look()).isEqualTo(INTERVAL);
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		assertThat(this.told.events).isEmpty();
	}

	@Test
	void lookWhenCertificateAndKeyAreRenewedOneAfterTheOtherRenewsOnceTheyFit() throws IOException {
		MaterialWatch pair = watchPair();
		Identity renewed = old.client("app");
		Files.writeString(this.directory.resolve("cert.pem"), renewed.chainPem());
		lookFor(pair, MaterialWatch.SETTLED.minusMillis(100));
		assertThat(this.told.events).isEmpty();
		Files.writeString(this.directory.resolve("key.pem"), renewed.keyPem());
		lookFor(pair, Duration.ofSeconds(1));
		assertThat(this.told.events).containsExactly("renewed");
		assertThat(this.told.clientKey.certificate()).isEqualTo(renewed.certificate());
	}

	@Test
	void lookWhenCertificateAndKeyDoNotFitForLongIsAFault() throws IOException {
		MaterialWatch pair = watchPair();
		Files.writeString(this.directory.resolve("cert.pem"), old.client("app").chainPem());
		lookFor(pair, Duration.ofSeconds(5));
		assertThat(this.told.events).hasSize(1).first().asString().startsWith("failed: ").contains("client-");
	}

	@Test
	void lookAfterPauseTakesWhatIsTheSameTwiceWhateverItTakesAway() throws IOException {
		Files.writeString(this.file, next.pem());
		assertThat(this.watch.lookAfterPause()).isEqualTo(MaterialWatch.STABLE);
		pass(MaterialWatch.STABLE.minusMillis(1));
		assertThat(this.watch.lookAfterPause()).isEqualTo(Duration.ofMillis(1));
		assertThat(this.told.events).isEmpty();
		pass(Duration.ofMillis(1));
		assertThat(this.watch.lookAfterPause()).isEqualTo(INTERVAL);
		assertThat(this.told.events).containsExactly("renewed");
		assertThat(this.told.certificates).containsExactly(next.certificate());
	}

	@Test
	void lookAfterPauseTellsAFaultThatIsTheSameTwice() throws IOException {
		Files.delete(this.file);
		this.watch.lookAfterPause();
		pass(MaterialWatch.STABLE);
		assertThat(this.watch.lookAfterPause()).isEqualTo(INTERVAL);
		assertThat(this.told.events).hasSize(1).first().asString().startsWith("failed: ").contains("does not exist");
	}

	@Test
	void isWatchableIsForFilesOnly() {
		assertThat(source(policy(caFile(this.file.toString())), null).isWatchable()).isTrue();
		assertThat(source(policy(caFile(this.file.toString()).withSystemRoots()), null).isWatchable()).isTrue();
		assertThat(source(policy(caFile("classpath:some-ca.pem")), null).isWatchable()).isFalse();
		assertThat(source(policy(new TrustSource.SystemRoots()), null).isWatchable()).isFalse();
		assertThat(source(policy(new TrustSource.None()), null).isWatchable()).isFalse();
	}

	private Duration lookFor(Duration time) {
		return lookFor(this.watch, time);
	}

	// As the thread does: look, wait as long as it was told, look again.
	private Duration lookFor(MaterialWatch watch, Duration time) {
		Instant end = this.clock.instant().plus(time);
		while (true) {
			Duration wait = watch.look();
			if (this.clock.instant().plus(wait).isAfter(end)) {
				pass(Duration.between(this.clock.instant(), end));
				return wait;
			}
			pass(wait);
		}
	}

	private void pass(Duration time) {
		this.clock.move(time);
		this.nanoTime += time.toNanos();
	}

	@Test
	void lookWhenClientChainIsCutWaitsForTheRest() throws IOException {
		Authority intermediate = old.intermediate("CN=Clients");
		Identity client = intermediate.client("app");
		MaterialWatch pair = watchPair(client);
		Identity renewed = intermediate.issue("CN=app")
			.key(new KeyPair(client.certificate().getPublicKey(), client.privateKey()))
			.purposes(Purpose.CLIENT_AUTH)
			.identity();
		Path chain = this.directory.resolve("cert.pem");
		Files.writeString(chain, Pem.of(renewed.certificate()));
		lookFor(pair, MaterialWatch.SETTLED.minusMillis(100));
		assertThat(this.told.events).isEmpty();
		Files.writeString(chain, renewed.chainPem());
		lookFor(pair, Duration.ofSeconds(1));
		assertThat(this.told.events).containsExactly("renewed");
		assertThat(this.told.clientKey.chain()).isEqualTo(renewed.chain());
	}

	@Test
	void snapshotIsWhatWasReadWhateverBecomesOfTheFile() throws IOException {
		MaterialSource source = source(policy(caFile(this.file.toString())), null);
		MaterialSnapshot snapshot = source.read();
		Files.write(this.file, new byte[Limits.STANDARD.bytes() + 1]);
		assertThat(snapshot.load().trust().certificates()).containsExactly(old.certificate());
		Files.delete(this.file);
		assertThat(snapshot.load().trust().certificates()).containsExactly(old.certificate());
	}

	@Test
	void lookWhenWhatFollowsFailsDoesNotRenewAgain() throws IOException {
		Files.writeString(this.file, "broken");
		lookFor(Duration.ofSeconds(5));
		this.told.consequence = new IllegalStateException("Nobody wants to know");
		Files.writeString(this.file, old.pem() + next.pem());
		this.watch.look();
		pass(MaterialWatch.STABLE);
		assertThatIllegalStateException().isThrownBy(this.watch::look).withMessage("Nobody wants to know");
		lookFor(Duration.ofSeconds(30));
		assertThat(this.told.events).hasSize(2).endsWith("renewed");
	}

	private MaterialWatch watchPair() {
		return watchPair(old.client("app"));
	}

	private MaterialWatch watchPair(Identity client) {
		client.writeTo(this.directory);
		return watch(source(
				policy(new TrustSource.None(), new ClientKeySource.Files("dbtls.client-certificate",
						this.directory.resolve("cert.pem").toString(), "dbtls.client-private-key",
						this.directory.resolve("key.pem").toString(), "dbtls.client-private-key-password", null)),
				null));
	}

	private MaterialWatch watch(String location, LoadContext.Opener opener) {
		return watch(source(policy(caFile(location)), opener));
	}

	private MaterialWatch watch(MaterialSource source) {
		MaterialSnapshot snapshot = source.read();
		return new MaterialWatch(source, snapshot, snapshot.load(), INTERVAL, this.told, () -> this.nanoTime,
				this.clock);
	}

	private MaterialSource source(TlsPolicy policy, LoadContext.Opener opener) {
		LoadContext standard = LoadContext.standard();
		return MaterialSource.of(policy, null, new LoadContext(this.clock, standard.classLoader(), standard.limits(),
				(opener != null) ? opener : standard.opener()));
	}

	private static TrustSource.CaFile caFile(String location) {
		return new TrustSource.CaFile("dbtls.ca-path", location, null, null, false);
	}

	private static TlsPolicy policy(TrustSource trust) {
		return policy(trust, null);
	}

	private static TlsPolicy policy(TrustSource trust, ClientKeySource clientKey) {
		TlsPolicy policy = TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), TlsVersion.TLS_1_3);
		return new TlsPolicy(policy.prefix(), policy.provider(), policy.sslMode(), policy.tlsVersions(),
				policy.ciphers(), trust, clientKey, policy.sessionLifetime(), policy.jsseProvider(),
				policy.weakenings());
	}

	private static final class Told implements MaterialWatch.Listener {

		private final List<String> events = new ArrayList<>();

		private List<X509Certificate> certificates;

		private ClientKey clientKey;

		private Instant since;

		private RuntimeException refusal;

		private RuntimeException consequence;

		@Override
		public void renew(PoolMaterial material) {
			if (this.refusal != null) {
				throw this.refusal;
			}
			this.events.add("renewed");
			this.clientKey = material.clientKey();
			this.certificates = material.trust().certificates();
		}

		@Override
		public void renewed(PoolMaterial material) {
			if (this.consequence != null) {
				throw this.consequence;
			}
		}

		@Override
		public void failed(RuntimeException fault, Instant since, boolean news) {
			this.events.add(news ? "failed: " + fault.getMessage() : "failed again");
			this.since = since;
		}

		@Override
		public void mended() {
			this.events.add("mended");
		}

	}

}
