package io.github.dbtls.connectorj;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.github.dbtls.diagnosis.LoginRefusal;

/**
 * MySQL's <a href=
 * "https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html">
 * connection phase</a> up to its SSLRequest.
 */
final class ConnectionPhase {

	/** Length and sequence number of a packet. */
	static final int HEADER_LENGTH = 4;

	private static final int PROTOCOL_VERSION = 10;

	/** The notice that a server of X Protocol may begin with. */
	private static final int X_PROTOCOL_NOTICE = 11;

	/**
	 * Protocol version, end of the server's version, thread id, first part of the
	 * challenge, filler, capabilities.
	 */
	private static final int SMALLEST_GREETING = 1 + 1 + 4 + 8 + 1 + 2;

	private static final int ERROR = 0xff;

	private static final int CLIENT_PROTOCOL_41 = 1 << 9;

	private static final int CLIENT_SSL = 1 << 11;

	private static final int CLIENT_SECURE_CONNECTION = 1 << 15;

	private static final int CLIENT_PLUGIN_AUTH = 1 << 19;

	private static final int LARGEST_GREETING = 1 << 16;

	private static final int LARGEST_PACKET = (1 << 24) - 1;

	/** utf8mb4_general_ci, which every server has. */
	private static final byte CHARACTER_SET = 45;

	private static final int SSL_REQUEST_LENGTH = 32;

	private ConnectionPhase() {
	}

	/**
	 * Read the greeting, and ask for TLS if the server offers it.
	 * @param socket a connected socket
	 * @return whether the server expects the TLS handshake now
	 * @throws NotMySqlException if what answers is no MySQL server
	 * @throws IOException if the server refuses the connection or breaks it off
	 */
	static boolean requestTls(Socket socket) throws IOException {
		if (!offersTls(greeting(socket.getInputStream()))) {
			return false;
		}
		ByteBuffer packet = ByteBuffer.allocate(4 + SSL_REQUEST_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
		packet.putInt(SSL_REQUEST_LENGTH | (1 << 24));
		packet.putInt(CLIENT_PROTOCOL_41 | CLIENT_SSL | CLIENT_SECURE_CONNECTION | CLIENT_PLUGIN_AUTH);
		packet.putInt(LARGEST_PACKET);
		packet.put(CHARACTER_SET);
		socket.getOutputStream().write(packet.array());
		socket.getOutputStream().flush();
		return true;
	}

	private static byte[] greeting(InputStream in) throws IOException {
		byte[] header = in.readNBytes(HEADER_LENGTH);
		if (header.length < HEADER_LENGTH) {
			throw new EOFException("The server closed the connection before its greeting");
		}
		int length = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
		checkLength(length);
		byte[] payload = in.readNBytes(length);
		if (payload.length < length) {
			throw new EOFException("The server closed the connection within its greeting");
		}
		return payload;
	}

	/**
	 * Read what a server begins with.
	 * @param greeting its first packet, without the header
	 * @return whether it offers TLS
	 * @throws RefusedException if it refuses the client instead
	 * @throws NotMySqlException if it is no MySQL server
	 */
	static boolean offersTls(byte[] greeting) throws RefusedException, NotMySqlException {
		int type = greeting[0] & 0xff;
		if (type == ERROR && greeting.length > 3) {
			int code = (greeting[1] & 0xff) | (greeting[2] & 0xff) << 8;
			String message = new String(greeting, 3, greeting.length - 3, StandardCharsets.UTF_8);
			throw new RefusedException(LoginRefusal.ofServer(code, message));
		}
		checkType(type, greeting.length);
		int end = 1;
		while (end < greeting.length && greeting[end] != 0) {
			end++;
		}
		// Thread id, first part of the challenge, filler, then the capabilities.
		int capabilities = end + 1 + 4 + 8 + 1;
		if (greeting.length < capabilities + 2) {
			throw new NotMySqlException("its greeting is cut short");
		}
		int flags = (greeting[capabilities] & 0xff) | (greeting[capabilities + 1] & 0xff) << 8;
		return (flags & CLIENT_SSL) != 0;
	}

	static void checkLength(int length) throws NotMySqlException {
		if (length == 0 || length > LARGEST_GREETING) {
			throw new NotMySqlException("its first bytes are no greeting of MySQL");
		}
	}

	static void checkType(int type, int length) throws NotMySqlException {
		if (type == ERROR) {
			return;
		}
		if (type == X_PROTOCOL_NOTICE) {
			throw new NotMySqlException(
					"it may be the port of MySQL's X Protocol; that of the classic protocol is usually 3306");
		}
		if (type != PROTOCOL_VERSION) {
			throw new NotMySqlException("its greeting is not of protocol version 10");
		}
		if (length < SMALLEST_GREETING) {
			throw new NotMySqlException("its greeting is cut short");
		}
	}

	/**
	 * Thrown when the server refuses the client before it greets it.
	 */
	static final class RefusedException extends IOException {

		private final transient LoginRefusal refusal;

		private RefusedException(LoginRefusal refusal) {
			super("The server refuses the connection: " + refusal.words());
			this.refusal = refusal;
		}

		LoginRefusal refusal() {
			return this.refusal;
		}

	}

	/**
	 * Thrown when what answers does not speak MySQL's protocol.
	 */
	static final class NotMySqlException extends IOException {

		private NotMySqlException(String message) {
			super(message);
		}

	}

}
