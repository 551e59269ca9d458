package io.github.dbtls.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;

import javax.security.auth.x500.X500Principal;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.diagnosis.CertificateText;
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
		for (X509Certificate certificate : chain) {
			RefusedCertificateException dates = dates("", certificate, now, thrown);
			if (dates != null) {
				return dates;
			}
		}
		for (X509Certificate certificate : chain) {
			String weakness = WeakAlgorithmChecker.weakness(certificate);
			if (weakness != null && !isSelfIssued(certificate)) {
				return new RefusedCertificateException(HandshakeFailure.WEAK_ALGORITHM, weakness, thrown);
			}
		}
		boolean issuerIsTrusted = false;
		for (X509Certificate authority : authorities) {
			if (issued(authority, chain)) {
				RefusedCertificateException dates = dates("the trusted authority ", authority, now, thrown);
				if (dates != null) {
					return dates;
				}
				issuerIsTrusted = true;
			}
		}
		CertPathValidatorException validation = validation(thrown);
		if (issuerIsTrusted && validation != null) {
			HandshakeFailure failure = (validation.getReason() == BasicReason.ALGORITHM_CONSTRAINED)
					? HandshakeFailure.WEAK_ALGORITHM : HandshakeFailure.CERTIFICATE_INVALID;
			return new RefusedCertificateException(failure, String.valueOf(validation.getMessage()), thrown);
		}
		if (issuerIsTrusted) {
			return new RefusedCertificateException(HandshakeFailure.CERTIFICATE_INVALID,
					"no valid path leads to the trusted authority", thrown);
		}
		return new RefusedCertificateException(HandshakeFailure.UNTRUSTED_ISSUER,
				"no trusted authority issued the server's certificate", thrown);
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
		String name = CertificateText.name(certificate.getSubjectX500Principal());
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

	private static boolean isSelfIssued(X509Certificate certificate) {
		return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
	}

	private static boolean issued(X509Certificate authority, X509Certificate[] chain) {
		// The same name is not enough: authorities of TiDB Cloud's clusters all have one.
		X500Principal subject = authority.getSubjectX500Principal();
		for (X509Certificate certificate : chain) {
			if (certificate.getIssuerX500Principal().equals(subject) && isSignedBy(certificate, authority)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
		try {
			certificate.verify(authority.getPublicKey());
			return true;
		}
		catch (Exception ex) {
			return false;
		}
	}

	private static @Nullable CertPathValidatorException validation(@Nullable Throwable thrown) {
		Throwable current = thrown;
		for (int depth = 0; current != null && depth < 10; depth++) {
			if (current instanceof CertPathValidatorException validation) {
				return validation;
			}
			current = current.getCause();
		}
		return null;
	}

}
