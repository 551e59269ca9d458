package io.github.dbtls.actuate;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.SslMode;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder.Purpose;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.PoolMaterial;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PoolMeters}, with real handshakes.
 */
@ExtendWith(OutputCaptureExtension.class)
class PoolMetersTests {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Offset<Double> A_MINUTE = Offset.offset(60.0);

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final SharedMeters shared = new SharedMeters();

	private final PoolMeters meters = new PoolMeters(this.shared);

	private final TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());

	@AfterEach
	void close() {
		this.pool.close();
	}

	@Test
	void handshakesAreTimedByWhatWasNegotiated() throws Exception {
		this.meters.bindTo(this.registry);
		this.meters.secured(this.pool.tls());
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).protocols("TLSv1.2").start()) {
			for (int i = 0; i < 3; i++) {
				this.pool.connect(server.jdbcUrl()).close();
			}
		}
		assertThat(timer("success", "TLSv1.2", false).count()).isEqualTo(1);
		assertThat(timer("success", "TLSv1.2", true).count()).isEqualTo(2);
		assertThat(timer("success", "TLSv1.2", false).totalTime(TimeUnit.NANOSECONDS)).isPositive();
		assertThat(this.registry.find("dbtls.handshake.failures").meters()).isEmpty();
	}

	@Test
	void failureOfAHandshakeIsTimedAndCounted() {
		this.meters.bindTo(this.registry);
		this.meters.secured(this.pool.tls());
		try (FakeMySqlServer server = FakeMySqlServer.tls(TestCertificates.authority("CN=Other").server("localhost"))
			.start()) {
			refused(server);
		}
		assertThat(timer("failure", "none", false).count()).isEqualTo(1);
		assertThat(failures("UNTRUSTED_ISSUER")).isEqualTo(1);
	}

	@Test
	void failureBeforeAHandshakeIsCountedAndHasNoDuration() {
		this.meters.bindTo(this.registry);
		this.meters.secured(this.pool.tls());
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost"))
			.sendAfter(FakeMySqlServer.Step.ACCEPT, "SSH-2.0-OpenSSH_9.2\r\n")
			.closeAfter(FakeMySqlServer.Step.ACCEPT)
			.start()) {
			refused(server);
		}
		assertThat(failures("NOT_MYSQL")).isEqualTo(1);
		assertThat(this.registry.find("dbtls.handshake").timers()).isEmpty();
	}

	@Test
	void whatHappensBeforeThereIsARegistryIsNotLost() throws Exception {
		this.meters.secured(this.pool.tls());
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();
				FakeMySqlServer impostor = FakeMySqlServer
					.tls(TestCertificates.authority("CN=Other").server("localhost"))
					.start()) {
			this.pool.connect(server.jdbcUrl()).close();
			refused(impostor);
			this.pool.tls().reloadFailed(new PoolTls.ReloadFault("broken", Instant.now()), true);
			this.meters.bindTo(this.registry);
			assertThat(timer("success", "TLSv1.3", false).count()).isEqualTo(1);
			assertThat(failures("UNTRUSTED_ISSUER")).isEqualTo(1);
			assertThat(reloadFailures()).isEqualTo(1);
			this.meters.bindTo(this.registry);
			refused(impostor);
			assertThat(failures("UNTRUSTED_ISSUER")).isEqualTo(2);
			assertThat(timer("failure", "none", false).count()).isEqualTo(2);
		}
	}

	@Test
	void metersOfOneNameHaveTheSameTags() throws Exception {
		this.meters.bindTo(this.registry);
		this.meters.secured(this.pool.tls());
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();
				FakeMySqlServer impostor = FakeMySqlServer
					.tls(TestCertificates.authority("CN=Other").server("localhost"))
					.start()) {
			this.pool.connect(server.jdbcUrl()).close();
			refused(impostor);
		}
		assertThat(this.registry.getMeters()).isNotEmpty().allSatisfy((meter) -> {
			Set<String> keys = new TreeSet<>(meter.getId().getTags().stream().map(Tag::getKey).toList());
			assertThat(keys).isEqualTo(keys(meter.getId().getName()));
			assertThat(meter.getId().getTag("datasource")).isEqualTo("orders");
		});
	}

	private static Set<String> keys(String name) {
		return switch (name) {
			case "dbtls.handshake" -> Set.of("datasource", "outcome", "protocol", "resumed");
			case "dbtls.handshake.failures" -> Set.of("cause", "datasource");
			case "dbtls.certificate.expiry" -> Set.of("certificate", "datasource");
			default -> Set.of("datasource");
		};
	}

	@Test
	void expiryIsOfTheFirstCertificateThatEnds() throws Exception {
		Authority intermediate = authority.issue("CN=Intermediate").expiresIn(Duration.ofDays(3)).authority();
		this.meters.bindTo(this.registry);
		this.meters.secured(this.pool.tls());
		assertThat(this.registry.find("dbtls.certificate.expiry").meters()).isEmpty();
		try (FakeMySqlServer server = FakeMySqlServer.tls(intermediate.server("localhost")).start()) {
			this.pool.connect(server.jdbcUrl()).close();
		}
		assertThat(expiry("server")).isEqualTo(Duration.ofDays(3).toSeconds(), A_MINUTE);
		assertThat(expiry("anchor")).isEqualTo(
				Duration.between(Instant.now(), authority.certificate().getNotAfter().toInstant()).toSeconds(),
				A_MINUTE);
		assertThat(this.registry.find("dbtls.certificate.expiry").tag("certificate", "client").meters()).isEmpty();
	}

	@Test
	void expiryOfTheClientCertificateIsThereFromTheStart() {
		Identity client = authority.issue("CN=app")
			.purposes(Purpose.CLIENT_AUTH)
			.expiresIn(Duration.ofDays(5))
			.identity();
		try (TestPool mutual = TestPool.withClient(client, TlsVersion.TLS_1_3, authority.certificate())) {
			this.meters.secured(mutual.tls());
			this.meters.bindTo(this.registry);
			assertThat(expiry("client")).isEqualTo(Duration.ofDays(5).toSeconds(), A_MINUTE);
		}
	}

	@Test
	void trustHasItsGenerationAndItsFailures() {
		this.meters.bindTo(this.registry);
		this.meters.secured(this.pool.tls());
		assertThat(reloadFailures()).isZero();
		assertThat(this.registry.get("dbtls.trust.generation").gauge().value()).isEqualTo(1);
		this.pool.tls().reloadFailed(new PoolTls.ReloadFault("broken", Instant.now()), true);
		this.pool.tls().reloadFailed(new PoolTls.ReloadFault("broken", Instant.now()), false);
		this.pool.tls().renew(new PoolMaterial(TestPool.trust(authority.certificate()), null, List.of()));
		assertThat(reloadFailures()).isEqualTo(1);
		assertThat(this.registry.get("dbtls.trust.generation").gauge().value()).isEqualTo(2);
	}

	@Test
	void poolsOfOneNameShareTheirMetersUntilTheLastIsGone() throws Exception {
		Identity soon = authority.issue("CN=db").names("localhost").expiresIn(Duration.ofDays(3)).identity();
		this.meters.bindTo(this.registry);
		try (TestPool other = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(soon).start();
				FakeMySqlServer otherServer = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			this.meters.secured(this.pool.tls());
			this.meters.secured(other.tls());
			this.pool.connect(server.jdbcUrl()).close();
			other.connect(otherServer.jdbcUrl()).close();
			assertThat(timer("success", "TLSv1.3", false).count()).isEqualTo(2);
			assertThat(expiry("server")).isEqualTo(Duration.ofDays(3).toSeconds(), A_MINUTE);
			this.meters.released(this.pool.tls());
			assertThat(expiry("server")).isGreaterThan(Duration.ofDays(300).toSeconds());
			this.pool.connect(server.jdbcUrl()).close();
			assertThat(timer("success", "TLSv1.3", false).count()).isEqualTo(2);
			this.meters.released(other.tls());
			assertThat(this.registry.getMeters()).isEmpty();
			other.connect(otherServer.jdbcUrl()).close();
			assertThat(this.registry.getMeters()).isEmpty();
		}
	}

	@Test
	void metersOfAnotherContextStayInASharedRegistry() throws Exception {
		PoolMeters child = new PoolMeters(this.shared);
		this.meters.bindTo(this.registry);
		child.bindTo(this.registry);
		try (TestPool other = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			this.meters.secured(this.pool.tls());
			child.secured(other.tls());
			this.pool.connect(server.jdbcUrl()).close();
			other.connect(server.jdbcUrl()).close();
			assertThat(timer("success", "TLSv1.3", false).count()).isEqualTo(2);
			child.released(other.tls());
			assertThat(timer("success", "TLSv1.3", false).count()).isEqualTo(2);
			assertThat(this.registry.getMeters()).extracting(Meter::getId)
				.extracting(Meter.Id::getName)
				.contains("dbtls.handshake", "dbtls.certificate.expiry", "dbtls.trust.generation");
		}
	}

	@Test
	void metersOfAnotherContextWithAPoolOfTheSameNameAreNotHidden() throws Exception {
		PoolMeters sibling = new PoolMeters(this.shared);
		this.meters.bindTo(this.registry);
		sibling.bindTo(this.registry);
		Identity soon = authority.issue("CN=db").names("localhost").expiresIn(Duration.ofDays(1)).identity();
		try (TestPool other = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate());
				FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start();
				FakeMySqlServer dying = FakeMySqlServer.tls(soon).start()) {
			this.meters.secured(this.pool.tls());
			sibling.secured(other.tls());
			this.pool.connect(server.jdbcUrl()).close();
			other.connect(dying.jdbcUrl()).close();
			assertThat(expiry("server")).isEqualTo(Duration.ofDays(1).toSeconds(), A_MINUTE);
			other.tls().renew(new PoolMaterial(TestPool.trust(authority.certificate()), null, List.of()));
			assertThat(this.registry.get("dbtls.trust.generation").gauge().value()).isEqualTo(2);
			// The one that came first goes first, and takes nothing of the other with it.
			this.meters.released(this.pool.tls());
			assertThat(expiry("server")).isEqualTo(Duration.ofDays(1).toSeconds(), A_MINUTE);
			other.connect(dying.jdbcUrl()).close();
			assertThat(this.registry.get("dbtls.handshake").timers().stream().mapToLong(Timer::count).sum())
				.isEqualTo(3);
			sibling.released(other.tls());
			assertThat(this.registry.getMeters()).isEmpty();
		}
	}

	@Test
	void metersOfAContextThatSharesTheRegistryAndNothingElseAreReported(CapturedOutput output) {
		PoolMeters stranger = new PoolMeters(new SharedMeters());
		this.meters.bindTo(this.registry);
		stranger.bindTo(this.registry);
		try (TestPool other = TestPool.of(SslMode.VERIFY_IDENTITY, authority.certificate())) {
			this.meters.secured(this.pool.tls());
			assertThat(output).doesNotContain("in the same meter registry");
			stranger.secured(other.tls());
			assertThat(output).containsOnlyOnce("orders: another application context without a common parent");
			stranger.released(other.tls());
			assertThat(this.registry.find("dbtls.trust.generation").gauge()).isNotNull();
		}
	}

	private void refused(FakeMySqlServer server) {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
			try (Connection connection = this.pool.connect(server.jdbcUrl())) {
				assertThat(connection).isNull();
			}
		});
	}

	private Timer timer(String outcome, String protocol, boolean resumed) {
		return this.registry.get("dbtls.handshake")
			.tags("datasource", "orders", "outcome", outcome, "protocol", protocol, "resumed", String.valueOf(resumed))
			.timer();
	}

	private double failures(String cause) {
		return this.registry.get("dbtls.handshake.failures")
			.tags("datasource", "orders", "cause", cause)
			.counter()
			.count();
	}

	private double reloadFailures() {
		return this.registry.get("dbtls.trust.reload.failures").tag("datasource", "orders").counter().count();
	}

	private double expiry(String certificate) {
		return this.registry.get("dbtls.certificate.expiry")
			.tags("datasource", "orders", "certificate", certificate)
			.timeGauge()
			.value(TimeUnit.SECONDS);
	}

}
