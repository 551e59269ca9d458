package io.github.dbtls.testkit.hostile;

import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.hostile.HostileCase.Stock;

/**
 * Certificates of a trusted authority, for the host or for another one.
 */
final class HostileNames {

	private static final String HOST = "db.example.com";

	private static final Authority authority = TestCertificates.authority("CN=Test CA");

	private static final String WHOLE_LABEL = "RFC 9525, 6.3: a wildcard is a whole label; the driver takes parts";

	private static final String ADDRESS = "RFC 9525, 6.5: an address is proven by an address only, as the JDK has it; "
			+ "the driver compares it with names too";

	private static final String ADDRESS_AS_TEXT = "RFC 9525, 6.5: the bytes decide; the driver compares the text, with "
			+ "the brackets of the URL";

	private HostileNames() {
	}

	static Stream<HostileCase> all() {
		return Stream.of(plain(), wildcards(), commonNames(), addresses(), spellings(), bytes())
			.flatMap((cases) -> cases);
	}

	private static Stream<HostileCase> plain() {
		return Stream.of(good("exact name", server().dns(HOST), "It is the host's name"),
				good("second of two names", server().dns("other.example.com", HOST), "One of its names is the host's"),
				bad("other name", server().dns("other.example.com")),
				bad("name with a suffix", server().dns(HOST + ".evil.com")),
				bad("name with a prefix", server().dns("evil" + HOST)),
				bad("parent domain", server().dns("example.com")), bad("empty name", server().dns("")),
				bad("empty list of names", server().withEmptyNames()),
				bad("no name at all", authority.issue("O=Nameless")),
				bad("e-mail address only", server().email("dba@" + HOST)),
				bad("URI only", server().uri("mysql://" + HOST + "/")), bad("local host", server().dns("localhost")));
	}

	private static Stream<HostileCase> wildcards() {
		return Stream.of(
				good("wildcard as first label", server().dns("*.example.com"), "RFC 9525, 6.3: a whole first label"),
				bad("wildcard for two labels", server().dns("*.example.com")).host("a.b.example.com"),
				bad("wildcard for no label", server().dns("*.example.com")).host("example.com"),
				bad("wildcard in the middle", server().dns("db.*.com")),
				bad("wildcard at the end", server().dns("db.example.*")), bad("two wildcards", server().dns("*.*.com")),
				bad("wildcard after a letter", server().dns("d*.example.com")).stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(WHOLE_LABEL),
				bad("wildcard before a letter", server().dns("*b.example.com")).stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(WHOLE_LABEL),
				bad("wildcard between letters", server().dns("d*b.example.com")).host("d-1-b.example.com")
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(WHOLE_LABEL),
				bad("bare wildcard", server().dns("*")),
				bad("bare wildcard for a host without dots", server().dns("*")).host("localhost"),
				good("wildcard in the place of a public suffix", server().dns("*.com"),
						"As the driver and the JDK do: a private authority has no public suffixes")
					.host("example.com"),
				bad("double wildcard", server().dns("**.example.com")),
				bad("wildcard within an A-label", server().dns("xn--*.example.com")).host("xn--bcher-kva.example.com")
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(WHOLE_LABEL),
				good("wildcard for an A-label", server().dns("*.example.com"), "RFC 9525, 6.3: a whole label")
					.host("xn--bcher-kva.example.com"));
	}

	private static Stream<HostileCase> commonNames() {
		return Stream.of(
				good("common name only", authority.issue("CN=" + HOST),
						"Without alternative names the driver takes it too, and old servers have no others"),
				good("wildcard as common name", authority.issue("CN=*.example.com"), "As the driver does"),
				bad("wildcard in the middle of the common name", authority.issue("CN=db.*.com")),
				bad("bare wildcard as common name", authority.issue("CN=*")),
				bad("common name beside another name", authority.issue("CN=" + HOST).dns("other.example.com")),
				bad("common name beside an address", authority.issue("CN=" + HOST).ip("192.0.2.1")),
				good("common name beside an e-mail address", authority.issue("CN=" + HOST).email("dba@example.com"),
						"RFC 6125, 6.4.4: an e-mail address names no server"),
				good("common name beside a URI", authority.issue("CN=" + HOST).uri("https://example.com/"),
						"RFC 6125, 6.4.4: a URI of another service names no server of this one"),
				bad("two common names, the first one right", authority.issue("CN=" + HOST + ",CN=other")),
				bad("two common names, the last one right", authority.issue("CN=other,CN=" + HOST))
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because("RFC 6125, 6.4.4: it has to be the only one; the driver and the JDK take different ones"),
				bad("common name in another field", authority.issue("CN=other,O=" + HOST)),
				bad("common name with a list", authority.issue("CN=other\\," + HOST)));
	}

	private static Stream<HostileCase> addresses() {
		return Stream.of(
				good("right address", server().ip("127.0.0.1"), "RFC 9525, 6.5: equal bytes").host("127.0.0.1"),
				bad("wrong address", server().ip("127.0.0.2")).host("127.0.0.1"),
				bad("address as DNS name", server().dns("127.0.0.1")).host("127.0.0.1")
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(ADDRESS),
				bad("address as common name", authority.issue("CN=127.0.0.1")).host("127.0.0.1")
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(ADDRESS),
				bad("wildcard for an address", server().dns("*.0.0.1")).host("127.0.0.1")
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(ADDRESS),
				bad("name for an address", server().dns("localhost")).host("127.0.0.1"),
				bad("address for a name", server().ip("127.0.0.1")).host("localhost"),
				good("right IPv6 address", server().ip("2001:db8::1"), "RFC 9525, 6.5: equal bytes")
					.host("[2001:db8::1]")
					.stock(Stock.ACCEPTED, Stock.REFUSED)
					.because(ADDRESS_AS_TEXT),
				good("IPv6 address written in full", server().ip("2001:db8::1"), "The same 16 bytes")
					.host("[2001:db8:0:0:0:0:0:1]")
					.stock(Stock.ACCEPTED, Stock.REFUSED)
					.because(ADDRESS_AS_TEXT),
				bad("wrong IPv6 address", server().ip("2001:db8::2")).host("[2001:db8::1]"),
				bad("IPv6 address as DNS name", server().dns("2001:db8::1")).host("[2001:db8::1]"));
	}

	private static Stream<HostileCase> spellings() {
		return Stream.of(
				good("upper case in the certificate", server().dns("DB.EXAMPLE.COM"),
						"RFC 4343: DNS names have no case"),
				good("upper case in the URL", server().dns(HOST), "RFC 4343: DNS names have no case")
					.host("DB.Example.COM"),
				good("trailing dot in the URL", server().dns(HOST), "The same name, written absolutely")
					.host(HOST + ".")
					.stock(Stock.ACCEPTED, Stock.REFUSED)
					.because(
							"RFC 1034, 3.1: with the dot it is the same name, and never another one; the driver compares the text"),
				bad("trailing dot in the certificate", server().dns(HOST + ".")),
				bad("leading dot in the certificate", server().dns("." + HOST)),
				bad("space behind the name", server().dns(HOST + " ")),
				good("A-label on both sides", server().dns("xn--bcher-kva.example.com"), "The same name")
					.host("xn--bcher-kva.example.com"),
				good("U-label in the URL", server().dns("xn--bcher-kva.example.com"),
						"RFC 5890: the A-label is the same name")
					.host("b\u00fccher.example.com")
					.stock(Stock.ACCEPTED, Stock.REFUSED)
					.because("RFC 5890, 2.3.2.1: both labels are the same name; the driver compares the text"),
				bad("look-alike letter in the URL", server().dns("example.com")).host("ex\u0430mple.com"),
				bad("U-label as common name", authority.issue("CN=b\u00fccher.example.com"))
					.host("bucher.example.com"));
	}

	private static Stream<HostileCase> bytes() {
		return Stream.of(bad("NUL byte in a name", server().dns(HOST + "\0.evil.com")),
				bad("NUL byte in the common name", authority.issue("CN=" + HOST + "\\00.evil.com")),
				bad("NUL byte at the end of a name", server().dns(HOST + "\0")),
				bad("line break behind a name", server().dns(HOST + "\n")),
				bad("comma in a name", server().dns("other.example.com," + HOST)));
	}

	private static HostileCase good(String name, CertificateBuilder server, String reason) {
		return HostileCase.name(name, server.identity(), authority.certificate()).host(HOST).accepted(reason);
	}

	private static HostileCase bad(String name, CertificateBuilder server) {
		return HostileCase.name(name, server.identity(), authority.certificate())
			.host(HOST)
			.refused(HandshakeFailure.HOST_NAME_MISMATCH, "the server's certificate is not issued to")
			.stock(Stock.ACCEPTED, Stock.REFUSED);
	}

	private static CertificateBuilder server() {
		return authority.issue("CN=server");
	}

}
