package io.github.dbtls.diagnosis;

import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.regex.Pattern;

import javax.security.auth.x500.X500Principal;

import io.github.dbtls.Provider;
import io.github.dbtls.TrustSource;
import org.jspecify.annotations.Nullable;

/**
 * Chains and files that lack a part.
 */
final class ChainRules {

	private static final Pattern KEY_STORE = Pattern.compile(".*\\.(jks|p12|pfx|pkcs12|keystore|truststore)");

	private static final String SEND = "Let the server send its certificate and all intermediate ones, in this order, in "
			+ "one file ('ssl_cert' of MySQL, 'ssl-cert' of TiDB)";

	private ChainRules() {
	}

	/**
	 * The certificate itself says who issued its issuer, and one of that name is trusted:
	 * then the certificate between the two is what the server does not send, as RFC 8446,
	 * 4.4.2, wants it to. The keyword is {@code authorityCertIssuer} of RFC 5280,
	 * 4.2.1.1. Nobody who is trusted has signed any of it, so that a stranger may say the
	 * same.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding missingIntermediate(HandshakeFacts facts, IssuedPath path) {
		X509Certificate last = path.last();
		X500Principal above = KeyIdentifiers.issuerOfIssuer(last);
		// Of a root, it names the root itself.
		if (above == null || above.equals(last.getIssuerX500Principal())
				|| facts.trusted().stream().noneMatch((trusted) -> trusted.getSubjectX500Principal().equals(above))) {
			return null;
		}
		return Finding.additional(
				("by its own account '%s' was issued by '%s', whose certificate the server does not send, and that one by "
						+ "'%s'. An authority of this last name is trusted, but without the certificate between them nothing "
						+ "proves the account.")
					.formatted(CertificateText.name(last.getSubjectX500Principal()),
							CertificateText.name(last.getIssuerX500Principal()), CertificateText.name(above)),
				// A file would replace the roots of the JVM.
				"If the account is true, l" + SEND.substring(1) + ((facts.policy()
					.trust() instanceof TrustSource.SystemRoots)
							? "."
							: (". Until then, add the missing certificate to what '%s' holds, if you have it from the "
									+ "authority's owner: never take it from the connection.")
								.formatted(facts.policy().trustProperty())));
	}

	/**
	 * A key store with one certificate may be what {@code keytool -importcert} made of a
	 * file with several: it imports the first.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding storeOfOne(HandshakeFacts facts, IssuedPath path) {
		if (facts.trusted().size() != 1 || !(facts.policy().trust() instanceof TrustSource.CaFile file)
				|| !KEY_STORE.matcher(file.location().toLowerCase(Locale.ROOT)).matches()) {
			return null;
		}
		return Finding.of(
				("the key store %s has a single certificate. If it was made of a file with several, only the first was "
						+ "imported: 'keytool -importcert' takes no more.")
					.formatted(CertificateText.clean(facts.trustSource())),
				"If so, name the original file in '%s': dbtls reads PEM, DER, PKCS#7 and zip as they are."
					.formatted(facts.policy().trustProperty()));
	}

	/**
	 * A certificate without any of those above it. The service of a cloud is its
	 * provider's affair.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding leafAlone(HandshakeFacts facts, IssuedPath path) {
		Provider provider = facts.policy().provider();
		if (facts.presented().size() > 1
				|| (provider.trust() == Provider.Trust.CA_FILE && !provider.acceptsClientCertificate())) {
			return null;
		}
		return Finding.additional(
				("the server sends one certificate alone, and the issuer that it names, '%s', is not trusted: it may be "
						+ "the authority to trust, an intermediate one whose certificate the server should send too, or "
						+ "a stranger's.")
					.formatted(CertificateText.name(path.leaf().getIssuerX500Principal())),
				"If the issuer is an intermediate authority, l" + SEND.substring(1) + ".");
	}

}
