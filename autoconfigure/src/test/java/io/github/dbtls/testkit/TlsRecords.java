package io.github.dbtls.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * TLS records by hand: those that the JDK refuses to send, and the parts of a handshake
 * that go over the wire in clear.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-4">RFC 8446</a>
 */
public final class TlsRecords {

	/**
	 * Alert: no algorithm that both sides accept.
	 */
	public static final int HANDSHAKE_FAILURE = 40;

	/**
	 * Alert: no version that both sides accept.
	 */
	public static final int PROTOCOL_VERSION = 70;

	/**
	 * Alert: something went wrong on the other side.
	 */
	public static final int INTERNAL_ERROR = 80;

	/**
	 * Alert: no certificate for the name that the client asked for.
	 */
	public static final int UNRECOGNIZED_NAME = 112;

	private static final int HANDSHAKE = 22;

	private static final int CLIENT_HELLO = 1;

	private static final int SERVER_HELLO = 2;

	private static final int CERTIFICATE = 11;

	private static final int SERVER_NAME = 0;

	private static final int PRE_SHARED_KEY = 41;

	private static final int SUPPORTED_VERSIONS = 43;

	private TlsRecords() {
	}

	/**
	 * Return a fatal alert.
	 * @param description its number
	 * @return the record
	 */
	public static byte[] alert(int description) {
		return new byte[] { 21, 3, 3, 0, 2, 2, (byte) description };
	}

	/**
	 * Return the first answer of a server that knows no TLS newer than 1.1, which the JDK
	 * does not speak any more: {@code TLS_RSA_WITH_AES_128_CBC_SHA}, no extension.
	 * @return the record
	 */
	public static byte[] tls11ServerHello() {
		// TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: newer JVMs no longer offer the older kind.
		return serverHello(0x0302, 0xc013);
	}

	/**
	 * Return a ServerHello without session and extensions.
	 * @param version the version that the server chooses, such as {@code 0x0303}
	 * @param cipher the cipher suite that it chooses
	 * @return the record
	 */
	public static byte[] serverHello(int version, int cipher) {
		ByteBuffer record = ByteBuffer.allocate(5 + 4 + 38);
		record.put((byte) HANDSHAKE).putShort((short) version).putShort((short) 42);
		record.putInt((SERVER_HELLO << 24) | 38);
		record.putShort((short) version).put(new byte[32]).put((byte) 0).putShort((short) cipher).put((byte) 0);
		return record.array();
	}

	/**
	 * Return an alert.
	 * @param level 1 for a warning, 2 for a fatal one
	 * @param description its number
	 * @return the record
	 */
	public static byte[] alert(int level, int description) {
		return new byte[] { 21, 3, 3, 0, 2, (byte) level, (byte) description };
	}

	/**
	 * Return a record.
	 * @param type its type, such as 22 for a handshake
	 * @param length the length that it claims to have
	 * @param content what is in it
	 * @return the record
	 */
	public static byte[] record(int type, int length, byte... content) {
		return ByteBuffer.allocate(5 + content.length)
			.put((byte) type)
			.putShort((short) 0x0303)
			.putShort((short) length)
			.put(content)
			.array();
	}

	/**
	 * Return a ServerHello that answers a client's, as TLS 1.3 wants it: with the
	 * client's session id.
	 * @param clientHello the record of the client
	 * @param random the 32 bytes that stand for chance
	 * @param cipher the cipher suite
	 * @param compression the compression method, 0 for none
	 * @param extensions the extensions, with type and length
	 * @return the record
	 */
	public static byte[] serverHello(byte[] clientHello, byte[] random, int cipher, int compression,
			byte... extensions) {
		// Record header, message header, version and random stand before it.
		int sessionIdLength = clientHello[43] & 0xff;
		int length = 2 + 32 + 1 + sessionIdLength + 3 + 2 + extensions.length;
		ByteBuffer record = ByteBuffer.allocate(5 + 4 + length);
		record.put((byte) HANDSHAKE).putShort((short) 0x0303).putShort((short) (4 + length));
		record.putInt((SERVER_HELLO << 24) | length);
		record.putShort((short) 0x0303).put(random).put(clientHello, 43, 1 + sessionIdLength);
		record.putShort((short) cipher).put((byte) compression).putShort((short) extensions.length).put(extensions);
		return record.array();
	}

	/**
	 * Return the certificate message of a TLS 1.2 server.
	 * @param chain what it shows
	 * @return the record
	 */
	public static byte[] certificate(List<X509Certificate> chain) {
		ByteArrayOutputStream list = new ByteArrayOutputStream();
		for (X509Certificate certificate : chain) {
			try {
				byte[] encoded = certificate.getEncoded();
				list.writeBytes(length24(encoded.length));
				list.writeBytes(encoded);
			}
			catch (CertificateEncodingException ex) {
				throw new IllegalArgumentException(ex);
			}
		}
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		message.write(CERTIFICATE);
		message.writeBytes(length24(3 + list.size()));
		message.writeBytes(length24(list.size()));
		message.writeBytes(list.toByteArray());
		return record(HANDSHAKE, message.size(), message.toByteArray());
	}

	private static byte[] length24(int length) {
		return new byte[] { (byte) (length >> 16), (byte) (length >> 8), (byte) length };
	}

	/**
	 * Return the names that a client asks for.
	 * @param received what the client sent, beginning with its ClientHello
	 * @return the names of its server name indication
	 */
	static List<String> serverNames(byte[] received) {
		List<String> names = new ArrayList<>();
		for (Hello hello : hellos(received, CLIENT_HELLO)) {
			hello.extensions().stream().filter((extension) -> extension.type() == SERVER_NAME).forEach((extension) -> {
				ByteBuffer content = ByteBuffer.wrap(extension.content());
				content.getShort();
				content.get();
				names.add(StandardCharsets.US_ASCII.decode(slice(content, content.getShort() & 0xffff)).toString());
			});
		}
		return names.stream().distinct().toList();
	}

	/**
	 * Return whether a completed handshake resumed a session: in TLS 1.3 the server then
	 * chooses a pre-shared key, in TLS 1.2 it sends no certificate. Session objects do
	 * not tell it: a session that comes out of a ticket is a new object.
	 * @param sent what the server sent, beginning with its ServerHello
	 * @return whether no certificate was shown
	 */
	static boolean isResumed(byte[] sent) {
		List<Hello> hellos = hellos(sent, SERVER_HELLO);
		if (hellos.stream().anyMatch((hello) -> hello.has(SUPPORTED_VERSIONS))) {
			return hellos.stream().anyMatch((hello) -> hello.has(PRE_SHARED_KEY));
		}
		return !hellos.isEmpty() && messages(sent).stream().noneMatch((message) -> message.type() == CERTIFICATE);
	}

	/**
	 * Return whether bytes are nothing but TLS records, the last one maybe cut off.
	 * @param bytes the bytes
	 * @param offset where to begin
	 * @return whether they are
	 */
	static boolean isTls(byte[] bytes, int offset) {
		int position = offset;
		while (position < bytes.length) {
			int type = bytes[position] & 0xff;
			if (type < 20 || type > 23 || (position + 1 < bytes.length && bytes[position + 1] != 3)) {
				return false;
			}
			if (position + 5 > bytes.length) {
				return true;
			}
			position += 5 + ((bytes[position + 3] & 0xff) << 8) + (bytes[position + 4] & 0xff);
		}
		return true;
	}

	private static List<Hello> hellos(byte[] bytes, int type) {
		List<Hello> hellos = new ArrayList<>();
		try {
			for (Block message : messages(bytes)) {
				if (message.type() == type) {
					hellos.add(hello(ByteBuffer.wrap(message.content()), type));
				}
			}
		}
		catch (BufferUnderflowException | IllegalArgumentException ex) {
			// What comes from a hostile peer may end anywhere.
		}
		return hellos;
	}

	private static Hello hello(ByteBuffer content, int type) {
		content.position(2 + 32);
		slice(content, content.get() & 0xff);
		if (type == CLIENT_HELLO) {
			slice(content, content.getShort() & 0xffff);
			slice(content, content.get() & 0xff);
		}
		else {
			slice(content, 3);
		}
		List<Block> extensions = new ArrayList<>();
		if (content.hasRemaining()) {
			content.getShort();
		}
		while (content.hasRemaining()) {
			int extension = content.getShort() & 0xffff;
			extensions.add(new Block(extension, bytes(slice(content, content.getShort() & 0xffff))));
		}
		return new Hello(extensions);
	}

	/**
	 * Return the handshake messages at the beginning that are not encrypted yet.
	 */
	private static List<Block> messages(byte[] bytes) {
		ByteArrayOutputStream handshake = new ByteArrayOutputStream();
		ByteBuffer records = ByteBuffer.wrap(bytes);
		while (records.remaining() >= 5 && records.get(records.position()) == HANDSHAKE) {
			records.position(records.position() + 3);
			int length = records.getShort() & 0xffff;
			handshake.writeBytes(bytes(slice(records, Math.min(length, records.remaining()))));
		}
		List<Block> messages = new ArrayList<>();
		ByteBuffer content = ByteBuffer.wrap(handshake.toByteArray());
		while (content.remaining() >= 4) {
			int header = content.getInt();
			int length = header & 0xffffff;
			if (length > content.remaining()) {
				break;
			}
			messages.add(new Block(header >>> 24, bytes(slice(content, length))));
		}
		return messages;
	}

	private static ByteBuffer slice(ByteBuffer buffer, int length) {
		ByteBuffer slice = buffer.slice().limit(length);
		buffer.position(buffer.position() + length);
		return slice;
	}

	private static byte[] bytes(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.get(bytes);
		return bytes;
	}

	private record Block(int type, byte[] content) {

	}

	private record Hello(List<Block> extensions) {

		boolean has(int type) {
			return this.extensions.stream().anyMatch((extension) -> extension.type() == type);
		}

	}

}
