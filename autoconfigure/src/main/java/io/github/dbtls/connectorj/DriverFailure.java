package io.github.dbtls.connectorj;

import java.io.EOFException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.regex.Pattern;

import io.github.dbtls.Causes;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.diagnosis.LoginRefusal;
import org.jspecify.annotations.Nullable;

/**
 * Recognises what the driver throws before or after the handshake, outside of our reach.
 */
public final class DriverFailure {

	/** {@code MysqlIO.15} of the driver's messages. */
	private static final String TLS_NOT_OFFERED = "SSL Connection required, but not provided by server";

	/**
	 * What the JDK says when nobody answers; once the host has, it is "Read timed out".
	 */
	private static final String CONNECT_TIMED_OUT = "connect timed out";

	/** Its exceptions have causes of its own packages, but for errors of the server. */
	private static final Pattern LOCAL = Pattern.compile("(?i)unreachable|not permitted|too many open files");

	private static final String DRIVER = "com.mysql.cj.";

	private DriverFailure() {
	}

	/**
	 * Tell what kind of failure an exception stands for.
	 * @param thrown what the pool or the driver threw
	 * @return the kind of failure
	 */
	public static HandshakeFailure classify(Throwable thrown) {
		HandshakeFailure failure = HandshakeFailure.OTHER;
		for (Throwable current : Causes.of(thrown)) {
			if (current instanceof TlsHandshakeException handshake) {
				return handshake.getFailure();
			}
			if (current.getMessage() != null && current.getMessage().contains(TLS_NOT_OFFERED)) {
				return HandshakeFailure.TLS_NOT_OFFERED;
			}
			if (current instanceof ConnectException || current instanceof UnknownHostException
					|| current instanceof NoRouteToHostException || isConnectTimeout(current) || isLocal(current)) {
				return HandshakeFailure.UNREACHABLE;
			}
			if (current instanceof SocketTimeoutException) {
				failure = HandshakeFailure.HANDSHAKE_TIMEOUT;
			}
			else if (current instanceof EOFException || current instanceof SocketException) {
				failure = HandshakeFailure.CONNECTION_CLOSED;
			}
		}
		return failure;
	}

	/**
	 * Find what a server, or the driver in its place, says against a client or its login.
	 * Errors of statements look alike: whether there was a login, somebody else must
	 * know.
	 * @param thrown what the pool or the driver threw
	 * @return the refusal, or {@code null} if there is none
	 */
	public static @Nullable LoginRefusal refusal(Throwable thrown) {
		LoginRefusal refusal = null;
		for (Throwable current : Causes.of(thrown)) {
			if (current instanceof SQLException sql) {
				String message = String.valueOf(sql.getMessage());
				LoginRefusal inner = (sql.getErrorCode() > 0) ? LoginRefusal.ofServer(sql.getErrorCode(), message)
						: LoginRefusal.ofDriver(message);
				refusal = (inner != null) ? inner : refusal;
			}
		}
		return refusal;
	}

	/**
	 * Return whether it was MySQL Connector/J that failed, not another driver or client.
	 * @param thrown what was thrown
	 * @return whether one of its exceptions is in it
	 */
	public static boolean isOfDriver(Throwable thrown) {
		return Causes.of(thrown).stream().anyMatch((current) -> current.getClass().getName().startsWith(DRIVER));
	}

	// For these the JDK has no types of their own. A BindException is of connecting as
	// well: no local address or port is left, or a firewall here forbids it.
	private static boolean isLocal(Throwable thrown) {
		return thrown instanceof BindException
				|| (thrown instanceof SocketException && LOCAL.matcher(String.valueOf(thrown.getMessage())).find());
	}

	private static boolean isConnectTimeout(Throwable thrown) {
		return thrown instanceof SocketTimeoutException && CONNECT_TIMED_OUT.equalsIgnoreCase(thrown.getMessage());
	}

	/**
	 * Return the innermost message: the outer ones repeat that there is no connection.
	 * @param thrown what the pool or the driver threw
	 * @return the message
	 */
	public static String message(Throwable thrown) {
		String message = thrown.getClass().getSimpleName();
		for (Throwable current : Causes.of(thrown)) {
			message = (current.getMessage() != null) ? current.getMessage() : message;
		}
		return message;
	}

}
