package io.github.dbtls.testkit.golden;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;

/**
 * Certificates in the shape of the clouds.
 */
final class GoldenClouds {

	private static final String RDS_HOST = "shop.c9akciq32.eu-central-1.rds.amazonaws.com";

	private static final String PROXY_HOST = "shop.proxy-c9akciq32.eu-central-1.rds.amazonaws.com";

	private static final String STARTER_HOST = "gateway01.eu-central-1.prod.aws.tidbcloud.com";

	private static final String DEDICATED_HOST = "tidb.abc.clusters.tidb-cloud.com";

	private GoldenClouds() {
	}

	static Stream<GoldenCase> all() {
		return Stream.of(rds(), rdsProxy(), tidb(), tencentDb()).flatMap((cases) -> cases);
	}

	private static Stream<GoldenCase> rds() {
		Authority here = rdsRoot("eu-central-1", "RSA2048");
		Identity instance = here.intermediate(rdsName("eu-central-1 Subordinate CA RSA2048 G1.A.7")).server(RDS_HOST);
		X509Certificate old = TestCertificates.selfSigned(rdsName("Root 2019 CA")).authority().certificate();
		return Stream.of(
				rds("rds-no-root").answers(instance)
					.trusting(TestCertificates.authority("CN=Shop CA,O=Shop").certificate()),
				rds("rds-proxy-roots-only").answers(instance).trusting(publicRoot().certificate()),
				rds("rds-other-region").answers(instance)
					.trusting(rdsRoot("us-east-1", "RSA2048").certificate(),
							rdsRoot("us-east-1", "RSA4096").certificate(),
							rdsRoot("us-west-2", "ECC384").certificate()),
				rds("rds-other-key-type").answers(instance)
					.trusting(rdsRoot("eu-central-1", "RSA4096").certificate(),
							rdsRoot("eu-central-1", "ECC384").certificate()),
				rds("rds-roots-of-2019").answers(instance)
					.trusting(old, TestCertificates.selfSigned(rdsName("Root 2015 CA")).authority().certificate()),
				rds("rds-first-of-the-bundle").answers(instance)
					.trustingFile("truststore.jks", rdsRoot("af-south-1", "RSA2048").certificate()),
				rds("rds-same-name").answers(instance)
					.trusting(rdsRoot("eu-central-1", "RSA2048").certificate(),
							rdsRoot("eu-central-1", "RSA4096").certificate()),
				GoldenCase.of("rds-own-dns-name", HandshakeFailure.HOST_NAME_MISMATCH, "aws-rds")
					.at("db.shop.example.com")
					.answers(instance)
					.trusting(here.certificate()));
	}

	private static GoldenCase rds(String name) {
		return untrusted(name, "aws-rds").at(RDS_HOST);
	}

	private static Stream<GoldenCase> rdsProxy() {
		X509Certificate[] bundle = { rdsRoot("eu-central-1", "RSA2048").certificate(),
				rdsRoot("eu-central-1", "RSA4096").certificate(), rdsRoot("eu-central-1", "ECC384").certificate() };
		Identity proxy = publicRoot().intermediate("CN=Amazon RSA 2048 M01,O=Amazon,C=US")
			.server("*" + PROXY_HOST.substring(PROXY_HOST.indexOf('.')));
		return Stream.of(
				untrusted("rds-proxy-behind-own-name", "aws-rds").at("db.shop.example.com")
					.answers(proxy)
					.trusting(bundle),
				untrusted("rds-proxy-system-roots", "aws-rds").at(PROXY_HOST)
					.answers(proxy)
					.trusting(bundle)
					.besideSystemRoots(),
				untrusted("rds-proxy-without-names", "aws-rds").in(SslMode.VERIFY_CA)
					.at(PROXY_HOST)
					.answers(proxy)
					.trusting(bundle));
	}

	private static Authority publicRoot() {
		return TestCertificates.authority("CN=Amazon Root CA 1,O=Amazon,C=US");
	}

	private static Authority rdsRoot(String region, String keyType) {
		return TestCertificates.authority(rdsName("%s Root CA %s G1".formatted(region, keyType)));
	}

	private static String rdsName(String name) {
		return "CN=Amazon RDS %s,OU=Amazon RDS,O=Amazon Web Services\\, Inc.,L=Seattle,ST=WA,C=US".formatted(name);
	}

	private static Stream<GoldenCase> tidb() {
		Authority cluster = TestCertificates.authority("CN=TiDB Cloud CA,O=PingCAP");
		Authority other = TestCertificates.authority("CN=TiDB Cloud CA,O=PingCAP");
		Identity starter = TestCertificates.authority("CN=ISRG Root X1,O=Internet Security Research Group,C=US")
			.intermediate("CN=R10,O=Let's Encrypt,C=US")
			.server("*.eu-central-1.prod.aws.tidbcloud.com");
		Identity autoTls = TestCertificates.selfSigned("CN=TiDB_Server_Auto_Generated_Server_Certificate")
			.dns("tidb-0")
			.expiresIn(Duration.ofDays(90))
			.identity();
		X509Certificate own = TestCertificates.authority("CN=Shop CA,O=Shop").certificate();
		return Stream.of(
				untrusted("tidb-dedicated-other-cluster", "tidb-dedicated").at(DEDICATED_HOST)
					.answers(cluster.server(DEDICATED_HOST))
					.trusting(other.certificate()),
				untrusted("tidb-serverless-ca-path", "tidb-serverless").at(STARTER_HOST).answers(starter).trusting(own),
				untrusted("tidb-serverless-system-roots", "tidb-serverless").at(STARTER_HOST)
					.answers(starter)
					.trustingSystemRoots(own),
				untrusted("tidb-serverless-as-dedicated", "tidb-dedicated").at(STARTER_HOST)
					.answers(starter)
					.trusting(other.certificate()),
				untrusted("tidb-auto-tls", "tidb").at("tidb.shop.example.com").answers(autoTls).trusting(own));
	}

	private static Stream<GoldenCase> tencentDb() {
		Instant then = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(400));
		X509Certificate old = TestCertificates.selfSigned("CN=TencentDB CA 1,O=Tencent,C=CN")
			.notBefore(then)
			.authority()
			.certificate();
		Authority renewed = TestCertificates.authority("CN=TencentDB CA 2,O=Tencent,C=CN");
		Identity instance = renewed.server("cdb-qx3k9v1a.sql.tencentcdb.com");
		return Stream.of(untrusted("tencentdb-renewed", "tencentdb").at("10.0.8.15").answers(instance).trusting(old),
				GoldenCase.of("tencentdb-address", HandshakeFailure.HOST_NAME_MISMATCH, "tencentdb")
					.in(SslMode.VERIFY_IDENTITY)
					.at("10.0.8.15")
					.answers(instance)
					.trusting(renewed.certificate()),
				GoldenCase.of("tencentdb-expired", HandshakeFailure.EXPIRED, "tencentdb")
					.at("10.0.8.15")
					.answers(renewed.issue("CN=cdb-qx3k9v1a.sql.tencentcdb.com")
						.names("cdb-qx3k9v1a.sql.tencentcdb.com")
						.notBefore(then)
						.expiresIn(Duration.ofDays(-20))
						.identity())
					.trusting(renewed.certificate()));
	}

	private static GoldenCase untrusted(String name, String provider) {
		return GoldenCase.of(name, HandshakeFailure.UNTRUSTED_ISSUER, provider);
	}

}
