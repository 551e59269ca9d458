package io.github.dbtls.sample.network;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Packet of the MySQL protocol as it travels: three bytes of length, a number, a payload.
 *
 * @param bytes the whole packet
 * @see <a href=
 * "https://mariadb.com/docs/server/reference/clientserver-protocol/0-packet">0-Packet</a>
 */
record MySqlPacket(byte[] bytes) {

	private static final int HEADER = 4;

	/** Length of the payload of a request for TLS, which is the beginning of a login. */
	private static final int TLS_REQUEST = 32;

	private static final int CLIENT_SSL = 0x0800;

	/** More than a greeting or a login has. */
	private static final int MOST = 64 * 1024;

	static MySqlPacket read(InputStream input) throws IOException {
		byte[] header = input.readNBytes(HEADER);
		if (header.length < HEADER) {
			throw new EOFException("No packet");
		}
		int length = (header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16;
		if (length > MOST) {
			throw new IOException("Not the beginning of a MySQL connection");
		}
		byte[] packet = new byte[HEADER + length];
		System.arraycopy(header, 0, packet, 0, HEADER);
		if (input.readNBytes(packet, HEADER, length) < length) {
			throw new EOFException("Half a packet");
		}
		return new MySqlPacket(packet);
	}

	boolean isTlsRequest() {
		return this.bytes.length == HEADER + TLS_REQUEST
				&& (((this.bytes[HEADER] & 0xFF) | (this.bytes[HEADER + 1] & 0xFF) << 8) & CLIENT_SSL) != 0;
	}

}
