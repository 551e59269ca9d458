package io.github.dbtls.autoconfigure;

import java.time.Duration;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * How often changed files are looked for.
 */
final class ReloadSettings {

	static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);

	/** Looking costs a read of the files: more often than this helps nobody. */
	private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

	private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

	private ReloadSettings() {
	}

	/**
	 * Decide.
	 * @param setting what the user asked for
	 * @return the interval, or zero if files are not looked at again
	 * @throws DbTlsConfigurationException if it is no interval to look for files at
	 */
	static Duration interval(@Nullable Setting<Duration> setting) {
		if (setting == null) {
			return DEFAULT_INTERVAL;
		}
		Duration value = setting.value();
		if (!value.isZero() && (value.compareTo(SHORTEST_INTERVAL) < 0 || value.compareTo(LONGEST_INTERVAL) > 0)) {
			throw new DbTlsConfigurationException(setting.property(),
					"'%s' is %s. Changed files are looked for every second at most and every day at least."
						.formatted(setting.property(), value),
					"Set '%s' to a duration such as '10s' (a number without a unit is milliseconds), or to '0' to switch reloading off."
						.formatted(setting.property()));
		}
		return value;
	}

}
