package io.github.dbtls.diagnosis;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Says what a client certificate may have to do with a login that was denied: a server
 * answers "access denied" (1045) alike to a wrong password and to a user declared with
 * {@code REQUIRE X509}, {@code SUBJECT} or {@code ISSUER} who shows no certificate, or
 * another one.
 */
public final class LoginDiagnosis {

	private LoginDiagnosis() {
	}

	/**
	 * Return what to look for besides name and password.
	 * @param policy the policy of the pool
	 * @param unasked whether the server did not ask for the certificate that there is
	 * @return one or more sentences, or {@code null} if certificates do not matter there
	 */
	public static @Nullable String accessDenied(TlsPolicy policy, boolean unasked) {
		ClientKeySource key = policy.clientKey();
		if (key == null) {
			return policy.provider().acceptsClientCertificate() ? withoutCertificate(policy) : null;
		}
		return unasked
				? "The server did not ask for the certificate of '%s', so none was sent: give it the authority of the certificate ('ssl_ca' of MySQL, 'ssl-ca' of TiDB)."
					.formatted(key.certificateProperty())
				: "The certificate of '%s' was sent. If the user is declared with REQUIRE SUBJECT or REQUIRE ISSUER, compare the names with those of the certificate."
					.formatted(key.certificateProperty());
	}

	private static String withoutCertificate(TlsPolicy policy) {
		return (policy.sslBundle() != null)
				? "If name and password are right, the user may be declared with REQUIRE X509, REQUIRE SUBJECT or REQUIRE ISSUER: then give the %s a key store."
					.formatted(policy.sslBundle())
				: withoutCertificate(policy.prefix());
	}

	/**
	 * Return what to look for if no certificate is configured.
	 * @param prefix prefix of the properties, {@code dbtls} for example
	 * @return one or more sentences
	 */
	public static String withoutCertificate(String prefix) {
		return "If name and password are right, the user may be declared with REQUIRE X509, REQUIRE SUBJECT or REQUIRE ISSUER: then set '%1$s.client-certificate' and '%1$s.client-private-key'."
			.formatted(prefix);
	}

}
