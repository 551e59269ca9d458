package io.github.dbtls.autoconfigure;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.dbtls.CertificateExpiryEvent;
import io.github.dbtls.CertificateRole;
import io.github.dbtls.diagnosis.CertificateText;
import io.github.dbtls.tls.CertificateInUse;
import io.github.dbtls.tls.PoolTls;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells of certificates of one pool that expire soon: by one WARN for each, and by an
 * event a day.
 */
final class ExpiryNotices {

	static final Duration PAUSE = Duration.ofDays(1);

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final PoolTls tls;

	private final Consumer<Object> events;

	/** Guarded by this. */
	private final Map<Expiring, Instant> told = new HashMap<>();

	ExpiryNotices(PoolTls tls, Consumer<Object> events) {
		this.tls = tls;
		this.events = events;
	}

	/**
	 * Look at the certificates that connections depend on, without connecting.
	 * @param now the time
	 */
	synchronized void look(Instant now) {
		List<CertificateInUse> expiring = this.tls.expiring(now);
		// One that goes and comes again, since there are several servers, is no news.
		this.told.entrySet()
			.removeIf((told) -> !told.getValue().plus(PAUSE.multipliedBy(2)).isAfter(now)
					&& expiring.stream().map(Expiring::of).noneMatch(told.getKey()::equals));
		for (CertificateInUse certificate : expiring) {
			Expiring key = Expiring.of(certificate);
			Instant before = this.told.get(key);
			if (before == null) {
				logger.warn(text(certificate, now));
			}
			if (before == null || !before.plus(PAUSE).isAfter(now)) {
				this.told.put(key, now);
				this.events.accept(new CertificateExpiryEvent(this.tls.name(), now, certificate.role(),
						subject(certificate), certificate.hosts(), certificate.notAfter()));
			}
		}
	}

	private String text(CertificateInUse certificate, Instant now) {
		Duration left = Duration.between(now, certificate.notAfter());
		String end = CertificateText.day(certificate.notAfter());
		return "%s: %s %s. %s".formatted(this.tls.name(), what(certificate),
				left.isNegative() ? "expired on " + end : "expires on %s, %s".formatted(end, in(left)),
				action(certificate));
	}

	private static String in(Duration left) {
		long days = left.toDays();
		return (days > 1) ? "in %d days".formatted(days) : "in %d hours".formatted(left.toHours());
	}

	private String what(CertificateInUse certificate) {
		String subject = subject(certificate);
		String hosts = String.join(", ", certificate.hosts());
		return switch (certificate.role()) {
			case SERVER -> "the certificate of the server at %s (%s)".formatted(hosts, subject);
			case CHAIN ->
				"the certificate of the authority '%s', which the server at %s sends along,".formatted(subject, hosts);
			case ANCHOR -> "the trusted authority '%s' of %s, which the certificate of the server at %s leads to,"
				.formatted(subject, this.tls.trust().source(), hosts);
			case CLIENT -> "the client certificate '%s'".formatted(subject);
		};
	}

	private static String action(CertificateInUse certificate) {
		return switch (certificate.role()) {
			case SERVER, CHAIN -> "No connection can be opened after that: have it renewed at the server.";
			case ANCHOR -> "No connection can be opened after that: have its successor trusted beside it, then let "
					+ "the server change to a certificate of that.";
			case CLIENT -> "Servers refuse it after that: renew it, or the authority among its certificates.";
		};
	}

	private static String subject(CertificateInUse certificate) {
		return CertificateText.name(certificate.certificate().getSubjectX500Principal());
	}

	/**
	 * What was told.
	 *
	 * @param role what the certificate is to connections
	 * @param certificate the certificate
	 */
	private record Expiring(CertificateRole role, X509Certificate certificate) {

		private static Expiring of(CertificateInUse certificate) {
			return new Expiring(certificate.role(), certificate.certificate());
		}

	}

}
