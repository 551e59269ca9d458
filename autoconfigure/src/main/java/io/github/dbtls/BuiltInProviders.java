package io.github.dbtls;

import java.util.List;

/**
 * Presets of the services that dbtls knows, each after the page that it names.
 */
final class BuiltInProviders {

	private static final Provider TIDB_SERVERLESS = Provider.withId("tidb-serverless")
		.name("TiDB Cloud Starter or Essential (formerly Serverless)")
		.documentation("https://docs.pingcap.com/tidbcloud/secure-connections-to-serverless-clusters")
		// "Always a commonly available root", Let's Encrypt's ISRG Root X1 today.
		.userNames(".+\\..+",
				"A user name of TiDB Cloud Starter begins with the cluster's prefix, '<prefix>.root' for example; "
						+ "the cluster's 'Connect' dialog shows it.")
		.remedy(HandshakeFailure.UNTRUSTED_ISSUER,
				"TiDB Cloud Starter uses certificates of Let's Encrypt (ISRG Root X1), which every JVM trusts. "
						+ "Remove 'ca-path', unless a private endpoint or a proxy of your own needs it.")
		.build();

	private static final Provider TIDB_DEDICATED = Provider.withId("tidb-dedicated")
		.name("TiDB Cloud Dedicated")
		.documentation("https://docs.pingcap.com/tidbcloud/tidb-cloud-tls-connect-to-dedicated")
		.caFile()
		.lowestSslMode(SslMode.VERIFY_CA)
		.remedy(HandshakeFailure.UNTRUSTED_ISSUER,
				"Each cluster of TiDB Cloud Dedicated has an authority of its own, and all of them look alike. "
						+ "Download the CA certificate in the 'Connect' dialog of this very cluster and name it in 'ca-path'.")
		.build();

	private static final Provider TIDB = Provider.withId("tidb")
		.name("TiDB (self-managed)")
		.documentation("https://docs.pingcap.com/tidb/stable/enable-tls-between-clients-and-servers")
		.caFile()
		.sslMode(SslMode.VERIFY_CA)
		.lowestSslMode(SslMode.REQUIRED)
		.clientCertificate()
		.remedy(HandshakeFailure.UNTRUSTED_ISSUER,
				"Name the file of TiDB's 'ssl-ca' in 'ca-path'. A certificate of TiDB_Server_Auto_Generated is made "
						+ "by 'auto-tls' and replaced while the server runs: nothing can verify it. Give the server a "
						+ "certificate of an authority of your own.")
		.build();

	private static final Provider AWS_RDS = Provider.withId("aws-rds")
		.name("Amazon RDS or Aurora MySQL")
		.documentation("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html")
		.caFile()
		.lowestSslMode(SslMode.VERIFY_CA)
		.hostNames(".*\\.rds(\\..*)?\\.amazonaws\\.com(\\.cn)?\\.?")
		// RDS Proxy has certificates of AWS Certificate Manager, which the bundle lacks.
		.publicHostNames(".*\\.proxy-.*\\.rds(\\..*)?\\.amazonaws\\.com(\\.cn)?\\.?")
		.remedy(HandshakeFailure.UNTRUSTED_ISSUER, "Download the bundle of all regions, "
				+ "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem, and name it whole in 'ca-path': "
				+ "keytool would import its first certificate only.")
		.remedy(HandshakeFailure.EXPIRED,
				"RDS renews certificates under its current authorities by itself; one of 2019 has to be replaced by hand, "
						+ "with 'Certificate authority' rds-ca-rsa2048-g1 of the instance, and the bundle in 'ca-path' with it.")
		.build();

	private static final Provider TENCENTDB = Provider.withId("tencentdb")
		.name("TencentDB for MySQL")
		.documentation("https://cloud.tencent.com/document/product/236/76511")
		.caFile()
		// The page gives this password with the download.
		.caPassword("tencentdb")
		.sslMode(SslMode.VERIFY_CA)
		.remedy(HandshakeFailure.UNTRUSTED_ISSUER,
				"TencentDB issues a new certificate whenever SSL is switched off and on. Download TencentDB-CA-Chain.zip "
						+ "again in the console and name it in 'ca-path', as it is or unpacked.")
		.remedy(HandshakeFailure.EXPIRED,
				"TencentDB issues a new certificate whenever SSL is switched off and on in the console. Download "
						+ "TencentDB-CA-Chain.zip there after that and name it in 'ca-path'.")
		.build();

	private static final Provider MYSQL = Provider.withId("mysql")
		.name("MySQL")
		.documentation("https://dev.mysql.com/doc/refman/9.7/en/using-encrypted-connections.html")
		.lowestSslMode(SslMode.REQUIRED)
		.clientCertificate()
		.remedy(HandshakeFailure.UNTRUSTED_ISSUER,
				"Get the file of the server's authority from whoever runs the server, and name it in 'ca-path'. "
						+ "MySQL's own, made at its first start, is ca.pem in its data directory.")
		.build();

	static final List<Provider> ALL = List.of(TIDB_SERVERLESS, TIDB_DEDICATED, TIDB, AWS_RDS, TENCENTDB, MYSQL);

	private BuiltInProviders() {
	}

}
