package io.github.dbtls.trust;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates from DER: X.509, one after another, and PKCS#7. It finds where each
 * element ends, so that a broken one can be named; the elements are the JDK's to read.
 *
 * @param problem words what is wrong
 * @param limits how many certificates are read
 */
record DerReader(Problem problem, Limits limits) {

	private static final String AGAIN = "Download or export the file again. Nothing is skipped: a trust that "
			+ "lacks an authority fails later and elsewhere.";

	/**
	 * Read a whole file.
	 * @param bytes the file
	 * @return its certificates
	 */
	List<X509Certificate> read(byte[] bytes) {
		List<X509Certificate> certificates = new ArrayList<>();
		for (long offset = 0; offset < bytes.length;) {
			if (certificates.size() >= this.limits.certificates()) {
				throw BoundedInput.tooMany(this.problem, this.limits);
			}
			Der element = Der.at(bytes, offset);
			if (element == null || DerKind.of(element) == DerKind.UNKNOWN) {
				throw this.problem.which("has %s after certificate %d that are none"
					.formatted(Texts.size(bytes.length - offset), certificates.size()), AGAIN);
			}
			long end = Math.min(element.end(), bytes.length);
			certificates.addAll(readOne(Arrays.copyOfRange(bytes, (int) offset, (int) end),
					"certificate " + (certificates.size() + 1)));
			offset = end;
		}
		return certificates;
	}

	/**
	 * Read one element.
	 * @param bytes the element alone
	 * @param position which one it is, for messages
	 * @return one certificate, or those of a PKCS#7
	 */
	List<X509Certificate> readOne(byte[] bytes, String position) {
		DerKind kind = DerKind.of(bytes);
		Der element = Der.at(bytes, 0);
		if (element == null || kind == DerKind.UNKNOWN) {
			throw broken(position, "it is no DER", null);
		}
		if (kind != DerKind.CERTIFICATE && kind != DerKind.PKCS7) {
			throw this.problem.which("holds %s where a certificate should be (%s)".formatted(kind.words(), position),
					"Name a file with the certificates of the authority, and nothing else in it.");
		}
		if (element.isCutOff()) {
			throw this.problem.which("is cut short: %s announces %s and has %s".formatted(position,
					Texts.size(element.end()), Texts.size(bytes.length)), AGAIN);
		}
		if (element.end() < bytes.length) {
			throw broken(position, "%s too much".formatted(Texts.size(bytes.length - element.end())), null);
		}
		return (kind == DerKind.PKCS7) ? pkcs7(bytes, position) : List.of(certificate(bytes, position));
	}

	private X509Certificate certificate(byte[] bytes, String position) {
		try {
			return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(bytes));
		}
		catch (CertificateException | RuntimeException ex) {
			throw broken(position, Texts.reason(ex), ex);
		}
	}

	private List<X509Certificate> pkcs7(byte[] bytes, String position) {
		List<X509Certificate> certificates;
		try {
			certificates = factory().generateCertificates(new ByteArrayInputStream(bytes))
				.stream()
				.map(X509Certificate.class::cast)
				.toList();
		}
		catch (CertificateException | RuntimeException ex) {
			throw broken(position, "its PKCS#7 is damaged: " + Texts.reason(ex), ex);
		}
		if (certificates.isEmpty()) {
			throw this.problem.which("is PKCS#7 without a certificate in it",
					"Export the chain of certificates: PKCS#7 can also hold a signed or an encrypted message.");
		}
		if (certificates.size() > this.limits.certificates()) {
			throw BoundedInput.tooMany(this.problem, this.limits);
		}
		return certificates;
	}

	private static CertificateFactory factory() throws CertificateException {
		return CertificateFactory.getInstance("X.509");
	}

	private DbTlsConfigurationException broken(String position, String reason, @Nullable Throwable cause) {
		return this.problem.which("holds a certificate that cannot be read, %s: %s".formatted(position, reason), AGAIN,
				cause);
	}

}
