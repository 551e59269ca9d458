package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * The page of the documentation that shows the report.
 *
 * @param file where it is
 */
record DocsPage(Path file) {

	static final String BEGIN = "<!-- report -->";

	static final String END = "<!-- /report -->";

	/**
	 * Return the page, seen from the directory in which the benchmarks run.
	 * @return the page
	 */
	static DocsPage standard() {
		return new DocsPage(Path.of("..", "docs", "performance.md"));
	}

	/**
	 * Return whether the user wants the report to be written into it.
	 * @param options what the user wants to be measured
	 * @return whether {@code benchmarks.write-docs} is set
	 * @throws IllegalArgumentException if that would leave only a part of the report
	 */
	static boolean isWanted(Options options) {
		boolean wanted = Boolean.getBoolean("benchmarks.write-docs");
		if (wanted && (options.scenarios().size() != Scenario.all().size() || !options.servers().isEmpty())) {
			throw new IllegalArgumentException(
					"benchmarks.write-docs: a part of the report would take the place of all of it."
							+ " Leave out 'benchmarks.only' and 'benchmarks.servers'.");
		}
		return wanted;
	}

	void write(String report) throws IOException {
		Files.writeString(this.file, insert(Files.readString(this.file), report));
	}

	/**
	 * Put a report in the place of an older one.
	 * @param page the page
	 * @param report the report, whose headings go one level down and whose title is left
	 * out
	 * @return the page with the report
	 */
	static String insert(String page, String report) {
		int begin = page.indexOf(BEGIN);
		int end = page.indexOf(END);
		if (begin < 0 || end < begin) {
			throw new IllegalArgumentException("The page has no '%s' with '%s' behind it".formatted(BEGIN, END));
		}
		String body = report.lines()
			.filter((line) -> !line.startsWith("# "))
			.map((line) -> line.startsWith("#") ? "#" + line : line)
			.collect(Collectors.joining("\n"))
			.strip();
		return page.substring(0, begin) + BEGIN + "\n\n" + body + "\n\n" + page.substring(end);
	}

}
