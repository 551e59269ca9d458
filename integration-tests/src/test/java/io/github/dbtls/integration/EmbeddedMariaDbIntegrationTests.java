package io.github.dbtls.integration;

import java.nio.file.Path;
import java.util.function.Consumer;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EmbeddedMariaDb;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Provider {@code mysql} on MariaDB, which needs no Docker.
 */
class EmbeddedMariaDbIntegrationTests {

	private final Identity unused = TestCertificates.authority("CN=Unused CA").server("unused.example.com");

	@TempDir
	private Path directory;

	@Test
	void serverWithCertificateOfOnesOwn() {
		try (EmbeddedMariaDb database = EmbeddedMariaDb.start(this.unused, null)) {
			MySqlShape.prove(new LiveMariaDb(database), this.directory);
		}
	}

	private final class LiveMariaDb extends LiveServer {

		private final EmbeddedMariaDb database;

		private LiveMariaDb(EmbeddedMariaDb database) {
			this.database = database;
		}

		@Override
		int port() {
			return this.database.port();
		}

		@Override
		String database() {
			return "shop";
		}

		@Override
		String user() {
			return this.database.user();
		}

		@Override
		String password() {
			return this.database.password();
		}

		@Override
		String administrator() {
			return this.database.user();
		}

		@Override
		String administratorPassword() {
			return this.database.password();
		}

		@Override
		void show(Identity identity, Authority issuer) {
			identity.writeTo(this.database.certificateDirectory());
			execute("FLUSH SSL");
		}

		@Override
		void withoutTls(Consumer<LiveServer> task) {
			try (EmbeddedMariaDb plain = EmbeddedMariaDb.start(EmbeddedMariaDbIntegrationTests.this.unused, null,
					"--require-secure-transport=OFF", "--skip-ssl")) {
				task.accept(new LiveMariaDb(plain));
			}
		}

	}

}
