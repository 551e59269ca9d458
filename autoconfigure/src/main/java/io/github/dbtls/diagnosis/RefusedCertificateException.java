package io.github.dbtls.diagnosis;

import java.security.cert.CertificateException;

import io.github.dbtls.HandshakeFailure;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a server's certificate chain is refused; says by which rule.
 */
public class RefusedCertificateException extends CertificateException {

	private final HandshakeFailure failure;

	/**
	 * Create an exception.
	 * @param failure the rule
	 * @param message what was found
	 * @param cause what the JDK found, or {@code null}
	 */
	public RefusedCertificateException(HandshakeFailure failure, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.failure = failure;
	}

	/**
	 * Return the rule that the chain breaks.
	 * @return the kind of failure
	 */
	public HandshakeFailure getFailure() {
		return this.failure;
	}

}
