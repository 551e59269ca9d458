package io.github.dbtls.connectorj;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.connectorj.TlsHandshakeTests.Hostile;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder;
import io.github.dbtls.testkit.CertificateBuilder.Purpose;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.TestCertificates;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * Chains that must be refused, and chains that look odd and must not.
 */
final class HostileChains {

	private HostileChains() {
	}

	static Stream<Hostile> refused() {
		Authority root = TestCertificates.authority("CN=Test CA");
		Authority rsaRoot = TestCertificates.authority("CN=RSA CA", KeyType.RSA_2048);
		Authority intermediate = root.intermediate("CN=Test Intermediate");
		Identity selfSigned = TestCertificates.selfSigned("CN=localhost").names("localhost").identity();
		Authority pathLengthRoot = TestCertificates.selfSigned("CN=Path CA").pathLength(0).authority();
		Authority permittedRoot = TestCertificates.selfSigned("CN=Permitted CA")
			.permittedDns("example.com")
			.authority();
		Authority excludedRoot = TestCertificates.selfSigned("CN=Excluded CA").excludedDns("localhost").authority();
		Authority expiredRoot = TestCertificates.selfSigned("CN=Old CA").expired().authority();
		Authority futureRoot = TestCertificates.selfSigned("CN=New CA").notYetValid().authority();
		return Stream.of(
				new Hostile("unknown root", TestCertificates.authority("CN=Other CA").server("localhost"),
						HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued", root),
				new Hostile("same subject, other key", TestCertificates.authority("CN=Test CA").server("localhost"),
						HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued", root),
				new Hostile("unknown root with an expired stranger behind it",
						TestCertificates.authority("CN=Other CA")
							.server("localhost")
							.withExtras(expiredRoot.certificate()),
						HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued", root),
				new Hostile("missing intermediate", intermediate.server("localhost").withoutIntermediates(),
						HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued", root),
				new Hostile("wrong intermediate",
						intermediate.server("localhost")
							.withIntermediates(root.intermediate("CN=Test Intermediate").certificate()),
						HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued", root),
				new Hostile("self-signed leaf", selfSigned, HandshakeFailure.UNTRUSTED_ISSUER,
						"no trusted authority issued", root),
				new Hostile("self-signed leaf with the root behind it", selfSigned.withExtras(root.certificate()),
						HandshakeFailure.UNTRUSTED_ISSUER, "no trusted authority issued", root),
				new Hostile("leaf as authority", below(root.issue("CN=Leaf").ca(false)),
						HandshakeFailure.CERTIFICATE_INVALID, "CN=Leaf: ", root),
				new Hostile("intermediate without basic constraints",
						below(root.issue("CN=No CA").withoutBasicConstraints()), HandshakeFailure.CERTIFICATE_INVALID,
						"basic constraints check failed", root),
				new Hostile("authority without keyCertSign",
						below(root.issue("CN=No Sign").keyUsage(KeyUsage.digitalSignature)),
						HandshakeFailure.CERTIFICATE_INVALID, "keyCertSign bit is not set", root),
				new Hostile("path length of an intermediate",
						below(root.issue("CN=Short").pathLength(0).authority().issue("CN=Too Deep")),
						HandshakeFailure.CERTIFICATE_INVALID, "pathLenConstraint violated", root),
				new Hostile("path length of the trusted root", below(pathLengthRoot.issue("CN=Too Deep")),
						HandshakeFailure.CERTIFICATE_INVALID,
						"the trusted authority CN=Path CA allows 0 authorities below it", pathLengthRoot),
				new Hostile("name constraints of an intermediate",
						below(root.issue("CN=Constrained").permittedDns("example.com")),
						HandshakeFailure.CERTIFICATE_INVALID, "name constraints", root),
				new Hostile("excluded name of an intermediate",
						below(root.issue("CN=Constrained").excludedDns("localhost")),
						HandshakeFailure.CERTIFICATE_INVALID, "name constraints", root),
				new Hostile("permitted names of the trusted root", permittedRoot.server("localhost"),
						HandshakeFailure.CERTIFICATE_INVALID,
						"name constraints of the trusted authority CN=Permitted CA do not allow CN=localhost",
						permittedRoot),
				new Hostile("excluded names of the trusted root", excludedRoot.server("localhost"),
						HandshakeFailure.CERTIFICATE_INVALID,
						"name constraints of the trusted authority CN=Excluded CA do not allow CN=localhost",
						excludedRoot),
				new Hostile("expired leaf", server(root).expired().identity(), HandshakeFailure.EXPIRED,
						"CN=localhost was valid until", root),
				new Hostile("leaf of tomorrow", server(root).notYetValid().identity(), HandshakeFailure.NOT_YET_VALID,
						"CN=localhost is valid from", root),
				new Hostile("expired intermediate", below(root.issue("CN=Old").expired()), HandshakeFailure.EXPIRED,
						"CN=Old was valid until", root),
				new Hostile("intermediate of tomorrow", below(root.issue("CN=New").notYetValid()),
						HandshakeFailure.NOT_YET_VALID, "CN=New is valid from", root),
				new Hostile("expired root", expiredRoot.server("localhost"), HandshakeFailure.EXPIRED,
						"the trusted authority CN=Old CA was valid until", expiredRoot),
				new Hostile("root of tomorrow", futureRoot.server("localhost"), HandshakeFailure.NOT_YET_VALID,
						"the trusted authority CN=New CA is valid from", futureRoot),
				new Hostile("SHA-1 leaf", server(rsaRoot).signatureAlgorithm("SHA1withRSA").identity(),
						HandshakeFailure.WEAK_ALGORITHM, "CN=localhost is signed with SHA1withRSA", rsaRoot),
				new Hostile("SHA-1 leaf by EC", server(root).signatureAlgorithm("SHA1withECDSA").identity(),
						HandshakeFailure.WEAK_ALGORITHM, "CN=localhost is signed with SHA1withECDSA", root),
				new Hostile("MD5 leaf", server(rsaRoot).signatureAlgorithm("MD5withRSA").identity(),
						HandshakeFailure.WEAK_ALGORITHM, "CN=localhost is signed with MD5withRSA", rsaRoot),
				new Hostile("SHA-1 intermediate", below(rsaRoot.issue("CN=Weak").signatureAlgorithm("SHA1withRSA")),
						HandshakeFailure.WEAK_ALGORITHM, "CN=Weak is signed with SHA1withRSA", rsaRoot),
				new Hostile("RSASSA-PSS with SHA-1",
						server(rsaRoot).signatureAlgorithm("SHA1withRSAandMGF1").identity(),
						HandshakeFailure.WEAK_ALGORITHM, "CN=localhost is signed with RSASSA-PSS", rsaRoot),
				new Hostile("RSA-1024 leaf", server(root).key(KeyType.RSA_1024).identity(),
						HandshakeFailure.WEAK_ALGORITHM, "CN=localhost has an RSA key of 1024 bits", root),
				new Hostile("RSA-1024 intermediate", below(root.issue("CN=Weak").key(KeyType.RSA_1024)),
						HandshakeFailure.WEAK_ALGORITHM, "CN=Weak has an RSA key of 1024 bits", root),
				new Hostile("certificate of a client", server(root).purposes(Purpose.CLIENT_AUTH).identity(),
						HandshakeFailure.CERTIFICATE_INVALID, "Extended key usage", root),
				new Hostile("certificate for signed code", server(root).purposes(Purpose.CODE_SIGNING).identity(),
						HandshakeFailure.CERTIFICATE_INVALID, "Extended key usage", root),
				new Hostile("wrong host name", root.server("db.example.com"), HandshakeFailure.HOST_NAME_MISMATCH,
						"the server's certificate is not issued to 'localhost'", root),
				new Hostile("no name at all", root.issue("O=Nameless").identity(), HandshakeFailure.HOST_NAME_MISMATCH,
						"the server's certificate is not issued to 'localhost'", root));
	}

	static Stream<Odd> accepted() {
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
		Authority weakRoot = TestCertificates.selfSigned("CN=Weak CA")
			.key(KeyType.RSA_2048)
			.signatureAlgorithm("SHA1withRSA")
			.pathLength(0)
			.authority();
		Authority version1 = TestCertificates.selfSigned("CN=V1 CA").version1().authority();
		Identity chain = lowest.server("localhost");
		return Stream.of(new Odd("whole chain", chain, root, root),
				new Odd("wrong order", chain.withWrongOrder(), root, root),
				new Odd("root at the end", chain.withExtras(root.certificate()), root, root),
				new Odd("stranger at the end", chain.withExtras(stranger.certificate()), root, root),
				new Odd("expired stranger at the end", chain.withExtras(expired.certificate()), root, root),
				new Odd("two roots of one name", chain, root, sameName, root),
				new Odd("expired old root beside the renewed one", chain, root, before, root),
				new Odd("expired old root sent by the server", chain.withExtras(before.certificate()), root, root),
				new Odd("intermediate trusted", chain.withoutIntermediates(), lowest, lowest),
				new Odd("constrained intermediate trusted", narrow.server("localhost"), narrow, narrow),
				new Odd("constraints of the root kept", narrowRoot.intermediate("CN=Test Below").server("localhost"),
						narrowRoot, narrowRoot),
				new Odd("root signed with SHA-1", weakRoot.server("localhost"), weakRoot, weakRoot),
				new Odd("root of version 1", version1.server("localhost"), version1, version1),
				new Odd("RSASSA-PSS with SHA-256",
						server(rsaRoot).signatureAlgorithm("SHA256withRSAandMGF1").identity(), rsaRoot, rsaRoot),
				new Odd("RSA-2048", server(rsaRoot).key(KeyType.RSA_2048).identity(), rsaRoot, rsaRoot),
				new Odd("SHA-384 with P-384",
						server(root).key(KeyType.EC_P384).signatureAlgorithm("SHA384withECDSA").identity(), root, root),
				new Odd("no extended key usage", server(root).identity(), root, root));
	}

	private static CertificateBuilder server(Authority issuer) {
		return issuer.issue("CN=localhost").names("localhost");
	}

	private static Identity below(CertificateBuilder issuer) {
		return issuer.authority().server("localhost");
	}

	/**
	 * A server that must be accepted.
	 */
	record Odd(String name, Identity identity, X509Certificate anchor, X509Certificate... trusted) {

		Odd(String name, Identity identity, Authority anchor, Authority... trusted) {
			this(name, identity, anchor.certificate(),
					Stream.of(trusted).map(Authority::certificate).toArray(X509Certificate[]::new));
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
