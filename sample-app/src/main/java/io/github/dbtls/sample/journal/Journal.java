package io.github.dbtls.sample.journal;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What happened last, newest first. It outlives a restart of the application inside its
 * JVM.
 */
public final class Journal {

	/** As many as a page shows. */
	private static final int MOST = 30;

	/** Guarded by this. */
	private final Deque<Entry> entries = new ArrayDeque<>();

	/**
	 * Write something down.
	 * @param kind what kind of thing happened
	 * @param text one or two sentences
	 */
	public synchronized void record(Kind kind, String text) {
		this.entries.addFirst(new Entry(Instant.now(), kind, text));
		if (this.entries.size() > MOST) {
			this.entries.removeLast();
		}
	}

	/**
	 * Write down something that goes on and on, but only once: not again before somebody
	 * did something or the application served again.
	 * @param time when it happened
	 * @param kind what kind of thing happened
	 * @param text one or two sentences
	 */
	public synchronized void recordOnce(Instant time, Kind kind, String text) {
		for (Entry entry : this.entries) {
			if (entry.kind() == kind && entry.text().equals(text)) {
				return;
			}
			if (entry.kind() == Kind.ACTION || entry.kind() == Kind.SERVED) {
				if (entry.time().isAfter(time)) {
					// It is the past already.
					return;
				}
				break;
			}
		}
		record(kind, text);
	}

	/**
	 * Return what happened last.
	 * @return the entries, newest first
	 */
	public synchronized List<Entry> latest() {
		return List.copyOf(this.entries);
	}

	/**
	 * What kind of thing happened.
	 */
	public enum Kind {

		/** Somebody did something to the database or its surroundings. */
		ACTION,

		/** The application works on. */
		SERVED,

		/** The application refused a connection. */
		REFUSED,

		/** Anything else worth knowing. */
		INFO

	}

	/**
	 * Something that happened.
	 *
	 * @param time when
	 * @param kind what kind of thing
	 * @param text what it was
	 */
	public record Entry(Instant time, Kind kind, String text) {
	}

}
