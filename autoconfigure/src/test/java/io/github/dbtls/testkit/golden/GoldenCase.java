package io.github.dbtls.testkit.golden;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.Provider;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.TrustSource;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.trust.TrustMaterial;

/**
 * A handshake that fails for a certificate, and the name of the text that is to come out.
 *
 * @param name the name of the text
 * @param failure what the failure is told as
 * @param host the host that is connected to, as the application knows it
 * @param server what answers there
 * @param policy the policy of the pool
 * @param trust what it trusts
 */
public record GoldenCase(String name, HandshakeFailure failure, String host, Identity server, TlsPolicy policy,
		TrustMaterial trust) {

	/**
	 * Start a case.
	 * @param name the name of its text
	 * @param failure what the failure is told as
	 * @param provider the id of the provider, in its default mode
	 * @return the case, without a server
	 */
	static GoldenCase of(String name, HandshakeFailure failure, String provider) {
		Provider known = TestPool.provider(provider);
		return new GoldenCase(name, failure, "localhost", null, policy(known, known.sslMode(), "ca.pem"),
				TestPool.trust());
	}

	private static TlsPolicy policy(Provider provider, SslMode mode, String location) {
		return new TlsPolicy("dbtls", provider, mode, List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2), List.of(),
				(location != null) ? new TrustSource.CaFile("dbtls.ca-path", location, null, null, false)
						: new TrustSource.SystemRoots(),
				null, Duration.ofHours(1), null, List.of());
	}

	GoldenCase at(String host) {
		return new GoldenCase(this.name, this.failure, host, this.server, this.policy, this.trust);
	}

	GoldenCase answers(Identity server) {
		return new GoldenCase(this.name, this.failure, this.host, server, this.policy, this.trust);
	}

	GoldenCase in(SslMode mode) {
		return new GoldenCase(this.name, this.failure, this.host, this.server,
				policy(this.policy.provider(), mode, "ca.pem"), this.trust);
	}

	GoldenCase trusting(X509Certificate... trusted) {
		return trustingFile("ca.pem", trusted);
	}

	GoldenCase trustingFile(String location, X509Certificate... trusted) {
		return new GoldenCase(this.name, this.failure, this.host, this.server,
				policy(this.policy.provider(), this.policy.sslMode(), location),
				new TrustMaterial(location, List.of(trusted), Instant.now()));
	}

	GoldenCase trustingSystemRoots(X509Certificate... trusted) {
		return new GoldenCase(this.name, this.failure, this.host, this.server,
				policy(this.policy.provider(), this.policy.sslMode(), null),
				new TrustMaterial("system roots", List.of(trusted), Instant.now()));
	}

	GoldenCase besideSystemRoots() {
		TlsPolicy policy = new TlsPolicy(this.policy.prefix(), this.policy.provider(), this.policy.sslMode(),
				this.policy.tlsVersions(), List.of(), this.policy.trust().withSystemRoots(), null,
				this.policy.sessionLifetime(), null, List.of());
		return new GoldenCase(this.name, this.failure, this.host, this.server, policy,
				new TrustMaterial(policy.trust().toString(), this.trust.certificates(), Instant.now()));
	}

	@Override
	public String toString() {
		return this.name;
	}

}
