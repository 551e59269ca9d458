package io.github.dbtls.autoconfigure;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Runs looks at files in daemon threads that end when there is nothing to do. Reading a
 * file of a network file system may never return, and nothing ends a thread that waits
 * for it: so looks get a few threads, which one that hangs shares with no other, and no
 * more than that, however many hang.
 */
final class LookThreads {

	static final String NAME = ReloadThreads.TIMER + "-look";

	static final int MOST = 4;

	private final ThreadFactory factory;

	private final Deque<Runnable> waiting = new ArrayDeque<>();

	private final Set<Thread> threads = new HashSet<>();

	LookThreads(ThreadFactory factory) {
		this.factory = factory;
	}

	/**
	 * Run a look as soon as a thread is free.
	 * @param look the look
	 */
	synchronized void execute(Runnable look) {
		this.waiting.add(look);
		if (this.threads.size() < MOST) {
			Thread thread = this.factory.newThread(this::work);
			this.threads.add(thread);
			thread.start();
		}
	}

	private void work() {
		try {
			Runnable look = next();
			while (look != null) {
				look.run();
				look = next();
			}
		}
		finally {
			ended();
		}
	}

	private synchronized @Nullable Runnable next() {
		// An interruption was meant for the look before.
		Thread.interrupted();
		Runnable look = this.waiting.poll();
		if (look == null) {
			ended();
		}
		return look;
	}

	private synchronized void ended() {
		this.threads.remove(Thread.currentThread());
		notifyAll();
	}

	/**
	 * Interrupt the looks in progress.
	 */
	synchronized void interrupt() {
		this.threads.forEach(Thread::interrupt);
	}

	/**
	 * Wait until no look is in progress.
	 * @param atMost how long to wait
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	synchronized void awaitEnd(Duration atMost) throws InterruptedException {
		long end = System.nanoTime() + atMost.toNanos();
		long left = atMost.toNanos();
		while (!this.threads.isEmpty() && left > 0) {
			TimeUnit.NANOSECONDS.timedWait(this, left);
			left = end - System.nanoTime();
		}
	}

}
