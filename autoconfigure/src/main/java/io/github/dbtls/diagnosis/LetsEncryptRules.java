package io.github.dbtls.diagnosis;

import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Set;

import javax.security.auth.x500.X500Principal;

import io.github.dbtls.Provider;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TrustSource;
import org.jspecify.annotations.Nullable;

/**
 * TiDB Cloud Starter and Essential, which have certificates of Let's Encrypt today, after
 * <a href=
 * "https://docs.pingcap.com/tidbcloud/secure-connections-to-serverless-clusters">their
 * page</a>, and whoever else has.
 */
final class LetsEncryptRules {

	/** As the certificates of Let's Encrypt and of its roots write it. */
	private static final Set<String> ORGANIZATIONS = Set.of("Let's Encrypt", "Internet Security Research Group",
			"ISRG");

	private static final String ROOT = "ISRG Root ";

	private LetsEncryptRules() {
	}

	/**
	 * A chain of Let's Encrypt, whose root is not trusted.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding missingRoot(HandshakeFacts facts, IssuedPath path) {
		X500Principal issuer = path.last().getIssuerX500Principal();
		if (!ORGANIZATIONS.contains(NameParts.organization(issuer)) || facts.trusted()
			.stream()
			.map(X509Certificate::getSubjectX500Principal)
			.anyMatch((name) -> NameParts.commonName(name).startsWith(ROOT))) {
			return null;
		}
		return Finding.complete(
				("by its names the server presents a chain of Let's Encrypt, under '%s'; no root of Let's "
						+ "Encrypt ('ISRG Root X1' today) is among the authorities of %s.")
					.formatted(NameParts.commonName(issuer), CertificateText.clean(facts.trustSource())),
				action(facts));
	}

	private static String action(HandshakeFacts facts) {
		TlsPolicy policy = facts.policy();
		if (policy.trust() instanceof TrustSource.SystemRoots) {
			return "Every JVM has the roots of Let's Encrypt, so that its trust store was replaced, by 'javax.net.ssl.trustStore' or in "
					+ "the image: add the root there, https://letsencrypt.org/certificates/ has it.";
		}
		if (policy.provider().trust() == Provider.Trust.SYSTEM_ROOTS) {
			return ("Remove '%s': every JVM trusts the roots of Let's Encrypt. Where a private endpoint or a proxy of your own needs the "
					+ "file, add the root to it: https://letsencrypt.org/certificates/ has it.")
				.formatted(policy.trustProperty());
		}
		boolean starter = facts.host().toLowerCase(Locale.ROOT).endsWith(".tidbcloud.com");
		return starter
				? "By its name %s is TiDB Cloud Starter or Essential: set '%s.provider: tidb-serverless' and remove '%s'."
					.formatted(CertificateText.clean(facts.host()), policy.prefix(), policy.trustProperty())
				: "Check the host: provider '%s' has authorities of its own. A server with a certificate of Let's Encrypt is provider 'mysql', or 'tidb-serverless' at TiDB Cloud Starter, without '%s'."
					.formatted(policy.provider().id(), policy.trustProperty());
	}

}
