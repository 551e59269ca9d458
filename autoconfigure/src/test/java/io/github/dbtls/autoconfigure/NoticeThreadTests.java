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
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NoticeThread}.
 */
@ExtendWith(OutputCaptureExtension.class)
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

	@Test
	void taskThatThrowsKeepsNoOtherFromRunning(CapturedOutput output) {
		AtomicInteger rounds = new AtomicInteger();
		AtomicBoolean other = new AtomicBoolean();
		this.thread.regularly(rounds::incrementAndGet);
		this.thread.execute(() -> {
			throw new StackOverflowError("thrown by a task of the test");
		});
		this.thread.execute(() -> other.set(true));
		Traces.await(other::get);
		int before = rounds.get();
		Traces.await(() -> rounds.get() > before + 1);
		assertThat(output).containsOnlyOnce("A task of the thread dbtls-notices failed");
	}

	@Test
	void regularTaskThatThrowsRunsAgain() {
		AtomicInteger rounds = new AtomicInteger();
		this.thread.regularly(() -> {
			rounds.incrementAndGet();
			throw new IllegalStateException("thrown by a task of the test");
		});
		Traces.await(() -> rounds.get() > 2);
	}

	@Test
	void taskThatLeavesItsThreadInterruptedDisturbsNoOther() {
		AtomicInteger rounds = new AtomicInteger();
		AtomicReference<Boolean> interrupted = new AtomicReference<>();
		this.thread.regularly(rounds::incrementAndGet);
		this.thread.execute(() -> Thread.currentThread().interrupt());
		this.thread.execute(() -> interrupted.set(Thread.currentThread().isInterrupted()));
		Traces.await(() -> interrupted.get() != null);
		assertThat(interrupted.get()).isFalse();
		this.thread.execute(() -> Thread.currentThread().interrupt());
		int before = rounds.get();
		Traces.await(() -> rounds.get() > before + 1);
	}

	@Test
	void threadThatSomebodyInterruptsWhileItWaitsGoesOn() {
		AtomicInteger rounds = new AtomicInteger();
		AtomicReference<Thread> ran = new AtomicReference<>();
		this.thread.regularly(() -> {
			ran.set(Thread.currentThread());
			rounds.incrementAndGet();
		});
		Traces.await(() -> rounds.get() > 0);
		ran.get().interrupt();
		int before = rounds.get();
		Traces.await(() -> rounds.get() > before + 1);
	}

}
