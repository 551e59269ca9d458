package io.github.dbtls.integration.setups;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.dbtls.connectorj.PoolRegistry;
import io.github.dbtls.integration.setups.Database.Login;
import io.github.dbtls.integration.setups.devtools.RestartingApplication;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that devtools restarts in its own JVM: what dbtls keeps must go with the
 * application context.
 */
class DevToolsIntegrationTests {

	private static final Path DEVTOOLS = Path.of("target", "devtools", "spring-boot-devtools.jar");

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(180);

	private final Database database = Database.first();

	@TempDir
	private Path directory;

	@Test
	void restartedApplicationIsSecuredAndLeavesNothingBehind() throws Exception {
		String location = PoolRegistry.class.getProtectionDomain().getCodeSource().getLocation().getPath();
		Skips.unless(location.endsWith(".jar"), "restart by devtools", "dbtls is no jar here, as users have it");
		String url = this.database.schema("setup_devtools");
		this.database.execute("CREATE TABLE setup_devtools.start (id INT AUTO_INCREMENT PRIMARY KEY)");
		Path authority = Files.copy(this.database.authority(), this.directory.resolve("ca.pem"));
		Path output = this.directory.resolve("output.txt");
		this.database.forgetLogins();
		Process process = start(url, authority, output);
		try {
			String ready = "secured=true pools=1 threads=1 loader=RestartClassLoader";
			await(process, output, "READY rows=1 " + ready);
			restart();
			await(process, output, "READY rows=2 " + ready);
			Files.copy(this.database.stranger(), authority, StandardCopyOption.REPLACE_EXISTING);
			restart();
			await(process, output, "REFUSED pools=1");
			await(process, output, "no trusted authority issued the server's certificate");
			Files.copy(this.database.authority(), authority, StandardCopyOption.REPLACE_EXISTING);
			restart();
			await(process, output, "READY rows=3 " + ready);
		}
		finally {
			process.destroy();
			if (!process.waitFor(30, TimeUnit.SECONDS)) {
				process.destroyForcibly().waitFor();
			}
		}
		// Two of each start that was not refused.
		assertThat(this.database.logins()).hasSize(6).allMatch(Login::encrypted);
		Evidence.of(Kind.SET_UP, "Restart by devtools");
	}

	private Process start(String url, Path authority, Path output) throws IOException {
		Files.createDirectory(this.directory.resolve("trigger"));
		// A team that restarts its own libraries may write a pattern that is too wide.
		Path settings = Files.createDirectories(this.directory.resolve("classes/META-INF"))
			.resolve("spring-devtools.properties");
		Files.writeString(settings, "restart.include.own=/dbtls-[^/]*\\\\.jar\n");
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				String.join(File.pathSeparator, this.directory.resolve("classes").toString(),
						System.getProperty("java.class.path"), DEVTOOLS.toAbsolutePath().toString()),
				"-Dspring.devtools.restart.trigger-file=.restart",
				"-Dspring.devtools.restart.additional-paths=" + this.directory.resolve("trigger"),
				"-Dspring.devtools.restart.poll-interval=300ms", "-Dspring.devtools.restart.quiet-period=100ms",
				"-Dspring.devtools.livereload.enabled=false", RestartingApplication.class.getName(),
				"--spring.main.web-application-type=none", "--spring.main.keep-alive=true",
				"--spring.main.banner-mode=off", "--spring.flyway.enabled=false", "--spring.liquibase.enabled=false",
				"--spring.datasource.url=" + url, "--spring.datasource.username=app",
				"--spring.datasource.password=" + this.database.password(),
				"--spring.datasource.hikari.maximum-pool-size=2", "--dbtls.provider=mysql",
				"--dbtls.ca-path=" + authority);
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
	}

	/**
	 * Touch the trigger file as an IDE would after it compiled.
	 */
	private void restart() throws IOException {
		Files.writeString(this.directory.resolve("trigger/.restart"), String.valueOf(System.nanoTime()));
	}

	private static void await(Process process, Path output, String text) throws IOException {
		long start = System.nanoTime();
		while (!Files.readString(output).contains(text)) {
			assertThat(process.isAlive() && System.nanoTime() - start < PATIENCE)
				.as("'%s' in%n%s", text, Files.readString(output))
				.isTrue();
			Observation.pause();
		}
	}

}
