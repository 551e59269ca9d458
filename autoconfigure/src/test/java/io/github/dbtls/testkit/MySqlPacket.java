package io.github.dbtls.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The payloads of the MySQL protocol that a server sends, and the fields they are made
 * of.
 *
 * @see <a href=
 * "https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html">Client/Server
 * Protocol</a>
 */
final class MySqlPacket {

	static final int CLIENT_CONNECT_WITH_DB = 0x00000008;

	static final int CLIENT_PROTOCOL_41 = 0x00000200;

	static final int CLIENT_SSL = 0x00000800;

	static final int CLIENT_PLUGIN_AUTH = 0x00080000;

	static final int CLIENT_PLUGIN_AUTH_LENENC = 0x00200000;

	/**
	 * Long password, found rows, long flag, database, protocol 41, transactions, secure
	 * connection, multiple statements and results, plug-ins, attributes.
	 */
	static final int DEFAULT_CAPABILITIES = 0x00000001 | 0x00000002 | 0x00000004 | CLIENT_CONNECT_WITH_DB
			| CLIENT_PROTOCOL_41 | 0x00002000 | 0x00008000 | 0x00010000 | 0x00020000 | CLIENT_PLUGIN_AUTH | 0x00100000
			| CLIENT_PLUGIN_AUTH_LENENC;

	private static final int AUTOCOMMIT = 2;

	private static final int UTF8MB4 = 255;

	private static final int VAR_STRING = 0xfd;

	private static final byte[] SCRAMBLE = "abcdefghijklmnopqrst".getBytes(StandardCharsets.US_ASCII);

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private MySqlPacket() {
	}

	static byte[] greeting(String version, int capabilities, String authenticationPlugin) {
		return new MySqlPacket().number(10, 1)
			.text(version)
			.number(7, 4)
			.raw(SCRAMBLE, 0, 8)
			.number(0, 1)
			.number(capabilities, 2)
			.number(UTF8MB4, 1)
			.number(AUTOCOMMIT, 2)
			.number(capabilities >>> 16, 2)
			.number(SCRAMBLE.length + 1, 1)
			.raw(new byte[10], 0, 10)
			.raw(SCRAMBLE, 8, 12)
			.number(0, 1)
			.text(authenticationPlugin)
			.toBytes();
	}

	static byte[] ok() {
		return new MySqlPacket().number(0, 3).number(AUTOCOMMIT, 2).number(0, 2).toBytes();
	}

	static byte[] error(int code, String sqlState, String message) {
		MySqlPacket packet = new MySqlPacket().number(0xff, 1).number(code, 2);
		byte[] text = ((sqlState != null) ? "#" + sqlState + message : message).getBytes(StandardCharsets.UTF_8);
		return packet.raw(text, 0, text.length).toBytes();
	}

	static byte[] endOfRows() {
		return new MySqlPacket().number(0xfe, 1).number(0, 2).number(AUTOCOMMIT, 2).toBytes();
	}

	static byte[] columnCount(int count) {
		return new MySqlPacket().number(count, 1).toBytes();
	}

	static byte[] column(String name) {
		return new MySqlPacket().counted("def")
			.counted("")
			.counted("")
			.counted("")
			.counted(name)
			.counted("")
			.number(0x0c, 1)
			.number(UTF8MB4, 2)
			.number(1024, 4)
			.number(VAR_STRING, 1)
			.number(0, 2)
			.number(0, 1)
			.number(0, 2)
			.toBytes();
	}

	static byte[] row(List<String> values) {
		MySqlPacket packet = new MySqlPacket();
		values.forEach(packet::counted);
		return packet.toBytes();
	}

	/**
	 * Put the header before a payload.
	 * @param payload the payload
	 * @param sequence its place in the exchange
	 * @return what goes over the wire
	 */
	static byte[] framed(byte[] payload, int sequence) {
		return new MySqlPacket().number(payload.length, 3)
			.number(sequence, 1)
			.raw(payload, 0, payload.length)
			.toBytes();
	}

	static boolean isSslRequest(byte[] payload) {
		return payload.length == 32 && (capabilities(payload) & CLIENT_SSL) != 0;
	}

	static Login login(byte[] payload) {
		int capabilities = capabilities(payload);
		ByteBuffer buffer = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).position(32);
		String user = terminated(buffer);
		buffer.position(Math.min(buffer.limit(), buffer.position() + 1 + (buffer.get(buffer.position()) & 0xff)));
		String database = ((capabilities & CLIENT_CONNECT_WITH_DB) != 0) ? terminated(buffer) : "";
		return new Login(user, database);
	}

	private static int capabilities(byte[] payload) {
		return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt();
	}

	private static String terminated(ByteBuffer buffer) {
		ByteArrayOutputStream text = new ByteArrayOutputStream();
		while (buffer.hasRemaining()) {
			byte value = buffer.get();
			if (value == 0) {
				break;
			}
			text.write(value);
		}
		return text.toString(StandardCharsets.UTF_8);
	}

	private MySqlPacket number(long value, int size) {
		for (int i = 0; i < size; i++) {
			this.bytes.write((int) (value >>> (8 * i)));
		}
		return this;
	}

	private MySqlPacket text(String text) {
		byte[] content = text.getBytes(StandardCharsets.UTF_8);
		return raw(content, 0, content.length).number(0, 1);
	}

	private MySqlPacket counted(String text) {
		if (text == null) {
			return number(0xfb, 1);
		}
		byte[] content = text.getBytes(StandardCharsets.UTF_8);
		MySqlPacket counted = (content.length < 251) ? number(content.length, 1)
				: number(0xfc, 1).number(content.length, 2);
		return counted.raw(content, 0, content.length);
	}

	private MySqlPacket raw(byte[] content, int offset, int length) {
		this.bytes.write(content, offset, length);
		return this;
	}

	private byte[] toBytes() {
		return this.bytes.toByteArray();
	}

	/**
	 * What a client says about itself when it logs in.
	 *
	 * @param user the name of the user
	 * @param database the name of the database, or an empty text
	 */
	record Login(String user, String database) {

	}

}
