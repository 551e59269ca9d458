package io.github.dbtls.sample.live;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.dbtls.sample.live.HealthWatch.Observation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionView}.
 */
class ConnectionViewTests {

	private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

	private static final HealthAnswer UP = new HealthAnswer("UP",
			new HealthAnswer.Details("mysql", "verify-identity", true, "TLSv1.3", "TLS_AES_256_GCM_SHA384", false,
					"db:3306", null, new HealthAnswer.Server("11.4"), null, null));

	private static final HealthAnswer DOWN = new HealthAnswer("DOWN",
			new HealthAnswer.Details("mysql", "verify-identity", true, null, null, null, "db:3306", null, null, null,
					new HealthAnswer.Error("EXPIRED", "It expired.")));

	private static final LiveState.Pool EMPTY = new LiveState.Pool(0, 0, 2, 0, 10, 0);

	private static final LiveState.Pool FULL = new LiveState.Pool(0, 10, 0, 10, 10, 0);

	@Test
	void unknownWhenHealthHasNotAnswered() {
		LiveState.Connection connection = view(new Observation(HealthAnswer.UNKNOWN, Instant.MIN, NOW.minusSeconds(60)),
				null, FULL, false);
		assertThat(connection.status()).isEqualTo("UNKNOWN");
		assertThat(connection.error()).isNull();
	}

	@Test
	void upTellsOfHealthAndPath() {
		EndpointAnswer endpoint = endpoint(null, certificate("server", "CN=db", Duration.ofDays(89).plusHours(1)),
				certificate("chain", "CN=Middle", Duration.ofMinutes(5)),
				certificate("anchor", "CN=Root", Duration.ofMinutes(-5)),
				certificate("client", "CN=App", Duration.ofDays(1)));
		LiveState.Connection connection = view(asked(UP), endpoint, FULL, true);
		assertThat(connection.status()).isEqualTo("UP");
		assertThat(connection.protocol()).isEqualTo("TLSv1.3");
		assertThat(connection.server()).isEqualTo("11.4");
		assertThat(connection.path()).extracting(LiveState.PathCertificate::role)
			.containsExactly("server", "chain", "anchor");
		assertThat(connection.path()).extracting(LiveState.PathCertificate::daysLeft).containsExactly(89L, 0L, -1L);
	}

	@Test
	void pathIsOfTheServerThatHealthSaw() {
		HealthAnswer.Details details = new HealthAnswer.Details("mysql", "verify-ca", true, "TLSv1.3", null, null,
				"db:3306", new HealthAnswer.Certificate("CN=db", "CN=Issuer", "CN=db", null, null), null, null, null);
		EndpointAnswer endpoint = endpoint(null, certificate("server", "CN=impostor", Duration.ofDays(9)),
				certificate("server", "CN=db", Duration.ofDays(9)),
				certificate("anchor", "CN=Root", Duration.ofDays(9)));
		assertThat(view(asked(new HealthAnswer("UP", details)), endpoint, FULL, true).path())
			.extracting(LiveState.PathCertificate::subject)
			.containsExactly("CN=db", "CN=Root");
	}

	@Test
	void upWhenCertificateExpiresSoonAndHealthSaysSo() {
		assertThat(view(asked(new HealthAnswer("OUT_OF_SERVICE", UP.details())), null, FULL, true).status())
			.isEqualTo("UP");
	}

	@Test
	void upWhenOnlyNewConnectionsFail() {
		assertThat(view(asked(UP), endpoint(failure(NOW, false)), FULL, true).status()).isEqualTo("UP");
	}

	@Test
	void downTellsWhy() {
		LiveState.Connection connection = view(asked(DOWN), endpoint(null, certificate("server", "CN=db", null)), EMPTY,
				false);
		assertThat(connection.status()).isEqualTo("DOWN");
		assertThat(connection.error()).isEqualTo(new LiveState.Error("EXPIRED", "It expired."));
		assertThat(connection.path()).isNull();
	}

	@Test
	void downBeforeHealthKnowsWhenThereAreNoConnectionsAndNewOnesFail() {
		LiveState.Connection connection = view(asked(UP), endpoint(failure(NOW, false)), EMPTY, false);
		assertThat(connection.status()).isEqualTo("DOWN");
		assertThat(connection.error()).isEqualTo(new LiveState.Error("UNREACHABLE", "Nothing answers."));
		assertThat(connection.host()).isEqualTo("other:3306");
		assertThat(connection.protocol()).isNull();
	}

	@Test
	void upWhenFailureIsOverOrOlderThanHealth() {
		assertThat(view(asked(UP), endpoint(failure(NOW, true)), EMPTY, false).status()).isEqualTo("UP");
		assertThat(view(asked(UP), endpoint(failure(NOW.minusSeconds(60), false)), EMPTY, false).status())
			.isEqualTo("UP");
	}

	@Test
	void downWhenHealthIsOverdueAndNothingIsServed() {
		Observation asking = new Observation(UP, NOW.minusSeconds(3), NOW.minusMillis(1100));
		LiveState.Connection connection = view(asking, null, FULL, false);
		assertThat(connection.status()).isEqualTo("DOWN");
		assertThat(connection.error()).isEqualTo(new LiveState.Error("OTHER", "The database does not answer."));
		assertThat(connection.host()).isEqualTo("db:3306");
	}

	@Test
	void upWhenHealthIsSlow() {
		Observation asking = new Observation(UP, NOW.minusSeconds(3), NOW.minusMillis(1100));
		assertThat(view(asking, null, FULL, true).status()).isEqualTo("UP");
		Observation justAsked = new Observation(UP, NOW.minusSeconds(3), NOW.minusMillis(500));
		assertThat(view(justAsked, null, FULL, false).status()).isEqualTo("UP");
	}

	private static LiveState.Connection view(Observation health, @Nullable EndpointAnswer endpoint, LiveState.Pool pool,
			boolean serving) {
		return ConnectionView.of(health, endpoint, pool, serving, NOW);
	}

	private static Observation asked(HealthAnswer answer) {
		return new Observation(answer, NOW.minusSeconds(1), null);
	}

	private static EndpointAnswer.Failure failure(Instant time, boolean over) {
		EndpointAnswer.Handshake success = new EndpointAnswer.Handshake(time, "db:3306", "SUCCESS", null, null, null,
				null);
		return new EndpointAnswer.Failure(time, "other:3306", "UNREACHABLE", "Nothing answers.", "Start it.",
				over ? success : null);
	}

	private static EndpointAnswer endpoint(EndpointAnswer.@Nullable Failure failure,
			EndpointAnswer.Certificate... certificates) {
		return new EndpointAnswer(null, null, null, List.of(certificates), null, failure);
	}

	private static EndpointAnswer.Certificate certificate(String role, String subject, @Nullable Duration left) {
		return new EndpointAnswer.Certificate(role, subject, "CN=Issuer", subject, null, NOW,
				(left != null) ? NOW.plus(left) : null, false);
	}

}
