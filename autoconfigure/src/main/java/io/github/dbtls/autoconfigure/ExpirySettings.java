package io.github.dbtls.autoconfigure;

import java.time.Duration;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsSettings.Setting;
import io.github.dbtls.tls.ExpiryRule;
import org.jspecify.annotations.Nullable;

/**
 * When the end of a certificate is worth a warning.
 */
final class ExpirySettings {

	/** Certificates are looked at this often: a shorter warning might come too late. */
	static final Duration SHORTEST_WARNING = Duration.ofHours(1);

	/** Authorities last longer, but who needs ten years to renew one? */
	private static final Duration LONGEST_WARNING = Duration.ofDays(3650);

	private ExpirySettings() {
	}

	/**
	 * Decide.
	 * @param warning how long before the end the user wants to know, or {@code null}
	 * @param outOfService whether health shall say so by its status, or {@code null}
	 * @return the rule
	 * @throws DbTlsConfigurationException if nobody could keep to it
	 */
	static ExpiryRule rule(@Nullable Setting<Duration> warning, @Nullable Setting<Boolean> outOfService) {
		Duration value = (warning != null) ? warning.value() : ExpiryRule.DEFAULT.warning();
		if (warning != null && !value.isZero()
				&& (value.compareTo(SHORTEST_WARNING) < 0 || value.compareTo(LONGEST_WARNING) > 0)) {
			throw new DbTlsConfigurationException(warning.property(),
					"'%s' is %s. A warning comes between an hour and ten years before a certificate expires."
						.formatted(warning.property(), value),
					"Set '%s' to a duration such as '14d' (a number without a unit is milliseconds), or to '0' for no warning."
						.formatted(warning.property()));
		}
		boolean status = outOfService != null && outOfService.value();
		if (warning != null && outOfService != null && status && value.isZero()) {
			throw new DbTlsConfigurationException(outOfService.property(),
					"'%s' is true, but '%s' is 0: without a warning nothing would ever be out of service for it."
						.formatted(outOfService.property(), warning.property()),
					"Set '%s' to a duration such as '14d', or '%s' to false.".formatted(warning.property(),
							warning.property().replaceFirst("expiry-warning$", "expiry-out-of-service")));
		}
		return new ExpiryRule(value, status);
	}

}
