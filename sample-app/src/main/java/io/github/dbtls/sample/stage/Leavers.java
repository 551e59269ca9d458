package io.github.dbtls.sample.stage;

import java.time.Duration;
import java.util.Collection;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.network.Line;

/**
 * Connections from before a change, which must not outlive it: nobody would see what the
 * change does to new ones. The pool lets them go as soon as they are not in use, but not
 * one that it was just opening.
 */
record Leavers(EmbeddedDatabase database, SecuredApplication application, Collection<Line> connections) {

	/** For what is in use: a statement of this application takes milliseconds. */
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	static Leavers of(EmbeddedDatabase database, SecuredApplication application) {
		return new Leavers(database, application, database.connections());
	}

	/**
	 * Let them go, and come back when they are gone. What is not gone in time is cut.
	 */
	void letGo() {
		this.application.renewConnections();
		if (areGone()) {
			return;
		}
		// One was opened meanwhile.
		this.application.renewConnections();
		if (!areGone()) {
			this.connections.forEach(Line::close);
			areGone();
		}
	}

	private boolean areGone() {
		return Waiting.until(() -> !this.database.hasAnyOf(this.connections), PATIENCE);
	}

}
