package io.github.dbtls.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What passed, written down where the tests of the other modules do: {@code .ci/counts}
 * compares it with the tables of {@code docs/tested.md}.
 */
public final class SampleEvidence {

	private SampleEvidence() {
	}

	/**
	 * Write down that something passed its test. To be called at the end of the test.
	 * @param kind what kind of thing, such as {@code set-up}
	 * @param name its name, as the table in the documentation has it
	 */
	public static void of(String kind, String name) {
		try {
			Path directory = Files.createDirectories(Path.of("target", "evidence"));
			Files.writeString(directory.resolve(kind + ".txt"), name + "\n", StandardOpenOption.CREATE,
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
