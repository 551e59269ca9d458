package io.github.dbtls.diagnosis;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TrustSource;

/**
 * What to do about a failure when the provider has no better advice.
 */
final class Remedies {

	private Remedies() {
	}

	static String general(HandshakeFailure failure, HandshakeFacts facts) {
		String prefix = facts.policy().prefix();
		return switch (failure) {
			case UNTRUSTED_ISSUER ->
				"Get the file of the server's authority from whoever runs the server, and name it in '%s'."
					.formatted(facts.policy().trustProperty());
			case HOST_NAME_MISMATCH ->
				"Put the database's real name into the JDBC URL, or let the server have a certificate for '%s'%s."
					.formatted(CertificateText.clean(facts.host()), orVerifyCa(facts.policy()));
			case EXPIRED -> "Renew the certificate, or replace the authority in '%s' by its successor. "
				.formatted(facts.policy().trustProperty()) + "If the dates are right, check this machine's clock.";
			case NOT_YET_VALID -> "Check the clocks of this machine and of the one that issued the certificate.";
			case WEAK_ALGORITHM ->
				"Let the server have a certificate signed with SHA-256 or better, with an RSA key of 2048 bits or more, or an EC key.";
			case CERTIFICATE_INVALID ->
				"Let the server have a certificate that its authority may issue (RFC 5280): the rule it breaks is named above.";
			case NO_COMMON_PROTOCOL ->
				"Allow TLSv1.2 or TLSv1.3 on the server ('tls_version' of MySQL, 'tls-version' of TiDB), and both in '%s.tls-versions'."
					.formatted(prefix);
			case NO_COMMON_CIPHER -> facts.policy().ciphers().isEmpty()
					? "Let the server allow the cipher suites that the JVM offers: ECDHE with AES-GCM under TLSv1.2, any under TLSv1.3."
					: "Remove or extend '%s.ciphers'.".formatted(prefix);
			case TLS_NOT_OFFERED ->
				"Switch TLS on at the server, and check that no proxy in between removes it. dbtls never falls back to plain text.";
			case CLIENT_CERTIFICATE_REQUIRED -> facts.policy().provider().acceptsClientCertificate()
					? withCertificate(facts.policy())
					: "Provider '%s' takes no client certificate, so a proxy may ask for it: check host and port. A server of your own is provider 'mysql' or 'tidb'."
						.formatted(facts.policy().provider().id());
			case CLIENT_CERTIFICATE_REFUSED ->
				"Let an authority that the server trusts ('ssl_ca' of MySQL, 'ssl-ca' of TiDB) issue the certificate of '%s', for clients (clientAuth) and valid today, with all certificates between the two beside it."
					.formatted((facts.policy().clientKey() != null) ? facts.policy().clientKey().certificateProperty()
							: prefix + ".client-certificate");
			case HANDSHAKE_TIMEOUT ->
				"Check that the port is the database's and that no firewall or proxy holds the connection. "
						+ "The time allowed is the shorter of 'connectTimeout' of the JDBC URL and the pool's 'connection-timeout'; "
						+ "'%s.verify-at-startup' takes the first, or 10 s without it.".formatted(prefix);
			case CONNECTION_CLOSED ->
				"The server's log says why. A load balancer without a living database behind it closes connections too.";
			case NOT_MYSQL -> "Check host and port of the JDBC URL.";
			case UNREACHABLE ->
				"Check host and port of the JDBC URL, and that the database runs and may be reached from here.";
			case LOGIN_REFUSED, OTHER ->
				"The server's log may say more. If nothing has changed there, look for a proxy or load balancer in "
						+ "between that takes part in TLS.";
		};
	}

	private static String withCertificate(TlsPolicy policy) {
		return (policy.sslBundle() != null)
				? "Give the %s a key store with a certificate of an authority that the server trusts, and its key."
					.formatted(policy.sslBundle())
				: "Set '%1$s.client-certificate' and '%1$s.client-private-key' to a certificate of an authority that the server trusts, and its key."
					.formatted(policy.prefix());
	}

	/**
	 * Return what comes before any other advice about a certificate that was refused: it
	 * looks the same whether the server has a wrong one or a stranger answers, who may
	 * write what he likes into his.
	 * @param facts what is known
	 * @return a sentence
	 */
	static String impostor(HandshakeFacts facts) {
		return ("Unless you know this certificate to be the database's, neither trust it nor lower '%s.ssl-mode': "
				+ "somebody else may answer at %s:%d.")
			.formatted(facts.policy().prefix(), CertificateText.clean(facts.host()), facts.port());
	}

	/**
	 * Return the way out of a name that cannot match, where the provider allows it.
	 * @param policy the policy of the pool
	 * @return the end of a sentence, or nothing
	 */
	static String orVerifyCa(TlsPolicy policy) {
		// Public authorities would vouch for everybody.
		return (policy.provider().lowestSslMode() == SslMode.VERIFY_IDENTITY || policy.trust().usesSystemRoots()) ? ""
				: "; or set '%s.ssl-mode: verify-ca' and accept that the authority is verified without the name"
					.formatted(policy.prefix());
	}

	/**
	 * Return the last way out of a certificate that nothing can verify, where the
	 * provider allows it. Whoever has named an authority wants it verified: a stranger's
	 * certificate must not talk him out of that.
	 * @param policy the policy of the pool
	 * @return the end of a sentence, or nothing
	 */
	static String orRequired(TlsPolicy policy) {
		return (policy.provider().lowestSslMode() == SslMode.REQUIRED && policy
			.trust() instanceof TrustSource.SystemRoots)
					? ("; or set '%s.ssl-mode: required', which verifies nothing: whoever gets between reads and alters "
							+ "all, and the password with it")
						.formatted(policy.prefix())
					: "";
	}

}
