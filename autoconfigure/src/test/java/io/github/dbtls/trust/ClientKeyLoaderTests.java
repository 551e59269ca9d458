package io.github.dbtls.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import io.github.dbtls.ClientKeySource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.Pem;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link ClientKeyLoader}.
 */
class ClientKeyLoaderTests {

	private static final String PASSWORD = "correct-horse-battery";

	private static final Authority root = TestCertificates.authority("CN=Root");

	private static final Authority intermediate = root.intermediate("CN=Inter");

	private static final Identity ec = intermediate.client("app");

	private static final Identity rsa = root.issue("CN=app")
		.key(KeyType.RSA_2048)
		.purposes(CertificateBuilder.Purpose.CLIENT_AUTH)
		.identity();

	private static final String COMMAND = "'openssl pkcs8 -topk8 -in old-key.pem -out client-key.pem'";

	private static final String ORDER = "Write the client's own certificate first, then the authority that issued it, "
			+ "then the next one above, and nothing else.";

	private final List<String> warnings = new ArrayList<>();

	@TempDir
	private Path directory;

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void loadWhenKeyIsOfAKindThatIsReadReturnsThePair(String name, Identity identity, String key,
			@Nullable String password) throws IOException {
		ClientKey loaded = load(source(identity.chainPem(), key, password));
		assertThat(loaded.chain()).isEqualTo(identity.chain());
		assertThat(loaded.certificate()).isEqualTo(identity.certificate());
		assertThat(secret(loaded.privateKey())).isEqualTo(secret(identity.privateKey()));
		assertThat(loaded.source()).isEqualTo("%s with %s", certificate(), key());
		assertThat(loaded.loadedAt()).isBeforeOrEqualTo(Instant.now());
	}

	private static Object secret(PrivateKey key) {
		// SEC1 names the curve once more, and the JDK keeps that.
		return (key instanceof ECPrivateKey ec) ? ec.getS() : HexFormat.of().formatHex(key.getEncoded());
	}

	static Stream<Arguments> loadWhenKeyIsOfAKindThatIsReadReturnsThePair() throws GeneralSecurityException {
		KeyPair ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
		Identity edwards = root.issue("CN=app").key(ed25519).identity();
		return Stream.of(Arguments.of("PKCS#8 RSA", rsa, rsa.keyPem(), null),
				Arguments.of("PKCS#8 EC", ec, ec.keyPem(), null),
				Arguments.of("PKCS#8 Ed25519", edwards, edwards.keyPem(), null),
				Arguments.of("PKCS#1", rsa, Pem.traditional(rsa.privateKey()), null),
				Arguments.of("SEC1", ec, Pem.traditional(ec.privateKey()), null),
				Arguments.of("SEC1 behind its parameters", ec,
						Pem.block("EC PARAMETERS", new byte[] { 6, 1, 42 }) + Pem.traditional(ec.privateKey()), null),
				Arguments.of("PKCS#8 RSA, encrypted", rsa, Pem.encrypted(rsa.privateKey(), PASSWORD), PASSWORD),
				Arguments.of("PKCS#8 EC, encrypted", ec, Pem.encrypted(ec.privateKey(), PASSWORD), PASSWORD),
				Arguments.of("Windows lines", ec, ec.keyPem().replace("\n", "\r\n"), null), Arguments.of("Text around",
						ec, "Bag Attributes\n    friendlyName: app\n" + ec.keyPem() + "end\n", null));
	}

	@Test
	void loadWhenBothAreInOneFileReadsItOnce() throws IOException {
		Path file = Files.writeString(certificate(), ec.keyPem() + ec.chainPem());
		AtomicInteger opened = new AtomicInteger();
		LoadContext standard = LoadContext.standard();
		LoadContext counting = new LoadContext(standard.clock(), standard.classLoader(), standard.limits(), (path) -> {
			opened.incrementAndGet();
			return Files.newInputStream(path);
		});
		ClientKeySource.Files source = new ClientKeySource.Files("dbtls.client-certificate", file.toString(),
				"dbtls.client-private-key", "file:" + file, "dbtls.client-private-key-password", null);
		assertThat(ClientKeyLoader.load(source, counting, this.warnings::add).chain()).isEqualTo(ec.chain());
		assertThat(opened).hasValue(1);
	}

	@Test
	void toStringHoldsNoSecret() throws IOException {
		ClientKeySource.Files source = source(ec.chainPem(), Pem.encrypted(ec.privateKey(), PASSWORD), PASSWORD);
		assertThat(source).hasToString("%s with %s".formatted(certificate(), key()));
		ClientKey loaded = load(source);
		assertThat(loaded).hasToString("ClientKey[source=%s with %s, certificate=CN=app, loadedAt=%s]"
			.formatted(certificate(), key(), loaded.loadedAt()));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void loadWhenCertificateIsBadSaysWhatAndWhatToDo(String name, String certificate, String predicate, String action)
			throws IOException {
		DbTlsConfigurationException ex = failure(source(certificate, ec.keyPem(), null));
		assertThat(ex).hasMessage("'dbtls.client-certificate' names '%s', which %s", certificate(), predicate);
		assertThat(ex.getAction()).isEqualTo(action);
		assertThat(ex.getProperty()).isEqualTo("dbtls.client-certificate");
	}

	static Stream<Arguments> loadWhenCertificateIsBadSaysWhatAndWhatToDo() {
		Authority namesake = TestCertificates.authority("CN=Inter");
		String inter = intermediate.pem();
		return Stream.of(Arguments.of("empty", "", "is empty.", "Name the certificate file."),
				Arguments.of("text", "hello", "is text without PEM in it (5 characters).",
						"Name the certificate file, which has lines such as '-----BEGIN CERTIFICATE-----'."),
				Arguments.of("key", ec.keyPem(), "holds a private key (PKCS#8) and no certificate.",
						"Name the file of the client's certificate here; the key belongs in 'dbtls.client-private-key'."),
				Arguments.of("public key", Pem.block("PUBLIC KEY", new byte[1]),
						"holds a public key and no certificate.", "Name the file of the client's certificate here."),
				Arguments.of("one line", ec.chainPem().replace("\n", "\\n"),
						"has lost its line breaks: line 1 goes on after its boundary.",
						"Write each BEGIN and END on a line of its own; '\\n' must be a line break, not two characters."),
				Arguments.of("leaf last", inter + Pem.of(ec.certificate()),
						"has its certificates in the wrong order: the client's own, 'CN=app', is number 2.", ORDER),
				Arguments.of("leaf missing", inter + root.pem(),
						"holds certificates of authorities only, and not the client's own: CN=Inter, CN=Root.", ORDER),
				Arguments.of("intermediate left out", Pem.of(ec.certificate()) + root.pem(),
						"has its certificates in the wrong order: number 2, 'CN=Root', did not issue number 1, 'CN=app'.",
						ORDER + " Number 1 was issued by 'CN=Inter'."),
				Arguments.of("intermediate of the same name", Pem.of(ec.certificate()) + namesake.pem(),
						"has its certificates in the wrong order: number 2, 'CN=Inter', did not issue number 1, 'CN=app'.",
						ORDER + " Number 1 was issued by 'CN=Inter'."));
	}

	@Test
	void loadWhenCertificateHasExpiredFails() throws IOException {
		Identity expired = root.issue("CN=app").expired().identity();
		Instant now = Instant.parse("2100-01-02T03:04:05Z");
		DbTlsConfigurationException ex = failure(source(expired.chainPem(), expired.keyPem(), null), now);
		assertThat(ex).hasMessage(
				"'dbtls.client-certificate' names '%s', which holds the client's certificate 'CN=app', which expired on %s.",
				certificate(), expired.certificate().getNotAfter().toInstant());
		assertThat(ex.getAction())
			.isEqualTo("Renew it. If this machine's clock is wrong, correct it: it says 2100-01-02T03:04:05Z.");
	}

	@Test
	void loadWhenCertificateIsNotYetValidFails() throws IOException {
		Identity future = root.issue("CN=app").notYetValid().identity();
		Instant now = Instant.now();
		DbTlsConfigurationException ex = failure(source(future.chainPem(), future.keyPem(), null), now);
		assertThat(ex).hasMessage(
				"'dbtls.client-certificate' names '%s', which holds the client's certificate 'CN=app', which is not valid before %s.",
				certificate(), future.certificate().getNotBefore().toInstant());
		assertThat(ex.getAction()).isEqualTo(
				"Use one that is in force today. If this machine's clock is wrong, correct it: it says %s.", now);
	}

	@Test
	void loadWhenRsaKeyIsShortFails() throws IOException {
		Identity weak = root.issue("CN=app").key(KeyType.RSA_1024).identity();
		DbTlsConfigurationException ex = failure(source(weak.chainPem(), weak.keyPem(), null));
		assertThat(ex).hasMessage(
				"'dbtls.client-certificate' names '%s', which holds the client's certificate 'CN=app' with an RSA key of 1024 bits.",
				certificate());
		assertThat(ex.getAction())
			.isEqualTo("Let its authority issue one for an RSA key of 2048 bits or more, or for an EC key.");
	}

	@Test
	void loadWhenCertificateIsForServersWarns() throws IOException {
		Identity server = root.server("app");
		load(source(server.chainPem(), server.keyPem(), null));
		assertThat(this.warnings).containsExactly(
				"'dbtls.client-certificate' names '%s', which holds the client's certificate 'CN=app', which is not issued for clients: its extended key usage lacks clientAuth (RFC 5280, 4.2.1.12), and MySQL and TiDB refuse it"
					.formatted(certificate()));
	}

	@Test
	void loadWhenCertificateIsOfAnAuthorityWarns() throws IOException {
		Identity authority = new Identity(root.privateKey(), List.of(root.certificate()));
		load(source(authority.chainPem(), authority.keyPem(), null));
		assertThat(this.warnings).containsExactly(
				"'dbtls.client-certificate' names '%s', which holds the client's certificate 'CN=%s', which is an authority itself. Whoever reads its key may issue certificates to others: let it issue one to this application"
					.formatted(certificate(), "Root"));
	}

	@Test
	void loadWhenPairIsGoodWarnsOfNothing() throws IOException {
		load(source(rsa.chainPem(), rsa.keyPem(), null));
		assertThat(this.warnings).isEmpty();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void loadWhenKeyIsBadSaysWhatAndWhatToDo(String name, String key, String predicate, String action)
			throws IOException {
		DbTlsConfigurationException ex = failure(source(ec.chainPem(), key, null));
		assertThat(ex).hasMessage("'dbtls.client-private-key' names '%s', which %s", key(), predicate);
		assertThat(ex.getAction()).isEqualTo(action);
		assertThat(ex.getProperty()).isEqualTo("dbtls.client-private-key");
	}

	static Stream<Arguments> loadWhenKeyIsBadSaysWhatAndWhatToDo() {
		String pair = "Name the key that this certificate was requested with. For a pair, 'openssl x509 -noout -pubkey "
				+ "-in client.pem' and 'openssl pkey -pubout -in client-key.pem' print the same.";
		String proc = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
				+ "-----END RSA PRIVATE KEY-----\n";
		return Stream.of(Arguments.of("certificate", ec.chainPem(), "holds a certificate and no private key.",
				"Name the file of the private key here; the certificate belongs in 'dbtls.client-certificate'."),
				Arguments.of("text", "hello", "is text without PEM in it (5 characters).",
						"Name the file of the private key, which has lines such as '-----BEGIN PRIVATE KEY-----'."),
				Arguments.of("one line", ec.keyPem().replace("\n", "\\n"),
						"holds '-----BEGIN', but never on a line of its own.",
						"Write each BEGIN and END on a line of its own; '\\n' must be a line break, not two characters."),
				Arguments.of("two keys", ec.keyPem() + rsa.keyPem(), "holds 2 private keys.",
						"Leave the one that belongs to the client's certificate."),
				Arguments.of("of another certificate", intermediate.client("other").keyPem(),
						"is not the key of the certificate in 'dbtls.client-certificate', 'CN=app'.", pair),
				Arguments.of("of another kind", rsa.keyPem(),
						"is not the key of the certificate in 'dbtls.client-certificate', 'CN=app'.", pair),
				Arguments.of("encrypted in the old way", proc,
						"holds an encrypted private key (PKCS#1) in OpenSSL's traditional form ('Proc-Type: 4,ENCRYPTED'), "
								+ "which is not read.",
						"Convert it, the password stays: " + COMMAND + "."),
				Arguments.of("OpenSSH", Pem.block("OPENSSH PRIVATE KEY", new byte[] { 1 }),
						"holds a private key of OpenSSH, which is not read.",
						"Convert it: 'ssh-keygen -p -m PKCS8 -f client-key.pem' rewrites the file."),
				Arguments.of("DSA", Pem.block("DSA PRIVATE KEY", new byte[] { 1 }),
						"holds a private key, which is not read.", "PKCS#8, PKCS#1 (RSA) and SEC1 (EC) are read."),
				Arguments.of("damaged", Pem.block("PRIVATE KEY", new byte[] { 1, 2, 3 }),
						"holds a private key (PKCS#8) that cannot be read, at line 1.",
						"Copy or export the key again, whole."),
				Arguments.of("no base64", "-----BEGIN PRIVATE KEY-----\n§§§§\n-----END PRIVATE KEY-----\n",
						"holds a private key (PKCS#8) that cannot be read, at line 1.",
						"Copy or export the key again, whole."),
				Arguments.of("cut short", ec.keyPem().substring(0, 60),
						"is cut short: the block 'PRIVATE KEY' at line 1 has no END before the file ends.",
						"Download the file again, or copy it whole: each block has a BEGIN line, lines of base64 and an "
								+ "END line."));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void loadWhenPasswordDoesNotFitNamesItsProperty(String name, String key, @Nullable String password, String verb,
			String predicate, String action) throws IOException {
		DbTlsConfigurationException ex = failure(source(ec.chainPem(), key, password));
		assertThat(ex).hasMessage(
				"'dbtls.client-private-key-password' %s: 'dbtls.client-private-key' names '%s', which %s", verb, key(),
				predicate);
		assertThat(ex.getAction()).isEqualTo(action);
		assertThat(ex.getProperty()).isEqualTo("dbtls.client-private-key-password");
	}

	static Stream<Arguments> loadWhenPasswordDoesNotFitNamesItsProperty() {
		String encrypted = Pem.encrypted(ec.privateKey(), "no-such-Pa55word");
		return Stream.of(
				Arguments.of("missing", encrypted, null, "is not set", "holds an encrypted private key (PKCS#8).",
						"Set 'dbtls.client-private-key-password' to the password of the key."),
				Arguments.of("wrong", encrypted, PASSWORD, "is wrong",
						"holds an encrypted private key (PKCS#8) that it does not open.",
						"Correct the password: 'openssl pkey -noout -in client-key.pem' asks for it and says whether it fits."),
				Arguments.of("needless", ec.keyPem(), PASSWORD, "is set without need",
						"holds a private key (PKCS#8) without a password.",
						"Remove 'dbtls.client-private-key-password', or encrypt the key: 'openssl pkcs8 -topk8 -in "
								+ "client-key.pem -out encrypted-key.pem'."));
	}

	@Test
	void loadWhenWrongPasswordHappensToMakeAPaddingStillSaysThatItIsWrong() throws Exception {
		String encrypted = Pem.encrypted(ec.privateKey(), "no-such-Pa55word");
		String unlucky = withPaddingThatFits(encrypted);
		DbTlsConfigurationException ex = failure(source(ec.chainPem(), encrypted, unlucky));
		assertThat(ex).hasMessage(
				"'dbtls.client-private-key-password' is wrong: 'dbtls.client-private-key' names '%s', which holds an encrypted private key (PKCS#8) that it does not open.",
				key());
		assertThat(ex.getProperty()).isEqualTo("dbtls.client-private-key-password");
	}

	private static String withPaddingThatFits(String encrypted) throws Exception {
		EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(
				Base64.getMimeDecoder().decode(encrypted.replaceAll("-----[A-Z ]+-----", "")));
		String algorithm = info.getAlgParameters().toString();
		// One of 256 on average.
		for (int i = 0; i < 20_000; i++) {
			String candidate = "unlucky-Pa55word-" + i;
			Cipher cipher = Cipher.getInstance(algorithm);
			cipher.init(Cipher.DECRYPT_MODE,
					SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(candidate.toCharArray())),
					info.getAlgParameters());
			try {
				cipher.doFinal(info.getEncryptedData());
				return Secrets.password(candidate);
			}
			catch (BadPaddingException ex) {
				// The usual end of a wrong password.
			}
		}
		throw new AssertionError("No password makes a padding that fits");
	}

	@Test
	void loadWhenEncryptionIsUnknownSaysHowToEncryptAnew() throws IOException {
		DbTlsConfigurationException ex = failure(
				source(ec.chainPem(), Pem.encryptedWithScrypt(ec.privateKey(), PASSWORD), PASSWORD));
		assertThat(ex).hasMessage(
				"'dbtls.client-private-key' names '%s', which holds an encrypted private key (PKCS#8) whose encryption this JVM does not know.",
				key());
		assertThat(ex.getAction())
			.isEqualTo("Encrypt it anew: 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in old-key.pem -out client-key.pem'.");
	}

	@Test
	void loadWhenFileIsBinarySaysHowToConvertIt() throws Exception {
		Files.write(certificate(), ec.certificate().getEncoded());
		Files.writeString(key(), ec.keyPem());
		assertThat(failure(source(null))).hasMessageEndingWith("is a certificate in binary, and PEM is read here.")
			.extracting(DbTlsConfigurationException::getAction)
			.isEqualTo("Convert it: 'openssl x509 -inform DER -in client.der -out client.pem'.");
		TestCertificates.write(ec.toKeyStore(), certificate());
		assertThat(failure(source(null)))
			.hasMessageEndingWith("is a PKCS#12 key store in binary, and PEM is read here.")
			.extracting(DbTlsConfigurationException::getAction)
			.isEqualTo(
					"Convert it: 'openssl pkcs12 -in client.p12 -out client.pem' writes certificate and key into one "
							+ "file, which both properties may name.");
		Files.writeString(certificate(), ec.chainPem());
		Files.write(key(), ec.privateKey().getEncoded());
		assertThat(failure(source(null))).hasMessageEndingWith("is a private key in binary, and PEM is read here.")
			.extracting(DbTlsConfigurationException::getAction)
			.isEqualTo("Convert it: 'openssl pkcs8 -topk8 -inform DER -in client-key.der -out client-key.pem'.");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void loadWhenLocationIsBadSaysWhatAndWhatToDo(String location, String message, String action) throws IOException {
		Files.writeString(certificate(), ec.chainPem());
		DbTlsConfigurationException ex = failure(new ClientKeySource.Files("dbtls.client-certificate",
				certificate().toString(), "dbtls.data-sources.orders.client-private-key", location,
				"dbtls.data-sources.orders.client-private-key-password", null));
		assertThat(ex).hasMessage(message.replace("<p>", "'dbtls.data-sources.orders.client-private-key'"));
		assertThat(ex.getAction()).isEqualTo(action);
	}

	@ParameterizedTest
	@MethodSource
	void loadWhenLocationIsTheKeyItselfDoesNotShowIt(String inline) throws IOException {
		Files.writeString(certificate(), ec.chainPem());
		assertThat(failure(new ClientKeySource.Files("dbtls.client-certificate", certificate().toString(),
				"dbtls.client-private-key", inline, "dbtls.client-private-key-password", null)))
			.hasMessage(
					"'dbtls.client-private-key' holds a certificate or key itself, where the path of a file belongs.");
	}

	static Stream<String> loadWhenLocationIsTheKeyItselfDoesNotShowIt() throws GeneralSecurityException {
		List<String> keys = new ArrayList<>();
		for (String curve : List.of("secp256r1", "secp384r1", "secp521r1")) {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec(curve));
			keys.add(base64(generator.generateKeyPair().getPrivate().getEncoded()));
		}
		keys.add(base64(KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded()));
		keys.add(" " + base64(KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded()));
		keys.add(Base64.getMimeEncoder().encodeToString(ec.privateKey().getEncoded()));
		keys.add(Base64.getUrlEncoder().encodeToString(ec.privateKey().getEncoded()));
		keys.add(base64(ec.keyPem().getBytes(StandardCharsets.US_ASCII)));
		keys.add(base64("openssh-key-v1\0none and so on, for as long as it takes".getBytes(StandardCharsets.US_ASCII)));
		return keys.stream();
	}

	private static String base64(byte[] bytes) {
		return Base64.getEncoder().encodeToString(bytes);
	}

	@Test
	void loadWhenPathLooksLikeBase64IsAPath() throws IOException {
		Files.writeString(certificate(), ec.chainPem());
		String path = "/MEEMEEMEEMEEMEEMEEMEE/MEEMEEMEEMEEMEEMEEMEE/key";
		assertThat(failure(new ClientKeySource.Files("dbtls.client-certificate", certificate().toString(),
				"dbtls.client-private-key", path, "dbtls.client-private-key-password", null)))
			.hasMessageContaining("does not exist");
	}

	static Stream<Arguments> loadWhenLocationIsBadSaysWhatAndWhatToDo() {
		String oneOf = "Write a plain path, 'file:/path/to/client-key.pem' or 'classpath:client-key.pem'.";
		return Stream.of(Arguments.of(" ", "<p> is set, but to nothing.", oneOf + " Or remove the key."),
				Arguments.of("https://example.org/key.pem",
						"<p> is a location with the scheme 'https:', which is not read.",
						"A key is not fetched over a network: download the file, and name it. " + oneOf),
				Arguments.of(ec.keyPem(), "<p> holds a certificate or key itself, where the path of a file belongs.",
						"Write the text to a file and name the file. " + oneOf),
				Arguments.of("/no-such-directory/key.pem",
						"<p> names '/no-such-directory/key.pem', which does not exist; nor does the directory "
								+ "'/no-such-directory'.",
						"Correct the path, or put the file there. In a container, mount it there."),
				Arguments.of("/tmp", "<p> names '/tmp', which is a directory.",
						"Name the file of the private key in it."));
	}

	@Test
	void loadWhenFileIsLargeReadsNoMoreThanABound() throws IOException {
		DbTlsConfigurationException ex = failure(source(ec.chainPem(), "#".repeat(2 * 1024 * 1024), null));
		assertThat(ex).hasMessage(
				"'dbtls.client-private-key' names '%s', which has 2097152 bytes, too much for a file of the private key: at most 1024 KiB are read.",
				key());
		assertThat(ex.getAction()).isEqualTo("Name the file of the private key, which is a few KiB.");
	}

	private ClientKey load(ClientKeySource.Files source) {
		return ClientKeyLoader.load(source, LoadContext.standard(), this.warnings::add);
	}

	private DbTlsConfigurationException failure(ClientKeySource.Files source) {
		return failure(source, Instant.now());
	}

	private DbTlsConfigurationException failure(ClientKeySource.Files source, Instant now) {
		LoadContext standard = LoadContext.standard();
		LoadContext context = new LoadContext(Clock.fixed(now, ZoneOffset.UTC), standard.classLoader(),
				standard.limits(), standard.opener());
		DbTlsConfigurationException ex = catchThrowableOfType(DbTlsConfigurationException.class,
				() -> ClientKeyLoader.load(source, context, this.warnings::add));
		assertThat(ex).isNotNull();
		for (Throwable thrown = ex; thrown != null; thrown = thrown.getCause()) {
			String text = thrown + ((thrown instanceof DbTlsConfigurationException own) ? own.getAction() : "");
			List<String> secrets = List.of(PASSWORD, "no-such-Pa55word", ec.keyPem().lines().toList().get(1),
					rsa.keyPem().lines().toList().get(1));
			assertThat(text).doesNotContain(secrets);
		}
		return ex;
	}

	private ClientKeySource.Files source(String certificate, String key, @Nullable String password) throws IOException {
		Files.write(certificate(), certificate.getBytes(StandardCharsets.UTF_8));
		Files.write(key(), key.getBytes(StandardCharsets.UTF_8));
		return source(password);
	}

	private ClientKeySource.Files source(@Nullable String password) {
		return new ClientKeySource.Files("dbtls.client-certificate", certificate().toString(),
				"dbtls.client-private-key", key().toString(), "dbtls.client-private-key-password", password);
	}

	private Path certificate() {
		return this.directory.resolve("client.pem");
	}

	private Path key() {
		return this.directory.resolve("client-key.pem");
	}

}
