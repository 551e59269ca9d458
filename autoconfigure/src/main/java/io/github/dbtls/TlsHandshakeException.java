package io.github.dbtls;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a connection could not be secured. Its message says all without a stack
 * trace. It is an {@link IOException} so that the driver and the pool keep it among the
 * causes of what they throw themselves.
 */
public class TlsHandshakeException extends IOException {

	private final HandshakeFailure failure;

	private final String host;

	private final int port;

	private final String description;

	private final String action;

	private final transient List<X509Certificate> presented;

	/**
	 * Create an exception.
	 * @param failure the kind of failure
	 * @param host the host that was connected to
	 * @param port its port
	 * @param description what happened; holds no secret
	 * @param action what the user can do
	 * @param presented the chain that the server presented, leaf first; empty if it came
	 * to none
	 * @param cause what failed underneath, or {@code null}
	 */
	public TlsHandshakeException(HandshakeFailure failure, String host, int port, String description, String action,
			List<X509Certificate> presented, @Nullable Throwable cause) {
		super(description + System.lineSeparator() + action, cause);
		this.failure = failure;
		this.host = host;
		this.port = port;
		this.description = description;
		this.action = action;
		this.presented = List.copyOf(presented);
	}

	/**
	 * Return the kind of failure.
	 * @return the kind of failure
	 */
	public HandshakeFailure getFailure() {
		return this.failure;
	}

	/**
	 * Return the host that was connected to.
	 * @return host name or address as in the JDBC URL
	 */
	public String getHost() {
		return this.host;
	}

	/**
	 * Return the port that was connected to.
	 * @return the port
	 */
	public int getPort() {
		return this.port;
	}

	/**
	 * Return what happened, without the advice.
	 * @return one or more lines
	 */
	public String getDescription() {
		return this.description;
	}

	/**
	 * Return what the user can do about it.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.action;
	}

	/**
	 * Return the certificates that the server presented.
	 * @return the chain, leaf first; empty if the handshake did not come that far
	 */
	public List<X509Certificate> getPresented() {
		return (this.presented != null) ? this.presented : List.of();
	}

}
