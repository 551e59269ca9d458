package io.github.dbtls.diagnosis;

import org.jspecify.annotations.Nullable;

/**
 * Recognises one cause of a failure in what the server presented, what is trusted, the
 * clock and the host, and in nothing else.
 */
@FunctionalInterface
interface CertificateRule {

	/**
	 * Look for the cause.
	 * @param facts what is known
	 * @param path the certificates that the server presented, as far as they belong
	 * together
	 * @return what was recognised, or {@code null}
	 */
	@Nullable Finding find(HandshakeFacts facts, IssuedPath path);

}
