package io.github.dbtls.diagnosis;

import org.jspecify.annotations.Nullable;

/**
 * What is particular to TiDB.
 */
final class TidbRules {

	/** Subject and issuer of what {@code auto-tls} makes, read from TiDB 8.5. */
	private static final String AUTO_GENERATED = "TiDB_Server_Auto_Generated_Server_Certificate";

	private TidbRules() {
	}

	/**
	 * With {@code auto-tls} TiDB makes a self-signed certificate at each start, valid for
	 * 90 days, and replaces it while it runs: see {@code auto-tls} in
	 * <a href= "https://docs.pingcap.com/tidb/stable/tidb-configuration-file">TiDB's
	 * configuration file</a>.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding autoTls(HandshakeFacts facts, IssuedPath path) {
		if (!NameParts.commonName(path.leaf().getSubjectX500Principal()).equals(AUTO_GENERATED)) {
			return null;
		}
		return Finding.complete(
				"by its name the certificate was made by TiDB's 'auto-tls': such a one is self-signed, and replaced by "
						+ "another while the server runs and whenever it starts, so that nothing can verify it.",
				("Give TiDB a certificate of an authority of your own ('ssl-cert' and 'ssl-key' in its configuration, "
						+ "'auto-tls' off) and name the file of that authority in '%s'%s.")
					.formatted(facts.policy().trustProperty(), Remedies.orRequired(facts.policy())));
	}

}
