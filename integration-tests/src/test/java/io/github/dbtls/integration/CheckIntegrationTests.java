package io.github.dbtls.integration;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The check from the command line, in a JVM of its own, on real servers.
 */
@EnabledWithDocker
class CheckIntegrationTests {

	private static final String CHECK = "io.github.dbtls.check.DbTlsCheck";

	private final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private Path directory;

	private String out = "";

	@Test
	void checkTellsWhatServersDo() throws Exception {
		for (LiveServer server : List.of(LiveContainer.mySql("9.7"), LiveContainer.mySql("8.0"))) {
			check("mysql", server);
			// What the report says of the server's count.
			long before = server.count("Aborted_connects");
			assertThat(run("mysql", server, "--quick")).isZero();
			assertThat(server.count("Aborted_connects")).isEqualTo(before + 1);
		}
		check("tidb", LiveContainer.tidb());
		Evidence.of(Kind.SET_UP, "Check from the command line");
	}

	private void check(String provider, LiveServer server) throws Exception {
		server.show(this.authority, "localhost");
		assertThat(run(provider, server)).as(this.out).isZero();
		assertThat(this.out).containsSubsequence("negotiated: TLSv1.3, TLS_AES_", "resumption: yes\n",
				"TLSv1.3: accepted, chooses TLS_AES_", "TLSv1.2: accepted, chooses TLS_ECDHE_ECDSA_",
				"certificate 1: CN=localhost\n", "issuer: CN=Shop CA\n", "authority: CN=Shop CA",
				"connections: 4 without login", "verdict: verified\n");
		assertThat(run(provider, server, "--all-ciphers")).as(this.out).isZero();
		assertThat(this.out)
			.contains("  TLS_AES_128_GCM_SHA256\n", "  TLS_AES_256_GCM_SHA384\n",
					"  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n")
			.doesNotContain("perhaps more");
		server.show(TestCertificates.authority("CN=Shop CA"), "localhost");
		assertThat(run(provider, server)).as(this.out).isOne();
		assertThat(this.out).contains("verdict: NOT VERIFIED, UNTRUSTED_ISSUER\n", "Presented by the server:");
		server.show(this.authority, "db.example.com");
		assertThat(run(provider, server, "--ssl-mode=verify-identity")).as(this.out).isOne();
		assertThat(this.out).contains("verdict: NOT VERIFIED, HOST_NAME_MISMATCH\n");
		server.show(this.authority, "localhost");
	}

	private int run(String provider, LiveServer server, String... more) throws Exception {
		Path report = this.directory.resolve("report.txt");
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-cp", classPath(), CHECK, "--provider=" + provider, "--host=localhost",
				"--port=" + server.port(), "--ca-path=" + this.authority.writeTo(this.directory)));
		command.addAll(List.of(more));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(report.toFile()).start();
		try {
			assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
			this.out = Files.readString(report).replace(System.lineSeparator(), "\n");
			return process.exitValue();
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static String classPath() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.matches(".*test-classes[/\\\\]?"))
			.collect(Collectors.joining(File.pathSeparator));
	}

}
