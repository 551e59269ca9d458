package io.github.dbtls.integration;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Evidence;
import io.github.dbtls.testkit.Evidence.Kind;
import io.github.dbtls.testkit.Identity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/**
 * Certificates and authorities change under load, on real servers: no transaction fails
 * but for a restart of the server, and what was removed is not used any more.
 * <p>
 * The servers are rotated at the same time, and each test waits for its own. With
 * {@code -Dsoak=PT10M} it goes on for ten minutes.
 */
@Tag("once")
class RotationIntegrationTests {

	private static final Map<String, CompletableFuture<Void>> runs = new LinkedHashMap<>();

	private static ExecutorService executor;

	@TempDir
	private static Path directory;

	@BeforeAll
	static void startAll() {
		executor = Executors.newCachedThreadPool();
		run("MariaDB 11.4", RotatedServer::mariaDb);
		if (DockerClientFactory.instance().isDockerAvailable()) {
			run("MySQL 9.7", RotatedServer::mysql);
			run("TiDB 8.5", RotatedServer::tidb);
		}
	}

	private static void run(String name, Function<Identity, RotatedServer> server) {
		runs.put(name, CompletableFuture.runAsync(() -> new Rotation(name, directory).run(server), executor));
	}

	@AfterAll
	static void stopAll() {
		executor.shutdownNow();
	}

	@Test
	void mariaDbIsRotatedUnderLoad() throws Exception {
		runs.get("MariaDB 11.4").get();
		Evidence.of(Kind.ROTATION, "MariaDB 11.4");
	}

	@Test
	@EnabledWithDocker
	void mySqlIsRotatedUnderLoad() throws Exception {
		runs.get("MySQL 9.7").get();
		Evidence.of(Kind.ROTATION, "MySQL 9.7");
	}

	@Test
	@EnabledWithDocker
	void tiDbIsRotatedUnderLoad() throws Exception {
		runs.get("TiDB 8.5").get();
		Evidence.of(Kind.ROTATION, "TiDB 8.5");
	}

	@Test
	void nothingIsLeftBehind() {
		runs.values().forEach((run) -> run.exceptionally((ex) -> null).join());
		Rotation.await(() -> Rotation.threads("dbtls-").isEmpty(), "threads");
		Rotation.await(() -> Rotation.tlsContexts() <= Rotation.EARLIER, "contexts");
	}

}
