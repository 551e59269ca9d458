package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that runs one task after the other, and one of them regularly. It is
 * there only while there is something to run or to wait for.
 */
final class NoticeThread {

	static final String NAME = "dbtls-notices";

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final Deque<Runnable> tasks = new ArrayDeque<>();

	private final Duration interval;

	private @Nullable Runnable regular;

	private long nextRegular;

	private @Nullable Thread thread;

	private volatile ClassLoader classLoader = NoticeThread.class.getClassLoader();

	/**
	 * Create a thread that does not run yet.
	 * @param interval how often the regular task runs
	 */
	NoticeThread(Duration interval) {
		this.interval = interval;
	}

	/**
	 * Set the class loader of a thread that begins from now on.
	 * @param classLoader the application's
	 */
	void setClassLoader(ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	/**
	 * Run a task as soon as those before it are over.
	 * @param task the task
	 */
	synchronized void execute(Runnable task) {
		this.tasks.add(task);
		begin();
	}

	/**
	 * Run a task regularly from now on, the first time after one interval.
	 * @param task the task, or {@code null} for none
	 */
	synchronized void regularly(@Nullable Runnable task) {
		if (task != null && this.regular == null) {
			this.nextRegular = System.nanoTime() + this.interval.toNanos();
		}
		this.regular = task;
		if (task != null) {
			begin();
		}
		else {
			notifyAll();
		}
	}

	private void begin() {
		if (this.thread == null) {
			// Whoever comes first makes it begin, a request for example: neither what is
			// bound to that thread nor its class loader is any of ours.
			Thread thread = new Thread(null, this::work, NAME, 0, false);
			thread.setContextClassLoader(this.classLoader);
			thread.setDaemon(true);
			thread.start();
			// Only now: a JVM at its limit may have refused it.
			this.thread = thread;
		}
		notifyAll();
	}

	private void work() {
		try {
			Runnable task = next();
			while (task != null) {
				run(task);
				task = next();
			}
		}
		finally {
			over();
		}
	}

	private static void run(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			// The next one is another's.
			logger.warn("A task of the thread " + NAME + " failed", ex);
		}
	}

	private synchronized @Nullable Runnable next() {
		while (this.thread == Thread.currentThread()) {
			// What the task before left behind: end() takes the thread away first.
			Thread.interrupted();
			if (!this.tasks.isEmpty()) {
				return this.tasks.poll();
			}
			if (this.regular == null) {
				this.thread = null;
				return null;
			}
			long left = this.nextRegular - System.nanoTime();
			if (left <= 0) {
				this.nextRegular = System.nanoTime() + this.interval.toNanos();
				return this.regular;
			}
			try {
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
			catch (InterruptedException ex) {
				// It is over if end() did it; whoever else did it does not know whom.
			}
		}
		return null;
	}

	private synchronized void over() {
		if (this.thread == Thread.currentThread()) {
			this.thread = null;
		}
	}

	/**
	 * End with all that was to be run.
	 * @param atMost how long to wait for a task in progress, which is interrupted
	 */
	void end(Duration atMost) {
		Thread ended;
		synchronized (this) {
			ended = this.thread;
			this.thread = null;
			this.regular = null;
			this.tasks.clear();
		}
		// A task may be what ends it: a listener that closes the application.
		if (ended != null && ended != Thread.currentThread()) {
			ended.interrupt();
			try {
				ended.join(atMost.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
