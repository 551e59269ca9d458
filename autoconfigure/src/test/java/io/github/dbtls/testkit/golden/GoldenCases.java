package io.github.dbtls.testkit.golden;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder.Purpose;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.TestCertificates;

/**
 * Handshakes that fail for a certificate, each for a reason of its own.
 */
public final class GoldenCases {

	private static final String HOST = "db.shop.example.com";

	private GoldenCases() {
	}

	/**
	 * Return the cases.
	 * @return all of them
	 */
	public static List<GoldenCase> all() {
		return Stream.of(untrusted(), names(), dates(), rules(), GoldenClouds.all()).flatMap((cases) -> cases).toList();
	}

	private static Stream<GoldenCase> untrusted() {
		Authority root = TestCertificates.authority("CN=Shop Root CA,O=Shop");
		Authority issuing = root.issue("CN=Shop Issuing CA,O=Shop").authority();
		Authority stranger = TestCertificates.authority("CN=Other CA,O=Other");
		X509Certificate[] trusted = { root.certificate(),
				TestCertificates.authority("CN=Audit CA,O=Shop").certificate(),
				TestCertificates.authority("CN=Mail CA,O=Shop").certificate(),
				TestCertificates.authority("CN=Web CA,O=Web").certificate() };
		Authority ofMySql = TestCertificates.authority("CN=MySQL_Server_9.7.0_Auto_Generated_CA_Certificate");
		Identity mySql = ofMySql.issue("CN=MySQL_Server_9.7.0_Auto_Generated_Server_Certificate").identity();
		return Stream.of(
				untrusted("unknown-authority").answers(stranger.server(HOST).withExtras(stranger.certificate()))
					.trusting(trusted),
				untrusted("unknown-authority-leaf-alone").answers(stranger.server(HOST)).trusting(root.certificate()),
				untrusted("missing-intermediate")
					.answers(issuing.issue("CN=" + HOST)
						.names(HOST)
						.namingTheIssuersIssuer()
						.identity()
						.withoutIntermediates())
					.trusting(root.certificate()),
				untrusted("missing-intermediate-forged")
					.answers(TestCertificates.authority("CN=Shop Root CA,O=Shop")
						.issue("CN=Shop Issuing CA,O=Shop")
						.authority()
						.issue("CN=" + HOST)
						.names(HOST)
						.namingTheIssuersIssuer()
						.identity()
						.withoutIntermediates())
					.trusting(root.certificate()),
				untrusted("key-store-of-one").answers(issuing.server(HOST))
					.trustingFile("truststore.p12", stranger.certificate()),
				untrusted("self-signed").answers(TestCertificates.selfSigned("CN=" + HOST).names(HOST).identity())
					.trusting(root.certificate()),
				untrusted("self-signed-public")
					.answers(TestCertificates.selfSigned("CN=" + HOST).names(HOST).identity())
					.trustingSystemRoots(root.certificate()),
				untrusted("self-signed-authority")
					.answers(TestCertificates.selfSigned("CN=" + HOST).names(HOST).ca(true).identity())
					.trusting(root.certificate()),
				untrusted("mysql-own-authority").answers(mySql).trusting(root.certificate()),
				untrusted("mysql-other-server").answers(mySql)
					.trusting(TestCertificates.authority("CN=MySQL_Server_9.7.0_Auto_Generated_CA_Certificate")
						.certificate()));
	}

	private static GoldenCase untrusted(String name) {
		return GoldenCase.of(name, HandshakeFailure.UNTRUSTED_ISSUER, "mysql").at(HOST);
	}

	private static Stream<GoldenCase> names() {
		Authority root = TestCertificates.authority("CN=Shop Root CA,O=Shop");
		Authority ofMySql = TestCertificates.authority("CN=MySQL_Server_9.7.0_Auto_Generated_CA_Certificate");
		return Stream.of(
				name("other-name").answers(root.server("mysql-7.shop.internal", "mysql-7"))
					.trusting(root.certificate()),
				name("other-name-public").answers(root.server("evil.example")).trustingSystemRoots(root.certificate()),
				name("too-deep-for-asterisk").answers(root.server("*.example.com")).trusting(root.certificate()),
				name("address").at("127.0.0.1").answers(root.server(HOST)).trusting(root.certificate()),
				name("address-public").at("127.0.0.1")
					.answers(root.server("evil.example"))
					.trustingSystemRoots(root.certificate()),
				name("no-names")
					.answers(ofMySql.issue("CN=MySQL_Server_9.7.0_Auto_Generated_Server_Certificate").identity())
					.trusting(ofMySql.certificate()));
	}

	private static GoldenCase name(String name) {
		return GoldenCase.of(name, HandshakeFailure.HOST_NAME_MISMATCH, "mysql").at(HOST);
	}

	private static Stream<GoldenCase> dates() {
		Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
		Authority root = TestCertificates.authority("CN=Shop Root CA,O=Shop");
		Authority oldRoot = TestCertificates.selfSigned("CN=Old Shop CA,O=Shop")
			.expiresIn(Duration.ofDays(-3).minusHours(1))
			.authority();
		Authority futureRoot = TestCertificates.selfSigned("CN=Shop Root CA,O=Shop")
			.notBefore(now.plus(Duration.ofDays(30)))
			.authority();
		return Stream.of(
				expired("expired").answers(
						root.issue("CN=" + HOST).names(HOST).expiresIn(Duration.ofDays(-3).minusHours(1)).identity())
					.trusting(root.certificate()),
				expired("expired-intermediate").answers(root.issue("CN=Shop Issuing CA,O=Shop")
					.expiresIn(Duration.ofDays(-3).minusHours(1))
					.authority()
					.server(HOST)).trusting(root.certificate()),
				expired("expired-authority").answers(oldRoot.server(HOST)).trusting(oldRoot.certificate()),
				expired("clock-ahead")
					.answers(oldRoot.issue("CN=Shop Issuing CA,O=Shop")
						.expiresIn(Duration.ofDays(-2).minusHours(1))
						.authority()
						.issue("CN=" + HOST)
						.names(HOST)
						.expiresIn(Duration.ofDays(-1).minusHours(1))
						.identity())
					.trusting(oldRoot.certificate()),
				future("not-yet-valid")
					.answers(root.issue("CN=" + HOST)
						.names(HOST)
						.notBefore(now.plus(Duration.ofDays(2).plusHours(1)))
						.identity())
					.trusting(root.certificate()),
				future("not-yet-valid-for-hours")
					.answers(root.issue("CN=" + HOST)
						.names(HOST)
						.notBefore(now.plus(Duration.ofHours(5).plusMinutes(30)))
						.identity())
					.trusting(root.certificate()),
				future("clock-behind")
					.answers(futureRoot.issue("CN=Shop Issuing CA,O=Shop")
						.notBefore(now.plus(Duration.ofDays(40)))
						.authority()
						.issue("CN=" + HOST)
						.names(HOST)
						.notBefore(now.plus(Duration.ofDays(50)))
						.identity())
					.trusting(futureRoot.certificate()));
	}

	private static GoldenCase expired(String name) {
		return GoldenCase.of(name, HandshakeFailure.EXPIRED, "mysql").at(HOST);
	}

	private static GoldenCase future(String name) {
		return GoldenCase.of(name, HandshakeFailure.NOT_YET_VALID, "mysql").at(HOST);
	}

	private static Stream<GoldenCase> rules() {
		Authority root = TestCertificates.authority("CN=Shop Root CA,O=Shop", KeyType.RSA_2048);
		Identity honest = root.server(HOST);
		Identity impostor = new Identity(
				TestCertificates.authority("CN=Other CA", KeyType.RSA_4096).server(HOST).privateKey(), honest.chain());
		return Stream.of(
				GoldenCase.of("weak-algorithm", HandshakeFailure.WEAK_ALGORITHM, "mysql")
					.at(HOST)
					.answers(root.issue("CN=" + HOST).names(HOST).signatureAlgorithm("SHA1withRSA").identity())
					.trusting(root.certificate()),
				GoldenCase.of("certificate-of-a-client", HandshakeFailure.CERTIFICATE_INVALID, "mysql")
					.at(HOST)
					.answers(root.issue("CN=" + HOST).names(HOST).purposes(Purpose.CLIENT_AUTH).identity())
					.trusting(root.certificate()),
				GoldenCase.of("hostile-names", HandshakeFailure.UNTRUSTED_ISSUER, "mysql")
					.at(HOST)
					.answers(TestCertificates.authority("CN=Evil\n2026-11-21 INFO all is well\u001b[2J")
						.issue("CN=x\r\nFake: line")
						.dns(HOST, "a\nb")
						.identity())
					.trusting(root.certificate()),
				GoldenCase.of("required", HandshakeFailure.EXPIRED, "mysql")
					.in(SslMode.REQUIRED)
					.at(HOST)
					.answers(root.issue("CN=" + HOST)
						.names(HOST)
						.expiresIn(Duration.ofDays(-3).minusHours(1))
						.identity())
					.trusting(root.certificate()),
				GoldenCase.of("key-of-another", HandshakeFailure.OTHER, "mysql")
					.at(HOST)
					.answers(impostor)
					.trusting(root.certificate()));
	}

}
