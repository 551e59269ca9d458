package io.github.dbtls.sample.stage;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.embedded.Shape;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * The demonstrations on the embedded database: they are played one after the other, on a
 * thread of their own.
 */
class EmbeddedStage implements Stage, ApplicationListener<ContextClosedEvent>, AutoCloseable {

	/** Nobody clicks ahead that far. */
	private static final int MOST_WAITING = 64;

	private final EmbeddedDatabase database;

	private final World world;

	private final SecuredApplication application;

	private final Shape shape;

	private final Restart restart;

	private final ThreadPoolExecutor player;

	private volatile StageState.@Nullable Busy busy;

	EmbeddedStage(EmbeddedDatabase database, World world, SecuredApplication application, Shape shape,
			Restart restart) {
		this.database = database;
		this.world = world;
		this.application = application;
		this.shape = shape;
		this.restart = restart;
		this.player = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING),
				(task) -> {
					Thread thread = new Thread(task, "stage");
					thread.setDaemon(true);
					return thread;
				}, new ThreadPoolExecutor.AbortPolicy());
	}

	@Override
	public StageState state() {
		Scene scene = this.world.scene();
		Verification verification = this.application.verification();
		return new StageState(this.busy,
				demonstrations().stream().map((demonstration) -> demonstration.describe(scene, verification)).toList(),
				this.world.impostor(), new StageState.Server(scene.running(), scene.protocols().names()),
				Arrays.stream(Shape.values())
					.map((shape) -> new StageState.Shape(shape.id(), shape.title(), shape.note(), shape == this.shape))
					.toList());
	}

	/**
	 * Put a demonstration in force, or take it back.
	 * @param id its name
	 * @param active whether it shall be in force
	 * @return whether there is one of that name
	 */
	boolean play(String id, boolean active) {
		Demonstration demonstration = Demonstration.find(id);
		if (demonstration == null || !demonstrations().contains(demonstration)) {
			return false;
		}
		submit(id, demonstration.title(), () -> demonstration.play(this.world, active));
		return true;
	}

	/**
	 * Put everything back to normal.
	 */
	void reset() {
		// What was clicked before and has not begun would be put back as well.
		this.player.getQueue().clear();
		submit("reset", "Back to normal", this.world::reset);
	}

	/**
	 * Switch to another provider's shape. This application ends then, and another one
	 * starts in its place.
	 * @param id name of the shape
	 * @return whether there is one of that name
	 */
	boolean change(String id) {
		Shape next = Arrays.stream(Shape.values()).filter((shape) -> shape.id().equals(id)).findFirst().orElse(null);
		if (next == null) {
			return false;
		}
		submit(id, next.title(), () -> {
			if (next != this.shape) {
				this.world.reset();
				this.application.awaitOrders();
				this.restart.begin(this.shape, next);
			}
		});
		return true;
	}

	private List<Demonstration> demonstrations() {
		boolean file = this.database.trustFile() != null;
		return Arrays.stream(Demonstration.values())
			.filter((demonstration) -> file || !demonstration.needsTrustFile())
			.toList();
	}

	private void submit(String id, String title, Runnable task) {
		this.player.execute(() -> {
			if (this.restart.hasBegun()) {
				return;
			}
			this.busy = new StageState.Busy(id, title);
			try {
				task.run();
			}
			finally {
				// A restart keeps the stage busy until its end.
				if (!this.restart.hasBegun()) {
					this.busy = null;
				}
			}
		});
	}

	/**
	 * From now on the application comes apart, and demonstrations would fail for that.
	 */
	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		this.world.end();
	}

	@Override
	public void close() throws InterruptedException {
		this.world.end();
		this.player.shutdownNow();
		this.player.awaitTermination(30, TimeUnit.SECONDS);
	}

}
