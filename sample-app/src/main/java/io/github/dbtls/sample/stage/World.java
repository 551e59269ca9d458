package io.github.dbtls.sample.stage;

import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.List;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.embedded.Protocols;
import io.github.dbtls.sample.embedded.Showing;
import io.github.dbtls.sample.embedded.TrustFile;
import io.github.dbtls.sample.journal.Journal;
import io.github.dbtls.sample.journal.Journal.Kind;
import io.github.dbtls.sample.network.DirectRoute;
import io.github.dbtls.sample.network.Impostor;
import io.github.dbtls.sample.pki.Hierarchy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds the application, made to match a scene step by step. Each step is told
 * in the journal when it is done, and the scene is what is done, whatever fails next.
 * Only one thread changes it; any may look.
 */
class World {

	private static final Log logger = LogFactory.getLog(World.class);

	/** Of a certificate that nobody can see yet. */
	static final String LATER = "which the server shows as soon as it runs and offers TLS.";

	private final EmbeddedDatabase database;

	private final Journal journal;

	private final SecuredApplication application;

	private volatile Scene scene = Scene.NORMAL;

	private volatile @Nullable Impostor impostor;

	private volatile boolean ended;

	World(EmbeddedDatabase database, Journal journal, SecuredApplication application) {
		this.database = database;
		this.journal = journal;
		this.application = application;
	}

	Scene scene() {
		return this.scene;
	}

	/**
	 * Returns who stands in front of the database.
	 * @return what he did so far, or {@code null}
	 */
	StageState.@Nullable Impostor impostor() {
		Impostor impostor = this.impostor;
		Intruder intruder = this.scene.intruder();
		return (impostor != null && intruder != null)
				? new StageState.Impostor(intruder.title(), impostor.attempts(), impostor.bytesSeen()) : null;
	}

	/**
	 * Leave the world as it is from now on, whatever fails.
	 */
	void end() {
		this.ended = true;
	}

	/**
	 * Make the world match a scene. If that fails, go back to the one before.
	 * @param target the scene
	 */
	void bring(Scene target) {
		Scene before = this.scene;
		if (target.equals(before)) {
			return;
		}
		attempt(() -> change(target), before);
	}

	/**
	 * Put everything back to normal, a CA file too that somebody has deleted.
	 */
	void reset() {
		TrustFile file = this.database.trustFile();
		if (file != null && Files.notExists(file.path())) {
			this.scene = this.scene.withBroken(true);
		}
		bring(Scene.NORMAL);
	}

	/**
	 * Give the server a new certificate of its authority.
	 */
	void renew() {
		attempt(() -> {
			Showing showing = this.database.show(this.database.hierarchy().issue());
			this.scene = this.scene.withExpired(false);
			String text = switch (showing) {
				case RELOADED -> "The server has a new certificate of the same authority, without a restart.";
				case RESTARTED -> "The server has restarted with a new certificate of the same authority.";
				case LATER -> "A new certificate of the same authority is in place, " + LATER;
			};
			tell(text);
			open();
		}, this.scene);
	}

	/**
	 * Let another root take over.
	 */
	void rotate() {
		TrustFile file = this.database.trustFile();
		if (file != null) {
			attempt(() -> new Rotation(this, file).run(), this.scene);
		}
	}

	/**
	 * Put authorities in force on the application's side.
	 * @param file the CA file
	 * @param authorities what is in it from now on
	 */
	void trust(TrustFile file, List<X509Certificate> authorities) {
		file.write(authorities);
		this.scene = this.scene.withBroken(false);
	}

	/**
	 * Put an authority in force on the server's side.
	 * @param hierarchy who issues certificates from now on
	 * @return how the server came to show one
	 */
	Showing adopt(Hierarchy hierarchy) {
		Showing showing = this.database.show(hierarchy.issue());
		this.database.adopt(hierarchy);
		this.scene = this.scene.withExpired(false);
		Impostor impostor = this.impostor;
		Intruder intruder = this.scene.intruder();
		if (impostor != null && intruder != null) {
			// One of the old authority is of no use to him any more.
			impostor.show(intruder.certificate(hierarchy));
		}
		open();
		return showing;
	}

	EmbeddedDatabase database() {
		return this.database;
	}

	SecuredApplication application() {
		return this.application;
	}

	/**
	 * Write into the journal. After its end, what happens is the end's doing, and
	 * nobody's news.
	 * @param text what was done
	 */
	void tell(String text) {
		if (!this.ended) {
			this.journal.record(Kind.ACTION, text);
		}
	}

	private void attempt(Runnable task, Scene before) {
		try {
			task.run();
		}
		catch (RuntimeException ex) {
			if (this.ended) {
				return;
			}
			logger.warn("A demonstration failed", ex);
			this.journal.record(Kind.INFO, "That did not work: %s All goes back.".formatted(ex.getMessage()));
			recover(before);
		}
	}

	private void recover(Scene before) {
		try {
			if (this.database.serverPort() == null) {
				this.scene = this.scene.withRunning(false);
			}
			replaceFiles(before);
			change(before);
		}
		catch (RuntimeException ex) {
			logger.warn("The scene before cannot be had", ex);
			this.database.stop();
			this.scene = this.scene.withRunning(false);
			this.journal.record(Kind.INFO, "The database is stopped. It may be started again.");
		}
	}

	// What failed may have left other files than the scene says, such as those of an
	// authority that did not take over.
	private void replaceFiles(Scene before) {
		Hierarchy hierarchy = this.database.hierarchy();
		TrustFile file = this.database.trustFile();
		if (file != null) {
			List<X509Certificate> authorities = List.of(hierarchy.root());
			if (before.broken()) {
				file.writeHalf(authorities);
			}
			else {
				file.write(authorities);
			}
		}
		this.database.show(before.expired() ? hierarchy.issueExpired() : hierarchy.issue());
		this.scene = this.scene.withBroken(before.broken()).withExpired(before.expired());
	}

	private void change(Scene target) {
		changeTrustFile(target);
		changeCertificate(target);
		changeServer(target);
		changeRoute(target);
	}

	private void changeTrustFile(Scene target) {
		TrustFile file = this.database.trustFile();
		if (file == null || target.broken() == this.scene.broken()) {
			return;
		}
		if (target.broken()) {
			file.writeHalf(List.of(this.database.hierarchy().root()));
			tell("The CA file is cut in the middle.");
		}
		else {
			file.write(List.of(this.database.hierarchy().root()));
			tell("The CA file is whole again.");
		}
		this.scene = this.scene.withBroken(target.broken());
	}

	private void changeCertificate(Scene target) {
		if (target.expired() == this.scene.expired()) {
			return;
		}
		Hierarchy hierarchy = this.database.hierarchy();
		Showing showing = this.database.show(target.expired() ? hierarchy.issueExpired() : hierarchy.issue());
		this.scene = this.scene.withExpired(target.expired());
		if (showing == Showing.LATER) {
			tell((target.expired() ? "A certificate that ended a minute ago is in place, "
					: "A valid certificate is in place again, ") + LATER);
			return;
		}
		String restarted = (showing == Showing.RESTARTED) ? ", after a restart." : ".";
		tell((target.expired() ? "The server shows a certificate that ended a minute ago"
				: "The server shows a valid certificate again") + restarted);
	}

	private void changeServer(Scene target) {
		if (target.running() == this.scene.running() && target.protocols() == this.scene.protocols()) {
			return;
		}
		if (target.running()) {
			boolean restarted = this.database.serverPort() != null;
			start(target.protocols());
			tell(restarted ? "The database has restarted and offers %s.".formatted(offer(target.protocols()))
					: "The database runs again and offers %s.".formatted(offer(target.protocols())));
		}
		else if (this.database.serverPort() != null) {
			this.database.stop();
			tell("The database is stopped, and its port refuses connections.");
		}
		this.scene = this.scene.withRunning(target.running()).withProtocols(target.protocols());
	}

	private void start(Protocols protocols) {
		try {
			this.database.start(protocols);
		}
		catch (RuntimeException ex) {
			this.scene = this.scene.withRunning(false);
			throw ex;
		}
	}

	private static String offer(Protocols protocols) {
		return switch (protocols) {
			case TLS_1_2_AND_1_3 -> "TLS 1.2 and TLS 1.3";
			case TLS_1_2 -> "TLS 1.2 only";
			case TLS_1_1 -> "TLS 1.1 only";
			case NONE -> "no TLS at all";
		};
	}

	private void changeRoute(Scene target) {
		Impostor before = this.impostor;
		Intruder intruder = target.intruder();
		boolean same = intruder == this.scene.intruder();
		if (!same) {
			this.impostor = null;
			this.scene = this.scene.withIntruder(intruder);
		}
		open();
		if (same) {
			return;
		}
		if (before != null) {
			tell("The impostor is gone: the application connected to him %s, and he read %s of it.".formatted(
					(before.attempts() == 1) ? "once" : before.attempts() + " times",
					(before.bytesSeen() > 0) ? before.bytesSeen() + " bytes" : "nothing"));
		}
		if (intruder != null) {
			tell(intruder.arrival());
		}
	}

	/**
	 * Let the application in, by the way that the scene wants, and let it use that way.
	 */
	private void open() {
		Integer port = this.database.serverPort();
		Intruder intruder = this.scene.intruder();
		if (port != null) {
			this.database.open((intruder != null) ? impostor(intruder, port) : new DirectRoute(port));
		}
		Leavers.of(this.database, this.application).letGo();
	}

	private Impostor impostor(Intruder intruder, int port) {
		Impostor impostor = this.impostor;
		if (impostor == null) {
			impostor = new Impostor(intruder.certificate(this.database.hierarchy()),
					() -> this.database.hierarchy().root());
			this.impostor = impostor;
		}
		impostor.follow(port);
		return impostor;
	}

}
