package io.github.dbtls.sample.live;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams to the browsers. Each has a thread while something is sent to it, so that one
 * that does not read holds up nobody else.
 */
@Component
class LiveStreams implements DisposableBean {

	private static final int MOST = 50;

	private final Set<LiveStream> streams = ConcurrentHashMap.newKeySet();

	private final ExecutorService threads;

	private volatile boolean closed;

	LiveStreams() {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("live-stream-");
		factory.setDaemon(true);
		this.threads = Executors.newCachedThreadPool(factory);
	}

	/**
	 * Open a stream.
	 * @param first returns what to send at once
	 * @return the stream
	 */
	SseEmitter open(Supplier<String> first) {
		SseEmitter emitter = new SseEmitter(0L);
		LiveStream stream = addIfPossible(emitter);
		stream.sendFirst(first);
		if (this.closed) {
			// Not an error: that would tell the browser never to come back.
			stream.end();
		}
		return emitter;
	}

	private synchronized LiveStream addIfPossible(SseEmitter emitter) {
		if (this.streams.size() >= MOST) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "Too many pages are open");
		}
		return add(emitter);
	}

	LiveStream add(SseEmitter emitter) {
		LiveStream stream = new LiveStream(emitter, this.threads, this.streams::remove);
		emitter.onCompletion(() -> this.streams.remove(stream));
		emitter.onError((ex) -> this.streams.remove(stream));
		this.streams.add(stream);
		return stream;
	}

	void publish(String json) {
		this.streams.forEach((stream) -> stream.send(json));
	}

	void heartbeat() {
		this.streams.forEach(LiveStream::heartbeat);
	}

	/**
	 * End all streams, or a graceful shutdown would wait for them.
	 */
	@EventListener(ContextClosedEvent.class)
	void end() {
		this.closed = true;
		this.streams.forEach(LiveStream::end);
	}

	@Override
	public void destroy() throws InterruptedException {
		this.threads.shutdown();
		if (!this.threads.awaitTermination(1, TimeUnit.SECONDS)) {
			this.threads.shutdownNow();
		}
	}

	int size() {
		return this.streams.size();
	}

}
