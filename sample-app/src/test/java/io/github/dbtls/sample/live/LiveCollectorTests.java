package io.github.dbtls.sample.live;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

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

	private static LiveState state(Instant at, LiveState.Failure failure) {
		return new LiveState(at, new LiveState.Application(TIME, "mysql"),
				new LiveState.Connection("UNKNOWN", null, null, null, null, null, null, null, null), List.of(), null,
				List.of(), failure, null, new OrderLoadState(OrderLoadState.State.STOPPED, 0, 0, 0, 0, 0, 0, 0), null,
				List.of(), null);
	}

}
