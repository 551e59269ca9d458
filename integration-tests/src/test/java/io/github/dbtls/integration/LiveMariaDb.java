package io.github.dbtls.integration;

import java.util.function.Consumer;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EmbeddedMariaDb;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;

/**
 * MariaDB without Docker, which all test classes of this JVM share: it ends with the JVM.
 * Each test shows the certificate that it needs before it connects.
 */
final class LiveMariaDb extends LiveServer {

	private static LiveMariaDb shared;

	private final EmbeddedMariaDb database;

	private LiveMariaDb(EmbeddedMariaDb database) {
		this.database = database;
	}

	/**
	 * Return the server that all share.
	 * @return the server, started
	 */
	static synchronized LiveMariaDb shared() {
		if (shared == null) {
			shared = new LiveMariaDb(EmbeddedMariaDb.start(anyIdentity(), null));
		}
		return shared;
	}

	private static Identity anyIdentity() {
		return TestCertificates.authority("CN=Unused CA").server("unused.example.com");
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
		try (EmbeddedMariaDb plain = EmbeddedMariaDb.start(anyIdentity(), null, "--require-secure-transport=OFF",
				"--skip-ssl")) {
			task.accept(new LiveMariaDb(plain));
		}
	}

}
