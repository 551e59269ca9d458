package io.github.dbtls.sample.live;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.sample.journal.SecurityJournal;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Looks at the application all the time, on threads of its own, and passes on what is
 * new. No request waits for it.
 */
@Component
class LiveCollector implements SmartLifecycle, LatestHealth {

	private static final Log logger = LogFactory.getLog(LiveCollector.class);

	private static final Duration INTERVAL = Duration.ofMillis(500);

	private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(10);

	/** How long somebody who asked once is taken to look. */
	private static final Duration INTEREST = Duration.ofSeconds(10);

	private static final Duration PATIENCE_AT_END = Duration.ofSeconds(1);

	private final StateReader reader;

	private final HealthWatch health;

	private final LiveStreams streams;

	private final SecurityJournal journal;

	private final LiveJson writer;

	private @Nullable ScheduledExecutorService threads;

	private volatile @Nullable LiveState last;

	private volatile String json = "{}";

	private volatile Instant lastRequest = Instant.MIN;

	private volatile boolean stopped;

	private LiveState.@Nullable Failure lastFailure;

	LiveCollector(StateReader reader, SecurityReader security, LiveStreams streams, SecurityJournal journal,
			JsonMapper jsonMapper) {
		this.reader = reader;
		this.health = new HealthWatch(security::health);
		this.streams = streams;
		this.journal = journal;
		this.writer = new LiveJson(jsonMapper);
	}

	/**
	 * Return the last state.
	 * @return JSON
	 */
	String json() {
		this.lastRequest = Instant.now();
		return this.json;
	}

	@Override
	public HealthAnswer health() {
		this.lastRequest = Instant.now();
		LiveState last = this.last;
		return new HealthAnswer((last != null) ? last.connection().status() : "UNKNOWN",
				this.health.latest().answer().details());
	}

	@Override
	public synchronized void start() {
		this.stopped = false;
		// The first page is not to say that nothing is known.
		quietly(this.health::ask);
		quietly(this::collect);
		CustomizableThreadFactory factory = new CustomizableThreadFactory("live-");
		factory.setDaemon(true);
		ScheduledExecutorService threads = new ScheduledThreadPoolExecutor(2, factory);
		every(threads, INTERVAL, this::askForHealth);
		every(threads, INTERVAL, this::collect);
		every(threads, HEARTBEAT_INTERVAL, this.streams::heartbeat);
		this.threads = threads;
	}

	private void every(ScheduledExecutorService threads, Duration interval, Runnable task) {
		threads.scheduleWithFixedDelay(() -> quietly(task), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void quietly(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException ex) {
			// It would end the schedule, or the application's start.
			if (!this.stopped) {
				logger.warn("The live page misses something", ex);
			}
		}
	}

	private void askForHealth() {
		Instant now = Instant.now();
		boolean watched = this.streams.size() > 0 || this.lastRequest.plus(INTEREST).isAfter(now);
		if (this.health.isDue(now, watched)) {
			this.health.ask();
		}
	}

	private void collect() {
		LiveState state = this.reader.read(this.health.latest());
		tellOfFailure(state.lastFailure());
		LiveState last = this.last;
		if (last == null || !state.saysTheSameAs(last)) {
			this.last = state;
			this.json = this.writer.write(state);
			this.streams.publish(this.json);
		}
	}

	private void tellOfFailure(LiveState.@Nullable Failure failure) {
		if (failure != null && failure.cause() != null && failure.time() != null
				&& !isKnown(failure.cause(), failure.time())) {
			this.lastFailure = failure;
			this.journal.failed(HandshakeFailure.valueOf(failure.cause()), failure.time());
		}
	}

	private boolean isKnown(String cause, Instant time) {
		LiveState.Failure known = this.lastFailure;
		return known != null && Objects.equals(known.cause(), cause) && time.equals(known.time());
	}

	/**
	 * Stop, and wait for what is being done: it uses what is about to be closed.
	 */
	@Override
	public synchronized void stop() {
		if (this.threads != null) {
			this.stopped = true;
			this.threads.shutdown();
			if (!hasEnded(this.threads)) {
				this.threads.shutdownNow();
				hasEnded(this.threads);
			}
			this.threads = null;
		}
	}

	private static boolean hasEnded(ExecutorService threads) {
		try {
			return threads.awaitTermination(PATIENCE_AT_END.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.threads != null;
	}

	/** Before the web server, which asks for the state. */
	@Override
	public int getPhase() {
		return 0;
	}

}
