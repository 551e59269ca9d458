package io.github.dbtls.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * A secret that was seen where it must not be.
 *
 * @param channel how it came out
 * @param origin the logger, or the class of the exception
 * @param text the secret's name, and the text around it with the secret masked
 * @param test the test that ran when it came out
 */
public record Leak(Channel channel, String origin, String text, String test) {

	/**
	 * Leaks that are not ours, each of which is one text of one origin.
	 */
	private static final List<Exemption> exemptions = List.of(
			new Exemption(Channel.EXCEPTION, "com.mysql.cj.exceptions.WrongArgumentException",
					"Malformed database URL, failed to parse ",
					"The driver quotes a URL that it cannot parse; dbtls catches it, and drops it with its message."),
			new Exemption(Channel.LOG, "com.zaxxer.hikari.HikariConfig at DEBUG",
					"dataSourceProperties............{password=<masked>, trustCertificateKeyStoreType=PKCS12, ",
					"HikariCP masks no password but the login's. A pool of the stock driver, without dbtls."),
			new Exemption(Channel.LOG, "com.zaxxer.hikari.HikariConfig at DEBUG",
					"jdbcUrl.........................jdbc:mysql://odd:",
					"HikariCP masks a password that is a parameter of the URL, not one before the host."),
			new Exemption(Channel.LOG, "org.springframework.boot.env.OriginTrackedYamlLoader at DEBUG",
					"Merging document ",
					"Spring Boot logs each YAML file as a whole at DEBUG, before anything of dbtls is there."));

	private static final Queue<Leak> leaks = new ConcurrentLinkedQueue<>();

	/**
	 * Look at a text, and remember a leak if there is a secret in it.
	 * @param channel how the text came out
	 * @param origin the logger, or the class of the exception
	 * @param text the text
	 */
	static void inspect(Channel channel, String origin, String text) {
		inspect(channel, origin, text, Instant.now());
	}

	static void inspect(Channel channel, String origin, String text, Instant time) {
		String found = (text != null) ? Secrets.find(text) : null;
		if (found == null) {
			return;
		}
		Leak leak = new Leak(channel, origin, found, RunningTests.at(time));
		if (exemptions.stream().noneMatch((exemption) -> exemption.covers(leak, text))) {
			leaks.add(leak);
		}
	}

	/**
	 * Return what was seen, and forget it.
	 * @param which the leaks to return
	 * @return the leaks, the oldest first
	 */
	static List<Leak> drain(Predicate<Leak> which) {
		List<Leak> drained = new ArrayList<>(leaks.stream().filter(which).toList());
		leaks.removeAll(drained);
		return drained;
	}

	@Override
	public String toString() {
		return "%s of %s during %s: %s".formatted(this.channel, this.origin, this.test, this.text);
	}

	/**
	 * How a text comes out.
	 */
	public enum Channel {

		/** A log line at any level. */
		LOG,

		/** Standard output or standard error. */
		OUTPUT,

		/** An exception, caught or not. */
		EXCEPTION

	}

	private record Exemption(Channel channel, String origin, String text, String reason) {

		private boolean covers(Leak leak, String wholeText) {
			return leak.channel() == this.channel && leak.origin().equals(this.origin)
					&& wholeText.startsWith(this.text);
		}

	}

}
