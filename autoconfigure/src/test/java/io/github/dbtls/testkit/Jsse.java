package io.github.dbtls.testkit;

import java.security.Provider;

import io.github.dbtls.JsseProvider;
import io.github.dbtls.TlsPolicy;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.OpenSSLProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Who makes the handshakes.
 */
public enum Jsse {

	/**
	 * The JDK, as if nobody had chosen.
	 */
	JDK,

	/**
	 * Conscrypt, which is BoringSSL behind a native library.
	 */
	CONSCRYPT,

	/**
	 * BouncyCastle's, which is Java.
	 */
	BCJSSE;

	/**
	 * Make the provider, or give the test up aloud where it does not exist.
	 * @return the provider, or {@code null} for the JDK's
	 */
	public @Nullable JsseProvider provider() {
		Provider provider = switch (this) {
			case JDK -> null;
			case CONSCRYPT -> conscrypt();
			case BCJSSE -> new BouncyCastleJsseProvider(new BouncyCastleProvider());
		};
		return (provider != null) ? new JsseProvider("dbtls.jsse-provider", provider) : null;
	}

	private static Provider conscrypt() {
		try {
			return new OpenSSLProvider();
		}
		catch (LinkageError ex) {
			String platform = System.getProperty("os.name") + ", " + System.getProperty("os.arch");
			System.err.println("NOT TESTED: Conscrypt has no native library for " + platform + ": " + ex);
			return Assumptions.abort("Conscrypt has no native library for " + platform);
		}
	}

	/**
	 * Return a policy under which this makes the handshakes.
	 * @param policy the policy
	 * @return the policy with this provider
	 */
	public TlsPolicy in(TlsPolicy policy) {
		return new TlsPolicy(policy.prefix(), policy.provider(), policy.sslMode(), policy.tlsVersions(),
				policy.ciphers(), policy.trust(), policy.clientKey(), policy.sessionLifetime(), provider(),
				policy.weakenings());
	}

}
