package io.github.dbtls.sample.live;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Stream to one browser. What it has not sent yet is replaced by what is newer, so that a
 * slow browser gets less rather than everything late.
 */
final class LiveStream {

	/** How soon a browser comes back after a restart. */
	private static final long RECONNECT_MILLISECONDS = 1000;

	private final SseEmitter emitter;

	private final Executor executor;

	private final Consumer<LiveStream> gone;

	/** Guarded by this, as all else. */
	private @Nullable String next;

	private boolean heartbeat;

	private boolean ending;

	private boolean sending;

	LiveStream(SseEmitter emitter, Executor executor, Consumer<LiveStream> gone) {
		this.emitter = emitter;
		this.executor = executor;
		this.gone = gone;
	}

	/**
	 * Send what is known by now, unless something newer is about to be sent.
	 * @param json returns it
	 */
	synchronized void sendFirst(Supplier<String> json) {
		send(json.get());
	}

	synchronized void send(String json) {
		this.next = json;
		proceed();
	}

	synchronized void heartbeat() {
		this.heartbeat = true;
		proceed();
	}

	/**
	 * End the stream, when what it is sending is sent.
	 */
	synchronized void end() {
		this.ending = true;
		proceed();
	}

	private void proceed() {
		if (!this.sending) {
			try {
				this.sending = true;
				this.executor.execute(this::sendAll);
			}
			catch (RejectedExecutionException ex) {
				this.sending = false;
			}
		}
	}

	private void sendAll() {
		try {
			while (sendNext()) {
				continue;
			}
		}
		catch (IOException | RuntimeException ex) {
			// The browser is gone. The web server has noticed, too, and cleans up.
			this.gone.accept(this);
		}
	}

	private boolean sendNext() throws IOException {
		String json;
		boolean heartbeat;
		synchronized (this) {
			if (this.ending) {
				this.emitter.complete();
				return false;
			}
			json = this.next;
			heartbeat = this.heartbeat;
			if (json == null && !heartbeat) {
				this.sending = false;
				return false;
			}
			this.next = null;
			this.heartbeat = false;
		}
		if (json != null) {
			this.emitter.send(SseEmitter.event()
				.name("state")
				.reconnectTime(RECONNECT_MILLISECONDS)
				.data(json, MediaType.APPLICATION_JSON));
		}
		else {
			this.emitter.send(SseEmitter.event().comment(""));
		}
		return true;
	}

}
