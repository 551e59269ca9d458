package io.github.dbtls.sample.stage;

import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import io.github.dbtls.sample.embedded.Protocols;

/**
 * Part of a scene that a demonstration changes, and how it is told that it has.
 *
 * @param on puts it in force
 * @param off takes it back
 * @param active whether it is in force
 */
record Change(UnaryOperator<Scene> on, UnaryOperator<Scene> off, Predicate<Scene> active) {

	static final Change EXPIRED = new Change((scene) -> scene.withExpired(true), (scene) -> scene.withExpired(false),
			Scene::expired);

	static final Change BROKEN = new Change((scene) -> scene.withBroken(true), (scene) -> scene.withBroken(false),
			Scene::broken);

	static final Change STOPPED = new Change((scene) -> scene.withRunning(false), (scene) -> scene.withRunning(true),
			(scene) -> !scene.running());

	static Change of(Intruder intruder) {
		return new Change((scene) -> scene.withIntruder(intruder), (scene) -> scene.withIntruder(null),
				(scene) -> scene.intruder() == intruder);
	}

	static Change of(Protocols protocols) {
		return new Change((scene) -> scene.withProtocols(protocols),
				(scene) -> scene.withProtocols(Scene.NORMAL.protocols()), (scene) -> scene.protocols() == protocols);
	}

	/**
	 * Changes a scene. What is in force already, or not any more, stays as it is.
	 * @param scene the scene
	 * @param active whether it shall be in force
	 * @return the other scene
	 */
	Scene apply(Scene scene, boolean active) {
		if (this.active.test(scene) == active) {
			return scene;
		}
		return active ? this.on.apply(scene) : this.off.apply(scene);
	}

}
