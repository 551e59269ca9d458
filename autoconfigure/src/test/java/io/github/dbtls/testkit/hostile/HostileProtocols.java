package io.github.dbtls.testkit.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Builder;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TlsRecords;
import io.github.dbtls.testkit.hostile.HostileCase.Group;
import io.github.dbtls.testkit.hostile.HostileCase.Stock;

/**
 * Servers, or men in the middle, that break the protocol, stall it or try to get a login
 * out of it.
 */
final class HostileProtocols {

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final Identity identity = authority.server("localhost");

	private static final String HTTP = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

	private static final String NOT_MYSQL = "what answers there is no MySQL server";

	private static final String ENDED = "the connection ended";

	private static final String CONNECT_TIMEOUT = "'connectTimeout' of the driver bounds connecting only, and a read "
			+ "of it nothing; ours is over with greeting and handshake by then";

	private static final int ECDHE_ECDSA_AES_128_GCM = 0xc02b;

	private static final int AES_128_GCM = 0x1301;

	private static final byte[] GARBAGE = HexFormat.of().parseHex("deadbeef00c0ffee42424242deadbeef00c0ffee");

	/** OK, as if a login had succeeded. */
	private static final byte[] OK = { 0, 0, 0, 2, 0, 0, 0 };

	private HostileProtocols() {
	}

	static Stream<HostileCase> all() {
		return Stream
			.of(versions(), helloes(), clear(), banners(), alerts(), ends(), garbage(), slow(), records(), sessions(),
					logins())
			.flatMap((cases) -> cases);
	}

	private static Stream<HostileCase> versions() {
		byte[] random = new byte[32];
		return Stream.of(
				noProtocol("SSL 3.0 only", tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.serverHello(0x0300, 0xc013))),
				noProtocol("TLS 1.0 only", tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.serverHello(0x0301, 0xc013))),
				noProtocol("TLS 1.1 only", tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.serverHello(0x0302, 0xc013))),
				noProtocol("TLS 1.1 chosen as TLS 1.3 would be",
						tls().answerHello((hello) -> TlsRecords.serverHello(hello, random, AES_128_GCM, 0,
								HexFormat.of().parseHex("002b00020302")))),
				noProtocol("a version of TLS that does not exist",
						tls().answerHello((hello) -> TlsRecords.serverHello(hello, random, AES_128_GCM, 0,
								HexFormat.of().parseHex("002b00020306")))),
				protocol("rollback to TLS 1.2 by a server that has 1.3",
						tls()
							.answerHello(
									(hello) -> TlsRecords.serverHello(hello, downgraded(1), ECDHE_ECDSA_AES_128_GCM, 0))
							.stallAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.OTHER, "protocol version downgrade attack"),
				protocol("rollback below TLS 1.2 by a server that has 1.2",
						tls()
							.answerHello(
									(hello) -> TlsRecords.serverHello(hello, downgraded(0), ECDHE_ECDSA_AES_128_GCM, 0))
							.stallAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.OTHER, "protocol version downgrade attack"),
				protocol("TLS 1.2 only", tls().protocols("TLSv1.2"))
					.accepted("The policy allows it, if it is verified"));
	}

	private static Stream<HostileCase> helloes() {
		byte[] random = new byte[32];
		byte[] retry = HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
		byte[] secp384 = HexFormat.of().parseHex("002b00020304" + "003300020018");
		return Stream
			.of(protocol("no cipher suite in common",
					tls().protocols("TLSv1.2").ciphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
				.refused(HandshakeFailure.NO_COMMON_CIPHER, "no cipher suite in common"),
					hello("cipher suite without encryption", random, 0x0002, 0)
						.refused(HandshakeFailure.NO_COMMON_CIPHER, ""),
					hello("cipher suite without certificate", random, 0xc018, 0)
						.refused(HandshakeFailure.NO_COMMON_CIPHER, ""),
					hello("RC4", random, 0x0005, 0).refused(HandshakeFailure.NO_COMMON_CIPHER, ""),
					hello("cipher suite without forward secrecy that was not offered", random, 0x000a, 0)
						.refused(HandshakeFailure.NO_COMMON_CIPHER, ""),
					hello("compression", random, ECDHE_ECDSA_AES_128_GCM, 1).refused(HandshakeFailure.OTHER,
							"compression"),
					hello("TLS 1.3 without a key", random, AES_128_GCM, 0, HexFormat.of().parseHex("002b00020304"))
						.refused(HandshakeFailure.OTHER, ""),
					protocol("endless requests for another hello", tls()
						.answerHello((hello) -> twice(TlsRecords.serverHello(hello, retry, AES_128_GCM, 0, secp384)))
						.stallAfter(Step.CLIENT_HELLO)).refused(HandshakeFailure.OTHER, ""),
					protocol("certificate instead of a hello",
							tls()
								.sendAfter(Step.CLIENT_HELLO,
										TlsRecords.record(22, 7, (byte) 11, (byte) 0, (byte) 0, (byte) 3, (byte) 0,
												(byte) 0, (byte) 0))
								.stallAfter(Step.CLIENT_HELLO))
						.refused(HandshakeFailure.OTHER, ""),
					protocol("finished instead of a hello",
							tls()
								.sendAfter(Step.CLIENT_HELLO,
										TlsRecords.record(22, 16,
												HexFormat.of().parseHex("1400000c000102030405060708090a0b")))
								.stallAfter(Step.CLIENT_HELLO))
						.refused(HandshakeFailure.OTHER, ""),
					protocol("change of cipher instead of a hello",
							tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.record(20, 1, (byte) 1))
								.stallAfter(Step.CLIENT_HELLO))
						.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
					protocol("data instead of a hello",
							tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.record(23, OK.length, OK))
								.stallAfter(Step.CLIENT_HELLO))
						.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
					protocol("certificate of the client wanted",
							tls().protocols("TLSv1.2").needClientAuth(authority.certificate()))
						.refused(HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED,
								"the server wants a certificate of the client"),
					protocol("certificate of the client asked for", tls().wantClientAuth(authority.certificate()))
						.accepted("RFC 8446, 4.4.2: a client without one may say so"));
	}

	private static Stream<HostileCase> clear() {
		byte[] authSwitch = payload(0xfe, "mysql_clear_password\0");
		byte[] error = payload(0xff, "\u0015\u0004#28000You are not welcome");
		return Stream.of(
				protocol("plain server", FakeMySqlServer.plain()).refused(HandshakeFailure.TLS_NOT_OFFERED,
						"the server does not offer TLS"),
				protocol("offer of TLS stripped by a man in the middle", tls().withoutTlsOffer())
					.refused(HandshakeFailure.TLS_NOT_OFFERED, "the server does not offer TLS"),
				injected("OK in clear before TLS", OK, 2), injected("error in clear before TLS", error, 2),
				protocol("switch to a clear password before TLS",
						tls().packetAfter(Step.SSL_REQUEST, authSwitch))
					.refused(HandshakeFailure.OTHER, ""),
				injected("empty packet in clear before TLS", new byte[0], 2),
				protocol("OK in clear in place of TLS",
						tls().packetAfter(Step.SSL_REQUEST, OK).stallAfter(Step.SSL_REQUEST))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("error in clear in place of TLS",
						tls().errorAfter(Step.SSL_REQUEST, 3159, "HY000", "no").closeAfter(Step.SSL_REQUEST))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				hung("switch to a clear password in place of TLS",
						tls().packetAfter(Step.SSL_REQUEST, authSwitch).stallAfter(Step.SSL_REQUEST)),
				protocol("second greeting in place of TLS",
						tls().greetAfter(Step.SSL_REQUEST).stallAfter(Step.SSL_REQUEST))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("OK in one piece with the greeting", tls().sendWithGreeting(packet(1, OK)))
					.accepted("What was sent in clear is thrown away when TLS begins (CVE-2021-22947's class)"),
				protocol("error in one piece with the greeting", tls().sendWithGreeting(packet(1, error)))
					.accepted("What was sent in clear is thrown away when TLS begins (CVE-2021-22947's class)"),
				protocol("OK in clear within the handshake", tls().sendAfter(Step.CLIENT_HELLO, packet(2, OK)))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("OK in clear behind the handshake", tls().sendOnWireAfter(Step.TLS_HANDSHAKE, packet(2, OK)))
					.refusedInsideTls(HandshakeFailure.OTHER, ""),
				protocol("fatal alert in clear behind the handshake",
						tls().sendOnWireAfter(Step.TLS_HANDSHAKE, TlsRecords.alert(2, 80)))
					.refusedInsideTls(HandshakeFailure.OTHER, ""));
	}

	private static Stream<HostileCase> banners() {
		return Stream.of(
				protocol("SSH", tls().sendAfter(Step.ACCEPT, "SSH-2.0-OpenSSH_9.6\r\n").stallAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("mail server",
						tls().sendAfter(Step.ACCEPT, "220 mail.example.com ESMTP\r\n").stallAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("HTTP at once", tls().sendAfter(Step.ACCEPT, HTTP).closeAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("HTTP in place of TLS", tls().sendAfter(Step.SSL_REQUEST, HTTP).closeAfter(Step.SSL_REQUEST))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("HTTP in clear before TLS", tls().sendAfter(Step.SSL_REQUEST, HTTP))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("HTTP in place of the server's hello",
						tls().sendAfter(Step.CLIENT_HELLO, HTTP).closeAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("X Protocol",
						tls().sendAfter(Step.ACCEPT, HexFormat.of().parseHex("050000000b08051a00"))
							.stallAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, "X Protocol"),
				protocol("protocol version 9",
						tls().sendAfter(Step.ACCEPT, packet(0, payload(9, "3.20.0\0abcdefgh\0")))
							.stallAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("empty greeting", tls().sendAfter(Step.ACCEPT, packet(0, new byte[0])).stallAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("greeting cut short",
						tls().sendAfter(Step.ACCEPT, packet(0, payload(10, "8.4.0"))).stallAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("greeting of 16 MB",
						tls().sendAfter(Step.ACCEPT, new byte[] { -1, -1, -1, 0, 10 }).stallAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("too many connections", tls().refuse(1040, "08004", "Too many connections"))
					.refused(HandshakeFailure.LOGIN_REFUSED, "Too many connections"));
	}

	private static Stream<HostileCase> alerts() {
		return Stream.of(alert("protocol_version", 70, HandshakeFailure.NO_COMMON_PROTOCOL),
				alert("inappropriate_fallback", 86, HandshakeFailure.NO_COMMON_PROTOCOL),
				alert("handshake_failure", 40, HandshakeFailure.NO_COMMON_CIPHER),
				alert("insufficient_security", 71, HandshakeFailure.NO_COMMON_CIPHER),
				alert("internal_error", 80, HandshakeFailure.OTHER),
				alert("unrecognized_name", 112, HandshakeFailure.OTHER),
				alert("access_denied", 49, HandshakeFailure.OTHER),
				protocol("fatal alert without number",
						tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.alert(2, 255)).closeAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.OTHER, ""),
				protocol("fatal alert before the client's hello",
						tls().sendAfter(Step.SSL_REQUEST, TlsRecords.alert(2, 80)).closeAfter(Step.SSL_REQUEST))
					.refused(HandshakeFailure.OTHER, "internal_error"),
				protocol("fatal alert in place of the greeting",
						tls().sendAfter(Step.ACCEPT, TlsRecords.alert(2, 80)).closeAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("good-bye in place of the server's hello",
						tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.alert(1, 0)).closeAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.OTHER, ""),
				protocol("warning, then the handshake",
						tls().protocols("TLSv1.2").sendAfter(Step.CLIENT_HELLO, TlsRecords.alert(1, 112)))
					.refused(HandshakeFailure.OTHER, "unrecognized_name"),
				protocol("warnings without end", tls().floodAfter(Step.CLIENT_HELLO, TlsRecords.alert(1, 112)))
					.refused(HandshakeFailure.OTHER, "unrecognized_name"));
	}

	private static HostileCase alert(String name, int description, HandshakeFailure failure) {
		return protocol("alert " + name, tls().alert(description)).refused(failure, name);
	}

	private static Stream<HostileCase> ends() {
		return Stream.of(
				closed("close at once", tls().closeAfter(Step.ACCEPT),
						"The server closed the connection before its greeting"),
				closed("reset at once", tls().resetAfter(Step.ACCEPT), ""),
				closed("close behind the greeting", tls().closeAfter(Step.GREETING), ENDED),
				closed("reset behind the greeting", tls().resetAfter(Step.GREETING), ""),
				closed("close behind the request for TLS", tls().closeAfter(Step.SSL_REQUEST), ENDED),
				closed("reset behind the request for TLS", tls().resetAfter(Step.SSL_REQUEST), ENDED),
				closed("close behind the client's hello", tls().closeAfter(Step.CLIENT_HELLO), ENDED),
				closed("reset behind the client's hello", tls().resetAfter(Step.CLIENT_HELLO), ENDED),
				closed("close within the server's hello",
						tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.record(22, 80, (byte) 2))
							.closeAfter(Step.CLIENT_HELLO),
						ENDED),
				protocol("close behind the handshake", tls().closeAfter(Step.TLS_HANDSHAKE))
					.refusedInsideTls(HandshakeFailure.CONNECTION_CLOSED, ""),
				protocol("reset behind the handshake", tls().resetAfter(Step.TLS_HANDSHAKE))
					.refusedInsideTls(HandshakeFailure.CONNECTION_CLOSED, ""),
				protocol("close behind the user's name", tls().closeAfter(Step.LOGIN))
					.refusedInsideTls(HandshakeFailure.CONNECTION_CLOSED, ""),
				protocol("reset behind the user's name", tls().resetAfter(Step.LOGIN))
					.refusedInsideTls(HandshakeFailure.CONNECTION_CLOSED, ""));
	}

	private static Stream<HostileCase> garbage() {
		return Stream.of(
				protocol("garbage in place of the greeting",
						tls().sendAfter(Step.ACCEPT, GARBAGE).stallAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("garbage in place of TLS",
						tls().sendAfter(Step.SSL_REQUEST, GARBAGE).stallAfter(Step.SSL_REQUEST))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("garbage in place of the server's hello",
						tls().sendAfter(Step.CLIENT_HELLO, GARBAGE).stallAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("garbage as the server's hello",
						tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.record(22, GARBAGE.length, GARBAGE))
							.stallAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.OTHER, ""),
				protocol("garbage behind the handshake", tls().sendOnWireAfter(Step.TLS_HANDSHAKE, GARBAGE))
					.refusedInsideTls(HandshakeFailure.OTHER, ""),
				protocol("garbage behind the user's name", tls().sendOnWireAfter(Step.LOGIN, GARBAGE))
					.refusedInsideTls(HandshakeFailure.OTHER, ""));
	}

	private static Stream<HostileCase> slow() {
		return Stream.of(hung("silence at once", tls().stallAfter(Step.ACCEPT)),
				hung("silence within the greeting",
						tls().sendAfter(Step.ACCEPT, new byte[] { 74, 0, 0, 0, 10, '8' }).stallAfter(Step.ACCEPT)),
				hung("silence behind the greeting", tls().stallAfter(Step.GREETING)),
				hung("silence behind the request for TLS", tls().stallAfter(Step.SSL_REQUEST)),
				hung("silence behind the client's hello", tls().stallAfter(Step.CLIENT_HELLO)),
				hung("silence within a record",
						tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.record(22, 80, (byte) 2))
							.stallAfter(Step.CLIENT_HELLO)),
				hung("silence behind the server's hello",
						tls().protocols("TLSv1.2")
							.sendAfter(Step.CLIENT_HELLO, TlsRecords.serverHello(0x0303, ECDHE_ECDSA_AES_128_GCM))
							.stallAfter(Step.CLIENT_HELLO)),
				hung("a byte of the greeting at a time", tls().drip(Duration.ofMillis(100))),
				hung("a byte of the handshake at a time", tls().drip(Duration.ofMillis(12))),
				protocol("silence behind the handshake", tls().stallAfter(Step.TLS_HANDSHAKE)).socketTimeout(2000)
					.refusedInsideTls(HandshakeFailure.HANDSHAKE_TIMEOUT, ""),
				protocol("silence behind the user's name", tls().stallAfter(Step.LOGIN)).socketTimeout(2000)
					.refusedInsideTls(HandshakeFailure.HANDSHAKE_TIMEOUT, ""));
	}

	private static Stream<HostileCase> records() {
		byte[] hello = HexFormat.of().parseHex("0200ffff");
		return Stream.of(
				protocol("record of 64 KB",
						tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.record(22, 0xffff, hello))
							.stallAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.OTHER, ""),
				protocol("record longer than TLS allows",
						tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.record(22, 17000, new byte[17000]))
							.stallAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.OTHER, ""),
				protocol("message of 16 MB",
						tls()
							.sendAfter(Step.CLIENT_HELLO,
									TlsRecords.record(22, 8, HexFormat.of().parseHex("02ffffff00000000")))
							.stallAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.OTHER, ""),
				protocol("record of an unknown type",
						tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.record(99, 1, (byte) 0))
							.stallAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				protocol("heartbeat",
						tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.record(24, 3, (byte) 1, (byte) 64, (byte) 0))
							.stallAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				hung("empty records without end", tls().floodAfter(Step.CLIENT_HELLO, TlsRecords.record(22, 0)))
					.newerJdk(HandshakeFailure.OTHER, "must not be zero length"),
				protocol("empty alert",
						tls().sendAfter(Step.CLIENT_HELLO, TlsRecords.record(21, 0)).stallAfter(Step.CLIENT_HELLO))
					.refused(HandshakeFailure.OTHER, ""));
	}

	private static Stream<HostileCase> sessions() {
		Identity other = authority.server("other.example.com");
		Authority stranger = TestCertificates.authority("CN=Stranger CA");
		return Stream.of(
				HostileCase
					.script(Group.PROTOCOL, "session of a pool that trusts another authority", tls(),
							stranger.certificate())
					.afterPoolThatTrusts(authority)
					.refused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued"),
				HostileCase
					.script(Group.PROTOCOL, "session of a pool that trusts another authority, with TLS 1.2",
							tls().protocols("TLSv1.2"), stranger.certificate())
					.afterPoolThatTrusts(authority)
					.refused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued"),
				protocol("session of a server that is another one by now", tls())
					.thenShows(stranger.server("localhost"))
					.refused(HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued"),
				protocol("session of a server that has another name by now", tls()).thenShows(other)
					.refused(HandshakeFailure.HOST_NAME_MISMATCH, "the server's certificate is not issued to")
					.stock(Stock.ACCEPTED, Stock.REFUSED),
				protocol("session of a server that has a new certificate", tls())
					.thenShows(authority.server("localhost"))
					.accepted("Certificates are renewed; the new one is verified in full"),
				protocol("renegotiation", tls().protocols("TLSv1.2").renegotiateAfter(Step.LOGIN))
					.accepted("RFC 5746: bound to the first handshake, and verified as it was"),
				protocol("renegotiation with another certificate",
						FakeMySqlServer.tls(identity.changingServerContext(stranger.server("localhost")))
							.protocols("TLSv1.2")
							.renegotiateAfter(Step.LOGIN))
					.refusedInsideTls(HandshakeFailure.OTHER, ""));
	}

	private static Stream<HostileCase> logins() {
		byte[] clearSwitch = payload(0xfe, "mysql_clear_password\0");
		byte[] publicKey = payload(1, "-----BEGIN PUBLIC KEY-----\nMFwwDQYJ\n-----END PUBLIC KEY-----\n");
		return Stream.of(
				login("clear password as the plain server's method",
						FakeMySqlServer.plain().authentication("mysql_clear_password"))
					.refused(HandshakeFailure.TLS_NOT_OFFERED, "the server does not offer TLS"),
				login("public key of a plain server", FakeMySqlServer.plain().packetAfter(Step.GREETING, publicKey))
					.refused(HandshakeFailure.TLS_NOT_OFFERED, "the server does not offer TLS"),
				login("public key before TLS",
						tls().packetAfter(Step.SSL_REQUEST, publicKey).stallAfter(Step.SSL_REQUEST))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				login("full authentication before TLS",
						tls().packetAfter(Step.SSL_REQUEST, new byte[] { 1, 4 }).stallAfter(Step.SSL_REQUEST))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				login("switch to a clear password in place of the greeting",
						tls().sendAfter(Step.ACCEPT, packet(0, clearSwitch)).stallAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				login("OK in place of the greeting",
						tls().sendAfter(Step.ACCEPT, packet(0, OK)).stallAfter(Step.ACCEPT))
					.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL),
				login("switch to the old password inside TLS",
						tls().packetAfter(Step.LOGIN, new byte[] { (byte) 0xfe }).stallAfter(Step.LOGIN))
					.socketTimeout(2000)
					.refusedInsideTls(HandshakeFailure.OTHER, ""),
				login("switch to an unknown method inside TLS",
						tls().packetAfter(Step.LOGIN, payload(0xfe, "dialog\0")).stallAfter(Step.LOGIN))
					.socketTimeout(2000)
					.refusedInsideTls(HandshakeFailure.OTHER, ""),
				login("login denied inside TLS", tls().denyLogin(1045, "28000", "Access denied"))
					.refusedInsideTls(HandshakeFailure.OTHER, "Access denied"),
				login("switch to a clear password inside TLS", tls().authentication("mysql_clear_password"))
					.accepted("The server has proven who it is; TLS hides the password from all others"));
	}

	private static byte[] downgraded(int version) {
		// RFC 8446, 4.1.3
		byte[] random = Arrays.copyOf("any twenty-four bytes...DOWNGRD?".getBytes(StandardCharsets.US_ASCII), 32);
		random[31] = (byte) version;
		return random;
	}

	private static byte[] twice(byte[] bytes) {
		ByteArrayOutputStream twice = new ByteArrayOutputStream();
		twice.writeBytes(bytes);
		twice.writeBytes(bytes);
		return twice.toByteArray();
	}

	private static byte[] payload(int type, String content) {
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		payload.write(type);
		payload.writeBytes(content.getBytes(StandardCharsets.ISO_8859_1));
		return payload.toByteArray();
	}

	private static byte[] packet(int sequence, byte[] payload) {
		ByteArrayOutputStream packet = new ByteArrayOutputStream();
		packet.write(payload.length);
		packet.write(payload.length >>> 8);
		packet.write(payload.length >>> 16);
		packet.write(sequence);
		packet.writeBytes(payload);
		return packet.toByteArray();
	}

	private static HostileCase noProtocol(String name, Builder server) {
		return protocol(name, server.stallAfter(Step.CLIENT_HELLO)).refused(HandshakeFailure.NO_COMMON_PROTOCOL,
				"the server speaks none of TLSv1.3, TLSv1.2");
	}

	private static HostileCase hello(String name, byte[] random, int cipher, int compression, byte... extensions) {
		return protocol(name,
				tls().answerHello((hello) -> TlsRecords.serverHello(hello, random, cipher, compression, extensions))
					.stallAfter(Step.CLIENT_HELLO));
	}

	private static HostileCase injected(String name, byte[] payload, int sequence) {
		return protocol(name, tls().sendAfter(Step.SSL_REQUEST, packet(sequence, payload)))
			.refused(HandshakeFailure.NOT_MYSQL, NOT_MYSQL);
	}

	private static HostileCase closed(String name, Builder server, String text) {
		return protocol(name, server).refused(HandshakeFailure.CONNECTION_CLOSED, text);
	}

	private static HostileCase hung(String name, Builder server) {
		return protocol(name, server).refused(HandshakeFailure.HANDSHAKE_TIMEOUT, "the server did not answer in time")
			.stock(Stock.HANGS, Stock.HANGS)
			.because(CONNECT_TIMEOUT);
	}

	private static HostileCase protocol(String name, Builder server) {
		return HostileCase.script(Group.PROTOCOL, name, server, trusted());
	}

	private static HostileCase login(String name, Builder server) {
		return HostileCase.script(Group.LOGIN, name, server, trusted());
	}

	private static X509Certificate[] trusted() {
		return HostileCase.certificates(authority);
	}

	private static Builder tls() {
		return FakeMySqlServer.tls(identity);
	}

}
