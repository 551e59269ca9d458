package io.github.dbtls.integration;

import java.nio.file.Path;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.integration.ShopApplication.Findings;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Provider {@code tidb-serverless} in the shape of TiDB Cloud Starter: a certificate of a
 * public authority, here one that the application's JVM is told to trust, and user names
 * that begin with the cluster's prefix.
 */
@EnabledWithDocker
class TidbServerlessIntegrationTests {

	private static final String HOST = "gateway01.eu-central-1.prod.aws.tidbcloud.com";

	private static final String USER = "3pTAoNNegb47Uc8.root";

	private static final String ROOT = "CN=ISRG Root X1,O=Internet Security Research Group,C=US";

	private static final String ISSUER = "CN=R12,O=Let's Encrypt,C=US";

	private final LiveServer server = LiveContainer.tidb();

	private final Authority publicRoot = TestCertificates.authority(ROOT);

	@TempDir
	private Path directory;

	@Test
	void clusterBehindThePublicGateway() {
		this.server.createUser(USER, "NONE");
		this.server.show(this.publicRoot.intermediate(ISSUER), HOST);
		try (ApplicationJvm jvm = start()) {
			Shape shape = Shape.of("tidb-serverless", this.server).in(jvm).at(HOST).as(USER);
			Findings findings = shape.assertWorks("verify-identity");
			assertThat(findings.detail("trust")).containsEntry("source", "system roots")
				.containsEntry("certificates", 1);
			assertThat(findings.detail("certificate")).containsEntry("issuer", ISSUER);
			shape.as("root")
				.assertDoesNotStart("DbTlsConfigurationException",
						"DataSource 'dataSource' logs in as 'root', which is no user name of TiDB Cloud Starter",
						"A user name of TiDB Cloud Starter begins with the cluster's prefix, '<prefix>.root' for example; "
								+ "the cluster's 'Connect' dialog shows it.");
			shape.at("localhost")
				.assertRefused(HandshakeFailure.HOST_NAME_MISMATCH,
						"the server's certificate is not issued to 'localhost'");
			shape.with("dbtls.ssl-mode", "verify-ca").assertDoesNotStart("DbTlsConfigurationException", "verify-ca");
			shape.assertPlaintextIsRefused();
			// A root of the same name that the JVM does not trust.
			this.server.show(TestCertificates.authority(ROOT).intermediate(ISSUER), HOST);
			shape.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued",
					"Trusted: system roots (1 authority)");
			shape.proven();
		}
	}

	@Test
	void privateEndpointWithAnAuthorityOfItsOwn() {
		Authority own = TestCertificates.authority("CN=Shop Proxy CA");
		this.server.createUser(USER, "NONE");
		this.server.show(own, HOST);
		try (ApplicationJvm jvm = start()) {
			Shape shape = Shape.of("tidb-serverless", this.server)
				.in(jvm)
				.at(HOST)
				.as(USER)
				.trusting(own.writeTo(this.directory));
			shape.assertWorks("verify-identity");
			shape.at("localhost")
				.assertRefused(HandshakeFailure.HOST_NAME_MISMATCH,
						"the server's certificate is not issued to 'localhost'");
			shape.assertPlaintextIsRefused();
			this.server.show(this.publicRoot.intermediate(ISSUER), HOST);
			shape.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "CN=Shop Proxy CA", "Remove 'dbtls.ca-path'");
			shape.proven("ca-path");
		}
	}

	private ApplicationJvm start() {
		Path roots = TestCertificates.write(TestCertificates.trustStore(this.publicRoot.certificate()),
				this.directory.resolve("cacerts"));
		return ApplicationJvm.start(this.directory, roots, HOST);
	}

}
