package io.github.dbtls.sample.orders;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OrderStatistics}.
 */
class OrderStatisticsTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final OrderStatistics statistics = new OrderStatistics(0);

	@Test
	void nothingPlacedIsZero() {
		assertThat(this.statistics.perSecond(SECOND)).isZero();
		assertThat(this.statistics.medianMillis()).isZero();
	}

	@Test
	void perSecondAtTheStartIsNotTooLow() {
		placeEvery(SECOND / 10, 0, 2 * SECOND);
		assertThat(this.statistics.perSecond(2 * SECOND)).isEqualTo(10.0);
	}

	@Test
	void perSecondForgetsWhatWasLongAgo() {
		placeEvery(SECOND / 10, 0, 10 * SECOND);
		assertThat(this.statistics.perSecond(10 * SECOND)).isEqualTo(10.0);
		assertThat(this.statistics.perSecond(16 * SECOND)).isZero();
	}

	@Test
	void medianIgnoresTheOutlier() {
		for (long millis : new long[] { 1, 3, 2, 5000, 2 }) {
			this.statistics.placed(0, TimeUnit.MILLISECONDS.toNanos(millis));
		}
		assertThat(this.statistics.medianMillis()).isEqualTo(2.0);
	}

	private void placeEvery(long interval, long from, long to) {
		for (long time = from + interval; time <= to; time += interval) {
			this.statistics.placed(time, 1);
		}
	}

}
