package io.github.dbtls.sample.stage;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is in force on the stage, as the page shows it.
 *
 * @param busy what is being done, or {@code null}
 * @param demonstrations all that can be done
 * @param impostor who is in front of the database, or {@code null}
 * @param server the database server
 * @param shapes the providers' shapes
 */
public record StageState(@Nullable Busy busy, List<Demonstration> demonstrations, @Nullable Impostor impostor,
		Server server, List<Shape> shapes) {

	/**
	 * What is being done.
	 *
	 * @param id the demonstration or shape
	 * @param title its title
	 */
	public record Busy(String id, String title) {
	}

	/**
	 * A demonstration.
	 *
	 * @param id its name in requests
	 * @param group what it belongs to
	 * @param title its title
	 * @param sentence what it does
	 * @param watch what to watch
	 * @param lasting whether it stays in force until it is taken back
	 * @param active whether it is in force
	 */
	public record Demonstration(String id, String group, String title, String sentence, String watch, boolean lasting,
			boolean active) {
	}

	/**
	 * Somebody between the application and the database.
	 *
	 * @param name what its certificate says
	 * @param attempts connections that were made to it
	 * @param bytesSeen bytes of the application that it could read
	 */
	public record Impostor(String name, long attempts, long bytesSeen) {
	}

	/**
	 * The database server.
	 *
	 * @param running whether it runs
	 * @param protocols the TLS versions that it offers, none if it offers no TLS
	 */
	public record Server(boolean running, List<String> protocols) {
	}

	/**
	 * The shape of a provider.
	 *
	 * @param id its name in requests
	 * @param title its title
	 * @param note what is special about it
	 * @param active whether it is in force
	 */
	public record Shape(String id, String title, String note, boolean active) {
	}

}
