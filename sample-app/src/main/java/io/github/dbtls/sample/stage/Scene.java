package io.github.dbtls.sample.stage;

import io.github.dbtls.sample.embedded.Protocols;
import org.jspecify.annotations.Nullable;

/**
 * How the world of the application is or should be.
 *
 * @param running whether the database runs
 * @param protocols what TLS it offers
 * @param expired whether its certificate has ended
 * @param intruder who stands in front of it, or {@code null}
 * @param broken whether the CA file is cut in the middle
 */
record Scene(boolean running, Protocols protocols, boolean expired, @Nullable Intruder intruder, boolean broken) {

	/** Nothing is wrong. */
	static final Scene NORMAL = new Scene(true, Protocols.TLS_1_2_AND_1_3, false, null, false);

	Scene withRunning(boolean running) {
		return new Scene(running, this.protocols, this.expired, this.intruder, this.broken);
	}

	Scene withProtocols(Protocols protocols) {
		return new Scene(this.running, protocols, this.expired, this.intruder, this.broken);
	}

	Scene withExpired(boolean expired) {
		return new Scene(this.running, this.protocols, expired, this.intruder, this.broken);
	}

	Scene withIntruder(@Nullable Intruder intruder) {
		return new Scene(this.running, this.protocols, this.expired, intruder, this.broken);
	}

	Scene withBroken(boolean broken) {
		return new Scene(this.running, this.protocols, this.expired, this.intruder, broken);
	}

	/**
	 * Returns whether a new connection gets to the database itself, and is accepted.
	 * @return whether nothing stands in the way
	 */
	boolean isServed() {
		boolean safe = this.protocols == Protocols.TLS_1_2_AND_1_3 || this.protocols == Protocols.TLS_1_2;
		return this.running && safe && !this.expired && this.intruder == null;
	}

}
