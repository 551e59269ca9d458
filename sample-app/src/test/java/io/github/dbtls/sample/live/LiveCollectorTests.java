package io.github.dbtls.sample.live;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.sample.journal.SecurityJournal;
import io.github.dbtls.sample.orders.OrderLoadState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.after;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;

/**
 * Tests for {@link LiveCollector}.
 */
class LiveCollectorTests {

	private static final Instant TIME = Instant.parse("2026-11-21T12:00:00Z");

	private static final long PATIENCE = Duration.ofSeconds(10).toMillis();

	private final StateReader reader = mock(StateReader.class);

	private final SecurityReader security = mock(SecurityReader.class);

	private final LiveStreams streams = mock(LiveStreams.class);

	private final SecurityJournal journal = mock(SecurityJournal.class);

	private final LiveCollector collector = new LiveCollector(this.reader, this.security, this.streams, this.journal,
			JsonMapper.builder().build());

	@AfterEach
	void stop() {
		this.collector.stop();
		assertThat(this.collector.isRunning()).isFalse();
	}

	@Test
	void stateIsThereWhenItHasStarted() {
		given(this.reader.read(any())).willReturn(state(TIME, null));
		this.collector.start();
		assertThat(this.collector.json()).contains("\"at\":\"2026-11-21T12:00:00Z\"");
	}

	@Test
	void goesOnAfterFailure() {
		given(this.security.health()).willThrow(new IllegalStateException("No health"));
		given(this.reader.read(any())).willThrow(new IllegalStateException("No start"))
			.willThrow(new IllegalStateException("Not yet"))
			.willReturn(state(TIME, null));
		this.collector.start();
		then(this.streams).should(timeout(PATIENCE)).publish(any());
		assertThat(this.collector.json()).contains("2026-11-21");
	}

	@Test
	void publishesOnlyWhatIsNew() {
		LiveState.Failure failure = new LiveState.Failure(TIME, "db:3306", "EXPIRED", "It expired.", "Renew it.", null);
		given(this.reader.read(any())).willReturn(state(TIME, null), state(TIME.plusSeconds(1), null),
				state(TIME.plusSeconds(2), failure), state(TIME.plusSeconds(3), failure));
		this.collector.start();
		then(this.reader).should(timeout(PATIENCE).atLeast(5)).read(any());
		then(this.streams).should(timeout(PATIENCE).times(2)).publish(any());
		then(this.journal).should().failed(HandshakeFailure.EXPIRED, TIME);
	}

	@Test
	void healthIsThatOfTheStateWithItsDetails() {
		HealthAnswer.Details details = new HealthAnswer.Details("mysql", "verify-identity", true, null, null, null,
				"db:3306", null, null, null, null);
		given(this.security.health()).willReturn(new HealthAnswer("OUT_OF_SERVICE", details));
		given(this.reader.read(any())).willReturn(state(TIME, null));
		assertThat(this.collector.health()).isEqualTo(new HealthAnswer("UNKNOWN", null));
		this.collector.start();
		assertThat(this.collector.health()).isEqualTo(new HealthAnswer("UP", details));
	}

	@Test
	void healthIsAskedSeldomUnlessSomebodyLooks() {
		given(this.reader.read(any())).willReturn(state(TIME, null));
		this.collector.start();
		then(this.security).should(after(3000).times(1)).health();
		this.collector.json();
		then(this.security).should(timeout(PATIENCE).times(2)).health();
		given(this.streams.size()).willReturn(1);
		then(this.security).should(timeout(PATIENCE).atLeast(3)).health();
	}

	@Test
	void stopAwaitsWhatIsBeingDone() throws Exception {
		CountDownLatch asked = new CountDownLatch(2);
		AtomicInteger answered = new AtomicInteger();
		given(this.reader.read(any())).willReturn(state(TIME, null));
		given(this.streams.size()).willReturn(1);
		given(this.security.health()).will((invocation) -> {
			asked.countDown();
			Thread.sleep(200);
			answered.incrementAndGet();
			return HealthAnswer.UNKNOWN;
		});
		this.collector.start();
		assertThat(asked.await(PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
		this.collector.stop();
		assertThat(answered).hasValue(2);
	}

	private static LiveState state(Instant at, LiveState.Failure failure) {
		return new LiveState(at, new LiveState.Application(TIME, "mysql"),
				new LiveState.Connection("UP", null, null, null, null, null, null, null, null), List.of(), null,
				List.of(), failure, null, new OrderLoadState(OrderLoadState.State.STOPPED, 0, 0, 0, 0, 0, 0, 0, 0),
				null, List.of(), null);
	}

}
