package io.github.dbtls.tls;

import java.security.cert.CertPath;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came of verifying a chain under trust that does not change: the same chain leads
 * to the same authority for as long as all certificates on the way there are within their
 * dates.
 *
 * @param certificates the certificates on the way, leaf first, without the authority
 * @param authority the authority that the chain leads to
 * @param since when the latest of them came into force
 * @param until when the first of them expires
 */
record VerifiedPath(List<X509Certificate> certificates, X509Certificate authority, Instant since, Instant until) {

	/**
	 * The dates of certificates are not all that a time can change: an algorithm may be
	 * disabled from a day on ({@code denyAfter} in the security property
	 * {@code jdk.certpath.disabledAlgorithms}).
	 */
	private static final Duration LONGEST = Duration.ofHours(1);

	static VerifiedPath of(CertPath path, X509Certificate authority, Instant now) {
		List<X509Certificate> below = path.getCertificates().stream().map(X509Certificate.class::cast).toList();
		List<X509Certificate> all = Stream.concat(Stream.of(authority), below.stream()).toList();
		Stream<Instant> starts = all.stream().map((certificate) -> certificate.getNotBefore().toInstant());
		Stream<Instant> ends = all.stream().map((certificate) -> certificate.getNotAfter().toInstant());
		return new VerifiedPath(below, authority,
				Stream.concat(starts, Stream.of(now.minus(LONGEST))).max(Comparator.naturalOrder()).orElseThrow(),
				Stream.concat(ends, Stream.of(now.plus(LONGEST))).min(Comparator.naturalOrder()).orElseThrow());
	}

	/**
	 * Return whether verifying the chain again would come to the same.
	 * @param time the time to verify it at
	 * @return whether it would
	 */
	boolean holdsAt(Instant time) {
		return !time.isBefore(this.since) && !time.isAfter(this.until);
	}

}
