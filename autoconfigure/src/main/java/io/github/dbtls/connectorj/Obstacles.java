package io.github.dbtls.connectorj;

import java.util.Locale;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.SslMode;
import org.jspecify.annotations.Nullable;

/**
 * Driver settings that stand in the way of the policy. A value is printed only where it
 * cannot be a secret, however its name is written: these texts end up in logs.
 */
final class Obstacles {

	private Obstacles() {
	}

	static void refuse(String where, Place place, String prefix, String name, String value) {
		String spelling = DriverProperty.correctSpelling(name);
		if (spelling != null) {
			throw refused(where, place, name, DriverProperty.isPrintable(spelling) ? value : null,
					"MySQL Connector/J ignores, since it compares names with case: it is '%s'".formatted(spelling),
					"Remove it and use '%s.*' instead.".formatted(prefix));
		}
		if (name.equals(DriverProperty.SSL_MODE)) {
			if (mode(value) == null) {
				throw refused(where, place, name, value, "does not guarantee encryption",
						"Remove it: '%s.ssl-mode' decides, and it never allows plain text.".formatted(prefix));
			}
		}
		else if (DriverProperty.isSwitch(name)) {
			if (!isTrue(value)) {
				throw refused(where, place, name, value, "asks for less than dbtls guarantees",
						"Remove it: '%s.ssl-mode' decides.".formatted(prefix));
			}
		}
		else if (name.equals(DriverProperty.ALLOW_PUBLIC_KEY_RETRIEVAL)) {
			if (isTrue(value)) {
				throw refused(where, place, name, value,
						"lets whoever answers send a key of its own to encrypt the password with",
						"Remove it: over TLS it is not needed.");
			}
		}
		else if (name.equals(DriverProperty.SOCKET_FACTORY)) {
			throw refused(where, place, name, value, "replaces the socket factory that dbtls verifies the server with",
					"Remove it, or exempt this DataSource with 'dbtls.data-sources.<bean name>.enabled: false'.");
		}
		else {
			String replacement = DriverProperty.replacement(name, prefix);
			if (replacement != null) {
				throw refused(where, place, name, null, "has no effect on connections that dbtls secures",
						"Remove it and use " + replacement + " instead.");
			}
		}
	}

	/**
	 * Read a mode of the driver.
	 * @param value the driver's value
	 * @return the mode, or {@code null} if it does not guarantee encryption
	 */
	static @Nullable SslMode mode(@Nullable String value) {
		if (value == null) {
			return null;
		}
		return switch (value.trim().toUpperCase(Locale.ROOT)) {
			case "REQUIRED" -> SslMode.REQUIRED;
			case "VERIFY_CA" -> SslMode.VERIFY_CA;
			case "VERIFY_IDENTITY" -> SslMode.VERIFY_IDENTITY;
			default -> null;
		};
	}

	private static boolean isTrue(String value) {
		return value.trim().equalsIgnoreCase("true") || value.trim().equalsIgnoreCase("yes");
	}

	private static DbTlsConfigurationException refused(String where, Place place, String name, @Nullable String value,
			String why, String action) {
		String setting = (value != null) ? name + "=" + value : name;
		return new DbTlsConfigurationException(place.property().apply(name),
				"%s has the driver setting '%s' %s, which %s.".formatted(where, setting, place.words(), why), action);
	}

}
