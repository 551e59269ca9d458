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
 * Provider {@code tidb-dedicated} in the shape of TiDB Cloud Dedicated: each cluster has
 * a private authority of its own, all named alike, and a certificate for its host name.
 */
@EnabledWithDocker
class TidbDedicatedIntegrationTests {

	private static final String HOST = "tidb.qx3k9v.clusters.tidb-cloud.com";

	private static final String AUTHORITY = "CN=TiDB Cloud Dedicated CA,O=PingCAP";

	private final LiveServer server = LiveContainer.tidb();

	private final Authority authority = TestCertificates.authority(AUTHORITY);

	@TempDir
	private Path directory;

	@Test
	void clusterWithAuthorityOfItsOwn() {
		Authority otherCluster = TestCertificates.authority(AUTHORITY);
		Path noRoots = TestCertificates.write(TestCertificates.trustStore(otherCluster.certificate()),
				this.directory.resolve("cacerts"));
		this.server.show(this.authority, HOST);
		try (ApplicationJvm jvm = ApplicationJvm.start(this.directory, noRoots, HOST)) {
			Shape shape = Shape.of("tidb-dedicated", this.server)
				.in(jvm)
				.at(HOST)
				.trusting(this.authority.writeTo(this.directory));
			Findings findings = shape.assertWorks("verify-identity");
			assertThat(findings.detail("certificate")).containsEntry("subject", "CN=" + HOST)
				.containsEntry("issuer", AUTHORITY);
			shape.trusting(otherCluster.writeTo(this.directory.resolve("other")))
				.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued",
						"all of them look alike");
			shape.at("localhost")
				.assertRefused(HandshakeFailure.HOST_NAME_MISMATCH,
						"the server's certificate is not issued to 'localhost'");
			shape.at("localhost").with("dbtls.ssl-mode", "verify-ca").assertConnects("verify-ca");
			shape.with("dbtls.ssl-mode", "required").assertDoesNotStart("DbTlsConfigurationException", "verify-ca");
			shape.assertPlaintextIsRefused();
			shape.proven();
		}
	}

}
