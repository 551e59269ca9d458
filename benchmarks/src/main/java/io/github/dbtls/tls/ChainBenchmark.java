package io.github.dbtls.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.X509ExtendedTrustManager;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.TestCertificates;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Verifying a server's chain: what dbtls does on top of the JDK's own trust manager in a
 * full handshake, and alone in a resumed one.
 */
@State(Scope.Benchmark)
public class ChainBenchmark {

	/** How many authorities are trusted. */
	@Param({ "1", "115" })
	private int authorities;

	private List<X509Certificate> trusted = List.of();

	private X509Certificate[] chain = {};

	private @Nullable PathVerifier verifier;

	private @Nullable X509ExtendedTrustManager jdk;

	/**
	 * Make the certificates.
	 * @throws Exception if it fails
	 */
	@Setup
	public void issue() throws Exception {
		Authority authority = TestCertificates.authority("CN=Benchmark CA", KeyType.RSA_2048);
		List<X509Certificate> trusted = new ArrayList<>();
		for (int i = 1; i < this.authorities; i++) {
			trusted
				.add(TestCertificates.authority("CN=Authority of another region " + i, KeyType.RSA_2048).certificate());
		}
		trusted.add(authority.certificate());
		this.trusted = trusted;
		this.chain = authority.issue("CN=localhost")
			.names("localhost")
			.purposes(CertificateBuilder.Purpose.SERVER_AUTH)
			.identity()
			.chain()
			.toArray(X509Certificate[]::new);
		this.verifier = new PathVerifier(trusted);
		this.jdk = JdkTrustManager.of(trusted);
	}

	/**
	 * Verify the first chain of a generation of trust.
	 * @return the path to the authority
	 * @throws CertificateException if it is refused
	 */
	@Benchmark
	public Object first() throws CertificateException {
		return new PathVerifier(this.trusted).verify(this.chain, Instant.now());
	}

	/**
	 * Verify the same chain as before.
	 * @return the path to the authority
	 * @throws CertificateException if it is refused
	 */
	@Benchmark
	public Object again() throws CertificateException {
		return Objects.requireNonNull(this.verifier).verify(this.chain, Instant.now());
	}

	/**
	 * Have the JDK's own trust manager verify it.
	 * @throws CertificateException if it is refused
	 */
	@Benchmark
	public void jdk() throws CertificateException {
		Objects.requireNonNull(this.jdk).checkServerTrusted(this.chain, "ECDHE_RSA");
	}

}
