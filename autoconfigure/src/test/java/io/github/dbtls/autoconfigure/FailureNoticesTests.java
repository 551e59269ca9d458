package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureNotices}.
 */
class FailureNoticesTests {

	private static final Instant start = Instant.parse("2026-11-21T10:00:00Z");

	private final FailureNotices notices = new FailureNotices();

	@Test
	void deadUrlIsNewsOnceForEachHostAndKind() {
		int news = 0;
		for (int i = 0; i < 240; i++) {
			news += isNews((i % 2 == 0) ? "one" : "two", HandshakeFailure.EXPIRED, i) ? 1 : 0;
		}
		assertThat(news).isEqualTo(2);
		assertThat(isNews("one", HandshakeFailure.UNREACHABLE, 240)).isTrue();
		assertThat(isNews("one", HandshakeFailure.EXPIRED, 86400)).isFalse();
	}

	@Test
	void failureAfterASuccessIsNewsAgain() {
		assertThat(isNews("one", HandshakeFailure.EXPIRED, 0)).isTrue();
		succeed("two", 100);
		assertThat(isNews("one", HandshakeFailure.EXPIRED, 110)).isFalse();
		succeed("one", 120);
		assertThat(isNews("one", HandshakeFailure.EXPIRED, 130)).isTrue();
	}

	@Test
	void hostThatFailsEverySecondTimeIsNewsOnceAMinute() {
		int news = 0;
		for (int second = 0; second < 300; second += 2) {
			news += isNews("one", HandshakeFailure.CONNECTION_CLOSED, second) ? 1 : 0;
			succeed("one", second + 1);
		}
		assertThat(news).isEqualTo(5);
	}

	@Test
	void hostsDoNotAddUp() {
		for (int i = 0; i <= FailureNotices.MOST; i++) {
			assertThat(isNews("db" + i, HandshakeFailure.EXPIRED, 0)).isTrue();
		}
		assertThat(isNews("db0", HandshakeFailure.EXPIRED, 0)).isTrue();
		assertThat(isNews("db" + FailureNotices.MOST, HandshakeFailure.EXPIRED, 0)).isFalse();
	}

	private boolean isNews(String host, HandshakeFailure failure, int second) {
		return this.notices.isNews(
				new TlsHandshakeException(failure, host, 3306, "description", "action", List.of(), null),
				start.plusSeconds(second));
	}

	private void succeed(String host, int second) {
		this.notices.succeeded(new TlsSession(host, 3306, "TLSv1.3", "TLS_AES_256_GCM_SHA384", List.of(), null, false,
				1, Duration.ofMillis(3)), start.plusSeconds(second));
	}

}
