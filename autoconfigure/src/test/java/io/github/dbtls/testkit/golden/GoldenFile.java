package io.github.dbtls.testkit.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.dbtls.BuildFiles;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Texts that are kept in the repository, to be compared with what the code says.
 * {@code -Ddbtls-test.write-docs=true} writes them anew.
 */
public final class GoldenFile {

	private static final Path DIRECTORY = BuildFiles.sources()
		.resolve("../../test/resources/golden/handshake")
		.normalize();

	private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T[0-9:.]+Z");

	private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

	private static final Pattern KEY = Pattern.compile("\\b[0-9a-f]{2}(?::[0-9a-f]{2}){19}\\b");

	private GoldenFile() {
	}

	/**
	 * Compare a text with the one that is kept.
	 * @param name its name
	 * @param text what the code says
	 * @param port the port of this run, which is told as 3306
	 */
	public static void assertSame(String name, String text, int port) {
		String normal = normal(text, port);
		Path file = DIRECTORY.resolve(name + ".txt");
		if (isWriting()) {
			write(file, normal);
		}
		assertThat(file).as("run with -Ddbtls-test.write-docs=true to write it").content().isEqualTo(normal);
	}

	private static String normal(String text, int port) {
		String normal = text.replace(System.lineSeparator(), "\n").replace(":" + port, ":3306") + "\n";
		normal = INSTANT.matcher(normal).replaceAll("<time>");
		normal = DAY.matcher(normal).replaceAll("<day>");
		// The first key is one, the next that differs another.
		int count = 0;
		Matcher key = KEY.matcher(normal);
		while (key.find()) {
			count++;
			normal = normal.replace(key.group(), "<key %d>".formatted(count));
			key = KEY.matcher(normal);
		}
		return normal;
	}

	/**
	 * Return whether this run writes what it would compare.
	 * @return whether it does
	 */
	public static boolean isWriting() {
		return Boolean.getBoolean("dbtls-test.write-docs");
	}

	/**
	 * Return all texts that are kept.
	 * @return their names, sorted
	 */
	public static List<String> names() {
		try (Stream<Path> files = Files.list(DIRECTORY)) {
			return files.map((file) -> file.getFileName().toString().replaceFirst("\\.txt$", "")).sorted().toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return a text that is kept.
	 * @param name its name
	 * @return the text
	 */
	public static String read(String name) {
		try {
			return Files.readString(DIRECTORY.resolve(name + ".txt"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void write(Path file, String text) {
		try {
			Files.createDirectories(DIRECTORY);
			Files.writeString(file, text);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
