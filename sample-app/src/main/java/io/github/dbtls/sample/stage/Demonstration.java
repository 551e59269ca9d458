package io.github.dbtls.sample.stage;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

import io.github.dbtls.sample.embedded.Protocols;
import org.jspecify.annotations.Nullable;

/**
 * What can be shown. Some change the scene until they are taken back, others end by
 * themselves.
 */
enum Demonstration {

	/** The same authority issues another certificate. */
	RENEW_CERTIFICATE("certificate", "Renew the certificate",
			"The server gets a new certificate of the same authority.",
			"The certificate has a later start, and orders go on: the authority is what is trusted.", World::renew),

	/** The certificate ends. */
	EXPIRE_CERTIFICATE("certificate", "Let the certificate expire",
			"The server shows a certificate that ended a minute ago.",
			"New connections are refused as EXPIRED, and orders wait until there is a valid one.", Change.EXPIRED),

	/** Another root takes over. */
	ROTATE_CA("authority", "Rotate the authority",
			"The CA file gets the next root beside the old one, the server gets a certificate of the next root, and "
					+ "then the old root goes.",
			"The trust generation grows twice, the certificate chain changes, and no order waits.", World::rotate),

	/** The CA file is damaged. */
	BREAK_CA_FILE("authority", "Break the CA file",
			"The CA file is cut in the middle, as by a copy that was interrupted.",
			"The application stays with the trust that it has and says what is wrong with the file; orders go on.",
			Change.BROKEN),

	/** Somebody in the middle with his own authority. */
	IMPOSTOR_OTHER_CA("impostor", "Impostor, other authority",
			"Somebody in the middle answers with certificates that have the right names, signed with keys of his own.",
			"Every connection is refused as UNTRUSTED_ISSUER, and the impostor reads not one byte of it.",
			Change.of(Intruder.OTHER_CA)),

	/** Somebody in the middle with a genuine certificate. */
	IMPOSTOR_WRONG_NAME("impostor", "Impostor, wrong name",
			"Somebody in the middle answers with a certificate of the right authority that is for another server.",
			"Every connection is refused as HOST_NAME_MISMATCH, and the impostor reads not one byte of it.",
			Change.of(Intruder.WRONG_NAME)),

	/** Old but good. */
	TLS12_ONLY("protocol", "TLS 1.2 only", "The database restarts and offers TLS 1.2 only.",
			"The protocol is TLS 1.2, and orders go on: the policy allows it.", Change.of(Protocols.TLS_1_2)),

	/** Broken. */
	TLS11_ONLY("protocol", "TLS 1.1 only", "The database restarts and offers TLS 1.1 only.",
			"Every connection is refused as NO_COMMON_PROTOCOL: nothing makes the application speak less than TLS 1.2.",
			Change.of(Protocols.TLS_1_1)),

	/** Plain text. */
	NO_TLS("protocol", "No TLS", "The database restarts and offers no TLS at all.",
			"Every connection is refused as TLS_NOT_OFFERED before user name and password are sent.",
			Change.of(Protocols.NONE)),

	/** Nothing answers. */
	STOP_DATABASE("outage", "Stop the database", "The database stops, and its port refuses connections.",
			"Orders wait; as soon as the database runs again they are placed, and none is lost.", Change.STOPPED);

	private final String group;

	private final String title;

	private final String sentence;

	private final String watch;

	private final @Nullable Change change;

	private final @Nullable Consumer<World> action;

	Demonstration(String group, String title, String sentence, String watch, Change change) {
		this(group, title, sentence, watch, change, null);
	}

	Demonstration(String group, String title, String sentence, String watch, Consumer<World> action) {
		this(group, title, sentence, watch, null, action);
	}

	Demonstration(String group, String title, String sentence, String watch, @Nullable Change change,
			@Nullable Consumer<World> action) {
		this.group = group;
		this.title = title;
		this.sentence = sentence;
		this.watch = watch;
		this.change = change;
		this.action = action;
	}

	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	String title() {
		return this.title;
	}

	/**
	 * Returns whether it takes a CA file that can be changed.
	 * @return whether it is about the CA file
	 */
	boolean needsTrustFile() {
		return this.group.equals("authority");
	}

	/**
	 * Bring the world about that it shows.
	 * @param world the world
	 * @param active whether it shall be in force
	 */
	void play(World world, boolean active) {
		if (this.change != null) {
			world.bring(this.change.apply(world.scene(), active));
		}
		else if (this.action != null && active) {
			this.action.accept(world);
		}
	}

	StageState.Demonstration describe(Scene scene, Verification verification) {
		return new StageState.Demonstration(id(), this.group, this.title, this.sentence,
				verification.watch(this, this.watch), this.change != null,
				this.change != null && this.change.active().test(scene));
	}

	static @Nullable Demonstration find(String id) {
		return Arrays.stream(values())
			.filter((demonstration) -> demonstration.id().equals(id))
			.findFirst()
			.orElse(null);
	}

}
