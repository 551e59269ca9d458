package io.github.dbtls.integration;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Provider {@code mysql} on MariaDB, which needs no Docker.
 */
class EmbeddedMariaDbIntegrationTests {

	@TempDir
	private Path directory;

	@Test
	void serverWithCertificateOfOnesOwn() {
		MySqlShape.prove(LiveMariaDb.shared(), this.directory);
	}

}
