package io.github.dbtls.check;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.EditDistance;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsSettings.Setting;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * What stands on the command line, in the spelling of the properties. Passwords do not:
 * every user of a machine sees command lines. They come from the environment variables
 * that set the same properties of an application.
 */
final class CheckArguments {

	/** All of them, in the order of the help. */
	static final List<String> NAMES = List.of("provider", "url", "host", "port", "address", "ca-path", "ssl-mode",
			"tls-versions", "ciphers", "client-certificate", "client-private-key", "timeout", "all-ciphers", "quick",
			"debug", "help");

	private static final Set<String> SWITCHES = Set.of("all-ciphers", "quick", "debug", "help");

	private static final Set<String> PASSWORDS = Set.of("ca-password", "client-private-key-password");

	private static final Set<String> LOGIN = Set.of("user", "username", "password", "database");

	private static final String PREFIX = "dbtls.";

	private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

	private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);

	private final Map<String, String> values;

	private final Map<String, String> environment;

	private CheckArguments(Map<String, String> values, Map<String, String> environment) {
		this.values = values;
		this.environment = environment;
	}

	/**
	 * Read the command line.
	 * @param args the arguments
	 * @param environment the environment variables
	 * @return the arguments
	 * @throws DbTlsConfigurationException if there is one that does not exist, or cannot
	 * be what it is
	 */
	static CheckArguments parse(String[] args, Map<String, String> environment) {
		SimpleCommandLinePropertySource source = source(args);
		if (source.containsProperty("nonOptionArgs")) {
			// It may be the password of somebody who wrote a blank before it.
			throw new DbTlsConfigurationException(null, "There is an argument that does not begin with '--'.",
					"Write each as '--name=value', with '=' and without blanks.");
		}
		Map<String, String> values = new LinkedHashMap<>();
		for (String argument : source.getPropertyNames()) {
			String name = argument.startsWith(PREFIX) ? argument.substring(PREFIX.length()) : argument;
			requireKnown(name);
			String value = String.join(",", source.getProperty(argument));
			if (values.put(name, value) != null || count(args, argument) > 1) {
				throw problem(name, "'--%s' is there more than once.".formatted(name), "Write it once.");
			}
			requireValue(name, value);
		}
		return new CheckArguments(values, environment);
	}

	private static SimpleCommandLinePropertySource source(String[] args) {
		// Spring's own exception would quote it.
		if (Arrays.stream(args).anyMatch((arg) -> arg.startsWith("--="))) {
			throw new DbTlsConfigurationException(null, "There is an argument without a name.",
					"Write each as '--name=value'.");
		}
		return new SimpleCommandLinePropertySource(args);
	}

	private static long count(String[] args, String argument) {
		return Arrays.stream(args)
			.filter((arg) -> arg.equals("--" + argument) || arg.startsWith("--" + argument + "="))
			.count();
	}

	private static void requireKnown(String name) {
		if (NAMES.contains(name)) {
			return;
		}
		if (PASSWORDS.contains(name)) {
			throw problem(name, "'--%s' would show the password to every user of this machine.".formatted(name),
					"Set the environment variable '%s' instead.".formatted(variable(name)));
		}
		if (LOGIN.contains(name)) {
			throw problem(name, "'--%s' is not needed: the check never logs in.".formatted(name), "Remove it.");
		}
		throw problem(name, "'--%s' is no argument of this check.".formatted(name),
				"The nearest that it has is '--%s'.".formatted(nearest(name, NAMES)));
	}

	private static void requireValue(String name, String value) {
		if (SWITCHES.contains(name)) {
			if (!value.isEmpty()) {
				throw problem(name, "'--%s' takes no value.".formatted(name), "Write '--%s' alone.".formatted(name));
			}
		}
		else if (value.isBlank()) {
			throw problem(name, "'--%s' has no value.".formatted(name),
					"Write '--%s=…', with '=' and without blanks.".formatted(name));
		}
	}

	/**
	 * Return the name that needs the fewest changes.
	 * @param wanted what was written
	 * @param known the names that there are
	 * @return one of them
	 */
	static String nearest(String wanted, List<String> known) {
		String lower = wanted.toLowerCase(Locale.ROOT).replace('_', '-');
		return known.stream()
			.min(Comparator.comparing((String name) -> !(name.contains(lower) || lower.contains(name)))
				.thenComparingInt((name) -> EditDistance.between(lower, name)))
			.orElseThrow();
	}

	/**
	 * Return the environment variable of a setting, as Spring Boot names it.
	 * @param name the setting
	 * @return the variable
	 */
	static String variable(String name) {
		return "DBTLS_" + name.replace("-", "").toUpperCase(Locale.ROOT);
	}

	/**
	 * Return whether a name is that of an argument.
	 * @param property the name, as messages about properties have it
	 * @return whether it is
	 */
	static boolean isOne(String property) {
		return property.startsWith(PREFIX);
	}

	static DbTlsConfigurationException problem(String name, String description, String action) {
		return new DbTlsConfigurationException(PREFIX + name, description, action);
	}

	boolean isHelpWanted() {
		return this.values.containsKey("help");
	}

	boolean has(String name) {
		return this.values.containsKey(name);
	}

	@Nullable String value(String name) {
		return this.values.get(name);
	}

	/**
	 * Return a setting, under the name that it has in an application.
	 * @param name its name
	 * @return the setting, or {@code null} if it is not made
	 */
	@Nullable Setting<String> setting(String name) {
		String value = PASSWORDS.contains(name) ? this.environment.get(variable(name)) : this.values.get(name);
		return (value != null) ? new Setting<>(PREFIX + name, value) : null;
	}

	@Nullable Setting<List<String>> list(String name) {
		String value = this.values.get(name);
		return (value != null)
				? new Setting<>(PREFIX + name, Arrays.stream(value.split(",", -1)).map(String::trim).toList()) : null;
	}

	@Nullable Setting<SslMode> sslMode() {
		String value = this.values.get("ssl-mode");
		if (value == null) {
			return null;
		}
		String wanted = value.trim().toLowerCase(Locale.ROOT).replace('_', '-');
		for (SslMode mode : SslMode.values()) {
			if (mode.propertyValue().equals(wanted)) {
				return new Setting<>(PREFIX + "ssl-mode", mode);
			}
		}
		throw problem("ssl-mode", "'--ssl-mode' is '%s', which is no mode.".formatted(value),
				"Set it to 'verify-identity', 'verify-ca' or 'required', or remove it.");
	}

	int port(int otherwise) {
		String value = this.values.get("port");
		if (value == null) {
			return otherwise;
		}
		int port = value.trim().matches("\\d{1,5}") ? Integer.parseInt(value.trim()) : 0;
		if (port < 1 || port > 65535) {
			throw problem("port", "'--port' is '%s', which is no port.".formatted(value),
					"Set it to a number from 1 to 65535, or remove it.");
		}
		return port;
	}

	Duration timeout(Duration otherwise) {
		String value = this.values.get("timeout");
		if (value == null) {
			return otherwise;
		}
		try {
			Duration timeout = DurationStyle.detectAndParse(value.trim());
			if (timeout.compareTo(SHORTEST_TIMEOUT) >= 0 && timeout.compareTo(LONGEST_TIMEOUT) <= 0) {
				return timeout;
			}
		}
		catch (IllegalArgumentException ex) {
			// As for one that is out of range.
		}
		throw problem("timeout", "'--timeout' is '%s'.".formatted(value),
				"Set it to a duration such as '10s' or '500ms', of five minutes at most.");
	}

}
