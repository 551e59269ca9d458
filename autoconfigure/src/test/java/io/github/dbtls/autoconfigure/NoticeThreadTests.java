package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NoticeThread}.
 */
class NoticeThreadTests {

	private final NoticeThread thread = new NoticeThread(Duration.ofMillis(5));

	@BeforeEach
	void begin() {
		Traces.begin();
	}

	@AfterEach
	void end() {
		this.thread.end(Duration.ofSeconds(10));
		Traces.awaitNone();
	}

	@Test
	void threadIsThereWhileThereIsSomethingToRun() throws Exception {
		assertThat(Traces.allThreads()).isEmpty();
		for (int i = 0; i < 3; i++) {
			AtomicReference<Thread> ran = new AtomicReference<>();
			CountDownLatch done = new CountDownLatch(1);
			this.thread.execute(() -> {
				ran.set(Thread.currentThread());
				done.countDown();
			});
			assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(ran.get().isDaemon()).isTrue();
			Traces.awaitNone();
		}
	}

	@Test
	void regularTaskRunsBesideOthersUntilItIsTakenAway() {
		AtomicInteger rounds = new AtomicInteger();
		AtomicBoolean other = new AtomicBoolean();
		this.thread.regularly(rounds::incrementAndGet);
		Traces.await(() -> rounds.get() > 3);
		this.thread.execute(() -> other.set(true));
		Traces.await(other::get);
		this.thread.regularly(null);
		Traces.awaitNone();
	}

	@Test
	void endInterruptsWhatRunsAndDropsTheRest() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		AtomicBoolean interrupted = new AtomicBoolean();
		AtomicBoolean late = new AtomicBoolean();
		this.thread.execute(() -> {
			begun.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.set(true);
			}
		});
		this.thread.execute(() -> late.set(true));
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
		this.thread.end(Duration.ofSeconds(10));
		assertThat(interrupted).isTrue();
		assertThat(late).isFalse();
		Traces.awaitNone();
	}

	@Test
	void taskThatEndsItsOwnThreadIsNotInterrupted() {
		AtomicReference<Boolean> interrupted = new AtomicReference<>();
		this.thread.execute(() -> {
			this.thread.end(Duration.ofSeconds(10));
			interrupted.set(Thread.currentThread().isInterrupted());
		});
		Traces.await(() -> interrupted.get() != null);
		assertThat(interrupted.get()).isFalse();
	}

}
