package io.github.dbtls.check;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link DbTlsCheck} as its users start it: a JVM of its own, with a class path.
 */
class CommandLineTests {

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private Path directory;

	@Test
	void reportIsAllThatIsPrinted() throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			assertThat(check("--provider=mysql", "--host=localhost", "--port=" + server.port(),
					"--ca-path=" + authority.writeTo(this.directory)))
				.isZero();
			assertThat(text("out.txt")).startsWith("host: localhost:").endsWith("verdict: verified\n");
			// Logback, which nobody configured here, would print debug messages.
			assertThat(text("out.txt").lines()).allMatch((line) -> line.matches("(  )?[A-Za-z0-9 .]+: .*"));
			assertThat(text("err.txt")).isEmpty();
			server.assertNoLoginReceived();
		}
	}

	@Test
	void exitCodeTellsWhatHappened() throws Exception {
		try (FakeMySqlServer server = FakeMySqlServer.tls(TestCertificates.authority("CN=Other").server("localhost"))
			.start()) {
			assertThat(check("--provider=mysql", "--host=localhost", "--port=" + server.port(),
					"--ca-path=" + authority.writeTo(this.directory), "--quick"))
				.isOne();
			assertThat(text("out.txt")).contains("verdict: NOT VERIFIED, UNTRUSTED_ISSUER\n").doesNotContain("WARN");
			assertThat(text("err.txt")).isEmpty();
		}
		assertThat(check("--provider=mysql", "--hots=localhost")).isEqualTo(2);
		assertThat(text("out.txt")).isEmpty();
		assertThat(text("err.txt")).startsWith("'--hots' is no argument of this check.\n");
	}

	private int check(String... arguments) throws Exception {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-cp", classPath(), DbTlsCheck.class.getName()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectOutput(this.directory.resolve("out.txt").toFile())
			.redirectError(this.directory.resolve("err.txt").toFile())
			.start();
		try {
			assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
			return process.exitValue();
		}
		finally {
			process.destroyForcibly();
		}
	}

	/** Without the tests' own logging. */
	private static String classPath() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.matches(".*test-classes[/\\\\]?"))
			.collect(Collectors.joining(File.pathSeparator));
	}

	private String text(String file) throws IOException {
		return Files.readString(this.directory.resolve(file)).replace(System.lineSeparator(), "\n");
	}

}
