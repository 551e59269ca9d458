package io.github.dbtls.trust;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.dbtls.TrustSource;
import io.github.dbtls.TrustSource.CaFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrustLoader}.
 */
class TrustLoaderTests {

	private static final X509Certificate FIRST = Certificates.authority("first");

	private static final X509Certificate SECOND = Certificates.authority("second");

	private static final X509Certificate SERVER = Certificates.server("db.example.org", "first");

	private final List<String> warnings = new ArrayList<>();

	@TempDir
	private Path directory;

	@Test
	void loadWhenNoneIsEmpty() {
		TrustMaterial material = TrustLoader.load(new TrustSource.None(), null, LoadContext.standard(),
				this.warnings::add);
		assertThat(material.certificates()).isEmpty();
		assertThat(material.source()).isEqualTo("none");
	}

	@Test
	void loadWhenSystemRootsGivesThoseOfTheJvm() {
		TrustMaterial material = TrustLoader.load(new TrustSource.SystemRoots(), null, LoadContext.standard(),
				this.warnings::add);
		assertThat(material.source()).isEqualTo("system roots");
		assertThat(material.certificates()).hasSizeGreaterThan(10);
		assertThat(material.ofFile()).isEmpty();
	}

	@Test
	void loadWhenFileWithSystemRootsGivesBoth() {
		CaFile file = file(write(Certificates.pem(FIRST)));
		int roots = TrustLoader.load(new TrustSource.SystemRoots(), null, LoadContext.standard(), this.warnings::add)
			.certificates()
			.size();
		TrustMaterial material = load(file.withSystemRoots());
		assertThat(material.certificates()).hasSize(roots + 1).startsWith(FIRST);
		assertThat(material.ofFile()).containsExactly(FIRST);
		assertThat(material.source()).isEqualTo(file.location() + " and system roots");
	}

	@Test
	void loadSaysWhereFromAndWhen() {
		TrustMaterial material = load(write(Certificates.pem(FIRST, SECOND)));
		assertThat(material.loadedAt()).isEqualTo(Certificates.NOW);
		assertThat(material.source()).isEqualTo(this.directory.resolve("file").toString());
		assertThat(material).hasToString(
				"TrustMaterial[source=%s, certificates=2, loadedAt=2026-06-01T12:00:00Z]".formatted(material.source()));
	}

	@Test
	void loadWhenPemHasOneCertificateGivesIt() {
		assertLoads(Certificates.pem(FIRST), FIRST);
	}

	@Test
	void loadWhenPemHasManyWithTextBetweenGivesAllInOrder() {
		StringBuilder text = new StringBuilder("Bundle of all regions\n\n");
		List<X509Certificate> certificates = new ArrayList<>();
		for (int i = 0; i < 120; i++) {
			X509Certificate certificate = Certificates.authority("root " + i);
			certificates.add(certificate);
			text.append("# Region %d, Région\n    Subject: CN=root %d\n\n".formatted(i, i))
				.append(Certificates.pem(certificate))
				.append("\n");
		}
		assertThat(load(write(text.toString())).certificates()).isEqualTo(certificates);
	}

	@Test
	void loadWhenPemHasDuplicatesGivesEachOnce() {
		assertLoads(Certificates.pem(FIRST, SECOND, FIRST), FIRST, SECOND);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\r\n", "\r", " \t\n", "\n\n" })
	void loadWhenPemHasOtherLineBreaksGivesAll(String lineBreak) {
		assertLoads(Certificates.pem(FIRST, SECOND).replace("\n", lineBreak), FIRST, SECOND);
	}

	@Test
	void loadWhenPemHasByteOrderMarkGivesAll() {
		assertLoads("\uFEFF" + Certificates.pem(FIRST, SECOND), FIRST, SECOND);
	}

	@Test
	void loadWhenPemIsIndentedGivesAll() {
		assertLoads(Certificates.pem(FIRST, SECOND).indent(4), FIRST, SECOND);
	}

	@Test
	void loadWhenPemFilesWereJoinedWithoutLineBreakGivesAll() {
		assertLoads(Certificates.pem(FIRST).strip() + Certificates.pem(SECOND).strip(), FIRST, SECOND);
	}

	@Test
	void loadWhenFilesThatMySqlMadeWereJoinedGivesAll() {
		assertLoads(Certificates.pem(FIRST) + "\0" + Certificates.pem(SECOND) + "\0", FIRST, SECOND);
	}

	@Test
	void loadWhenCertificateIsCommentedOutLeavesItOut() {
		assertLoads(Certificates.pem(SECOND).replaceAll("(?m)^", "# ") + "\n" + Certificates.pem(FIRST), FIRST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "X509 CERTIFICATE", "X.509 CERTIFICATE" })
	void loadWhenPemHasOldLabelGivesIt(String label) {
		assertLoads(Certificates.pem(label, Certificates.der(FIRST)), FIRST);
	}

	@Test
	void loadWhenDerGivesIt() {
		assertLoads(Certificates.der(FIRST), FIRST);
	}

	@Test
	void loadWhenDerIsJoinedGivesAll() {
		assertLoads(join(Certificates.der(FIRST), Certificates.der(SECOND)), FIRST, SECOND);
	}

	@Test
	void loadWhenPkcs7IsDerGivesAll() {
		assertThat(load(write(Certificates.pkcs7(FIRST, SECOND))).certificates()).containsExactlyInAnyOrder(FIRST,
				SECOND);
	}

	@Test
	void loadWhenPkcs7HasIndefiniteLengthsGivesAll() {
		byte[] ber = Certificates.pkcs7("BER", FIRST, SECOND);
		assertThat(ber[1]).isEqualTo((byte) 0x80);
		assertThat(load(write(ber)).certificates()).containsExactlyInAnyOrder(FIRST, SECOND);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PKCS7", "CMS", "PKCS #7 SIGNED DATA", "CERTIFICATE" })
	void loadWhenPkcs7IsPemGivesAll(String label) {
		assertThat(load(write(Certificates.pem(label, Certificates.pkcs7(FIRST, SECOND)))).certificates())
			.containsExactlyInAnyOrder(FIRST, SECOND);
	}

	@ParameterizedTest
	@ValueSource(strings = { "JKS", "PKCS12" })
	void loadWhenKeyStoreHasPasswordGivesAll(String type) {
		byte[] store = Certificates.keyStore(type, "hidden-word", FIRST, SECOND);
		assertThat(load(file(write(store), "hidden-word")).certificates()).containsExactlyInAnyOrder(FIRST, SECOND);
	}

	@Test
	void loadWhenJksPasswordIsNotGivenGivesAll() {
		assertThat(load(write(Certificates.jks("unknown", FIRST, SECOND))).certificates())
			.containsExactlyInAnyOrder(FIRST, SECOND);
	}

	@Test
	void loadWhenDefaultPasswordDoesNotFitJksGivesAll() {
		CaFile file = new CaFile("dbtls.ca-path", write(Certificates.jks("another", FIRST)), "tencentdb", null, false);
		assertThat(load(file).certificates()).containsExactly(FIRST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tencentdb", "" })
	void loadWhenPkcs12HasDefaultOrEmptyPasswordGivesAll(String password) {
		CaFile file = new CaFile("dbtls.ca-path", write(Certificates.pkcs12(password, FIRST)), "tencentdb", null,
				false);
		assertThat(load(file).certificates()).containsExactly(FIRST);
	}

	@Test
	void loadWhenPkcs12IsEncryptedWithEmptyPasswordGivesAll() {
		assertLoads(Certificates.pkcs12("", FIRST), FIRST);
	}

	@Test
	void loadWhenPkcs12HasNoPasswordGivesAll() {
		assertThat(load(write(Certificates.pkcs12WithoutPassword(true, FIRST))).certificates()).containsExactly(FIRST);
	}

	@Test
	void loadWhenEmptyPasswordIsSetForPemGivesAll() {
		assertThat(load(file(write(Certificates.pem(FIRST)), "")).certificates()).containsExactly(FIRST);
	}

	@Test
	void loadWhenDefaultPasswordMeetsPemGivesAll() {
		CaFile file = new CaFile("dbtls.ca-path", write(Certificates.pem(FIRST)), "tencentdb", null, false);
		assertThat(load(file).certificates()).containsExactly(FIRST);
	}

	@Test
	void loadWhenZipOfTencentGivesThePem() {
		Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("TencentDB-CA-Chain/", new byte[0]);
		entries.put("__MACOSX/._TencentDB-CA-Chain.pem", new byte[] { 0, 5, 22, 7, 0, 2, 0, 0 });
		entries.put("TencentDB-CA-Chain/TencentDB-CA-Chain.p7b", Certificates.pkcs7(SECOND));
		entries.put("TencentDB-CA-Chain/TencentDB-CA-Chain.jks", Certificates.jks("tencentdb", SECOND));
		entries.put("TencentDB-CA-Chain/TencentDB-CA-Chain.pem", Certificates.ascii(Certificates.pem(FIRST)));
		entries.put("TencentDB-CA-Chain/readme.txt", Certificates.ascii("Use one of these."));
		byte[] zip = Certificates.zip(entries);
		assertLoads(zip, FIRST);
		CaFile withPassword = file(write(zip), "tencentdb");
		assertThat(load(withPassword).certificates()).containsExactly(FIRST);
	}

	@Test
	void loadWhenZipHasNoPemGivesPkcs7() {
		Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("ca.jks", Certificates.jks("tencentdb", SECOND));
		entries.put("ca.p7b", Certificates.pkcs7(FIRST));
		assertLoads(Certificates.zip(entries), FIRST);
	}

	@Test
	void loadWhenZipHasOnlyJksGivesIt() {
		byte[] zip = Certificates.zip(Map.of("ca", Certificates.jks("tencentdb", FIRST)));
		assertLoads(zip, FIRST);
		assertThat(load(file(write(zip), "tencentdb")).certificates()).containsExactly(FIRST);
	}

	@Test
	void loadWhenZipHasDerOrPkcs12GivesIt() {
		assertLoads(Certificates.zip(Map.of("ca.cer", Certificates.der(FIRST))), FIRST);
		assertLoads(Certificates.zip(Map.of("ca.p12", Certificates.pkcs12("", FIRST))), FIRST);
	}

	@Test
	void loadWhenZipHasNamesInAnotherEncodingGivesIt() {
		byte[] zip = Certificates.zip(Map.of("xx.pem", Certificates.ascii(Certificates.pem(FIRST))));
		String text = new String(zip, StandardCharsets.ISO_8859_1);
		assertLoads(text.replace("xx.pem", "\u00d6\u00a4.pem").getBytes(StandardCharsets.ISO_8859_1), FIRST);
	}

	@Test
	void loadWhenFileUrlGivesIt() throws IOException {
		Files.writeString(this.directory.resolve("my ca.pem"), Certificates.pem(FIRST));
		String path = this.directory.toString().replace('\\', '/');
		for (String location : List.of("file:" + path + "/my ca.pem", "file:" + path + "/my%20ca.pem",
				"file://" + path + "/my%20ca.pem", "file://localhost" + path + "/my ca.pem",
				"FILE:" + path + "/my ca.pem")) {
			assertThat(load(location).certificates()).as(location).containsExactly(FIRST);
		}
	}

	@Test
	void loadWhenPathIsRelativeStartsAtWorkingDirectory() throws IOException {
		Path relative = Files.createTempFile(Path.of("target"), "ca,", ".pem");
		Files.writeString(relative, Certificates.pem(FIRST));
		assertThat(load(relative.toString()).certificates()).containsExactly(FIRST);
		assertThat(load("file:" + relative).certificates()).containsExactly(FIRST);
		assertThat(load("./" + relative).certificates()).containsExactly(FIRST);
		Files.delete(relative);
	}

	@Test
	void loadWhenSymbolicLinkFollowsIt() throws IOException {
		Path target = Path.of(write(Certificates.pem(FIRST)));
		Path data = Files.createSymbolicLink(this.directory.resolve("..data"), target);
		Path link = Files.createSymbolicLink(this.directory.resolve("ca.pem"), data);
		assertThat(load(link.toString()).certificates()).containsExactly(FIRST);
	}

	@Test
	void loadWhenClassPathDirectoryGivesIt() throws IOException {
		Files.createDirectories(this.directory.resolve("certs"));
		Files.writeString(this.directory.resolve("certs/ca.pem"), Certificates.pem(FIRST));
		try (URLClassLoader loader = classLoader(this.directory)) {
			assertThat(load(file("classpath:certs/ca.pem"), loader).certificates()).containsExactly(FIRST);
			assertThat(load(file("classpath:/certs/ca.pem"), loader).certificates()).containsExactly(FIRST);
		}
	}

	@Test
	void loadWhenClassPathJarGivesIt() throws IOException {
		Path jar = this.directory.resolve("app.jar");
		Files.write(jar, Certificates.zip(Map.of("BOOT-INF/classes/ca.p7b", Certificates.pkcs7(FIRST), "ca.pem",
				Certificates.ascii(Certificates.pem(SECOND)))));
		try (URLClassLoader loader = classLoader(jar)) {
			assertThat(load(file("classpath:ca.pem"), loader).certificates()).containsExactly(SECOND);
			assertThat(load(file("classpath:BOOT-INF/classes/ca.p7b"), loader).certificates()).containsExactly(FIRST);
		}
	}

	@Test
	void loadWhenSomeHaveExpiredKeepsAll() {
		X509Certificate expired = Certificates.authority("expired", Certificates.BEFORE,
				Certificates.NOW.minus(Duration.ofDays(1)));
		X509Certificate future = Certificates.authority("future", Certificates.NOW.plus(Duration.ofDays(1)),
				Certificates.AFTER);
		assertLoads(Certificates.pem(expired, FIRST, future), expired, FIRST, future);
	}

	@Test
	void loadWhenSomeAreNoAuthoritiesLeavesThemOutAndWarnsOnce() {
		X509Certificate[] all = { SERVER, FIRST, Certificates.withoutConstraints("plain"),
				Certificates.withoutKeyCertSign("crl only"), Certificates.version1("leaf", "first"), SERVER };
		assertLoads(Certificates.pem(all), FIRST);
		assertThat(this.warnings).singleElement()
			.asString()
			.isEqualTo("'dbtls.ca-path' names '%s', which also holds 4 certificates of no authority, which will not be "
				.formatted(this.directory.resolve("file"))
					+ "trusted: CN=db.example.org, CN=plain, CN=crl only and 1 more");
	}

	@Test
	void loadWhenSubjectHasLineBreakWarnsOnOneLine() {
		X509Certificate forger = Certificates.server("evil\nWARN forged", "first");
		load(write(Certificates.pem(FIRST, forger)));
		assertThat(this.warnings).singleElement().asString().contains("evil").hasLineCount(1);
	}

	@Test
	void loadWhenOnlyAuthoritiesWarnsOfNothing() {
		load(write(Certificates.pem(FIRST)));
		assertThat(this.warnings).isEmpty();
	}

	@Test
	void loadWhenSelfSignedVersion1CountsAsAuthority() {
		X509Certificate root = Certificates.version1("old root", "old root");
		assertLoads(Certificates.pem(root, FIRST), root, FIRST);
	}

	@Test
	void loadWhenVersion1IsOnlySelfIssuedLeavesItOut() {
		assertLoads(Certificates.pem(Certificates.version1SelfIssuedOnly("no root"), FIRST), FIRST);
	}

	@Test
	void loadWhenAuthorityHasNoKeyUsageKeepsIt() {
		X509Certificate authority = Certificates.withoutKeyUsage("no usage");
		assertLoads(Certificates.der(authority), authority);
	}

	@Test
	void loadWhenPrivateKeyLiesBesideWarns() {
		String key = Certificates.pem("PRIVATE KEY", Certificates.KEY.getPrivate().getEncoded());
		assertLoads(key + Certificates.pem(FIRST), FIRST);
		assertThat(this.warnings).singleElement()
			.asString()
			.contains("which also holds what is no certificate and is left out: a private key (PKCS#8). "
					+ "A private key does not belong into a file of trust");
		assertThat(this.warnings).singleElement()
			.asString()
			.doesNotContain(key.lines().skip(1).findFirst().orElseThrow());
	}

	@Test
	void loadWhenKeyStoreHasKeyBesideWarns() {
		byte[] store = Certificates.keyStoreWithKey("PKCS12", "hidden-word", FIRST);
		assertThat(load(file(write(store), "hidden-word")).certificates()).containsExactly(FIRST);
		assertThat(this.warnings).singleElement()
			.asString()
			.contains("is left out: a private key. A private key does not belong")
			.doesNotContain("hidden-word");
	}

	@Test
	void loadWhenOtherBlockLiesBesideWarns() {
		assertLoads(Certificates.pem("X509 CRL", Certificates.revocationList()) + Certificates.pem(FIRST), FIRST);
		assertThat(this.warnings).singleElement()
			.asString()
			.contains("is left out: a certificate revocation list (CRL)")
			.doesNotContain("private key");
	}

	@Test
	void loadWhenGivenManyTimesNeverChangesMaterial() {
		List<X509Certificate> certificates = new ArrayList<>(List.of(FIRST, SECOND, FIRST));
		TrustMaterial material = new TrustMaterial("test", certificates, Certificates.NOW);
		certificates.clear();
		assertThat(material.certificates()).containsExactly(FIRST, SECOND).isUnmodifiable();
	}

	private void assertLoads(String content, X509Certificate... expected) {
		assertLoads(Certificates.ascii(content), expected);
	}

	private void assertLoads(byte[] content, X509Certificate... expected) {
		assertThat(load(write(content)).certificates()).containsExactly(expected);
	}

	private String write(String content) {
		return write(Certificates.ascii(content));
	}

	private String write(byte[] content) {
		try {
			return Files.write(this.directory.resolve("file"), content).toString();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private TrustMaterial load(String location) {
		return load(file(location));
	}

	private TrustMaterial load(CaFile file) {
		return load(file, TrustLoaderTests.class.getClassLoader());
	}

	private TrustMaterial load(CaFile file, ClassLoader classLoader) {
		return TrustLoader.load(file, null, new LoadContext(Clock.fixed(Certificates.NOW, ZoneOffset.UTC), classLoader,
				Limits.STANDARD, Files::newInputStream), this.warnings::add);
	}

	private static CaFile file(String location) {
		return new CaFile("dbtls.ca-path", location, null, null, false);
	}

	private static CaFile file(String location, String password) {
		return new CaFile("dbtls.ca-path", location, password, "dbtls.ca-password", false);
	}

	private static URLClassLoader classLoader(Path path) throws IOException {
		return new URLClassLoader(new URL[] { path.toUri().toURL() }, null);
	}

	private static byte[] join(byte[] first, byte[] second) {
		byte[] joined = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, joined, first.length, second.length);
		return joined;
	}

}
