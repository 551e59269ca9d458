package io.github.dbtls.sample.live;

import java.time.Duration;
import java.time.Instant;

import io.github.dbtls.sample.live.HealthWatch.Observation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link HealthWatch}.
 */
class HealthWatchTests {

	private static final HealthAnswer UP = new HealthAnswer("UP", null);

	@Test
	void nothingIsKnownBeforeTheFirstAnswer() {
		assertThat(new HealthWatch(() -> UP).latest().answer()).isEqualTo(HealthAnswer.UNKNOWN);
	}

	@Test
	void whileItAsksTheEarlierAnswerIsKnown() {
		HealthWatch[] watch = new HealthWatch[1];
		Observation[] meanwhile = new Observation[1];
		watch[0] = new HealthWatch(() -> {
			meanwhile[0] = watch[0].latest();
			return UP;
		});
		watch[0].ask();
		watch[0].ask();
		assertThat(meanwhile[0].answer()).isEqualTo(UP);
		Instant since = meanwhile[0].askingSince();
		assertThat(since).isNotNull();
		assertThat(meanwhile[0].isOverdue(since.plusSeconds(2), Duration.ofSeconds(1))).isTrue();
		assertThat(meanwhile[0].isOverdue(since, Duration.ofSeconds(1))).isFalse();
		assertThat(watch[0].latest().askingSince()).isNull();
	}

	@Test
	void asksSeldomWhileNobodyLooks() {
		HealthWatch watch = new HealthWatch(() -> UP);
		assertThat(watch.isDue(Instant.now(), false)).isTrue();
		watch.ask();
		Instant asked = watch.latest().at();
		assertThat(watch.isDue(asked.plusSeconds(1), true)).isFalse();
		assertThat(watch.isDue(asked.plusSeconds(2), true)).isTrue();
		assertThat(watch.isDue(asked.plusSeconds(29), false)).isFalse();
		assertThat(watch.isDue(asked.plusSeconds(30), false)).isTrue();
	}

	@Test
	void whenHealthFailsNothingIsKnown() {
		boolean[] failing = new boolean[1];
		HealthWatch watch = new HealthWatch(() -> {
			if (failing[0]) {
				throw new IllegalStateException("No health");
			}
			return UP;
		});
		watch.ask();
		assertThat(watch.latest().answer()).isEqualTo(UP);
		failing[0] = true;
		assertThatIllegalStateException().isThrownBy(watch::ask);
		assertThat(watch.latest().answer()).isEqualTo(HealthAnswer.UNKNOWN);
		assertThat(watch.latest().askingSince()).isNull();
	}

}
