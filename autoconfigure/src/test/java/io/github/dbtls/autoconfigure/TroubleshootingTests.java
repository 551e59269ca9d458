package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.dbtls.BuildFiles;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.testkit.golden.GoldenFile;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/troubleshooting.md} quotes what the code says.
 * {@code -Ddbtls-test.write-docs=true} writes the quotations.
 */
class TroubleshootingTests {

	private static final Path DOCUMENT = BuildFiles.project().resolve("docs/troubleshooting.md");

	private static final Pattern QUOTATION = Pattern.compile("<!-- (\\S+)\\.txt -->\\n```text\\n(.*?)```",
			Pattern.DOTALL);

	private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\"></a>");

	private static final Pattern LINK = Pattern.compile("]\\(#([^)]+)\\)");

	@Test
	void quotationsAreTheTextsOfRealHandshakes() throws IOException {
		String document = Files.readString(DOCUMENT);
		String expected = QUOTATION.matcher(document)
			.replaceAll((quotation) -> Matcher.quoteReplacement("<!-- %s.txt -->\n```text\n%s```"
				.formatted(quotation.group(1), GoldenFile.read(quotation.group(1)))));
		if (GoldenFile.isWriting()) {
			Files.writeString(DOCUMENT, expected);
		}
		assertThat(DOCUMENT).content()
			.as("run with -Ddbtls-test.write-docs=true to write it, after HandshakeTextTests")
			.isEqualTo(expected);
	}

	@Test
	void eachTextIsQuotedOnceUnderAnAnchorOfItsName() throws IOException {
		String document = Files.readString(DOCUMENT);
		assertThat(all(QUOTATION, document)).containsExactlyInAnyOrderElementsOf(GoldenFile.names());
		assertThat(all(ANCHOR, document)).doesNotHaveDuplicates().containsAll(GoldenFile.names());
	}

	@Test
	void linksLeadSomewhere() throws IOException {
		String document = Files.readString(DOCUMENT);
		assertThat(all(ANCHOR, document)).containsAll(all(LINK, document));
	}

	@Test
	void eachKindOfFailureIsFoundByItsNameAndItsWords() throws IOException {
		String document = Files.readString(DOCUMENT);
		List<String> rows = document.lines().filter((line) -> line.startsWith("| ")).toList();
		Set<String> names = Arrays.stream(HandshakeFailure.values()).map(Enum::name).collect(Collectors.toSet());
		assertThat(names)
			.allSatisfy((name) -> assertThat(rows).anySatisfy((row) -> assertThat(row).contains("`" + name + "`")));
		assertThat(document).contains("PKIX path building failed");
	}

	private static List<String> all(Pattern pattern, String text) {
		List<String> all = new ArrayList<>();
		pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).forEach(all::add);
		return all;
	}

}
