package io.github.dbtls.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.integration.ShopApplication.Findings;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.Pem;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Provider {@code aws-rds} in the shape of Amazon RDS: one bundle of the roots of all
 * regions, a certificate under an authority between, made out to the endpoint, and a user
 * who must come encrypted. RDS Proxy has a certificate of a public authority instead.
 */
@EnabledWithDocker
class AwsRdsIntegrationTests {

	private static final String HOST = "shop.c9qx3k9vz1ab.eu-central-1.rds.amazonaws.com";

	private static final String CHINESE_HOST = "shop.c9qx3k9vz1ab.rds.cn-north-1.amazonaws.com.cn";

	private static final String PROXY = "shop.proxy-c9qx3k9vz1ab.eu-central-1.rds.amazonaws.com";

	private static final String OWN_NAME = "db.shop.example.com";

	private static final String USER = "shop_ssl";

	private final Authority publicRoot = TestCertificates.authority("CN=Amazon Root CA 1,O=Amazon,C=US");

	@TempDir
	private Path directory;

	private RdsBundle bundle;

	private Path file;

	private ApplicationJvm jvm;

	@BeforeEach
	void prepare() throws IOException {
		this.bundle = RdsBundle.get();
		this.file = Files.writeString(this.directory.resolve("global-bundle.pem"), this.bundle.pem());
		Path roots = TestCertificates.write(TestCertificates.trustStore(this.publicRoot.certificate()),
				this.directory.resolve("cacerts"));
		this.jvm = ApplicationJvm.start(this.directory, roots, HOST, CHINESE_HOST, PROXY, OWN_NAME);
	}

	@AfterEach
	void close() {
		this.jvm.close();
	}

	@Test
	void instanceUnderTheBundle() throws IOException {
		verifyInstance("9.7");
	}

	/**
	 * That MySQL 8.0 works with all versions of the driver, the tests of the preset
	 * {@code mysql} prove.
	 */
	@Test
	@Tag("once")
	void instanceOfMySql80UnderTheBundle() throws IOException {
		verifyInstance("8.0");
	}

	private void verifyInstance(String version) throws IOException {
		LiveServer server = LiveContainer.mySql(version);
		server.createUser(USER, "SSL");
		show(server, this.bundle.issuer(KeyType.RSA_2048), HOST);
		Shape shape = shape(server);
		Findings findings = shape.assertWorks("verify-identity");
		assertThat(findings.detail("trust")).containsEntry("certificates", RdsBundle.SIZE);
		server.requireSecureTransport(false);
		assertThat(server.acceptsPlaintext(USER)).isFalse();

		shape.trusting(Files.writeString(this.directory.resolve("first.pem"), Pem.of(this.bundle.first())))
			.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued", "(1 authority)",
					"https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem");
		shape.at(OWN_NAME)
			.assertRefused(HandshakeFailure.HOST_NAME_MISMATCH, "is not issued to '" + OWN_NAME + "'",
					"Put the server's real name into the JDBC URL ('" + HOST + "')");
		shape.at(OWN_NAME).with("dbtls.ssl-mode", "verify-ca").assertConnects("verify-ca");
		shape.as(server.user()).assertPlaintextIsRefused();

		for (KeyType keyType : new KeyType[] { KeyType.RSA_4096, KeyType.EC_P384 }) {
			show(server, this.bundle.issuer(keyType), HOST);
			shape.assertConnects("verify-identity");
		}
		if (version.equals("8.0")) {
			// MySQL 9.7 itself refuses to load it.
			show(server, this.bundle.issuerUnderExpiredRoot(), HOST);
			shape.assertRefused(HandshakeFailure.EXPIRED, "a certificate has expired");
		}
		show(server, this.bundle.impostor(KeyType.RSA_2048), HOST);
		shape.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "Trusted: " + this.file, "(115 authorities)",
				"CN=Amazon RDS eu-central-1 Root CA RSA2048 G1");
		// Public authorities are no reason to trust an instance.
		show(server, this.publicRoot, HOST);
		shape.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "CN=Amazon Root CA 1");
		shape.proven();
	}

	@Test
	@Tag("once")
	void instanceInChina() {
		LiveServer server = LiveContainer.mySql("8.0");
		server.createUser(USER, "SSL");
		show(server, this.bundle.issuer(KeyType.RSA_2048), CHINESE_HOST);
		shape(server).at(CHINESE_HOST).assertWorks("verify-identity");
	}

	@Test
	@Tag("once")
	void proxyUnderPublicAuthority() {
		LiveServer server = LiveContainer.mySql("8.0");
		server.createUser(USER, "SSL");
		server.show(this.publicRoot.intermediate("CN=Amazon RSA 2048 M01,O=Amazon,C=US"),
				"*" + PROXY.substring(PROXY.indexOf('.')));
		Shape shape = shape(server).at(PROXY);
		Findings findings = shape.assertWorks("verify-identity");
		assertThat(findings.detail("trust")).containsEntry("source", this.file + " and system roots")
			.containsEntry("certificates", RdsBundle.SIZE + 1);
		shape.as(server.user()).assertPlaintextIsRefused();
		show(server, this.publicRoot, HOST);
		shape.assertRefused(HandshakeFailure.HOST_NAME_MISMATCH, "is not issued to '" + PROXY + "'");
		server.show(TestCertificates.authority("CN=Amazon Root CA 1,O=Amazon,C=US"), PROXY);
		shape.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued");
		shape.proven("RDS Proxy");
	}

	private static void show(LiveServer server, Authority issuer, String host) {
		server.show(RdsBundle.server(issuer, host), issuer);
	}

	private Shape shape(LiveServer server) {
		return Shape.of("aws-rds", server).in(this.jvm).at(HOST).as(USER).trusting(this.file);
	}

}
