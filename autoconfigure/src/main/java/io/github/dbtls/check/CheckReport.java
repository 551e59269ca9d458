package io.github.dbtls.check;

import java.security.cert.X509Certificate;
import java.util.List;

import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.TlsVersion;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about one host.
 *
 * @param host the host, with its port
 * @param session what was negotiated under the policy, or {@code null} if nothing was
 * @param verifying whether the policy verifies anything
 * @param failure why nothing was negotiated, or {@code null}
 * @param clientCertificateAsked whether the server asked for a certificate of the client,
 * or {@code null} if that is not known
 * @param resumed whether a second connection resumed the session of the first, or
 * {@code null} if that is not known
 * @param versions what became of each version of TLS; empty if they were not tried
 * @param untried why they were not, in words, or {@code null} if they were
 * @param presented the chain that the server showed, leaf first
 * @param connections how many connections were opened
 */
record CheckReport(String host, @Nullable TlsSession session, boolean verifying,
		@Nullable TlsHandshakeException failure, @Nullable Boolean clientCertificateAsked, @Nullable Boolean resumed,
		List<Version> versions, @Nullable String untried, List<X509Certificate> presented, int connections) {

	CheckReport {
		versions = List.copyOf(versions);
		presented = List.copyOf(presented);
	}

	boolean isVerified() {
		return this.session != null && this.verifying;
	}

	/**
	 * One version of TLS.
	 *
	 * @param version the version
	 * @param ciphers the cipher suites that the server accepts, as far as they were
	 * tried, in the order in which it chose them
	 * @param refusal what ended it: with cipher suites before it, the server's word that
	 * there are no more; {@code null} if it accepts all that was offered
	 * @param complete whether all that was to be tried was tried
	 */
	record Version(TlsVersion version, List<String> ciphers, @Nullable TlsHandshakeException refusal,
			boolean complete) {

		Version {
			ciphers = List.copyOf(ciphers);
		}

	}

}
