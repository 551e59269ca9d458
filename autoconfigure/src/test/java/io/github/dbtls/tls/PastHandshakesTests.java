package io.github.dbtls.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PastHandshakes}.
 */
class PastHandshakesTests {

	private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

	private final PastHandshakes past = new PastHandshakes();

	private int seconds;

	@Test
	void newestComesFirstAndTheOldestGoes() {
		for (int port = 1; port <= PastHandshakes.MOST + 5; port++) {
			succeed(port);
		}
		List<PastHandshake> handshakes = this.past.newestFirst();
		assertThat(handshakes).hasSize(PastHandshakes.MOST);
		assertThat(handshakes.get(0).port()).isEqualTo(25);
		assertThat(handshakes.get(19).port()).isEqualTo(6);
		assertThat(this.past.lastFailure()).isNull();
	}

	@Test
	void successHasWhatWasNegotiated() {
		succeed(3306);
		assertThat(this.past.newestFirst())
			.containsExactly(new PastHandshake(START.plusSeconds(1), "db", 3306, Duration.ofMillis(5),
					new PastHandshake.Negotiated("TLSv1.3", "TLS_AES_128_GCM_SHA256", true, 2), null));
	}

	@Test
	void failureHasItsCauseAlone() {
		fail(3306, HandshakeFailure.EXPIRED);
		assertThat(this.past.newestFirst())
			.containsExactly(new PastHandshake(START.plusSeconds(1), "db", 3306, null, null, HandshakeFailure.EXPIRED));
	}

	@Test
	void lastFailureOutlivesSuccessesAndKnowsTheFirst() {
		fail(3306, HandshakeFailure.EXPIRED);
		PastFailure failure = this.past.lastFailure();
		assertThat(failure).isEqualTo(new PastFailure(START.plusSeconds(1), "db", 3306, HandshakeFailure.EXPIRED,
				"description", "action", List.of(), null));
		for (int port = 1; port <= 2 * PastHandshakes.MOST; port++) {
			succeed(port);
		}
		assertThat(this.past.newestFirst()).allMatch((handshake) -> handshake.failure() == null);
		failure = this.past.lastFailure();
		assertThat(failure.cause()).isEqualTo(HandshakeFailure.EXPIRED);
		assertThat(failure.nextSuccess().port()).isEqualTo(1);
		assertThat(failure.nextSuccess().time()).isEqualTo(START.plusSeconds(2));
	}

	@Test
	void lastFailureIsTheLastAndNotMadeUpForByAnEarlierSuccess() {
		fail(3306, HandshakeFailure.EXPIRED);
		succeed(3306);
		fail(3307, HandshakeFailure.UNTRUSTED_ISSUER);
		assertThat(this.past.lastFailure().cause()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
		assertThat(this.past.lastFailure().nextSuccess()).isNull();
	}

	private void succeed(int port) {
		TlsSession session = new TlsSession("db", port, "TLSv1.3", "TLS_AES_128_GCM_SHA256", List.of(), null, true, 2,
				Duration.ofMillis(5));
		this.past.finished(new HandshakeOutcome(now(), session.duration(), session, null));
	}

	private void fail(int port, HandshakeFailure failure) {
		this.past.finished(new HandshakeOutcome(now(), null, null,
				new TlsHandshakeException(failure, "db", port, "description", "action", List.of(), null)));
	}

	private Instant now() {
		return START.plusSeconds(++this.seconds);
	}

}
