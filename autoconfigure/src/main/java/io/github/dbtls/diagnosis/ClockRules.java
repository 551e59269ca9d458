package io.github.dbtls.diagnosis;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Certificates outside their dates, or the clock of this machine (RFC 5280, 4.1.2.5).
 */
final class ClockRules {

	/**
	 * No machine that runs this code has a right clock that says less. To be moved on
	 * with each release.
	 */
	static final Instant WRITTEN = Instant.parse("2026-11-01T00:00:00Z");

	private static final String SET_IT = "Set this machine's clock, or that of the host if this is a container, and let "
			+ "NTP keep it right.";

	private ClockRules() {
	}

	/**
	 * A clock that says less than the day this code was written is wrong for certain.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding beforeThisVersion(HandshakeFacts facts, IssuedPath path) {
		return facts.time().isBefore(WRITTEN) ? Finding
			.complete("this machine's clock says %s, when this version of dbtls was not written yet (%s): it is wrong."
				.formatted(clock(facts), CertificateText.day(WRITTEN)), SET_IT) : null;
	}

	/**
	 * A server's certificate and the authority that issued it, neither of which is valid
	 * yet: whoever made the file of trust had a clock that was further on.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding allInTheFuture(HandshakeFacts facts, IssuedPath path) {
		List<X509Certificate> issuers = issuers(facts, path);
		Predicate<X509Certificate> future = (certificate) -> isFuture(certificate, facts.time());
		if (issuers.isEmpty() || !issuers.stream().allMatch(future) || !path.certificates().stream().allMatch(future)) {
			return null;
		}
		return Finding
			.of(("this machine's clock says %s. By it, neither what the server presented nor the trusted authority that "
					+ "issued it is valid yet: probably this clock is wrong, or the one where they were made.")
				.formatted(clock(facts)), SET_IT);
	}

	/**
	 * Where all that is trusted has expired, and all that the server presented, it is
	 * more likely the clock. Two certificates may have been made on one day for the same
	 * time, as MySQL does, so that they prove nothing.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding allExpired(HandshakeFacts facts, IssuedPath path) {
		List<X509Certificate> presented = path.certificates();
		Predicate<X509Certificate> expired = (certificate) -> isExpired(certificate, facts.time());
		if (facts.trusted().isEmpty() || presented.size() + facts.trusted().size() < 3
				|| !presented.stream().allMatch(expired) || !facts.trusted().stream().allMatch(expired)) {
			return null;
		}
		return Finding.of(
				("this machine's clock says %s. By it, all certificates that the server presented and all that are "
						+ "trusted have expired: the clock is probably wrong.")
					.formatted(clock(facts)),
				SET_IT + " If it is right, the server's certificates and the file of '%s' are outdated, both."
					.formatted(facts.policy().trustProperty()));
	}

	private static List<X509Certificate> issuers(HandshakeFacts facts, IssuedPath path) {
		return facts.trusted()
			.stream()
			.filter((authority) -> path.certificates()
				.stream()
				.anyMatch((certificate) -> IssuedPath.isIssuedBy(certificate, authority)))
			.toList();
	}

	/**
	 * One certificate outside its dates.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null} if the certificate is not found again
	 */
	static @Nullable Finding one(HandshakeFacts facts, IssuedPath path) {
		for (X509Certificate certificate : path.certificates()) {
			Finding finding = one(facts, certificate,
					(certificate == path.leaf()) ? "Renew the server's certificate, and let the server load it."
							: "Let the server send the renewed certificate of this intermediate authority.",
					(certificate == path.leaf()) ? "the server's own certificate"
							: "the intermediate authority '%s' that the server sends"
								.formatted(CertificateText.name(certificate.getSubjectX500Principal())));
			if (finding != null) {
				return finding;
			}
		}
		for (X509Certificate authority : issuers(facts, path)) {
			Finding finding = one(facts, authority,
					"Replace this authority in '%s' by its successor.".formatted(facts.policy().trustProperty()),
					"the trusted authority '%s'".formatted(CertificateText.name(authority.getSubjectX500Principal())));
			if (finding != null) {
				return finding;
			}
		}
		return null;
	}

	private static @Nullable Finding one(HandshakeFacts facts, X509Certificate certificate, String renew, String name) {
		if (isExpired(certificate, facts.time())) {
			return Finding.of(
					"%s expired %s ago: this machine's clock says %s.".formatted(name,
							time(certificate.getNotAfter().toInstant(), facts.time()), clock(facts)),
					renew + " If the clock is wrong, set it instead.");
		}
		if (!isFuture(certificate, facts.time())) {
			return null;
		}
		Instant begin = certificate.getNotBefore().toInstant();
		boolean soon = Duration.between(facts.time(), begin).toDays() < 1;
		return Finding.of(
				"%s begins to be valid in %s: this machine's clock says %s.%s".formatted(name,
						time(facts.time(), begin), clock(facts),
						soon ? " Less than a day is probably a wrong clock or time zone, here or where it was issued."
								: ""),
				"Compare this machine's clock with the real time, and set it if it is wrong. If it is right, the "
						+ "certificate was put into service too early.");
	}

	private static boolean isExpired(X509Certificate certificate, Instant time) {
		return time.isAfter(certificate.getNotAfter().toInstant());
	}

	private static boolean isFuture(X509Certificate certificate, Instant time) {
		return time.isBefore(certificate.getNotBefore().toInstant());
	}

	private static String time(Instant from, Instant to) {
		Duration time = Duration.between(from, to);
		return (time.toDays() > 0) ? count(time.toDays(), "day")
				: (time.toHours() > 0) ? count(time.toHours(), "hour") : count(time.toMinutes(), "minute");
	}

	private static String count(long number, String unit) {
		return "%d %s%s".formatted(number, unit, (number == 1) ? "" : "s");
	}

	private static String clock(HandshakeFacts facts) {
		return facts.time().truncatedTo(ChronoUnit.SECONDS).toString();
	}

}
