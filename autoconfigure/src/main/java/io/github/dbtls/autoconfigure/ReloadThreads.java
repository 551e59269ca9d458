package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The threads of {@link Reloads}, none of which keeps the JVM up: one timer, which exists
 * while there is something to wait for, and those that read files.
 */
final class ReloadThreads {

	static final String TIMER = "dbtls-reload";

	private final LookThreads looks = new LookThreads((look) -> thread(look, LookThreads.NAME));

	private volatile ClassLoader classLoader = ReloadThreads.class.getClassLoader();

	private @Nullable ScheduledThreadPoolExecutor timer;

	/**
	 * Set the class loader of threads that begin from now on.
	 * @param classLoader the application's
	 */
	void setClassLoader(ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	/**
	 * Run a task of the timer's, which must not read files.
	 * @param task the task
	 * @param delay when to run it
	 * @return what cancels it
	 */
	synchronized ScheduledFuture<?> schedule(Runnable task, Duration delay) {
		if (this.timer == null) {
			this.timer = new ScheduledThreadPoolExecutor(1, (worker) -> thread(worker, TIMER));
			this.timer.setRemoveOnCancelPolicy(true);
		}
		return this.timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Run a look as soon as a thread is free.
	 * @param look the look
	 */
	void look(Runnable look) {
		this.looks.execute(look);
	}

	/**
	 * Interrupt the looks in progress.
	 */
	void interruptLooks() {
		this.looks.interrupt();
	}

	/**
	 * End the timer with all that waits for it. The next task begins another.
	 * @return what ends, or {@code null} if there was none
	 */
	synchronized @Nullable ExecutorService endTimer() {
		ScheduledThreadPoolExecutor timer = this.timer;
		this.timer = null;
		if (timer != null) {
			timer.shutdownNow();
		}
		return timer;
	}

	/**
	 * Wait until a timer has ended and no look is in progress.
	 * @param timer the timer that was ended
	 * @param atMost how long to wait for either
	 */
	void awaitEnd(@Nullable ExecutorService timer, Duration atMost) {
		try {
			if (timer != null) {
				timer.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS);
			}
			this.looks.awaitEnd(atMost);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Thread thread(Runnable task, String name) {
		// Whoever comes first makes it begin, a request for example: neither what is
		// bound to that thread nor its class loader is any of ours.
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setContextClassLoader(this.classLoader);
		thread.setDaemon(true);
		return thread;
	}

}
