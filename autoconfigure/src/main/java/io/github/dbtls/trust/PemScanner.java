package io.github.dbtls.trust;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * Splits text into PEM blocks as
 * <a href="https://www.rfc-editor.org/rfc/rfc7468#section-2">RFC 7468, 2</a> wants a
 * parser to: text between the blocks is ignored, and so are blank lines and white space
 * around lines. Unlike the JDK it knows the line of each block, and lets none get lost.
 */
final class PemScanner {

	private static final Pattern BOUNDARY = Pattern.compile("-----(BEGIN|END) ([^-]+)-----");

	/** Files joined by a tool that adds no line break. */
	private static final Pattern JOINED = Pattern.compile("(?<=-----)(?=-----BEGIN )");

	/** Too few dashes, or those of a word processor. */
	private static final Pattern MISSPELT = Pattern
		.compile("[-\\u2010-\\u2015\\u2212]+\\s*(BEGIN|END)\\s.*(CERTIFICATE|PKCS).*", Pattern.CASE_INSENSITIVE);

	private static final String AGAIN = "Download the file again, or copy it whole: each block has a BEGIN line, "
			+ "lines of base64 and an END line.";

	private final Problem problem;

	private final List<PemBlock> blocks = new ArrayList<>();

	private @Nullable PemBlock open;

	private PemScanner(Problem problem) {
		this.problem = problem;
	}

	static List<PemBlock> scan(String text, Problem problem) {
		PemScanner scanner = new PemScanner(problem);
		int number = 0;
		for (String line : (Iterable<String>) text.lines()::iterator) {
			number++;
			// MySQL ends the ca.pem that it makes with a NUL, which joining files puts in
			// front of the next block.
			for (String part : JOINED.split(line.replace("\0", "").strip())) {
				scanner.line(part, number);
			}
		}
		if (scanner.open != null) {
			throw scanner.withoutEnd(scanner.open, "the file ends");
		}
		return scanner.blocks;
	}

	private void line(String line, int number) {
		Matcher boundary = BOUNDARY.matcher(line);
		if (!boundary.matches()) {
			if (MISSPELT.matcher(line).matches()) {
				throw misspelt(line, number);
			}
			if (this.open != null && !line.isEmpty()) {
				this.open.body().add(line);
			}
		}
		else if (boundary.group(1).equals("BEGIN")) {
			begin(boundary.group(2), number);
		}
		else {
			end(boundary.group(2), number);
		}
	}

	private void begin(String label, int number) {
		if (this.open != null) {
			throw withoutEnd(this.open, "line %d begins another".formatted(number));
		}
		this.open = new PemBlock(label, number, new ArrayList<>());
	}

	private void end(String label, int number) {
		if (this.open == null) {
			throw this.problem.which(
					"ends a block '%s' at line %d that never began".formatted(Texts.oneLine(label, 60), number), AGAIN);
		}
		if (!this.open.label().equals(label)) {
			throw this.problem.which(
					"begins a block '%s' at line %d and ends it as '%s' at line %d".formatted(
							Texts.oneLine(this.open.label(), 60), this.open.line(), Texts.oneLine(label, 60), number),
					AGAIN);
		}
		this.blocks.add(this.open);
		this.open = null;
	}

	private DbTlsConfigurationException withoutEnd(PemBlock block, String what) {
		return this.problem.which("is cut short: the block '%s' at line %d has no END before %s"
			.formatted(Texts.oneLine(block.label(), 60), block.line(), what), AGAIN);
	}

	private DbTlsConfigurationException misspelt(String line, int number) {
		if (line.startsWith("-----BEGIN ") || line.startsWith("-----END ")) {
			return this.problem.which("has lost its line breaks: line %d goes on after its boundary".formatted(number),
					"Write each BEGIN and END on a line of its own; '\\n' must be a line break, not two characters.");
		}
		return this.problem.which("has a misspelt boundary at line %d".formatted(number),
				"Write exactly '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----', five dashes on each "
						+ "side. Word processors replace dashes.");
	}

}
