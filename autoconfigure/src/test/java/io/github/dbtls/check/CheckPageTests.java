package io.github.dbtls.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.dbtls.BuildFiles;
import io.github.dbtls.testkit.EmbeddedMariaDb;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code docs/check.md} shows is what {@link DbTlsCheck} prints, on the embedded
 * server; only what differs from run to run, and directories, may differ.
 * {@code -Ddbtls-test.write-docs=true} writes it.
 */
class CheckPageTests {

	@TempDir
	private static Path directory;

	private static final Path PAGE = BuildFiles.project().resolve("docs/check.md");

	private final CheckRun run = new CheckRun();

	@Test
	void reportOfAVerifiedServerIsThatOfThePage() throws IOException {
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		assertThat(this.run.of("--provider=mysql", "--host=localhost", "--port=" + server.port(),
				"--ca-path=" + server.authority().writeTo(directory)))
			.isZero();
		assertShown("verified");
	}

	@Test
	void reportOfARefusedServerIsThatOfThePage() throws IOException {
		EmbeddedMariaDb server = EmbeddedMariaDb.shared();
		assertThat(this.run.of("--provider=mysql", "--host=localhost", "--port=" + server.port(), "--quick",
				"--ca-path=" + TestCertificates.authority("CN=Old shop CA").writeTo(directory)))
			.isOne();
		assertShown("refused");
	}

	@Test
	void helpIsThatOfThePage() throws IOException {
		assertThat(this.run.of("--help")).isZero();
		assertShown("help");
	}

	private void assertShown(String name) throws IOException {
		Matcher block = Pattern.compile("(<!-- " + name + " -->\\R```text\\R)(.*?)(?=```)", Pattern.DOTALL)
			.matcher(Files.readString(PAGE));
		assertThat(block.find()).as("block '%s' of docs/check.md", name).isTrue();
		String printed = this.run.out()
			.replaceAll("localhost:\\d+", "localhost:3306")
			.replaceAll("\\S*ca\\.pem", "ca.pem");
		String shown = block.group(2);
		if (Boolean.getBoolean("dbtls-test.write-docs")) {
			Files.writeString(PAGE, block.replaceFirst((match) -> Matcher.quoteReplacement(match.group(1) + printed)));
			shown = printed;
		}
		assertThat(normal(printed)).as("run with -Ddbtls-test.write-docs=true to write it").isEqualTo(normal(shown));
	}

	private static String normal(String report) {
		return report.replaceAll("\\d{4}-\\d{2}-\\d{2}", "2026-01-01").replaceAll("\\d+ days left", "1 days left");
	}

}
