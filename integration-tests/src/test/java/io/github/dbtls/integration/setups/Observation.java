package io.github.dbtls.integration.setups;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.dbtls.integration.setups.Database.Login;
import io.github.dbtls.integration.setups.Handshakes.Handshake;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What happened between an application and its servers, from two witnesses: the servers'
 * logs of logins, and the JVM's record of TLS handshakes. A connection that dbtls did not
 * secure is a login without a handshake of ours, whatever the application believes.
 */
final class Observation implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final List<Database> databases;

	private final Handshakes handshakes;

	private Observation(List<Database> databases) {
		this.databases = databases;
		databases.forEach(Database::forgetLogins);
		this.handshakes = Handshakes.record();
	}

	static Observation of(Database... databases) {
		return new Observation(List.of(databases));
	}

	/**
	 * Check that every connection which reached a server was TLS, made by dbtls. The last
	 * ones may be on their way when this is called: pools fill themselves in the
	 * background.
	 * @param atLeast how many there must have been
	 */
	void assertSecured(int atLeast) {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (true) {
			try {
				assertSecuredNow(atLeast);
				return;
			}
			catch (AssertionError ex) {
				if (System.nanoTime() - end > 0) {
					throw ex;
				}
				pause();
			}
		}
	}

	static void pause() {
		try {
			Thread.sleep(20);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	void assertSecuredNow(int atLeast) {
		List<Handshake> all = this.handshakes.list();
		List<Login> seen = new ArrayList<>();
		for (Database database : this.databases) {
			List<Login> logins = database.logins();
			List<Handshake> handshakes = all.stream()
				.filter((handshake) -> handshake.port() == database.port())
				.toList();
			assertThat(logins).isNotEmpty().allMatch(Login::encrypted);
			assertThat(handshakes).as("handshakes for %s", logins)
				.hasSameSizeAs(logins)
				.allMatch(Handshake::ours)
				.allMatch((handshake) -> handshake.protocol().equals("TLSv1.3"));
			seen.addAll(logins);
		}
		assertThat(seen).hasSizeGreaterThanOrEqualTo(atLeast);
	}

	/**
	 * Check that nobody logged in, nor finished a handshake.
	 */
	void assertNobodyLoggedIn() {
		List<Integer> ports = this.databases.stream().map(Database::port).toList();
		assertThat(this.databases).flatExtracting(Database::logins).isEmpty();
		assertThat(this.handshakes.list()).noneMatch((handshake) -> ports.contains(handshake.port()));
	}

	/**
	 * Return who logged in.
	 * @return the users' names
	 */
	Set<String> users() {
		return this.databases.stream()
			.flatMap((database) -> database.logins().stream())
			.map(Login::user)
			.collect(Collectors.toSet());
	}

	@Override
	public void close() {
		this.handshakes.close();
	}

}
