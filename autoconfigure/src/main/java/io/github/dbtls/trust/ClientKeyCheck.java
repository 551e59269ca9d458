package io.github.dbtls.trust;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.DbTlsConfigurationException;

/**
 * Checks whether a client's certificates and its key can prove anything to a server.
 *
 * @param source the properties
 * @param certificates words what is wrong with the certificates
 * @param key words what is wrong with the key
 * @param now the time to check it at
 * @param warnings told what servers may overlook
 */
record ClientKeyCheck(ClientKeySource source, Problem certificates, Problem key, Instant now,
		Consumer<String> warnings) {

	private static final int SHORTEST_RSA_KEY = 2048;

	/** RFC 5280, 4.2.1.12. */
	private static final List<String> CLIENT_PURPOSES = List.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

	private static final String ORDER = "Write the client's own certificate first, then the authority that issued it, "
			+ "then the next one above, and nothing else.";

	void check(List<X509Certificate> chain, PrivateKey privateKey) {
		checkPair(chain, privateKey);
		checkOrder(chain);
		checkDates(chain.get(0));
		checkStrength(chain.get(0));
		warnOfPurpose(chain.get(0));
	}

	private void checkPair(List<X509Certificate> chain, PrivateKey privateKey) {
		for (int i = 0; i < chain.size(); i++) {
			if (isPair(chain.get(i).getPublicKey(), privateKey)) {
				if (i > 0) {
					throw this.certificates
						.which("has its certificates in the wrong order: the client's own, '%s', is number %d"
							.formatted(Texts.subject(chain.get(i)), i + 1), ORDER);
				}
				return;
			}
		}
		if (chain.stream().allMatch(Authorities::isAuthority)) {
			throw this.certificates.which("holds certificates of authorities only, and not the client's own: %s"
				.formatted(Texts.subjects(chain)), ORDER);
		}
		if (this.source.sslBundle() != null) {
			throw this.key.which(
					"has a key that is not that of its certificate, '%s'".formatted(Texts.subject(chain.get(0))),
					"Name the key that this certificate was requested with.");
		}
		throw this.key.which(
				"is not the key of the certificate in '%s', '%s'".formatted(this.source.certificateProperty(),
						Texts.subject(chain.get(0))),
				"Name the key that this certificate was requested with. For a pair, 'openssl x509 -noout -pubkey -in "
						+ "client.pem' and 'openssl pkey -pubout -in client-key.pem' print the same.");
	}

	private static boolean isPair(PublicKey publicKey, PrivateKey privateKey) {
		if (publicKey instanceof RSAKey one && privateKey instanceof RSAKey other) {
			return one.getModulus().equals(other.getModulus());
		}
		String algorithm = privateKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : privateKey.getAlgorithm();
		try {
			byte[] text = "dbtls".getBytes(StandardCharsets.US_ASCII);
			Signature signature = Signature.getInstance(algorithm);
			signature.initSign(privateKey);
			signature.update(text);
			byte[] signed = signature.sign();
			signature.initVerify(publicKey);
			signature.update(text);
			return signature.verify(signed);
		}
		catch (GeneralSecurityException | ProviderException ex) {
			// The second is what a key in hardware may throw.
			return false;
		}
	}

	private void checkOrder(List<X509Certificate> chain) {
		for (int i = 0; i + 1 < chain.size(); i++) {
			if (!isIssuedBy(chain.get(i), chain.get(i + 1))) {
				throw this.certificates.which(
						"has its certificates in the wrong order: number %d, '%s', did not issue number %d, '%s'"
							.formatted(i + 2, Texts.subject(chain.get(i + 1)), i + 1, Texts.subject(chain.get(i))),
						"%s Number %d was issued by '%s'.".formatted(ORDER, i + 1, Texts.issuer(chain.get(i))));
			}
		}
	}

	private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
		if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
			return false;
		}
		try {
			certificate.verify(issuer.getPublicKey());
			return true;
		}
		catch (GeneralSecurityException ex) {
			// The same name, another key.
			return false;
		}
	}

	private void checkDates(X509Certificate certificate) {
		Instant notBefore = certificate.getNotBefore().toInstant();
		Instant notAfter = certificate.getNotAfter().toInstant();
		if (this.now.isAfter(notAfter)) {
			throw outsideDates("expired on %s".formatted(notAfter), "Renew it.", certificate);
		}
		if (this.now.isBefore(notBefore)) {
			throw outsideDates("is not valid before %s".formatted(notBefore), "Use one that is in force today.",
					certificate);
		}
	}

	private DbTlsConfigurationException outsideDates(String predicate, String action, X509Certificate certificate) {
		return this.certificates.which(
				"holds the client's certificate '%s', which %s".formatted(Texts.subject(certificate), predicate),
				"%s If this machine's clock is wrong, correct it: it says %s.".formatted(action, this.now));
	}

	private void checkStrength(X509Certificate certificate) {
		if (certificate.getPublicKey() instanceof RSAKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA_KEY) {
			throw this.certificates.which(
					"holds the client's certificate '%s' with an RSA key of %d bits"
						.formatted(Texts.subject(certificate), rsa.getModulus().bitLength()),
					"Let its authority issue one for an RSA key of 2048 bits or more, or for an EC key.");
		}
	}

	// Mistakes that some servers overlook.
	private void warnOfPurpose(X509Certificate certificate) {
		List<String> purposes;
		try {
			purposes = certificate.getExtendedKeyUsage();
		}
		catch (CertificateParsingException ex) {
			purposes = List.of();
		}
		if (purposes != null && purposes.stream().noneMatch(CLIENT_PURPOSES::contains)) {
			warn(certificate,
					"is not issued for clients: its extended key usage lacks clientAuth (RFC 5280, 4.2.1.12), "
							+ "and MySQL and TiDB refuse it");
		}
		if (Authorities.isAuthority(certificate)) {
			warn(certificate, "is an authority itself. Whoever reads its key may issue certificates to others: let it "
					+ "issue one to this application");
		}
	}

	private void warn(X509Certificate certificate, String predicate) {
		this.warnings.accept(this.certificates.sentence(
				"holds the client's certificate '%s', which %s".formatted(Texts.subject(certificate), predicate)));
	}

}
