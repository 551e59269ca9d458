package io.github.dbtls.diagnosis;

import java.io.IOException;
import java.net.SocketException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.TrustSource;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandshakeDiagnosis}.
 */
class HandshakeDiagnosisTests {

	private final Authority authority = TestCertificates.authority("CN=Orders CA,O=Test");

	@Test
	void failureWhenIssuerIsUnknownNamesWhatIsPresentedAndWhatIsTrusted() {
		Identity server = TestCertificates.authority("CN=Billing CA,O=Test").server("db.example.com");
		X509Certificate[] trusted = Stream
			.concat(Stream.of(this.authority),
					IntStream.range(0, 5).mapToObj((i) -> TestCertificates.authority("CN=Stranger " + i)))
			.map(Authority::certificate)
			.toArray(X509Certificate[]::new);
		TlsHandshakeException explained = HandshakeDiagnosis
			.explain(facts("mysql", SslMode.VERIFY_CA, server.chain(), trusted), new RefusedCertificateException(
					HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued the server's certificate", null));
		assertThat(explained.getFailure()).isEqualTo(HandshakeFailure.UNTRUSTED_ISSUER);
		assertThat(explained.getDescription().lines()).satisfiesExactly((line) -> assertThat(line)
			.isEqualTo("No verified TLS connection to db.example.com:3306: "
					+ "no trusted authority issued the server's certificate (provider 'mysql', ssl-mode verify-ca)."),
				(line) -> assertThat(line).isEqualTo("  Found: the server sends one certificate alone, and "
						+ "the issuer that it names, 'CN=Billing CA,O=Test', is not trusted: it may be the authority to "
						+ "trust, an intermediate one whose certificate the server should send too, or a stranger's."),
				(line) -> assertThat(line).isEqualTo("  Presented by the server:"),
				(line) -> assertThat(line)
					.startsWith("    1. CN=db.example.com, issued by CN=Billing CA,O=Test, valid "),
				(line) -> assertThat(line).isEqualTo("  Trusted: ca.pem (6 authorities), the nearest by name:"),
				(line) -> assertThat(line).startsWith("    CN=Orders CA,O=Test, valid 20"),
				(line) -> assertThat(line).startsWith("    CN=Stranger "),
				(line) -> assertThat(line).startsWith("    CN=Stranger "),
				(line) -> assertThat(line).isEqualTo("  TLS: TLSv1.3, TLSv1.2 allowed"),
				(line) -> assertThat(line).isEqualTo("  Cause: UNTRUSTED_ISSUER"));
		assertThat(explained.getAction()).contains("ca.pem in its data directory");
		assertThat(explained).hasMessage(explained.getDescription() + System.lineSeparator() + explained.getAction());
	}

	@Test
	void failureWhenProviderHasAdviceGivesIt() {
		TlsHandshakeException explained = HandshakeDiagnosis.explain(
				facts("tidb-dedicated", SslMode.VERIFY_CA, List.of()), HandshakeFailure.UNTRUSTED_ISSUER,
				new IOException("x"));
		assertThat(explained.getAction()).contains("of this very cluster");
	}

	@Test
	void failureWhenAdviceNamesSettingOfTheServerLeavesItAsItIs() {
		TlsHandshakeException explained = HandshakeDiagnosis.explain(facts("tidb", SslMode.VERIFY_CA, List.of()),
				HandshakeFailure.UNTRUSTED_ISSUER, new IOException("x"));
		assertThat(explained.getAction())
			.isEqualTo("Unless you know this certificate to be the database's, neither trust "
					+ "it nor lower 'dbtls.ssl-mode': somebody else may answer at db.example.com:3306. Name the file of TiDB's 'ssl-ca' in "
					+ "'dbtls.ca-path'. A certificate of TiDB_Server_Auto_Generated is made by 'auto-tls' and replaced while "
					+ "the server runs: nothing can verify it. Give the server a certificate of an authority of your own.");
	}

	@Test
	void failureWhenNothingIsVerifiedTellsNoTrust() {
		TlsHandshakeException explained = HandshakeDiagnosis.explain(
				facts("mysql", SslMode.REQUIRED, this.authority.server("db").chain()),
				new RefusedCertificateException(HandshakeFailure.EXPIRED, "CN=db was valid until", null));
		assertThat(explained.getDescription()).contains("a certificate has expired; CN=db was valid until")
			.contains("Presented by the server:")
			.doesNotContain("Trusted:");
	}

	@Test
	void failureWhenChainIsLongShowsItsBeginning() {
		List<X509Certificate> chain = IntStream.range(0, 10)
			.mapToObj((i) -> this.authority.server("db" + i).certificate())
			.toList();
		TlsHandshakeException explained = HandshakeDiagnosis.explain(
				facts("mysql", SslMode.VERIFY_CA, chain, this.authority.certificate()),
				HandshakeFailure.CERTIFICATE_INVALID, new IOException("x"));
		assertThat(explained.getDescription()).contains("6. CN=db5", "    and 4 more").doesNotContain("7. ");
		assertThat(explained.getPresented()).hasSize(10);
	}

	@Test
	void failureWhenServerHangsUpOnTheClientsCertificateIsItsRefusal() {
		Identity server = this.authority.server("db");
		HandshakeFacts facts = facts("mysql", SslMode.VERIFY_CA, server.chain());
		TlsPolicy plain = facts.policy();
		TlsPolicy mutual = new TlsPolicy("dbtls", plain.provider(), plain.sslMode(), plain.tlsVersions(), List.of(),
				plain.trust(),
				new ClientKeySource.Files("dbtls.client-certificate", "client.pem", "dbtls.client-private-key",
						"client.pem", "dbtls.client-private-key-password", null),
				plain.sessionLifetime(), null, List.of());
		SocketException thrown = new SocketException("Broken pipe");
		HandshakeFacts mutualFacts = new HandshakeFacts("db", 3306, mutual, "ca.pem", List.of(), server.chain(), null,
				true, Instant.now());
		assertThat(HandshakeDiagnosis.explain(mutualFacts, thrown).getFailure())
			.isEqualTo(HandshakeFailure.CLIENT_CERTIFICATE_REFUSED);
		assertThat(HandshakeDiagnosis.explain(facts, thrown).getFailure())
			.isEqualTo(HandshakeFailure.CONNECTION_CLOSED);
		HandshakeFacts early = new HandshakeFacts("db", 3306, mutual, "ca.pem", List.of(), server.chain(), null, false,
				Instant.now());
		assertThat(HandshakeDiagnosis.explain(early, thrown).getFailure())
			.isEqualTo(HandshakeFailure.CONNECTION_CLOSED);
	}

	@ParameterizedTest
	@EnumSource(HandshakeFailure.class)
	void failureOfEachKindHasWordsAndAdvice(HandshakeFailure failure) {
		IOException thrown = new IOException("outer", new IOException("what was thrown\n2026 INFO forged\u001b[2J"));
		for (String provider : List.of("mysql", "tidb", "aws-rds", "tidb-serverless")) {
			TlsHandshakeException explained = HandshakeDiagnosis
				.explain(facts(provider, SslMode.VERIFY_IDENTITY, List.of()), failure, thrown);
			assertThat(explained.getDescription().lines()).hasSize(5)
				.contains("  Presented by the server: no certificate", "  TLS: TLSv1.3, TLSv1.2 allowed",
						"  Cause: " + failure);
			assertThat(explained.getDescription()).startsWith("No verified TLS connection to db.example.com:3306: ")
				.doesNotContain("outer", "null", "%", "\u001b");
			assertThat(explained.getAction()).isNotBlank().doesNotContain("null", "%s");
			assertThat(explained.getFailure()).isEqualTo(failure);
			assertThat(explained.getCause()).isSameAs(thrown);
		}
	}

	private HandshakeFacts facts(String provider, SslMode mode, List<X509Certificate> presented,
			X509Certificate... trusted) {
		TlsPolicy policy = new TlsPolicy("dbtls", TestPool.provider(provider), mode,
				List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2), List.of(), new TrustSource.SystemRoots(), null,
				Duration.ofHours(1), null, List.of());
		return new HandshakeFacts("db.example.com", 3306, policy, "ca.pem", List.of(trusted), presented, null, false,
				Instant.now());
	}

}
