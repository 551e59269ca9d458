package io.github.dbtls.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PSSParameterSpec;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;

import io.github.dbtls.diagnosis.CertificateText;
import org.jspecify.annotations.Nullable;

/**
 * Refuses certificates below the trusted authority that are signed with MD5 or SHA-1, or
 * have an RSA key of less than 2048 bits, which the JDK still accepts from authorities
 * that are not its own. NIST SP 800-131A rev. 2 and the CA/Browser Forum's baseline
 * requirements, 6.1.5 and 7.1.3, allow neither.
 */
final class WeakAlgorithmChecker extends PKIXCertPathChecker {

	private static final int SHORTEST_RSA_KEY = 2048;

	/**
	 * RSASSA-PSS names its digest in parameters only, and SHA-1 is their default: RFC
	 * 4055, 3.1.
	 */
	private static final String RSASSA_PSS = "1.2.840.113549.1.1.10";

	@Override
	public void init(boolean forward) {
	}

	@Override
	public boolean isForwardCheckingSupported() {
		return true;
	}

	@Override
	public @Nullable Set<String> getSupportedExtensions() {
		return null;
	}

	@Override
	public void check(Certificate certificate, Collection<String> unresolvedCriticalExtensions)
			throws CertPathValidatorException {
		String weakness = weakness((X509Certificate) certificate);
		if (weakness != null) {
			throw new CertPathValidatorException(weakness, null, null, -1, BasicReason.ALGORITHM_CONSTRAINED);
		}
	}

	static @Nullable String weakness(X509Certificate certificate) {
		String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
		if (algorithm.contains("SHA1") || algorithm.contains("MD5") || algorithm.contains("MD2")
				|| (RSASSA_PSS.equals(certificate.getSigAlgOID()) && isSha1(certificate.getSigAlgParams()))) {
			return "%s is signed with %s".formatted(CertificateText.name(certificate.getSubjectX500Principal()),
					certificate.getSigAlgName());
		}
		if (certificate.getPublicKey() instanceof RSAKey key && key.getModulus().bitLength() < SHORTEST_RSA_KEY) {
			return "%s has an RSA key of %d bits".formatted(CertificateText.name(certificate.getSubjectX500Principal()),
					key.getModulus().bitLength());
		}
		return null;
	}

	private static boolean isSha1(byte @Nullable [] encoded) {
		if (encoded == null) {
			return true;
		}
		try {
			AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
			parameters.init(encoded);
			String digest = parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
			return digest.equalsIgnoreCase("SHA-1") || digest.equalsIgnoreCase("MD5");
		}
		catch (GeneralSecurityException | IOException ex) {
			return true;
		}
	}

}
