package io.github.dbtls.sample.stage;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

import io.github.dbtls.sample.embedded.TrustFile;
import io.github.dbtls.sample.pki.Hierarchy;

/**
 * Lets another root take over while the application serves all the time: trust both,
 * change the server, trust the new one only. Each step waits until the one before is in
 * force.
 */
class Rotation {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private final Duration patience;

	private final World world;

	private final TrustFile file;

	private final SecuredApplication application;

	Rotation(World world, TrustFile file) {
		this(world, file, PATIENCE);
	}

	Rotation(World world, TrustFile file, Duration patience) {
		this.patience = patience;
		this.world = world;
		this.file = file;
		this.application = world.application();
	}

	void run() {
		Hierarchy before = this.world.database().hierarchy();
		Hierarchy next = before.next();
		this.world.trust(this.file, List.of(before.root(), next.root()));
		if (!await(() -> this.application.trusts(Set.of(before.root(), next.root()), Set.of()))) {
			// To go on would be the outage that nobody wants.
			this.world.trust(this.file, List.of(before.root()));
			this.world.tell("The rotation is called off: the application did not take the CA file with both roots.");
			return;
		}
		this.world.tell("Rotation, 1 of 3: the CA file holds both roots, and the application trusts both.");
		this.world.tell("Rotation, 2 of 3: " + switch (this.world.adopt(next)) {
			case RELOADED -> "the server has a certificate of the next root.";
			case RESTARTED -> "the server has restarted with a certificate of the next root.";
			case LATER -> "a certificate of the next root is in place, " + World.LATER;
		});
		if (this.world.scene().isServed() && !await(() -> this.application.relies(next.root()))) {
			// Both are safe; without the old one, the application might stand there with
			// none.
			this.world.tell("The rotation ends here: no connection relies on the next root yet, and the CA file keeps "
					+ "both.");
			return;
		}
		this.world.trust(this.file, List.of(next.root()));
		boolean taken = await(() -> this.application.trusts(Set.of(next.root()), Set.of(before.root())));
		this.world.tell("Rotation, 3 of 3: the CA file holds the next root only"
				+ (taken ? "." : ", which the application has not taken yet."));
	}

	private boolean await(BooleanSupplier condition) {
		boolean met = Waiting.until(condition, this.patience);
		if (Thread.currentThread().isInterrupted()) {
			throw new IllegalStateException("The rotation is interrupted.");
		}
		return met;
	}

	@Override
	public String toString() {
		return "Rotation of " + this.file.path();
	}

}
