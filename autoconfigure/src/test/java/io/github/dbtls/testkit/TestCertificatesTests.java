package io.github.dbtls.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link TestCertificates}.
 */
class TestCertificatesTests {

	private final Authority authority = TestCertificates.authority("CN=Test CA");

	@Test
	void serverIsAcceptedByClientThatTrustsItsAuthority() throws Exception {
		Identity server = this.authority.server("localhost", "127.0.0.1");
		assertThat(handshake(server, this.authority)).containsExactly(server.certificate());
	}

	@Test
	void serverBelowIntermediatesSendsThemWithoutTheRoot() throws Exception {
		Authority lower = this.authority.intermediate("CN=Upper").intermediate("CN=Lower");
		Identity server = lower.server("localhost");
		assertThat(handshake(server, this.authority)).extracting((sent) -> sent.getSubjectX500Principal().getName())
			.containsExactly("CN=localhost", "CN=Lower", "CN=Upper");
		assertThat(lower.root()).isSameAs(this.authority);
	}

	@Test
	void chainIsSentAsItIs() throws Exception {
		Authority lower = this.authority.intermediate("CN=Upper").intermediate("CN=Lower");
		Identity server = lower.server("localhost");
		assertThat(handshake(server.withWrongOrder(), this.authority)).hasSize(3)
			.element(1)
			.extracting((sent) -> sent.getSubjectX500Principal().getName())
			.isEqualTo("CN=Upper");
		X509Certificate extra = TestCertificates.authority("CN=Extra").certificate();
		assertThat(handshake(server.withExtras(extra), this.authority)).hasSize(4).contains(extra);
		assertThatExceptionOfType(SSLHandshakeException.class)
			.isThrownBy(() -> handshake(server.withoutIntermediates(), this.authority));
	}

	@Test
	void authorityOfTheSameNameIsAnotherOne() {
		Authority other = TestCertificates.authority("CN=Test CA");
		assertThatExceptionOfType(SSLHandshakeException.class)
			.isThrownBy(() -> handshake(other.server("localhost"), this.authority));
	}

	@Test
	void expiredAndNotYetValidServersAreShownAndRefused() {
		Identity expired = this.authority.issue("CN=localhost").dns("localhost").expired().identity();
		assertThatExceptionOfType(SSLHandshakeException.class).isThrownBy(() -> handshake(expired, this.authority))
			.withRootCauseInstanceOf(CertificateExpiredException.class);
		Identity early = this.authority.issue("CN=localhost").dns("localhost").notYetValid().identity();
		assertThatExceptionOfType(SSLHandshakeException.class).isThrownBy(() -> handshake(early, this.authority))
			.withRootCauseInstanceOf(CertificateNotYetValidException.class);
	}

	@ParameterizedTest
	@EnumSource(value = KeyType.class, names = "RSA_1024", mode = EnumSource.Mode.EXCLUDE)
	void everyUsualTypeOfKeyWorks(KeyType keyType) throws Exception {
		Authority authority = (keyType != KeyType.RSA_4096) ? TestCertificates.authority("CN=CA", keyType)
				: this.authority;
		Identity server = authority.issue("CN=localhost").names("localhost").key(keyType).identity();
		assertThat(handshake(server, authority)).hasSize(1);
	}

	@Test
	void weakSignaturesCanBeMade() {
		Authority rsa = TestCertificates.authority("CN=CA", KeyType.RSA_2048);
		for (String algorithm : List.of("SHA1withRSA", "MD5withRSA")) {
			Identity server = rsa.issue("CN=localhost").key(KeyType.RSA_1024).signatureAlgorithm(algorithm).identity();
			assertThat(server.certificate().getSigAlgName()).isEqualTo(algorithm);
		}
		assertThatIllegalStateException()
			.isThrownBy(() -> this.authority.issue("CN=localhost").signatureAlgorithm("SHA1withRSA").identity())
			.withMessageContaining("CN=localhost");
	}

	@Test
	void extensionsAreWhatWasAskedFor() throws Exception {
		X509Certificate root = TestCertificates.selfSigned("CN=CA")
			.pathLength(0)
			.permittedDns("example.com")
			.excludedDns("bad.example.com")
			.authority()
			.certificate();
		assertThat(root.getBasicConstraints()).isZero();
		assertThat(root.getExtensionValue("2.5.29.30")).isNotNull();
		X509Certificate leaf = this.authority.issue("")
			.names("db.example.com", "192.0.2.1", "::1")
			.dns("192.0.2.2")
			.purposes(CertificateBuilder.Purpose.CODE_SIGNING)
			.identity()
			.certificate();
		assertThat(leaf.getSubjectX500Principal().getName()).isEmpty();
		assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(2, "db.example.com"),
				List.of(7, "192.0.2.1"), List.of(7, "0:0:0:0:0:0:0:1"), List.of(2, "192.0.2.2"));
		assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.3");
		assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
		X509Certificate bare = TestCertificates.selfSigned("CN=bare")
			.withoutBasicConstraints()
			.withoutKeyUsage()
			.authority()
			.certificate();
		assertThat(bare.getCriticalExtensionOIDs()).isEmpty();
		assertThat(TestCertificates.selfSigned("CN=old").version1().authority().certificate().getVersion()).isOne();
	}

	@Test
	void validityIsWhatWasAskedFor() {
		Instant start = Instant.parse("2020-01-01T00:00:00Z");
		Instant end = Instant.parse("2049-12-31T23:59:59Z");
		X509Certificate certificate = TestCertificates.selfSigned("CN=x")
			.notBefore(start)
			.notAfter(end)
			.identity()
			.certificate();
		assertThat(certificate.getNotBefore()).isEqualTo(Date.from(start));
		assertThat(certificate.getNotAfter()).isEqualTo(Date.from(end));
		assertThat(TestCertificates.selfSigned("CN=x").expiresIn(Duration.ofDays(3)).identity().certificate())
			.extracting((soon) -> soon.getNotAfter().toInstant())
			.satisfies((soon) -> assertThat(soon).isBetween(Instant.now().plus(Duration.ofDays(2)),
					Instant.now().plus(Duration.ofDays(4))));
	}

	@Test
	void filesAreReadableByTheJdk(@TempDir Path directory) throws Exception {
		Identity server = this.authority.intermediate("CN=Upper").server("localhost");
		server.writeTo(directory);
		try (InputStream input = Files.newInputStream(directory.resolve("cert.pem"))) {
			assertThat(CertificateFactory.getInstance("X.509").generateCertificates(input))
				.isEqualTo(List.copyOf(server.chain()));
		}
		assertThat(directory.resolve("key.pem")).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
		assertThat(this.authority.writeTo(directory)).hasContent(Pem.of(this.authority.certificate()));
		KeyStore trustStore = KeyStore.getInstance(this.authority.writeTrustStoreTo(directory).toFile(),
				TestCertificates.PASSWORD.toCharArray());
		assertThat(trustStore.getCertificate("ca-0")).isEqualTo(this.authority.certificate());
		assertThat(server.toKeyStore().getCertificateChain("identity")).hasSize(2);
	}

	private static List<X509Certificate> handshake(Identity identity, Authority trusted) throws Exception {
		SSLContext serverContext = identity.serverContext();
		try (SSLServerSocket listener = (SSLServerSocket) serverContext.getServerSocketFactory()
			.createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CompletableFuture<Void> accepted = CompletableFuture.runAsync(() -> {
				try (SSLSocket socket = (SSLSocket) listener.accept()) {
					socket.startHandshake();
					socket.getInputStream().read();
				}
				catch (IOException ex) {
					// The client has the better view of it.
				}
			});
			try (SSLSocket socket = (SSLSocket) TestCertificates.clientContext(trusted.certificate())
				.getSocketFactory()
				.createSocket(listener.getInetAddress(), listener.getLocalPort())) {
				socket.startHandshake();
				return List.of(socket.getSession().getPeerCertificates())
					.stream()
					.map(X509Certificate.class::cast)
					.toList();
			}
			finally {
				accepted.get();
			}
		}
	}

}
