package io.github.dbtls.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.List;
import java.util.stream.Stream;

import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.Pem;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InlineMaterial}. No key is in the name or the description of a test:
 * both are printed.
 */
class InlineMaterialTests {

	private static final String PASSWORD = Secrets.password("inline-Pa55word");

	private static final Identity ec = TestCertificates.authority("CN=Root").client("app");

	private static final Identity rsa = TestCertificates.authority("CN=Root", KeyType.RSA_2048)
		.issue("CN=app")
		.key(KeyType.RSA_2048)
		.identity();

	@ParameterizedTest
	@ValueSource(strings = { "MARKETING/certificates/production/database/ca",
			"Could not open '/srv/MARKETING/certificates/production/database/ca.pem': No such file or directory",
			"MAIN/Applications/OrderService/config/certificates/DatabaseAuthority",
			"MCompany/production-2/eu-west-1/certificates/2026-11-21/release-42/ca",
			"C_MEDIA_department_certificates_of_the_database_authority" })
	void pathsMayBeShown(String path) {
		assertThat(InlineMaterial.mayBeRepeatedIn(path)).isFalse();
		assertThat(InlineMaterial.isIn(path)).isFalse();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("material")
	void materialMustNotBeShown(Kind kind) {
		String text = kind.base64();
		assertThat(InlineMaterial.isIn(text)).as("itself").isTrue();
		assertThat(InlineMaterial.isIn(kind.lines())).as("on many lines").isTrue();
		for (String shown : List.of(text, kind.lines(), kind.lines().replace("\n", "\r\n"),
				kind.lines().replace("\n", "\\n"), kind.lines().replace("\n", " "),
				text.replace('+', '-').replace('/', '_'))) {
			assertThat(InlineMaterial.mayBeRepeatedIn(shown)).as("itself").isTrue();
			for (String before : List.of("'", "/app/", "Unable to read M", "Unable to read MA", "MARKETING/", "ca=",
					"file:MARKETING/certificates/production/database/ca/")) {
				assertThat(InlineMaterial.mayBeRepeatedIn(before + shown + "' (File name too long)"))
					.as("behind " + before)
					.isTrue();
			}
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("material")
	void beginningOfMaterialMustNotBeShownWhateverFollows(Kind kind) {
		String beginning = kind.base64().substring(0, 8);
		assertThat(InlineMaterial.mayBeRepeatedIn("/app/" + beginning + "/certificates/production/database")).isTrue();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("longMaterial")
	void partOfMaterialMustNotBeShownBehindAPath(Kind kind) {
		String base64 = kind.base64();
		String part = base64.substring(Math.max(20, base64.length() - 120));
		assertThat(InlineMaterial.mayBeRepeatedIn("MARKETING/certificates/production/" + part)).isTrue();
	}

	static Stream<Arguments> material() throws GeneralSecurityException, IOException {
		PrivateKey ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
		return Stream
			.of(new Kind("PKCS#8 EC", "MEEC", ec.keyPem()),
					new Kind("PKCS#8 EC as OpenSSL writes it", "MIGH", withPublicKey(ec)),
					new Kind("SEC1", "MCUC", withoutCurve(ec)), new Kind("SEC1 with its curve", "MHcC", sec1(ec)),
					new Kind("PKCS#8 RSA", "MIIE", rsa.keyPem()),
					new Kind("PKCS#1", "MIIE", Pem.traditional(rsa.privateKey())),
					new Kind("PKCS#8 Ed25519", "MC4C", Pem.of(ed25519)),
					new Kind("PKCS#8 EC, encrypted", "MI", Pem.encrypted(ec.privateKey(), PASSWORD)),
					new Kind("PKCS#8 RSA, encrypted", "MII", Pem.encrypted(rsa.privateKey(), PASSWORD)),
					new Kind("certificate", "MII", Pem.of(rsa.certificate())),
					new Kind("small certificate", "MIIB", Pem.of(ec.certificate())))
			.map(Arguments::of);
	}

	// What is left of a short one is not long enough to tell it from words each time.
	static Stream<Arguments> longMaterial() throws GeneralSecurityException, IOException {
		return material().filter((kind) -> ((Kind) kind.get()[0]).base64().length() > 90);
	}

	// What JDKs leave out.
	private static String withPublicKey(Identity identity) throws IOException {
		PrivateKeyInfo info = PrivateKeyInfo.getInstance(identity.privateKey().getEncoded());
		ECPrivateKey key = ECPrivateKey.getInstance(info.parsePrivateKey());
		return Pem.block("PRIVATE KEY", new PrivateKeyInfo(info.getPrivateKeyAlgorithm(),
				new ECPrivateKey(256, key.getKey(), point(identity), null))
			.getEncoded());
	}

	private static String withoutCurve(Identity identity) throws IOException {
		PrivateKeyInfo info = PrivateKeyInfo.getInstance(identity.privateKey().getEncoded());
		return Pem.block("EC PRIVATE KEY",
				new ECPrivateKey(256, ECPrivateKey.getInstance(info.parsePrivateKey()).getKey()).getEncoded());
	}

	private static String sec1(Identity identity) throws IOException {
		PrivateKeyInfo info = PrivateKeyInfo.getInstance(identity.privateKey().getEncoded());
		ECPrivateKey key = ECPrivateKey.getInstance(info.parsePrivateKey());
		return Pem.block("EC PRIVATE KEY",
				new ECPrivateKey(256, key.getKey(), point(identity), info.getPrivateKeyAlgorithm().getParameters())
					.getEncoded());
	}

	private static DERBitString point(Identity identity) {
		return new DERBitString(SubjectPublicKeyInfo.getInstance(identity.certificate().getPublicKey().getEncoded())
			.getPublicKeyData()
			.getBytes());
	}

	/**
	 * A kind of material.
	 *
	 * @param name what it is called
	 * @param beginning how it is known to begin
	 * @param pem an example
	 */
	private record Kind(String name, String beginning, String pem) {

		private Kind {
			assertThat(base64(pem).startsWith(beginning)).as(name).isTrue();
		}

		private String lines() {
			return this.pem.replaceAll("-----.*-----", "").strip();
		}

		private String base64() {
			return base64(this.pem);
		}

		private static String base64(String pem) {
			return pem.replaceAll("-----.*-----", "").replaceAll("\\s", "");
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
