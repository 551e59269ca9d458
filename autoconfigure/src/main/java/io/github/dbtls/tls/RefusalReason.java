package io.github.dbtls.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.diagnosis.CertificateText;
import io.github.dbtls.diagnosis.IssuedPath;
import io.github.dbtls.diagnosis.RefusedCertificateException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why no path was found: the JDK's path builder says little more than that
 * there is none. Runs after a refusal only, and cannot turn it into anything else.
 */
final class RefusalReason {

	private RefusalReason() {
	}

	static RefusedCertificateException of(X509Certificate[] chain, List<X509Certificate> authorities, Instant now,
			@Nullable CertPathBuilderException thrown) {
		List<X509Certificate> path = IssuedPath.of(List.of(chain)).certificates();
		List<X509Certificate> issuers = issuers(path, authorities);
		if (issuers.isEmpty()) {
			return new RefusedCertificateException(HandshakeFailure.UNTRUSTED_ISSUER,
					"no trusted authority issued the server's certificate", thrown);
		}
		X509Certificate issuer = issuers.stream()
			.filter((authority) -> dates("", authority, now, null) == null)
			.findFirst()
			.orElse(issuers.get(0));
		List<X509Certificate> below = below(path, issuer);
		for (X509Certificate certificate : below) {
			RefusedCertificateException dates = dates("", certificate, now, thrown);
			if (dates != null) {
				return dates;
			}
		}
		RefusedCertificateException dates = dates("the trusted authority ", issuer, now, thrown);
		if (dates != null) {
			return dates;
		}
		for (X509Certificate certificate : below) {
			String weakness = WeakAlgorithmChecker.weakness(certificate);
			if (weakness != null) {
				return new RefusedCertificateException(HandshakeFailure.WEAK_ALGORITHM, weakness, thrown);
			}
		}
		return brokenRule(below, issuer, now, thrown);
	}

	private static RefusedCertificateException brokenRule(List<X509Certificate> path, X509Certificate issuer,
			Instant now, @Nullable CertPathBuilderException thrown) {
		// The builder keeps to itself which rule was broken; the validator tells.
		try {
			PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
			parameters.setRevocationEnabled(false);
			parameters.setDate(Date.from(now));
			CertPathValidator.getInstance("PKIX")
				.validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
		}
		catch (CertPathValidatorException ex) {
			HandshakeFailure failure = (ex.getReason() == BasicReason.ALGORITHM_CONSTRAINED)
					? HandshakeFailure.WEAK_ALGORITHM : HandshakeFailure.CERTIFICATE_INVALID;
			String name = (ex.getIndex() >= 0) ? name(path.get(ex.getIndex())) + ": " : "";
			return new RefusedCertificateException(failure, name + ex.getMessage(), ex);
		}
		catch (GeneralSecurityException ex) {
			return new RefusedCertificateException(HandshakeFailure.CERTIFICATE_INVALID,
					String.valueOf(ex.getMessage()), ex);
		}
		return new RefusedCertificateException(HandshakeFailure.CERTIFICATE_INVALID,
				"no valid path leads to the trusted authority", thrown);
	}

	private static List<X509Certificate> issuers(List<X509Certificate> path, List<X509Certificate> authorities) {
		return authorities.stream()
			.filter((authority) -> path.stream()
				.anyMatch((certificate) -> IssuedPath.isIssuedBy(certificate, authority)))
			.toList();
	}

	private static List<X509Certificate> below(List<X509Certificate> path, X509Certificate issuer) {
		for (int i = 0; i < path.size(); i++) {
			if (IssuedPath.isIssuedBy(path.get(i), issuer)) {
				return path.subList(0, i + 1);
			}
		}
		return path;
	}

	static void checkDates(X509Certificate[] chain, Instant now) throws RefusedCertificateException {
		for (X509Certificate certificate : chain) {
			RefusedCertificateException refused = dates("", certificate, now, null);
			if (refused != null) {
				throw refused;
			}
		}
	}

	private static @Nullable RefusedCertificateException dates(String role, X509Certificate certificate, Instant now,
			@Nullable Throwable thrown) {
		Date date = Date.from(now);
		String name = name(certificate);
		if (date.after(certificate.getNotAfter())) {
			return new RefusedCertificateException(HandshakeFailure.EXPIRED,
					"%s%s was valid until %s".formatted(role, name, certificate.getNotAfter().toInstant()), thrown);
		}
		if (date.before(certificate.getNotBefore())) {
			return new RefusedCertificateException(HandshakeFailure.NOT_YET_VALID,
					"%s%s is valid from %s on".formatted(role, name, certificate.getNotBefore().toInstant()), thrown);
		}
		return null;
	}

	private static String name(X509Certificate certificate) {
		return CertificateText.name(certificate.getSubjectX500Principal());
	}

}
