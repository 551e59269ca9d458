package io.github.dbtls.sample.live;

import java.io.IOException;
import java.lang.Thread.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter.DataWithMediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LiveStream}.
 */
class LiveStreamTests {

	private final Browser browser = new Browser();

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private final AtomicInteger gone = new AtomicInteger();

	private final LiveStream stream = new LiveStream(this.browser, this.tasks::add,
			(stream) -> this.gone.incrementAndGet());

	@Test
	void sendIsNamedEventInOneLine() {
		this.stream.send("{}");
		run();
		assertThat(this.browser.sent).containsExactly("event:state\nretry:1000\ndata:{}\n\n");
	}

	@Test
	void sendWhenBrowserIsSlowReplacesWhatItHasNotGot() {
		this.stream.send("1");
		this.stream.send("2");
		this.stream.heartbeat();
		this.stream.send("3");
		assertThat(this.tasks).hasSize(1);
		run();
		assertThat(this.browser.sent).singleElement().asString().contains("data:3");
		this.stream.send("4");
		run();
		assertThat(this.browser.sent).hasSize(2);
	}

	@Test
	void sendFirstWhenSomethingNewerIsPublishedMeanwhileSendsThat() throws Exception {
		Thread publisher = new Thread(() -> this.stream.send("2"));
		this.stream.sendFirst(() -> {
			publisher.start();
			Awaitility.await().until(publisher::getState, Set.of(State.BLOCKED, State.TERMINATED)::contains);
			return "1";
		});
		publisher.join();
		run();
		assertThat(this.browser.sent).singleElement().asString().contains("data:2");
	}

	@Test
	void heartbeatIsComment() {
		this.stream.heartbeat();
		run();
		assertThat(this.browser.sent).containsExactly(":\n\n");
	}

	@Test
	void endCompletes() {
		this.stream.send("1");
		this.stream.end();
		run();
		assertThat(this.browser.completed).isTrue();
	}

	@Test
	void sendWhenBrowserIsGoneTellsSoAndGivesUp() {
		this.browser.gone = true;
		this.stream.send("1");
		run();
		assertThat(this.gone).hasValue(1);
		this.stream.send("2");
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void sendWhenThereAreNoThreadsAnyMoreDoesNotFail() {
		LiveStream late = new LiveStream(this.browser, (task) -> {
			throw new RejectedExecutionException();
		}, (stream) -> this.gone.incrementAndGet());
		late.send("1");
		assertThat(this.browser.sent).isEmpty();
	}

	private void run() {
		while (!this.tasks.isEmpty()) {
			this.tasks.remove().run();
		}
	}

	/**
	 * Browser that keeps what it gets.
	 */
	private static final class Browser extends SseEmitter {

		private final List<String> sent = new ArrayList<>();

		private boolean gone;

		private boolean completed;

		@Override
		public void send(SseEventBuilder builder) throws IOException {
			if (this.gone) {
				throw new IOException("Broken pipe");
			}
			StringBuilder text = new StringBuilder();
			for (DataWithMediaType data : builder.build()) {
				text.append(data.getData());
			}
			this.sent.add(text.toString());
		}

		@Override
		public void complete() {
			this.completed = true;
		}

	}

}
