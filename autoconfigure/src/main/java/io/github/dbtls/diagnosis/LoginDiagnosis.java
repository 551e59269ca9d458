package io.github.dbtls.diagnosis;

import java.util.List;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.Provider;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a server refuses a client before TLS begins or a login behind it, and what
 * TLS has to do with it.
 */
public final class LoginDiagnosis {

	private static final String CREDENTIALS = "Check name and password of the DataSource, "
			+ "'spring.datasource.username' and 'spring.datasource.password' for Spring Boot's own.";

	private static final String DECLARED_WITH = "If name and password are right, the user may be declared with "
			+ "REQUIRE X509, REQUIRE SUBJECT or REQUIRE ISSUER: then ";

	private static final String PLUGIN = "Declare the user anew, 'ALTER USER … IDENTIFIED WITH caching_sha2_password BY …': "
			+ "under TLS that plug-in needs no RSA key and no setting.";

	/** Nobody who speaks TLS is told this. */
	private static final String UNSECURED_PUBLIC_KEY = "Under TLS the driver never needs the server's RSA key: this "
			+ "connection is in plain text, so it is not one that dbtls secured. Do not set 'allowPublicKeyRetrieval', "
			+ "which lets whoever answers learn the password; let dbtls secure the DataSource ('enabled: false' in "
			+ "'dbtls.data-sources' exempts one), or set 'sslMode=VERIFY_IDENTITY' in its URL.";

	private static final String UNSECURED_TRANSPORT = "The server takes no connection in plain text, and this is one: it "
			+ "is not one that dbtls secured. Let dbtls secure the DataSource ('enabled: false' in 'dbtls.data-sources' "
			+ "exempts one), or set 'sslMode=VERIFY_IDENTITY' in its URL.";

	private LoginDiagnosis() {
	}

	/**
	 * Explain a server that refuses the client in place of its greeting.
	 * @param facts what is known
	 * @param refusal what the server says
	 * @param thrown what it was noticed by
	 * @return the explanation; its message is complete
	 */
	public static TlsHandshakeException beforeTls(HandshakeFacts facts, LoginRefusal refusal, Throwable thrown) {
		String description = "No verified TLS connection to %s:%d: the server refuses the client before TLS begins; %s%s."
			.formatted(facts.host(), facts.port(), refusal.words(), policy(facts));
		return explanation(facts, description, action(facts, refusal, false), thrown);
	}

	/**
	 * Explain a login that was refused inside TLS.
	 * @param facts what is known
	 * @param refusal what the server says
	 * @param unasked whether the server did not ask for the client certificate that there
	 * is
	 * @param thrown what the driver threw
	 * @return the explanation; its message is complete
	 */
	public static TlsHandshakeException insideTls(HandshakeFacts facts, LoginRefusal refusal, boolean unasked,
			Throwable thrown) {
		String description = "TLS to %s:%d is in order, but the login behind it was refused: %s%s."
			.formatted(facts.host(), facts.port(), refusal.words(), policy(facts));
		return explanation(facts, description, action(facts, refusal, unasked), thrown);
	}

	private static TlsHandshakeException explanation(HandshakeFacts facts, String description, String action,
			Throwable thrown) {
		String remedy = HandshakeDiagnosis.remedy(facts.policy(), HandshakeFailure.LOGIN_REFUSED);
		String evidence = String.join(System.lineSeparator(), description, EvidenceText.versions(facts),
				"  Cause: " + HandshakeFailure.LOGIN_REFUSED);
		return new TlsHandshakeException(HandshakeFailure.LOGIN_REFUSED, facts.host(), facts.port(), evidence,
				(remedy != null) ? remedy : action, List.of(), thrown);
	}

	private static String policy(HandshakeFacts facts) {
		return " (provider '%s', ssl-mode %s)".formatted(facts.policy().provider().id(),
				facts.policy().sslMode().propertyValue());
	}

	private static String action(HandshakeFacts facts, LoginRefusal refusal, boolean unasked) {
		Provider provider = facts.policy().provider();
		return switch (refusal.kind()) {
			case ACCESS_DENIED -> withHint(CREDENTIALS, accessDenied(facts.policy(), unasked));
			case REASON_IN_LOG ->
				withHint("Look for the database's words further up in the log. If access was denied: " + CREDENTIALS,
						accessDenied(facts.policy(), unasked));
			case TOO_MANY_CONNECTIONS -> "It has nothing to do with TLS. Keep the pools of all instances together "
					+ "('spring.datasource.hikari.maximum-pool-size') below what the server allows ('max_connections', "
					+ "'max_user_connections'), or raise that.";
			case HOST_BLOCKED -> "The server counts connections of this client that broke off before their login "
					+ "('max_connect_errors'), as port checks of a load balancer do. Mend what breaks them off, then "
					+ "unblock the client: 'TRUNCATE TABLE performance_schema.host_cache', or 'FLUSH HOSTS' of MariaDB.";
			case HOST_NOT_ALLOWED -> "No user of this server may log in from the address that it sees this client at. "
					+ "Declare the user for it ('user'@'%'), or check which address a NAT or a proxy in between shows.";
			case INSECURE_TRANSPORT ->
				"The connection from here is encrypted, so something in between ends TLS and goes "
						+ "on to the database in plain text. Let that proxy use TLS towards the database as well "
						+ "('require-backend-tls' of TiProxy, 'use_ssl' of ProxySQL's servers), or connect to the database itself.";
			case PUBLIC_KEY -> UNSECURED_PUBLIC_KEY;
			case PLUGIN_NOT_LOADED ->
				"The user is declared with a plug-in that the server does not load; MySQL 8.4 loads "
						+ "mysql_native_password on demand only, and 9.0 has none. " + PLUGIN;
			case PLUGIN_UNKNOWN ->
				"The user is declared with a plug-in that MySQL Connector/J does not know. " + PLUGIN;
			case USER_NAME_PREFIX -> (provider.userNameHint() != null) ? provider.userNameHint()
					: "The server is TiDB Cloud Starter, where a user's name begins with the cluster's prefix, "
							+ "'<prefix>.root' for example. Set 'spring.datasource.username' to the name that the cluster's "
							+ "'Connect' dialog shows, and '%s.provider' to 'tidb-serverless'."
								.formatted(facts.policy().prefix());
			case OTHER -> "The server's words say what to do; its log may have more.";
		};
	}

	/**
	 * Return what to do where a connection that dbtls did not secure is refused for want
	 * of TLS.
	 * @param refusal what the server or the driver says
	 * @return one or more sentences, or {@code null} if TLS does not matter there
	 */
	public static @Nullable String withoutTls(LoginRefusal refusal) {
		return switch (refusal.kind()) {
			case PUBLIC_KEY -> UNSECURED_PUBLIC_KEY;
			case INSECURE_TRANSPORT -> UNSECURED_TRANSPORT;
			default -> null;
		};
	}

	private static String withHint(String action, @Nullable String hint) {
		return (hint != null) ? action + " " + hint : action;
	}

	// A server answers alike to a wrong password and to a user declared with REQUIRE
	// X509,
	// SUBJECT or ISSUER who shows no certificate, or another one.
	private static @Nullable String accessDenied(TlsPolicy policy, boolean unasked) {
		ClientKeySource key = policy.clientKey();
		if (key == null) {
			return policy.provider().acceptsClientCertificate() ? withoutCertificate(policy)
					: policy.provider().userNameHint();
		}
		return unasked
				? "The server did not ask for the certificate of '%s', so none was sent: give it the authority of the certificate ('ssl_ca' of MySQL, 'ssl-ca' of TiDB)."
					.formatted(key.certificateProperty())
				: "The certificate of '%s' was sent. If the user is declared with REQUIRE SUBJECT or REQUIRE ISSUER, compare the names with those of the certificate."
					.formatted(key.certificateProperty());
	}

	private static String withoutCertificate(TlsPolicy policy) {
		return DECLARED_WITH + ((policy.sslBundle() != null) ? "give the %s a key store.".formatted(policy.sslBundle())
				: "set '%1$s.client-certificate' and '%1$s.client-private-key'.".formatted(policy.prefix()));
	}

}
