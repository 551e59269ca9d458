package io.github.dbtls.diagnosis;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Authorities that belong to one server, cluster or company.
 */
final class OwnAuthorityRules {

	/**
	 * Made at the first start, where there is none: <a href=
	 * "https://dev.mysql.com/doc/refman/9.7/en/creating-ssl-rsa-files-using-mysql.html">
	 * MySQL's manual</a>.
	 */
	private static final Pattern OF_MYSQL = Pattern.compile("MySQL_Server_.+_Auto_Generated_CA_Certificate");

	private OwnAuthorityRules() {
	}

	/**
	 * An authority is trusted that has the name of the issuer, but not its key. All
	 * authorities of TiDB Cloud Dedicated's clusters have one name, as have those that
	 * servers of one version of MySQL make for themselves.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding sameNameOtherKey(HandshakeFacts facts, IssuedPath path) {
		for (X509Certificate certificate : path.certificates()) {
			for (X509Certificate authority : facts.trusted()) {
				if (hasOtherKey(certificate, authority)) {
					return Finding.of(
							("an authority of the very name '%s' is trusted, but it has another key than the one that "
									+ "signed what the server presents.%s")
								.formatted(CertificateText.name(authority.getSubjectX500Principal()),
										keys(certificate, authority)),
							"The trusted one may be of another server or cluster, or an older one of this.");
				}
			}
		}
		return null;
	}

	private static boolean hasOtherKey(X509Certificate certificate, X509Certificate authority) {
		if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
			return false;
		}
		try {
			certificate.verify(authority.getPublicKey());
			return false;
		}
		catch (InvalidKeyException | SignatureException ex) {
			return true;
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			// The signature could not be compared, which says nothing about the key.
			return false;
		}
	}

	private static String keys(X509Certificate certificate, X509Certificate authority) {
		String wanted = KeyIdentifiers.ofIssuer(certificate);
		String trusted = KeyIdentifiers.ofSubject(authority);
		return (wanted != null && trusted != null && !wanted.equals(trusted))
				? " By its own account the certificate needs key %s, the trusted authority has key %s."
					.formatted(wanted, trusted)
				: "";
	}

	/**
	 * MySQL made certificate and authority by itself.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding generatedByMySql(HandshakeFacts facts, IssuedPath path) {
		String issuer = NameParts.commonName(path.leaf().getIssuerX500Principal());
		if (!OF_MYSQL.matcher(issuer).matches()) {
			return null;
		}
		return Finding.complete(
				"by its name the server made its certificate and the authority '%s' itself, at its first start."
					.formatted(issuer),
				("Copy ca.pem from the data directory of this very server and name it in '%s'. Its certificate names "
						+ "no host, so that it can be verified with '%s.ssl-mode: verify-ca' only; a certificate of an "
						+ "authority of your own can with 'verify-identity'.")
					.formatted(facts.policy().trustProperty(), facts.policy().prefix()));
	}

	/**
	 * Nobody but the server itself vouches for the certificate.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding selfSigned(HandshakeFacts facts, IssuedPath path) {
		X509Certificate leaf = path.leaf();
		if (!IssuedPath.isIssuedBy(leaf, leaf)) {
			return null;
		}
		String property = facts.policy().trustProperty();
		// What trust.Authorities takes from a file.
		boolean authority = leaf.getBasicConstraints() != -1 || leaf.getVersion() < 3;
		String own = "let an authority of your own issue the server's certificate, and name the file of the authority in '%s'%s."
			.formatted(property, Remedies.orRequired(facts.policy()));
		return Finding.complete("the certificate is self-signed: no authority issued it.", authority
				? "Name this very certificate in '%s', after you got it from whoever runs the server and not from the connection; or "
					.formatted(property) + own
				: "L" + own.substring(1));
	}

}
