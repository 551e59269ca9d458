package io.github.dbtls.tls;

import java.time.Duration;
import java.time.Instant;

/**
 * When the end of a certificate is worth a warning.
 *
 * @param warning how long before, or zero for never
 * @param outOfService whether health says so by its status
 */
public record ExpiryRule(Duration warning, boolean outOfService) {

	/** What applies unless the user says otherwise. */
	public static final ExpiryRule DEFAULT = new ExpiryRule(Duration.ofDays(14), false);

	boolean isWarned(CertificateInUse certificate, Instant now) {
		return !this.warning.isZero() && !now.plus(this.warning).isBefore(certificate.notAfter());
	}

}
