package io.github.dbtls.integration;

import java.nio.file.Path;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code /actuator/health/dbtls} costs the server: one statement each time, counted
 * by the server.
 */
class HealthCostIntegrationTests {

	private static final int PROBES = 5;

	private final Authority authority = TestCertificates.authority("CN=Shop CA");

	@TempDir
	private Path directory;

	@Test
	@EnabledWithDocker
	void healthOnMySqlIsOneStatement() {
		assertOneStatement(LiveContainer.mySql("9.7"));
	}

	@Test
	void healthOnMariaDbIsOneStatement() {
		assertOneStatement(LiveMariaDb.shared());
	}

	private void assertOneStatement(LiveServer server) {
		server.show(this.authority, "localhost");
		Shape shape = Shape.of("mysql", server)
			.trusting(this.authority.writeTo(this.directory))
			.with("spring.datasource.hikari.maximum-pool-size", "1");
		ShopApplication.runner(shape.properties()).run((context) -> {
			assertThat(ShopApplication.health(context)).containsEntry("status", "UP");
			long connections = server.count("Connections");
			long before = server.count("Questions");
			for (int i = 0; i < PROBES; i++) {
				assertThat(ShopApplication.health(context)).containsEntry("status", "UP");
			}
			// Without the question itself.
			long statements = server.count("Questions") - before - 1;
			assertThat(statements).as("statements of %d probes", PROBES).isEqualTo(PROBES);
			assertThat(server.count("Connections")).isEqualTo(connections);
		});
	}

}
