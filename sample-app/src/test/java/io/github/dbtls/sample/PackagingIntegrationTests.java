package io.github.dbtls.sample;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application as it is delivered: as an executable jar, and processed ahead of time.
 */
class PackagingIntegrationTests {

	private static final String AOT_PROCESSOR = "org.springframework.boot.SpringApplicationAotProcessor";

	private static final String[] ARGUMENTS = { "--server.port=0", "--spring.profiles.active=" };

	private static final Pattern SERVER = Pattern
		.compile("takes TLS connections on 127\\.0\\.0\\.1:(\\d+), its files are in (\\S+)");

	@TempDir
	private Path directory;

	@Test
	void executableJarIsSecured() throws Exception {
		String jar = RunningSample.executableJar().toString();
		try (RunningSample sample = RunningSample.start(this.directory, "-jar", jar, ARGUMENTS[0], ARGUMENTS[1])) {
			sample.assertWorksSecured();
			assertChecks(sample, jar);
		}
		try (RunningSample sample = RunningSample.start(this.directory, "-jar", jar, ARGUMENTS[0], ARGUMENTS[1],
				"--dbtls.ca-path=" + otherAuthority())) {
			assertThat(sample.awaitEnd()).isOne();
			assertRefused(sample);
		}
		SampleEvidence.of("set-up", "Executable jar");
	}

	@Test
	void applicationProcessedAheadOfTimeIsSecured() throws Exception {
		String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.endsWith("test-classes") && !entry.endsWith("test-classes" + File.separator))
			.collect(Collectors.joining(File.pathSeparator));
		Path sources = this.directory.resolve("sources");
		Path resources = this.directory.resolve("resources");
		Path classes = this.directory.resolve("classes");
		try (RunningSample processor = RunningSample.start(this.directory, "-cp", classPath, AOT_PROCESSOR,
				SampleApplication.class.getName(), sources.toString(), resources.toString(), classes.toString(),
				"io.github.dbtls", "sample", ARGUMENTS[0], ARGUMENTS[1])) {
			assertThat(processor.awaitEnd()).as(processor.output()).isZero();
			assertThat(processor.output()).doesNotContain("Starting an embedded MariaDB");
		}
		compile(sources, classes, classPath);
		String aotClassPath = String.join(File.pathSeparator, classes.toString(), resources.toString(), classPath);
		try (RunningSample sample = RunningSample.start(this.directory, "-Dspring.aot.enabled=true", "-cp",
				aotClassPath, SampleApplication.class.getName(), ARGUMENTS[0], ARGUMENTS[1])) {
			sample.assertWorksSecured();
			assertThat(sample.output()).contains("Starting AOT-processed SampleApplication");
		}
		try (RunningSample sample = RunningSample.start(this.directory, "-Dspring.aot.enabled=true", "-cp",
				aotClassPath, SampleApplication.class.getName(), ARGUMENTS[0], ARGUMENTS[1],
				"--dbtls.ca-path=" + otherAuthority())) {
			assertThat(sample.awaitEnd()).isOne();
			assertRefused(sample);
		}
		SampleEvidence.of("set-up", "AOT processing");
	}

	/**
	 * Check the database of a running application from the same jar, as the sample's own
	 * command and as any application's jar can be told to.
	 */
	private void assertChecks(RunningSample sample, String jar) throws Exception {
		Matcher server = SERVER.matcher(sample.output());
		assertThat(server.find()).as(sample.output()).isTrue();
		String port = "--port=" + server.group(1);
		String ca = "--ca-path=" + Path.of(server.group(2), "ca.pem");
		try (RunningSample check = RunningSample.start(this.directory, "-jar", jar, "check", "--provider=mysql",
				"--host=localhost", port, ca)) {
			assertThat(check.awaitEnd()).as(check.output()).isZero();
			assertThat(check.output()).startsWith("host: localhost:")
				.contains("certificate 1: CN=localhost")
				.endsWith("verdict: verified" + System.lineSeparator());
		}
		try (RunningSample check = RunningSample.start(this.directory, "-Dloader.main=io.github.dbtls.check.DbTlsCheck",
				"-cp", jar, "org.springframework.boot.loader.launch.PropertiesLauncher", "--provider=mysql",
				"--host=localhost", port, "--ca-path=" + otherAuthority())) {
			assertThat(check.awaitEnd()).as(check.output()).isOne();
			assertThat(check.output()).startsWith("host: localhost:")
				.contains("verdict: NOT VERIFIED, UNTRUSTED_ISSUER");
		}
	}

	private static void assertRefused(RunningSample sample) {
		assertThat(sample.output()).containsSubsequence("APPLICATION FAILED TO START", "Description:",
				"no trusted authority issued the server's certificate", "CN=Other", "Action:");
	}

	private static void compile(Path sources, Path classes, String classPath) throws Exception {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
				Stream<Path> tree = Files.walk(sources)) {
			List<Path> java = tree.filter((file) -> file.toString().endsWith(".java")).toList();
			assertThat(java).isNotEmpty();
			boolean compiled = compiler.getTask(
					null, files, null, List.of("-d", classes.toString(), "-cp",
							classes + File.pathSeparator + classPath, "-proc:none", "-nowarn"),
					null, files.getJavaFileObjectsFromPaths(java))
				.call();
			assertThat(compiled).isTrue();
		}
	}

	private Path otherAuthority() throws Exception {
		Path store = this.directory.resolve("other.p12");
		Path file = this.directory.resolve("other.pem");
		if (Files.notExists(file)) {
			keytool("-genkeypair", "-keystore", store.toString(), "-storepass", "changeit", "-alias", "ca", "-keyalg",
					"EC", "-dname", "CN=Other", "-ext", "bc:c=ca:true");
			keytool("-exportcert", "-rfc", "-keystore", store.toString(), "-storepass", "changeit", "-alias", "ca",
					"-file", file.toString());
		}
		return file;
	}

	private void keytool(String... arguments) throws Exception {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("keytool.txt").toFile())
			.start();
		assertThat(process.waitFor()).isZero();
	}

}
