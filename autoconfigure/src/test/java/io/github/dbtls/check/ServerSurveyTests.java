package io.github.dbtls.check;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.trust.PoolMaterial;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerSurvey}.
 */
class ServerSurveyTests {

	private static final Identity identity = TestCertificates.authority("CN=Test CA").server("localhost");

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@Test
	void versionsWhenTimeIsOverAreIncomplete() {
		AtomicLong time = new AtomicLong();
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			// Each look at the clock is two timeouts later.
			ServerSurvey survey = survey(server, () -> time.getAndAdd(TIMEOUT.multipliedBy(2).toNanos()));
			List<CheckReport.Version> versions = survey.versions();
			assertThat(versions).extracting(CheckReport.Version::version)
				.containsExactly(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
			assertThat(versions.get(0).ciphers()).hasSize(1);
			assertThat(versions.get(1).ciphers()).isEmpty();
			assertThat(versions).noneMatch(CheckReport.Version::complete);
			assertThat(server.connectionCount()).isEqualTo(survey.connections()).isOne();
		}
	}

	@Test
	void versionsWhenServerAcceptsEverythingAreBounded() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).start()) {
			ServerSurvey survey = survey(server, System::nanoTime);
			List<CheckReport.Version> versions = survey.versions();
			assertThat(versions).allMatch(CheckReport.Version::complete);
			assertThat(versions.get(0).ciphers()).contains("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");
			assertThat(versions.get(1).ciphers()).doesNotHaveDuplicates()
				.allMatch((cipher) -> cipher.startsWith("TLS_ECDHE_ECDSA_"));
			assertThat(survey.connections()).isLessThanOrEqualTo(40).isEqualTo(server.connectionCount());
			assertThat(survey.presented()).isEqualTo(identity.chain());
			server.assertNoLoginReceived();
			server.assertAllClosed();
			// Nobody is accepted, not even for a moment.
			assertThat(server.connections()).noneMatch((connection) -> connection.decryptedBytes().length > 0);
		}
	}

	@Test
	void versionsWhenServerHangsUpTellWhy() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(identity).closeAfter(Step.SSL_REQUEST).start()) {
			assertThat(survey(server, System::nanoTime).versions()).hasSize(2).allSatisfy((version) -> {
				assertThat(version.ciphers()).isEmpty();
				assertThat(version.complete()).isFalse();
				assertThat(version.refusal()).isNotNull()
					.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.CONNECTION_CLOSED));
			});
		}
	}

	private static ServerSurvey survey(FakeMySqlServer server, LongSupplier clock) {
		CheckRequest request = new CheckRequest(
				TestPool.policy(SslMode.VERIFY_IDENTITY, Duration.ofHours(1), TlsVersion.TLS_1_3),
				new PoolMaterial(TestPool.trust(), null, List.of()),
				List.of(new HostAddress("localhost", server.port())), null, TIMEOUT, CheckRequest.Depth.CIPHERS, false);
		return new ServerSurvey(request, request.hosts().get(0), clock);
	}

}
