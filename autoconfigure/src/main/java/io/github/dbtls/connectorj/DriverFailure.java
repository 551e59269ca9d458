package io.github.dbtls.connectorj;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;

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

	/** {@code ER_ACCESS_DENIED_ERROR} of MySQL and TiDB. */
	private static final int ACCESS_DENIED = 1045;

	/** With the same number, other databases mean something else. */
	private static final String NOT_AUTHORIZED = "28000";

	private DriverFailure() {
	}

	/**
	 * Tell what kind of failure an exception stands for.
	 * @param thrown what the pool or the driver threw
	 * @return the kind of failure
	 */
	public static HandshakeFailure classify(Throwable thrown) {
		HandshakeFailure failure = HandshakeFailure.OTHER;
		Throwable current = thrown;
		for (int depth = 0; current != null && depth < 30; depth++) {
			if (current instanceof TlsHandshakeException handshake) {
				return handshake.getFailure();
			}
			if (current.getMessage() != null && current.getMessage().contains(TLS_NOT_OFFERED)) {
				return HandshakeFailure.TLS_NOT_OFFERED;
			}
			if (current instanceof ConnectException || current instanceof UnknownHostException
					|| current instanceof NoRouteToHostException || isConnectTimeout(current)) {
				return HandshakeFailure.UNREACHABLE;
			}
			if (current instanceof SocketTimeoutException) {
				failure = HandshakeFailure.HANDSHAKE_TIMEOUT;
			}
			else if (current instanceof EOFException || current instanceof SocketException) {
				failure = HandshakeFailure.CONNECTION_CLOSED;
			}
			current = current.getCause();
		}
		return failure;
	}

	/**
	 * Return whether the server denied the login: for a wrong name or password, but also
	 * for want of the certificate that the user is declared to show.
	 * @param thrown what the pool or the driver threw
	 * @return whether the server answered with the error 1045
	 */
	public static boolean isAccessDenied(Throwable thrown) {
		Throwable current = thrown;
		for (int depth = 0; current != null && depth < 30; depth++) {
			if (current instanceof SQLException sql && sql.getErrorCode() == ACCESS_DENIED
					&& NOT_AUTHORIZED.equals(sql.getSQLState())) {
				return true;
			}
			current = current.getCause();
		}
		return false;
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
		String message = thrown.getMessage();
		Throwable current = thrown;
		for (int depth = 0; current != null && depth < 30; depth++) {
			message = (current.getMessage() != null) ? current.getMessage() : message;
			current = current.getCause();
		}
		return (message != null) ? message : thrown.getClass().getSimpleName();
	}

}
