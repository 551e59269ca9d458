package io.github.dbtls.trust;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

import io.github.dbtls.DbTlsConfigurationException;

/**
 * Keeps the certificates that may issue others.
 * <p>
 * A certificate of version 3 is an authority if it says so in basicConstraints and its
 * keyUsage, where it has one, allows keyCertSign (RFC 5280, 4.2.1.9 and 4.2.1.3). Older
 * versions can say nothing: a self-signed one counts as a root, as RFC 5280, 6.1.4 (k)
 * leaves to other means, here to the file that names it.
 */
final class Authorities {

	private static final int KEY_CERT_SIGN = 5;

	private Authorities() {
	}

	static List<X509Certificate> select(Contents contents, Problem problem, Instant now, Consumer<String> warnings) {
		List<X509Certificate> authorities = new ArrayList<>();
		List<X509Certificate> others = new ArrayList<>();
		for (X509Certificate certificate : new LinkedHashSet<>(contents.certificates())) {
			(isAuthority(certificate) ? authorities : others).add(certificate);
		}
		if (authorities.isEmpty()) {
			throw noAuthority(others, problem);
		}
		if (authorities.stream().noneMatch((authority) -> isValid(authority, now))) {
			throw noneValid(authorities, problem, now);
		}
		if (!others.isEmpty()) {
			warnings.accept(problem.sentence("also holds %s of no authority, which will not be trusted: %s"
				.formatted(Texts.count(others.size(), "certificate"), Texts.subjects(others))));
		}
		if (!contents.others().isEmpty()) {
			boolean key = contents.others().stream().anyMatch((other) -> other.contains("private key"));
			warnings.accept(problem.sentence(
					"also holds what is no certificate and is left out: %s%s".formatted(Texts.some(contents.others()),
							key ? ". A private key does not belong into a file of trust, which many may read" : "")));
		}
		return authorities;
	}

	static boolean isAuthority(X509Certificate certificate) {
		if (certificate.getVersion() < 3) {
			return isSelfSigned(certificate);
		}
		boolean[] usage = certificate.getKeyUsage();
		return certificate.getBasicConstraints() != -1 && (usage == null || usage[KEY_CERT_SIGN]);
	}

	private static boolean isSelfSigned(X509Certificate certificate) {
		if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
			return false;
		}
		try {
			certificate.verify(certificate.getPublicKey());
			return true;
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	private static boolean isValid(X509Certificate certificate, Instant now) {
		return !isExpired(certificate, now) && !now.isBefore(certificate.getNotBefore().toInstant());
	}

	private static boolean isExpired(X509Certificate certificate, Instant now) {
		return now.isAfter(certificate.getNotAfter().toInstant());
	}

	private static DbTlsConfigurationException noAuthority(List<X509Certificate> others, Problem problem) {
		X509Certificate first = others.get(0);
		String subject = Texts.subject(first);
		boolean selfSigned = first.getSubjectX500Principal().equals(first.getIssuerX500Principal());
		String action = selfSigned
				? "Name the certificate of the authority that issues the server's certificate. This one is "
						+ "self-signed and not marked as an authority, so it vouches for nobody: let an authority of "
						+ "your own (basicConstraints CA:TRUE, keyUsage keyCertSign) issue the server's certificate."
				: "Name the certificate of the authority that issued it: '%s'.".formatted(Texts.issuer(first));
		return (others.size() == 1)
				? problem.which("holds the certificate of a server, not of an authority: '%s'".formatted(subject),
						action)
				: problem.which("holds %d certificates and none of an authority: %s".formatted(others.size(),
						Texts.subjects(others)), action);
	}

	private static DbTlsConfigurationException noneValid(List<X509Certificate> authorities, Problem problem,
			Instant now) {
		int all = authorities.size();
		long expired = authorities.stream().filter((authority) -> isExpired(authority, now)).count();
		if (expired == all) {
			Instant last = authorities.stream()
				.map((authority) -> authority.getNotAfter().toInstant())
				.max(Comparator.naturalOrder())
				.orElseThrow();
			return problem.which(
					(all == 1) ? "holds a certificate that expired on %s".formatted(last)
							: "holds nothing that is valid: all %d certificates have expired, the last on %s"
								.formatted(all, last),
					"Download the current certificates of the authority. If the date is wrong, correct the clock: it "
							+ "says %s.".formatted(now));
		}
		Instant first = authorities.stream()
			.map((authority) -> authority.getNotBefore().toInstant())
			.filter(now::isBefore)
			.min(Comparator.naturalOrder())
			.orElseThrow();
		String others = (expired == 0) ? "none of the %d certificates is valid before %s".formatted(all, first)
				: "of %d certificates, %d expired, and no other is valid before %s".formatted(all, expired, first);
		return problem.which(
				(all == 1) ? "holds a certificate that is not valid before %s".formatted(first)
						: "holds nothing that is valid: " + others,
				"Correct the clock if it is wrong: it says %s. Or use the certificates that are in force today."
					.formatted(now));
	}

}
