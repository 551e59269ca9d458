package io.github.dbtls.tls;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server has shown so far. Behind one name there may be several with certificates
 * of their own, so that one that comes again is not replaced by another; one that was
 * renewed does not come again.
 */
final class KnownServer {

	/** More than stand behind one name. */
	static final int MOST_PATHS = 16;

	/** Guarded by this. */
	private final List<Shown> shown = new ArrayList<>();

	/** Guarded by this. */
	private Instant last = Instant.MIN;

	/**
	 * Take down what it showed.
	 * @param path what the connection depends on
	 * @param resumed whether an earlier session was resumed
	 * @param now the time
	 * @return whether it is news
	 */
	synchronized boolean add(ServedPath path, boolean resumed, Instant now) {
		this.last = now;
		for (Shown known : this.shown) {
			if (known.path.equals(path)) {
				// A resumed session proves nothing about what it would show now.
				known.last = resumed ? known.last : now;
				return false;
			}
		}
		if (this.shown.size() >= MOST_PATHS) {
			this.shown.clear();
		}
		this.shown.add(new Shown(path, now));
		return true;
	}

	/**
	 * Return what it has not replaced since.
	 * @return the certificates, once for each server behind the name
	 */
	synchronized List<ServedPath> current() {
		return this.shown.stream()
			.filter((older) -> this.shown.stream().noneMatch((newer) -> newer.first.isAfter(older.last)))
			.map((current) -> current.path)
			.toList();
	}

	/**
	 * Return when a connection was opened to it.
	 * @return the time of the last
	 */
	synchronized Instant last() {
		return this.last;
	}

	/**
	 * Certificates that it showed.
	 */
	private static final class Shown {

		private final ServedPath path;

		private final Instant first;

		private Instant last;

		private Shown(ServedPath path, Instant now) {
			this.path = path;
			this.first = now;
			this.last = now;
		}

	}

}
