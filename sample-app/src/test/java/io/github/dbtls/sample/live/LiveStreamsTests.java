package io.github.dbtls.sample.live;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LiveStreams}.
 */
class LiveStreamsTests {

	private final LiveStreams streams = new LiveStreams();

	@AfterEach
	void destroy() throws Exception {
		this.streams.destroy();
	}

	@Test
	void openWhenThereAreTooManyIsRefused() {
		for (int number = 0; number < 50; number++) {
			this.streams.open(() -> "{}");
		}
		assertThatExceptionOfType(ResponseStatusException.class).isThrownBy(() -> this.streams.open(() -> "{}"))
			.satisfies((ex) -> assertThat(ex.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE));
		assertThat(this.streams.size()).isEqualTo(50);
	}

	@Test
	void publishWhenBrowserDoesNotReadServesTheOthers() throws Exception {
		CountDownLatch stuck = new CountDownLatch(1);
		CountDownLatch served = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		try {
			this.streams.add(new StuckEmitter(stuck, end));
			this.streams.publish("{}");
			assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();
			this.streams.add(new CountingEmitter(served));
			this.streams.publish("1");
			assertThat(served.await(10, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			end.countDown();
		}
	}

	/**
	 * Emitter to a browser that does not read.
	 */
	private static final class StuckEmitter extends SseEmitter {

		private final CountDownLatch stuck;

		private final CountDownLatch end;

		private StuckEmitter(CountDownLatch stuck, CountDownLatch end) {
			this.stuck = stuck;
			this.end = end;
		}

		@Override
		public void send(SseEventBuilder builder) {
			this.stuck.countDown();
			try {
				this.end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	/**
	 * Emitter to a browser that reads.
	 */
	private static final class CountingEmitter extends SseEmitter {

		private final CountDownLatch served;

		private CountingEmitter(CountDownLatch served) {
			this.served = served;
		}

		@Override
		public void send(SseEventBuilder builder) {
			this.served.countDown();
		}

	}

}
