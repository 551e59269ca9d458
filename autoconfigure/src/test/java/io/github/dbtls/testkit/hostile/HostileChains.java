package io.github.dbtls.testkit.hostile;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder;
import io.github.dbtls.testkit.CertificateBuilder.Purpose;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.hostile.HostileCase.Stock;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * Chains that must be refused, and chains that look odd and must not.
 */
final class HostileChains {

	private static final String PATH_ONLY = "The driver validates all that the server sends as one path. RFC 8446, "
			+ "4.4.2, lets a server send others beside it; each certificate of the path that is found is verified";

	private static final String WEAK = "NIST SP 800-131A disallows it; the JDK still accepts it below a private "
			+ "authority";

	private static final String ANCHOR = "RFC 5937: what the trusted authority's own certificate says holds; the JDK "
			+ "ignores it";

	private HostileChains() {
	}

	static Stream<HostileCase> all() {
		return Stream.of(untrusted(), authorities(), constraints(), dates(), algorithms(), usages(), odd())
			.flatMap((cases) -> cases);
	}

	private static Stream<HostileCase> untrusted() {
		Authority root = TestCertificates.authority("CN=Test CA");
		Authority other = TestCertificates.authority("CN=Other CA");
		Authority sameName = TestCertificates.authority("CN=Test CA");
		Authority intermediate = root.intermediate("CN=Test Intermediate");
		Authority expired = TestCertificates.selfSigned("CN=Old CA").expired().authority();
		Identity honest = root.server("localhost");
		Identity selfSigned = TestCertificates.selfSigned("CN=localhost").names("localhost").identity();
		Identity impostor = new Identity(other.server("localhost").privateKey(), honest.chain());
		return Stream.of(untrusted("unknown root", other.server("localhost"), root),
				untrusted("unknown root sent along", other.server("localhost").withExtras(other.certificate()), root),
				untrusted("trusted root sent with a stranger's certificate",
						other.server("localhost").withExtras(root.certificate()), root),
				untrusted("same subject, other key", sameName.server("localhost"), root),
				untrusted("unknown root with an expired stranger behind it",
						other.server("localhost").withExtras(expired.certificate()), root),
				untrusted("missing intermediate", intermediate.server("localhost").withoutIntermediates(), root),
				untrusted("wrong intermediate",
						intermediate.server("localhost")
							.withIntermediates(root.intermediate("CN=Test Intermediate").certificate()),
						root),
				untrusted("self-signed leaf", selfSigned, root),
				untrusted("self-signed leaf with the root behind it", selfSigned.withExtras(root.certificate()), root),
				untrusted("honest certificate behind a self-signed leaf",
						selfSigned.withExtras(honest.certificate(), root.certificate()), root),
				untrusted("two authorities that issued each other", loop(), root),
				chain("someone else's certificate, without its key", impostor, root).refused(HandshakeFailure.OTHER,
						"signature"));
	}

	private static Stream<HostileCase> authorities() {
		Authority root = TestCertificates.authority("CN=Test CA");
		Authority pathRoot = TestCertificates.selfSigned("CN=Path CA").pathLength(0).authority();
		return Stream.of(invalid("leaf as authority", below(root.issue("CN=Leaf").ca(false)), root, "CN=Leaf: "),
				invalid("intermediate without basic constraints",
						below(root.issue("CN=No CA").withoutBasicConstraints()), root,
						"basic constraints check failed"),
				invalid("intermediate of version 1", below(root.issue("CN=Version 1").version1()), root,
						"basic constraints check failed"),
				invalid("authority without keyCertSign",
						below(root.issue("CN=No Sign").keyUsage(KeyUsage.digitalSignature)), root,
						"keyCertSign bit is not set"),
				invalid("path length of an intermediate",
						below(root.issue("CN=Short").pathLength(0).authority().issue("CN=Too Deep")), root,
						"pathLenConstraint violated"),
				invalid("path length of the trusted root", below(pathRoot.issue("CN=Too Deep")), pathRoot,
						"the trusted authority CN=Path CA allows 0 authorities below it")
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(ANCHOR));
	}

	private static Stream<HostileCase> constraints() {
		Authority root = TestCertificates.authority("CN=Test CA");
		Authority permitted = TestCertificates.selfSigned("CN=Permitted CA").permittedDns("example.com").authority();
		Authority excluded = TestCertificates.selfSigned("CN=Excluded CA").excludedDns("localhost").authority();
		Authority permittedIp = TestCertificates.selfSigned("CN=Permitted CA").permittedIp("10.0.0.0/8").authority();
		Authority excludedIp = TestCertificates.selfSigned("CN=Excluded CA").excludedIp("127.0.0.0/8").authority();
		String violated = "name constraints";
		String ofRoot = "name constraints of the trusted authority CN=%s CA do not allow CN=%s";
		return Stream.of(
				invalid("permitted names of an intermediate",
						below(root.issue("CN=Constrained").permittedDns("example.com")), root, violated),
				invalid("excluded name of an intermediate",
						below(root.issue("CN=Constrained").excludedDns("localhost")), root, violated),
				invalid("permitted addresses of an intermediate",
						root.issue("CN=Constrained").permittedIp("10.0.0.0/8").authority().server("127.0.0.1"), root,
						violated)
					.host("127.0.0.1"),
				invalid("excluded addresses of an intermediate",
						root.issue("CN=Constrained").excludedIp("127.0.0.0/8").authority().server("127.0.0.1"), root,
						violated)
					.host("127.0.0.1"),
				invalid("permitted names of the trusted root", permitted.server("localhost"), permitted,
						ofRoot.formatted("Permitted", "localhost"))
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(ANCHOR),
				invalid("excluded names of the trusted root", excluded.server("localhost"), excluded,
						ofRoot.formatted("Excluded", "localhost"))
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(ANCHOR),
				invalid("permitted addresses of the trusted root", permittedIp.server("127.0.0.1"), permittedIp,
						ofRoot.formatted("Permitted", "127.0.0.1"))
					.host("127.0.0.1")
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(ANCHOR),
				invalid("excluded addresses of the trusted root", excludedIp.server("127.0.0.1"), excludedIp,
						ofRoot.formatted("Excluded", "127.0.0.1"))
					.host("127.0.0.1")
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(ANCHOR));
	}

	private static Stream<HostileCase> dates() {
		Authority root = TestCertificates.authority("CN=Test CA");
		Authority expired = TestCertificates.selfSigned("CN=Old CA").expired().authority();
		Authority future = TestCertificates.selfSigned("CN=New CA").notYetValid().authority();
		return Stream.of(
				chain("expired leaf", server(root).expired().identity(), root).refused(HandshakeFailure.EXPIRED,
						"CN=localhost was valid until"),
				chain("leaf of tomorrow", server(root).notYetValid().identity(), root)
					.refused(HandshakeFailure.NOT_YET_VALID, "CN=localhost is valid from"),
				chain("expired intermediate", below(root.issue("CN=Old").expired()), root)
					.refused(HandshakeFailure.EXPIRED, "CN=Old was valid until"),
				chain("intermediate of tomorrow", below(root.issue("CN=New").notYetValid()), root)
					.refused(HandshakeFailure.NOT_YET_VALID, "CN=New is valid from"),
				chain("expired root", expired.server("localhost"), expired).refused(HandshakeFailure.EXPIRED,
						"the trusted authority CN=Old CA was valid until"),
				chain("root of tomorrow", future.server("localhost"), future).refused(HandshakeFailure.NOT_YET_VALID,
						"the trusted authority CN=New CA is valid from"));
	}

	private static Stream<HostileCase> algorithms() {
		Authority root = TestCertificates.authority("CN=Test CA");
		Authority rsaRoot = TestCertificates.authority("CN=RSA CA", KeyType.RSA_2048);
		return Stream.of(
				weak("SHA-1 leaf", server(rsaRoot).signatureAlgorithm("SHA1withRSA").identity(), rsaRoot,
						"CN=localhost is signed with SHA1withRSA"),
				weak("SHA-1 leaf by EC", server(root).signatureAlgorithm("SHA1withECDSA").identity(), root,
						"CN=localhost is signed with SHA1withECDSA"),
				weak("SHA-1 intermediate", below(rsaRoot.issue("CN=Weak").signatureAlgorithm("SHA1withRSA")), rsaRoot,
						"CN=Weak is signed with SHA1withRSA"),
				weak("RSASSA-PSS with SHA-1", server(rsaRoot).signatureAlgorithm("SHA1withRSAandMGF1").identity(),
						rsaRoot, "CN=localhost is signed with RSASSA-PSS"),
				weak("RSA-1024 leaf", server(root).key(KeyType.RSA_1024).identity(), root,
						"CN=localhost has an RSA key of 1024 bits"),
				weak("RSA-1024 intermediate", below(root.issue("CN=Weak").key(KeyType.RSA_1024)), root,
						"CN=Weak has an RSA key of 1024 bits"),
				weak("MD5 leaf", server(rsaRoot).signatureAlgorithm("MD5withRSA").identity(), rsaRoot,
						"CN=localhost is signed with MD5withRSA")
					.stock(Stock.REFUSED, Stock.REFUSED)
					.because(null),
				weak("MD5 intermediate", below(rsaRoot.issue("CN=Weak").signatureAlgorithm("MD5withRSA")), rsaRoot,
						"CN=Weak is signed with MD5withRSA")
					.stock(Stock.REFUSED, Stock.REFUSED)
					.because(null));
	}

	private static Stream<HostileCase> usages() {
		Authority root = TestCertificates.authority("CN=Test CA");
		Authority long7 = root;
		for (int i = 1; i <= 7; i++) {
			long7 = long7.intermediate("CN=Level " + i);
		}
		Authority stranger = TestCertificates.authority("CN=Stranger CA");
		return Stream.of(
				invalid("certificate of a client", server(root).purposes(Purpose.CLIENT_AUTH).identity(), root,
						"Extended key usage"),
				invalid("certificate for signed code", server(root).purposes(Purpose.CODE_SIGNING).identity(), root,
						"Extended key usage"),
				invalid("certificate that may sign certificates only",
						server(root).keyUsage(KeyUsage.keyCertSign).identity(), root, "KeyUsage"),
				invalid("unknown critical extension", server(root).unknownExtension().identity(), root,
						"unrecognized critical extension"),
				invalid("unknown critical extension of an intermediate",
						below(root.issue("CN=Critical").unknownExtension()), root, "unrecognized critical extension"),
				invalid("seven intermediates", long7.server("localhost"), root,
						"no valid path leads to the trusted authority")
					.stock(Stock.ACCEPTED, Stock.ACCEPTED)
					.because(
							"The JDK looks for paths of five intermediates at most (PKIXBuilderParameters); the driver "
									+ "checks the path it is given, however long. No real authority has so many"),
				chain("eleven certificates", root.server("localhost").withExtras(certificates(10, stranger)), root)
					.refused(HandshakeFailure.OTHER, "chain length"));
	}

	private static Stream<HostileCase> odd() {
		Authority root = TestCertificates.authority("CN=Test CA");
		Authority sameName = TestCertificates.authority("CN=Test CA");
		Authority stranger = TestCertificates.authority("CN=Stranger CA");
		Authority rsaRoot = TestCertificates.authority("CN=RSA CA", KeyType.RSA_2048);
		Authority intermediate = root.intermediate("CN=Test Intermediate");
		Authority lowest = intermediate.intermediate("CN=Test Issuer");
		Authority expired = TestCertificates.selfSigned("CN=Old CA").expired().authority();
		KeyPair keys = new KeyPair(root.certificate().getPublicKey(), root.privateKey());
		Authority before = TestCertificates.selfSigned("CN=Test CA").key(keys).expired().authority();
		Authority narrow = root.issue("CN=Narrow").pathLength(0).permittedDns("localhost").authority();
		Authority narrowRoot = TestCertificates.selfSigned("CN=Narrow CA")
			.pathLength(1)
			.permittedDns("localhost")
			.authority();
		Authority narrowIp = TestCertificates.selfSigned("CN=Narrow CA").permittedIp("127.0.0.0/8").authority();
		Authority weakRoot = TestCertificates.selfSigned("CN=Weak CA")
			.key(KeyType.RSA_2048)
			.signatureAlgorithm("SHA1withRSA")
			.pathLength(0)
			.authority();
		Authority version1 = TestCertificates.selfSigned("CN=V1 CA").version1().authority();
		Identity pinned = TestCertificates.selfSigned("CN=localhost").names("localhost").identity();
		Identity chain = lowest.server("localhost");
		String trusted = "The user trusts this very authority";
		return Stream
			.of(chain("whole chain", chain, root).accepted("Two intermediates, each as RFC 5280 wants it"),
					chain("wrong order", chain.withWrongOrder(), root)
						.accepted("RFC 8446, 4.4.2: the order may not matter to a client")
						.stock(Stock.REFUSED, Stock.REFUSED)
						.because(PATH_ONLY),
					chain("root at the end", chain.withExtras(root.certificate()), root)
						.accepted("Superfluous, and common"),
					chain("leaf twice",
							chain.withIntermediates(chain.certificate(), lowest.certificate(),
									intermediate.certificate()),
							root)
						.accepted("Superfluous")
						.stock(Stock.REFUSED, Stock.REFUSED)
						.because(PATH_ONLY),
					chain("stranger at the end", chain.withExtras(stranger.certificate()), root)
						.accepted("What is not in the path proves nothing and spoils nothing")
						.stock(Stock.REFUSED, Stock.REFUSED)
						.because(PATH_ONLY),
					chain("expired stranger at the end", chain.withExtras(expired.certificate()), root)
						.accepted("What is not in the path proves nothing and spoils nothing")
						.stock(Stock.REFUSED, Stock.REFUSED)
						.because(PATH_ONLY),
					chain("two roots of one name", chain, sameName, root).anchor(root)
						.accepted("The key decides, as with the clusters of TiDB Cloud"),
					chain("expired old root beside the renewed one", chain, before, root).anchor(root)
						.accepted("One of the trusted authorities is valid")
						.stock(Stock.BY_CHANCE, Stock.BY_CHANCE),
					chain("expired old root sent by the server", chain.withExtras(before.certificate()), root)
						.accepted("The trusted authority of that key is valid")
						.stock(Stock.REFUSED, Stock.REFUSED)
						.because(PATH_ONLY),
					chain("intermediate trusted", chain.withoutIntermediates(), lowest).accepted(trusted),
					chain("constrained intermediate trusted", narrow.server("localhost"), narrow).accepted(trusted)
						.stock(Stock.REFUSED, Stock.REFUSED)
						.because("The server sends the trusted authority itself, where the path ends for us. "
								+ PATH_ONLY),
					chain("constraints of the root kept", narrowRoot.intermediate("CN=Test Below").server("localhost"),
							narrowRoot)
						.accepted("The name is permitted, the path not too long"),
					chain("addresses of the root kept", narrowIp.server("127.0.0.1"), narrowIp).host("127.0.0.1")
						.accepted("The address is permitted"),
					chain("root signed with SHA-1", weakRoot.server("localhost"), weakRoot)
						.accepted("Nobody relies on the signature of a root"),
					chain("root of version 1", version1.server("localhost"), version1)
						.accepted("Trusted by its key; old private authorities are such"),
					chain("server's own certificate trusted", pinned, pinned.certificate())
						.accepted("The user trusts this very certificate"),
					chain("RSASSA-PSS with SHA-256",
							server(rsaRoot).signatureAlgorithm("SHA256withRSAandMGF1").identity(), rsaRoot)
						.accepted("Strong"),
					chain("RSA-2048", server(rsaRoot).key(KeyType.RSA_2048).identity(), rsaRoot)
						.accepted("Strong enough"),
					chain("SHA-384 with P-384",
							server(root).key(KeyType.EC_P384).signatureAlgorithm("SHA384withECDSA").identity(), root)
						.accepted("Strong"),
					chain("no extended key usage", server(root).identity(), root)
						.accepted("RFC 5280, 4.2.1.12: without the extension any purpose is meant"),
					chain("any extended key usage", server(root).purposes(Purpose.ANY).identity(), root)
						.accepted("RFC 5280, 4.2.1.12: any purpose is meant"));
	}

	private static Identity loop() {
		Authority first = TestCertificates.authority("CN=First");
		Authority second = first.intermediate("CN=Second");
		KeyPair keys = new KeyPair(first.certificate().getPublicKey(), first.privateKey());
		Authority firstAgain = second.issue("CN=First").key(keys).authority();
		return second.server("localhost").withIntermediates(second.certificate(), firstAgain.certificate());
	}

	private static X509Certificate[] certificates(int count, Authority issuer) {
		return IntStream.range(0, count)
			.mapToObj((i) -> issuer.intermediate("CN=Extra " + i).certificate())
			.toArray(X509Certificate[]::new);
	}

	private static HostileCase untrusted(String name, Identity identity, Authority trusted) {
		return chain(name, identity, trusted).refused(HandshakeFailure.UNTRUSTED_ISSUER,
				"no trusted authority issued the server's certificate");
	}

	private static HostileCase invalid(String name, Identity identity, Authority trusted, String text) {
		return chain(name, identity, trusted).refused(HandshakeFailure.CERTIFICATE_INVALID, text);
	}

	private static HostileCase weak(String name, Identity identity, Authority trusted, String text) {
		return chain(name, identity, trusted).refused(HandshakeFailure.WEAK_ALGORITHM, text)
			.stock(Stock.ACCEPTED, Stock.ACCEPTED)
			.because(WEAK);
	}

	private static HostileCase chain(String name, Identity identity, Authority... trusted) {
		return HostileCase.chain(name, identity, HostileCase.certificates(trusted));
	}

	private static HostileCase chain(String name, Identity identity, X509Certificate trusted) {
		return HostileCase.chain(name, identity, trusted);
	}

	private static CertificateBuilder server(Authority issuer) {
		return issuer.issue("CN=localhost").names("localhost");
	}

	private static Identity below(CertificateBuilder issuer) {
		return issuer.authority().server("localhost");
	}

}
