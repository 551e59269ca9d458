package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariConfig;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.TrustSource;
import io.github.dbtls.connectorj.PoolProperties;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.MaterialSnapshot;
import io.github.dbtls.trust.MaterialSource;
import io.github.dbtls.trust.PoolMaterial;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolReload}: what becomes of a reload whose publication fails.
 */
@ExtendWith(OutputCaptureExtension.class)
class PoolReloadTests {

	private static final Authority old = TestCertificates.authority("CN=Old CA");

	private static final Authority next = TestCertificates.authority("CN=Next CA");

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	@TempDir
	private Path directory;

	private Path file;

	private PoolTls tls;

	@BeforeEach
	void write() {
		this.file = old.writeTo(this.directory);
	}

	@Test
	void publicationThatFailsIsToldAndTheChangeIsInForceOnce(CapturedOutput output) throws IOException {
		PoolReload reload = reload((pool) -> {
			throw new IllegalStateException("The name is taken");
		});
		Files.writeString(this.file, old.pem() + next.pem());
		for (int i = 0; i < 3; i++) {
			assertThat(reload.catchUp(Duration.ofSeconds(20))).isEqualTo(INTERVAL);
		}
		assertThat(this.tls.generation()).isEqualTo(2);
		assertThat(this.tls.reloadFault()).isNull();
		assertThat(output)
			.containsOnlyOnce(
					"pool: generation 2 is in force, but its SSL bundle was not brought up to date: The name is taken")
			.doesNotContain("do not come into force");
	}

	@Test
	void publicationWithAnErrorDoesNotEndTheThread() throws IOException {
		PoolReload reload = reload((pool) -> {
			throw new NoClassDefFoundError("com/example/Gone");
		});
		Files.writeString(this.file, old.pem() + next.pem());
		assertThat(reload.catchUp(Duration.ofSeconds(20))).isEqualTo(INTERVAL);
		assertThat(this.tls.generation()).isEqualTo(2);
	}

	@Test
	void publicationThatDoesNotReturnIsToldAsWhatItIs(CapturedOutput output) throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		PoolReload reload = reload((pool) -> {
			begun.countDown();
			awaitUninterruptibly(release);
		});
		Files.writeString(this.file, old.pem() + next.pem());
		Thread look = new Thread(() -> reload.catchUp(Duration.ofSeconds(20)));
		look.start();
		try {
			awaitUninterruptibly(begun);
			reload.hangs(Duration.ofSeconds(10));
			assertThat(this.tls.reloadFault().message()).isEqualTo(
					"Changed files have not been looked for for 10 s: what listens to updates of the pool's SSL bundle does not return.");
			assertThat(this.tls.generation()).isEqualTo(2);
		}
		finally {
			release.countDown();
			look.join();
		}
		reload.returned();
		assertThat(this.tls.reloadFault()).isNull();
		assertThat(output).contains("Until then generation 2 stays in force.")
			.contains("pool: changed files are looked for again");
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private PoolReload reload(TrustPublisher publisher) {
		TlsPolicy policy = TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), TlsVersion.TLS_1_3);
		policy = new TlsPolicy(policy.prefix(), policy.provider(), policy.sslMode(), policy.tlsVersions(),
				policy.ciphers(), new TrustSource.CaFile("dbtls.ca-path", this.file.toString(), null, null, false),
				null, policy.sessionLifetime(), policy.jsseProvider(), policy.weakenings());
		MaterialSource source = MaterialSource.of(policy, null);
		MaterialSnapshot snapshot = source.read();
		PoolMaterial material = snapshot.load();
		this.tls = new PoolTls("pool", policy, material, (outcome) -> {
		});
		SecuredPool pool = new SecuredPool("pool", new HikariConnectionSource(new HikariConfig()), this.tls,
				PoolProperties.of("pool", policy), List.of(), false, DecidedSettingsTests.ofPreset());
		return new PoolReload(pool, source, snapshot, material, INTERVAL, () -> {
		}, publisher);
	}

}
