package io.github.dbtls.integration;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.integration.ShopApplication.Findings;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.EnabledWithDocker;
import io.github.dbtls.testkit.Pem;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Provider {@code tencentdb} in the shape of TencentDB for MySQL: the console's download
 * as it is or one of the three files in it, and an address of the private network, which
 * the certificate does not name.
 */
@EnabledWithDocker
class TencentDbIntegrationTests {

	private static final String ADDRESS = "127.0.0.1";

	private static final String PASSWORD = "tencentdb";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "9.7, zip", "9.7, jks", "9.7, p7b", "9.7, pem", "8.0, zip", "8.0, jks", "8.0, p7b", "8.0, pem" })
	void fileOfTheConsole(String version, String kind) throws Exception {
		LiveServer server = LiveContainer.mySql(version);
		Authority issuer = issuer();
		server.show(issuer, "cdb-qx3k9v1a.sql.tencentcdb.com");
		Path file = download(issuer, kind, this.directory);
		Shape shape = Shape.of("tencentdb", server).at(ADDRESS).trusting(file);
		Findings findings = shape.assertWorks("verify-ca");
		assertThat(findings.detail("trust")).containsEntry("source", file.toString()).containsEntry("certificates", 2);
		shape.with("dbtls.ssl-mode", "verify-identity")
			.assertRefused(HandshakeFailure.HOST_NAME_MISMATCH, "the server's certificate is not issued to '127.0.0.1'",
					"DNS:cdb-qx3k9v1a.sql.tencentcdb.com");
		// SSL was switched off and on since the download.
		shape.trusting(download(issuer(), kind, this.directory.resolve("old")))
			.assertRefused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued",
					"Download TencentDB-CA-Chain.zip again in the console");
		shape.with("dbtls.ssl-mode", "required").assertDoesNotStart("DbTlsConfigurationException", "verify-ca");
		shape.assertPlaintextIsRefused();
		shape.proven(kind);
	}

	private static Authority issuer() {
		return TestCertificates.selfSigned("CN=Tencent Cloud Root CA,O=Tencent,C=CN")
			.expiresIn(Duration.ofDays(20 * 365))
			.authority()
			.issue("CN=TencentDB MySQL CA,O=Tencent,C=CN")
			.expiresIn(Duration.ofDays(20 * 365))
			.authority();
	}

	private static Path download(Authority issuer, String kind, Path directory)
			throws IOException, GeneralSecurityException {
		List<X509Certificate> chain = List.of(issuer.certificate(), issuer.root().certificate());
		Files.createDirectories(directory);
		byte[] content = kind.equals("zip") ? zip(chain) : content(chain, kind);
		return Files.write(directory.resolve("TencentDB-CA-Chain." + kind), content);
	}

	private static byte[] zip(List<X509Certificate> chain) throws IOException, GeneralSecurityException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			for (String kind : List.of("p7b", "jks", "pem")) {
				zip.putNextEntry(new ZipEntry("TencentDB-CA-Chain." + kind));
				zip.write(content(chain, kind));
			}
		}
		return bytes.toByteArray();
	}

	private static byte[] content(List<X509Certificate> chain, String kind)
			throws IOException, GeneralSecurityException {
		return switch (kind) {
			case "p7b" -> CertificateFactory.getInstance("X.509").generateCertPath(chain).getEncoded("PKCS7");
			case "jks" -> jks(chain);
			default -> Pem.of(chain).getBytes(StandardCharsets.US_ASCII);
		};
	}

	private static byte[] jks(List<X509Certificate> chain) throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("JKS");
		store.load(null, null);
		for (int i = 0; i < chain.size(); i++) {
			store.setCertificateEntry("ca-" + i, chain.get(i));
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		store.store(bytes, PASSWORD.toCharArray());
		return bytes.toByteArray();
	}

}
