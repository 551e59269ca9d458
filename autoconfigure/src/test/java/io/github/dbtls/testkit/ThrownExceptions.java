package io.github.dbtls.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.testkit.Leak.Channel;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

/**
 * Sees every exception of the JVM, caught or not, by what the JDK's own flight recorder
 * notes when one is made, and looks for {@link Secrets} in its message. The recorder
 * hands events over about once a second.
 */
final class ThrownExceptions implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final RecordingStream stream = new RecordingStream();

	private final Map<String, CountDownLatch> awaited = new ConcurrentHashMap<>();

	ThrownExceptions() {
		// JDK 25 notes exceptions only if errors are noted as well, and with a throttle
		// perhaps not all.
		for (String event : new String[] { "jdk.JavaExceptionThrow", "jdk.JavaErrorThrow" }) {
			this.stream.enable(event).withoutStackTrace().with("throttle", "off");
			this.stream.onEvent(event, this::inspect);
		}
		this.stream.setReuse(true);
		this.stream.startAsync();
	}

	private void inspect(RecordedEvent event) {
		String message = event.getString("message");
		if (message == null) {
			return;
		}
		CountDownLatch latch = this.awaited.get(message);
		if (latch != null) {
			latch.countDown();
		}
		String thrown = event.getClass("thrownClass").getName();
		// What a failed assertion quotes is for whoever wrote it.
		if (!thrown.equals("java.lang.AssertionError") && !thrown.startsWith("org.opentest4j.")
				&& !thrown.startsWith("org.assertj.")) {
			Leak.inspect(Channel.EXCEPTION, thrown, message, event.getStartTime());
		}
	}

	/**
	 * Wait until all exceptions so far have been looked at.
	 */
	void catchUp() {
		String message = "Seen up to here: " + Instant.now() + " " + System.nanoTime();
		CountDownLatch latch = new CountDownLatch(1);
		this.awaited.put(message, latch);
		new Exception(message);
		try {
			if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException(
						"The flight recorder did not note an exception within %s".formatted(PATIENCE));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			this.awaited.remove(message);
		}
	}

	@Override
	public void close() {
		this.stream.close();
	}

}
