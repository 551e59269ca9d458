package io.github.dbtls.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * What was tested, written down when it has been: {@code .ci/counts} counts it at the end
 * of a run, and compares it with the tables of {@code docs/tested.md}. What was skipped
 * leaves no evidence.
 */
public final class Evidence {

	private static final Path DIRECTORY = Path.of("target", "evidence");

	private Evidence() {
	}

	/**
	 * Write down that something passed its test. To be called at the end of the test.
	 * @param kind what kind of thing
	 * @param name its name, as the table in the documentation has it
	 */
	public static void of(Kind kind, String name) {
		Path file = DIRECTORY.resolve(kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".txt");
		try {
			Files.createDirectories(DIRECTORY);
			Files.writeString(file, name + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE,
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What is counted.
	 */
	public enum Kind {

		/** A server with its version, such as {@code MySQL 9.7}. */
		SERVER,

		/** A provider in the shape of its cloud, such as {@code aws-rds on MySQL 9.7}. */
		SHAPE,

		/** A hostile case, by its name in the table of cases. */
		HOSTILE_CASE,

		/** A hostile case on a real server: the server, a colon, the name of the case. */
		HOSTILE_CASE_ON_REAL_SERVER,

		/** A set-up of an application, such as {@code Flyway with a user of its own}. */
		SET_UP,

		/**
		 * A server whose certificates are rotated under load, such as {@code TiDB 8.5}.
		 */
		ROTATION,

		/**
		 * Resumed sessions of a version of TLS on a server, such as
		 * {@code TLS 1.3 on MySQL 9.7}.
		 */
		RESUMPTION,

		/** A version that the tests ran with, such as {@code Spring Boot 4.1.1}. */
		VERSION

	}

}
