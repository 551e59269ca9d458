package io.github.dbtls.trust;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TrustSource;
import io.github.dbtls.TrustSource.CaFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for {@link TrustLoader} with everything that is no usable certificate file.
 */
class BadFileTests {

	private static final X509Certificate CA = Certificates.authority("ca");

	private static final String PEM = Certificates.pem(CA);

	private static final byte[] DER = Certificates.der(CA);

	private static final byte[] KEY = Certificates.KEY.getPrivate().getEncoded();

	private static final String DESTINATION = "Name the file with the certificate of the authority (CA)";

	private final List<String> warnings = new ArrayList<>();

	@TempDir
	private Path directory;

	@ParameterizedTest
	@MethodSource({ "locations", "texts", "pems", "ders", "keyStores", "zips", "authorities" })
	void loadWhenFileIsBadSaysWhatAndWhatToDo(BadFile bad) throws IOException {
		CaFile file = bad.file(this.directory);
		DbTlsConfigurationException ex = catchThrowableOfType(DbTlsConfigurationException.class,
				() -> load(file, getClass().getClassLoader()));
		assertThat(ex).isNotNull();
		String description = bad.description()
			.replace("<location>", file.location())
			.replace("<directory>", this.directory.toString())
			.replace("<working>", Path.of("").toAbsolutePath().toString());
		if (description.endsWith("*")) {
			assertThat(ex.getMessage()).startsWith(description.substring(0, description.length() - 1)).endsWith(".");
		}
		else {
			assertThat(ex).hasMessage(description);
		}
		assertThat(ex.getAction()).contains(bad.action()).endsWith(".");
		assertThat(ex.getProperty()).isEqualTo(bad.property());
		assertHoldsNoSecret(ex);
	}

	static Stream<BadFile> locations() {
		return Stream.of(BadFile.location("blank", " ", "'dbtls.ca-path' is set, but to nothing.", "remove the key"),
				BadFile.location("inline PEM", PEM,
						"'dbtls.ca-path' holds a certificate or key itself, where the path of a file belongs.",
						"Write the text to a file"),
				BadFile.location("inline private key", Certificates.pem("PRIVATE KEY", KEY),
						"'dbtls.ca-path' holds a certificate or key itself, where the path of a file belongs.",
						"Write the text to a file"),
				BadFile.location("inline base64", Base64.getEncoder().encodeToString(DER),
						"'dbtls.ca-path' holds a certificate or key itself, where the path of a file belongs.",
						"Write the text to a file"),
				BadFile.location("https", "https://user:" + BadFile.SECRET + "@example.org/ca.pem",
						"'dbtls.ca-path' is a location with the scheme 'https:', which is not read.",
						"Trust is not fetched over a network: download the file"),
				BadFile.location("s3", "s3://bucket/ca.pem?X-Amz-Signature=" + BadFile.SECRET,
						"'dbtls.ca-path' is a location with the scheme 's3:', which is not read.", "put './' in front"),
				BadFile.location("jar", "jar:file:/app.jar!/ca.pem",
						"'dbtls.ca-path' is a location with the scheme 'jar:', which is not read.",
						"Write 'classpath:' and the name inside the jar."),
				BadFile.location("classpath*", "classpath*:ca.pem",
						"'dbtls.ca-path' is a location with the scheme 'classpath*:', which is not read.",
						"a path is one location"),
				BadFile.location("file of another host", "file://certs/ca.pem",
						"'dbtls.ca-path' is a 'file:' URL that names the host 'certs'.", "'file:certs/ca.pem'"),
				BadFile.location("file without path", "file://", "'dbtls.ca-path' is 'file:' without a path.",
						"Write a plain path"),
				BadFile.location("file with bad escape", "file:/etc/100%.pem",
						"'dbtls.ca-path' is a 'file:' URL with a '%' that no two hexadecimal digits follow.",
						"Write '%25'"),
				BadFile.location("classpath without name", "classpath:/",
						"'dbtls.ca-path' is 'classpath:' without a name.", "Write a plain path"),
				BadFile.location("no path", "/etc/ca\0.pem", "'dbtls.ca-path' is '/etc/ca?.pem', which is no path on*",
						"Write a plain path"),
				BadFile.location("missing relative", "no/such.pem",
						"'dbtls.ca-path' names 'no/such.pem' (<working>/no/such.pem), which does not exist; the "
								+ "working directory is '<working>'.",
						"A relative path depends on where the application is started."),
				BadFile.at("missing absolute", (directory) -> directory + "/such.pem",
						"'dbtls.ca-path' names '<location>', which does not exist.", "In a container, mount it there."),
				BadFile.at("missing directory", (directory) -> directory + "/no/such.pem",
						"'dbtls.ca-path' names '<location>', which does not exist; nor does the directory "
								+ "'<directory>/no'.",
						"Correct the path"),
				BadFile.at("missing file URL", (directory) -> "file:" + directory + "/such.pem",
						"'dbtls.ca-path' names '<location>' (<directory>/such.pem), which does not exist.",
						"Correct the path"),
				BadFile.location("Windows drive", "C:\\no\\ca.pem", "'dbtls.ca-path' names 'C:\\no\\ca.pem'*",
						"Correct the path"),
				BadFile.location("on the class path", "io/github/dbtls/trust/TrustLoader.class",
						"'dbtls.ca-path' names 'io/github/dbtls/trust/TrustLoader.class' (*",
						"It exists on the class path: write 'classpath:io/github/dbtls/trust/TrustLoader.class'."),
				BadFile.location("on the class path, as in the source tree",
						"./src/main/resources/io/github/dbtls/trust/TrustLoader.class", "'dbtls.ca-path' names './src*",
						"It exists on the class path: write 'classpath:io/github/dbtls/trust/TrustLoader.class'."),
				BadFile.location("missing on the class path", "classpath:no/such.pem",
						"'dbtls.ca-path' names 'classpath:no/such.pem', which does not exist on the class path.",
						"Put the file into 'src/main/resources'"),
				BadFile.location("class path with source tree", "classpath:src/main/resources/ca.pem",
						"'dbtls.ca-path' names 'classpath:src/main/resources/ca.pem', which does not exist on the "
								+ "class path.",
						"Write 'classpath:ca.pem'"),
				BadFile.location("file, not on the class path", "classpath:pom.xml",
						"'dbtls.ca-path' names 'classpath:pom.xml', which does not exist on the class path.",
						"It exists as a file: write 'pom.xml' without 'classpath:'."),
				BadFile.location("list", "a.pem, b.pem", "'dbtls.ca-path' names 'a.pem, b.pem' (*",
						"A path is one location, not a list"),
				BadFile.location("list on the class path", "classpath:a.pem,classpath:b.pem",
						"'dbtls.ca-path' names 'classpath:a.pem,classpath:b.pem', which does not exist on the class "
								+ "path.",
						"A path is one location, not a list"),
				BadFile.location("placeholder", "${CA_DIR}/ca.pem", "'dbtls.ca-path' names '${CA_DIR}/ca.pem' (*",
						"The placeholder was not replaced"),
				BadFile.location("white space", "/no/ca.pem ", "'dbtls.ca-path' names '/no/ca.pem '*",
						"Remove the white space"),
				BadFile.location("quotes", "\"/no/ca.pem\"", "'dbtls.ca-path' names '\"/no/ca.pem\"' (*",
						"Remove the quotes"),
				BadFile.location("home", "~/ca.pem", "'dbtls.ca-path' names '~/ca.pem' (<working>/~/ca.pem), which*",
						"Write the home directory in full"),
				BadFile.at("link to nowhere",
						(directory) -> Files.createSymbolicLink(directory.resolve("link"), Path.of("gone")).toString(),
						"'dbtls.ca-path' names '<location>', which is a symbolic link to 'gone', which does not exist.",
						"Correct the path"),
				BadFile.at("link to itself",
						(directory) -> Files.createSymbolicLink(directory.resolve("link"), Path.of("link")).toString(),
						"'dbtls.ca-path' names '<location>', which cannot be opened: *", "Correct the path"),
				BadFile.at("below a file", (directory) -> Files.createFile(directory.resolve("ca")) + "/ca.pem",
						"'dbtls.ca-path' names '<location>', which *", "Correct the path"),
				BadFile.at("directory", (directory) -> {
					Files.createFile(directory.resolve("ca.pem"));
					return directory.toString();
				}, "'dbtls.ca-path' names '<location>', which is a directory.", "Name the certificate file in it."),
				BadFile.at("empty directory", Path::toString,
						"'dbtls.ca-path' names '<location>', which is an empty directory.",
						"Docker makes an empty directory"),
				BadFile.location("directory on the class path", "classpath:io/github/dbtls/trust",
						"'dbtls.ca-path' names 'classpath:io/github/dbtls/trust', which is a directory.",
						"Name the certificate file in it."),
				BadFile.at("too large", (directory) -> {
					Path large = directory.resolve("large");
					try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
						file.setLength(Limits.STANDARD.bytes() + 1);
					}
					return large.toString();
				}, "'dbtls.ca-path' names '<location>', which has 16777217 bytes, too much for a file of "
						+ "certificates: at most 16 MiB are read.", "Name the file of certificates."));
	}

	static Stream<BadFile> texts() {
		return Stream.of(
				BadFile.content("empty", "", "which is empty.", "Write the certificate of the authority to it"),
				BadFile.content("white space only", " \r\n\t\n", "which holds nothing but white space (5 bytes).",
						"Write the certificate of the authority to it"),
				BadFile.content("byte order mark only", "\uFEFF", "which holds nothing but white space (3 bytes).",
						"Write the certificate of the authority to it"),
				BadFile.content("UTF-16 with mark", ("\uFEFF" + PEM).getBytes(StandardCharsets.UTF_16LE),
						"which is text in UTF-16.", "PowerShell"),
				BadFile.content("UTF-16 without mark", PEM.getBytes(StandardCharsets.UTF_16BE),
						"which is text in UTF-16.", "Save it as UTF-8"),
				BadFile.content("HTML", "\n<!DOCTYPE html>\n<html><body>Sign in</body></html>",
						"which is an HTML page, not a certificate.", "Download the file again"),
				BadFile.content("XML", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
						"which is XML, not a certificate.", "object stores"),
				BadFile.content("JSON", "{\"password\": \"" + BadFile.SECRET + "\"}",
						"which is JSON, not a certificate.", DESTINATION),
				BadFile.content("PEM in JSON", "{\"ca\": \"" + PEM.replace("\n", "\\n") + "\"}",
						"which holds '-----BEGIN', but never at the beginning of a line.",
						"Remove what stands in front"),
				BadFile.content("commented out", PEM.replaceAll("(?m)^(?=.)", "# "),
						"which holds '-----BEGIN', but never at the beginning of a line.", "a comment sign"),
				BadFile.content("OpenSSH public key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@example.org\n",
						"which is a public key of SSH, not a certificate.", DESTINATION),
				BadFile.content("Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
						"which is a pointer of Git LFS, not the file itself.", "Run 'git lfs pull'."),
				BadFile.content("bare base64", Base64.getMimeEncoder().encodeToString(DER),
						"which is base64 without the lines around it.", "Put '-----BEGIN CERTIFICATE-----' in front"),
				BadFile.content("text", BadFile.SECRET, "which is text without a certificate in it (21 characters).",
						DESTINATION),
				BadFile.content("gzip", new byte[] { 0x1F, (byte) 0x8B, 8, 0 },
						"which is packed with gzip, which is not read.", "Unpack it"),
				BadFile.content("tar", tar(), "which is packed with tar, which is not read.", "Unpack it"),
				BadFile.content("binary", new byte[] { 1, 2, 3, 4, 5 },
						"which is in no format that is known (5 bytes).", "PEM, DER, PKCS#7, JKS, PKCS#12 and zip"));
	}

	static Stream<BadFile> pems() {
		String broken = PEM.substring(0, 200) + "*" + PEM.substring(201);
		byte[] damaged = DER.clone();
		damaged[8] = 0x7F;
		String cut = Certificates.pem("CERTIFICATE", Arrays.copyOf(DER, DER.length - 10));
		return Stream.of(key("PKCS#8", "PRIVATE KEY", "a private key (PKCS#8)"),
				key("encrypted PKCS#8", "ENCRYPTED PRIVATE KEY", "an encrypted private key (PKCS#8)"),
				key("PKCS#1", "RSA PRIVATE KEY", "a private key (PKCS#1)"),
				key("EC", "EC PRIVATE KEY", "a private key (EC)"),
				key("OpenSSH", "OPENSSH PRIVATE KEY", "a private key of OpenSSH"),
				key("DSA", "DSA PRIVATE KEY", "a private key"),
				BadFile.content("encrypted PKCS#1",
						Certificates.pem("RSA PRIVATE KEY", KEY)
							.replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"),
						"which holds an encrypted private key (PKCS#1) where the certificate of an authority should be.",
						"A private key stays with its owner"),
				block("public key", "PUBLIC KEY", "a public key"),
				block("request", "CERTIFICATE REQUEST", "a certificate request (CSR)"),
				block("old request", "NEW CERTIFICATE REQUEST", "a certificate request (CSR)"),
				block("revocation list", "X509 CRL", "a certificate revocation list (CRL)"),
				block("PGP", "PGP PUBLIC KEY BLOCK", "PGP data"),
				block("parameters", "DH PARAMETERS", "a PEM block 'DH PARAMETERS'"),
				BadFile.content("trusted certificate", Certificates.pem("TRUSTED CERTIFICATE", DER),
						"which holds OpenSSL's 'TRUSTED CERTIFICATE' at line 1, whose trust settings only OpenSSL knows.",
						"openssl x509"),
				BadFile.content("PEM without END", PEM + PEM.substring(0, PEM.indexOf("-----END")),
						"which is cut short: the block 'CERTIFICATE' at line " + (lines(PEM) + 1)
								+ " has no END before the file ends.",
						"Download the file again"),
				BadFile.content("PEM without END in the middle", PEM.substring(0, PEM.indexOf("-----END")) + PEM,
						"which is cut short: the block 'CERTIFICATE' at line 1 has no END before line " + lines(PEM)
								+ " begins another.",
						"Download the file again"),
				BadFile.content("PEM without BEGIN", PEM.substring(28),
						"which ends a block 'CERTIFICATE' at line " + (lines(PEM) - 1) + " that never began.",
						"Download the file again"),
				BadFile.content("PEM with two labels", PEM.replace("END CERTIFICATE", "END PKCS7"),
						"which begins a block 'CERTIFICATE' at line 1 and ends it as 'PKCS7' at line " + lines(PEM)
								+ ".",
						"Download the file again"),
				BadFile.content("PEM on one line", PEM.replace("\n", "\\n"),
						"which has lost its line breaks: line 1 goes on after its boundary.",
						"'\\n' must be a line break"),
				BadFile.content("PEM with four dashes", PEM.replaceFirst("-----BEGIN", "----BEGIN"),
						"which has a misspelt boundary at line 1.", "five dashes"),
				BadFile.content("PEM with long dashes", PEM.replace("--", "\u2013"),
						"which has a misspelt boundary at line 1.", "Word processors"),
				BadFile.content("bad base64", PEM + broken + PEM,
						"which holds a certificate that cannot be read, certificate 2 at line " + (lines(PEM) + 1)
								+ ": it is no base64.",
						"letters, digits"),
				BadFile.content("empty block", PEM + Certificates.pem("CERTIFICATE", new byte[0]),
						"which holds a certificate that cannot be read, certificate 2 at line " + (lines(PEM) + 1)
								+ ": it is no DER.",
						"Nothing is skipped"),
				BadFile.content("broken certificate in the middle",
						"# three\n" + PEM + Certificates.pem("CERTIFICATE", damaged) + PEM,
						"which holds a certificate that cannot be read, certificate 2 at line " + (lines(PEM) + 2)
								+ ": *",
						"Nothing is skipped"),
				BadFile.content("empty issuer",
						Certificates.pem("CERTIFICATE",
								Certificates.version3Der("CN=ca", "", Certificates.BEFORE, Certificates.AFTER, null,
										0)),
						"which holds a certificate that cannot be read, certificate 1 at line 1: Empty issuer DN*",
						"Download or export"),
				BadFile.content("certificate cut short in PEM", PEM + cut,
						"which is cut short: certificate 2 at line %d announces %d bytes and has %d bytes."
							.formatted(lines(PEM) + 1, DER.length, DER.length - 10),
						"Download or export"),
				BadFile.content("key labelled as certificate", Certificates.pem("CERTIFICATE", KEY),
						"which holds a private key where a certificate should be (certificate 1 at line 1).",
						"Name a file with the certificates"),
				BadFile.content("bytes after certificate",
						Certificates.pem("CERTIFICATE", Arrays.copyOf(DER, DER.length + 1)),
						"which holds a certificate that cannot be read, certificate 1 at line 1: 1 byte too much.",
						"Download or export"),
				BadFile.content("too many", PEM.repeat(Limits.STANDARD.certificates() + 1),
						"which holds more than 10000 certificates, which is the most that are read.", "Keep the"));
	}

	static Stream<BadFile> ders() {
		return Stream.of(
				BadFile.content("DER cut short", Arrays.copyOf(DER, 100),
						"which is cut short: certificate 1 announces %d bytes and has 100 bytes.".formatted(DER.length),
						"Download or export"),
				BadFile.content("bytes after DER", Arrays.copyOf(DER, DER.length + 3),
						"which has 3 bytes after certificate 1 that are none.", "Download or export"),
				BadFile.content("DER private key", KEY,
						"which holds a private key where the certificate of an authority should be.",
						"A private key stays with its owner"),
				BadFile.content("DER public key", Certificates.KEY.getPublic().getEncoded(),
						"which holds a public key and no certificate.", DESTINATION),
				BadFile.content("DER request", Certificates.request(),
						"which holds a certificate request (CSR) and no certificate.", DESTINATION),
				BadFile.content("DER revocation list", Certificates.revocationList(),
						"which holds a certificate revocation list (CRL) and no certificate.", DESTINATION),
				BadFile.content("PKCS#7 cut short", Arrays.copyOf(Certificates.pkcs7(CA), 200),
						"which is cut short: certificate 1 announces *", "Download or export"),
				BadFile.content("PKCS#7 without certificate", Certificates.pkcs7(),
						"which is PKCS#7 without a certificate in it.", "Export the chain of certificates"),
				BadFile.content("PKCS#7 damaged", damagedPkcs7(),
						"which holds a certificate that cannot be read, certificate 1: its PKCS#7 is damaged: *",
						"Download or export"),
				BadFile.password("password for PEM", Certificates.ascii(PEM), BadFile.SECRET,
						"'dbtls.ca-password' is set without need: 'dbtls.ca-path' names '<location>', which has no "
								+ "password.",
						"Remove 'dbtls.ca-password'"),
				BadFile.password("password for DER", DER, BadFile.SECRET,
						"'dbtls.ca-password' is set without need: 'dbtls.ca-path' names '<location>', which has no "
								+ "password.",
						"Remove 'dbtls.ca-password'"),
				BadFile.password("password for PKCS#7", Certificates.pkcs7(CA), BadFile.SECRET,
						"'dbtls.ca-password' is set without need: 'dbtls.ca-path' names '<location>', which has no "
								+ "password.",
						"Remove 'dbtls.ca-password'"));
	}

	static Stream<BadFile> keyStores() {
		byte[] jks = Certificates.jks(BadFile.SECRET, CA);
		byte[] pkcs12 = Certificates.pkcs12(BadFile.SECRET, CA);
		byte[] damagedJks = jks.clone();
		damagedJks[7] = 99;
		byte[] damagedPkcs12 = Certificates.pkcs12WithoutPassword(true, CA);
		damagedPkcs12[20] ^= 0x7F;
		String keyStore = "'dbtls.ca-path' names '<location>', which is a %s key store that it does not open.";
		return Stream.of(BadFile.password("wrong password of JKS", jks, "wrong-" + BadFile.SECRET,
				"'dbtls.ca-password' is wrong, or the file is damaged: " + keyStore.formatted("JKS"), "keytool -list"),
				BadFile.password("wrong password of PKCS#12", pkcs12, "wrong-" + BadFile.SECRET,
						"'dbtls.ca-password' is wrong, or the file is damaged: " + keyStore.formatted("PKCS#12"),
						"put it in quotes"),
				new BadFile("password of PKCS#12 is missing",
						(directory) -> Files.write(directory.resolve("ca"), pkcs12).toString(), null,
						"dbtls.ca-password",
						"'dbtls.ca-password' is not set: 'dbtls.ca-path' names '<location>', which is an encrypted "
								+ "PKCS#12 key store.",
						"Set 'dbtls.ca-password' to the password of the key store."),
				BadFile.content("JKS cut short", Arrays.copyOf(jks, 300),
						"which is a JKS key store that is cut short: it ends in the middle of an entry.",
						"Download or export the key store again."),
				BadFile.content("checksum of JKS cut short", Arrays.copyOf(jks, jks.length - 1),
						"which is a JKS key store that is cut short: it ends in the middle of an entry.",
						"Download or export the key store again."),
				BadFile.content("JKS damaged", damagedJks, "which is a JKS key store that is damaged.",
						"Download or export the key store again."),
				BadFile.content("PKCS#12 cut short", Arrays.copyOf(pkcs12, 300),
						"which is a PKCS#12 key store that is cut short: it announces %d bytes and has 300 bytes."
							.formatted(pkcs12.length),
						"Download or export the key store again."),
				BadFile.content("PKCS#12 damaged", damagedPkcs12, "which is a PKCS#12 key store that is damaged.",
						"Download or export the key store again."),
				BadFile.content("empty JKS", Certificates.jks(""),
						"which is a JKS key store in which Java finds no certificate.", "keytool -importcert"),
				BadFile.content("PKCS#12 without mark", Certificates.pkcs12WithoutPassword(false, CA),
						"which is a PKCS#12 key store in which Java finds no certificate.", "-jdktrust"),
				BadFile.content("key in JKS", Certificates.keyStoreWithKey("JKS", BadFile.SECRET),
						"which holds a private key where the certificate of an authority should be.",
						"A private key stays with its owner"),
				BadFile.content("key in PKCS#12", Certificates.keyStoreWithKey("PKCS12", ""),
						"which holds a private key where the certificate of an authority should be.",
						"A private key stays with its owner"),
				BadFile.content("JCEKS", Certificates.keyStore("JCEKS", BadFile.SECRET, CA),
						"which is a JCEKS key store, which is not read.", "keytool -importkeystore"));
	}

	static Stream<BadFile> zips() {
		byte[] zip = Certificates.zip(Map.of("ca.pem", Certificates.ascii(PEM)));
		byte[] encrypted = zip.clone();
		encrypted[6] |= 1;
		byte[] damaged = zip.clone();
		damaged[40] ^= 0x55;
		Map<String, byte[]> fallback = new LinkedHashMap<>();
		fallback.put("good.p7b", Certificates.pkcs7(CA));
		fallback.put("bad.pem", Certificates.ascii(PEM.substring(0, 200)));
		Map<String, byte[]> many = new LinkedHashMap<>();
		for (int i = 0; i <= Limits.STANDARD.entries(); i++) {
			many.put("file" + i, new byte[0]);
		}
		Map<String, byte[]> four = new LinkedHashMap<>();
		for (String name : new String[] { "a.txt", "b\n.txt", "c.class", "d.zip" }) {
			four.put(name, Certificates.ascii("nothing"));
		}
		String tooMuch = "which is a zip that unpacks to more than 16 MiB or 1000 files, which is the most that is read.";
		return Stream.of(
				BadFile.content("zip cut short in an entry", Arrays.copyOf(zip, 100),
						"which is a zip that is cut short.", "Download it again."),
				BadFile.content("zip cut short after its entries", Arrays.copyOf(zip, zip.length - 22),
						"which is a zip that is cut short.", "Download it again."),
				BadFile.content("zip with a hidden file", hidden(),
						"which is a zip that is damaged: it announces 2 files and has 1.", "Download it again."),
				BadFile.content("zip damaged", damaged, "which is a zip that is damaged: *", "Download it again."),
				BadFile.content("zip encrypted", encrypted, "which is a zip with a password of its own.", "Unpack it"),
				BadFile.content("zip without certificate", Certificates.zip(four),
						"which is a zip without a certificate in it ('a.txt', 'b?.txt', 'c.class' and 1 more).",
						DESTINATION),
				BadFile.content("empty zip", Certificates.zip(Map.of()),
						"which is a zip without a certificate in it (it is empty).", DESTINATION),
				BadFile.content("zip bomb", Certificates.zip(Map.of("bomb", new byte[17 * 1024 * 1024])), tooMuch,
						"Unpack it"),
				BadFile.content("zip of many files", Certificates.zip(many), tooMuch, "Unpack it"),
				BadFile.content("zip with a broken file", Certificates.zip(fallback),
						"whose entry 'bad.pem' is cut short: the block 'CERTIFICATE' at line 1 has no END before the "
								+ "file ends.",
						"Download the file again"));
	}

	static Stream<BadFile> authorities() {
		X509Certificate server = Certificates.server("db.example.org", "Example CA");
		X509Certificate expired = Certificates.authority("old", Certificates.BEFORE,
				Certificates.NOW.minus(Duration.ofDays(2)));
		X509Certificate expiredLater = Certificates.authority("old", Certificates.BEFORE,
				Certificates.NOW.minus(Duration.ofDays(1)));
		X509Certificate future = Certificates.authority("new", Certificates.NOW.plus(Duration.ofDays(1)),
				Certificates.AFTER);
		return Stream.of(
				BadFile.content("server's certificate", Certificates.pem(server),
						"which holds the certificate of a server, not of an authority: 'CN=db.example.org'.",
						"Name the certificate of the authority that issued it: 'CN=Example CA'."),
				BadFile.content("self-signed server's certificate",
						Certificates.pem(Certificates.withoutConstraints("db")),
						"which holds the certificate of a server, not of an authority: 'CN=db'.", "self-signed"),
				BadFile.content("authority that may not sign",
						Certificates.pem(Certificates.withoutKeyCertSign("crl only")),
						"which holds the certificate of a server, not of an authority: 'CN=crl only'.", "keyCertSign"),
				BadFile.content("version 1 of a server", Certificates.pem(Certificates.version1("db", "ca")),
						"which holds the certificate of a server, not of an authority: 'CN=db'.", "'CN=ca'"),
				BadFile.content("two servers' certificates", Certificates.pem(server, Certificates.server("b", "c")),
						"which holds 2 certificates and none of an authority: CN=db.example.org, CN=b.",
						"'CN=Example CA'"),
				BadFile.content("expired", Certificates.pem(expired),
						"which holds a certificate that expired on 2026-05-30T12:00:00Z.",
						"correct the clock: it says 2026-06-01T12:00:00Z."),
				BadFile.content("all expired", Certificates.pem(expired, expiredLater, server),
						"which holds nothing that is valid: all 2 certificates have expired, the last on "
								+ "2026-05-31T12:00:00Z.",
						"Download the current certificates"),
				BadFile.content("not valid yet", Certificates.pem(future),
						"which holds a certificate that is not valid before 2026-06-02T12:00:00Z.",
						"Correct the clock if it is wrong: it says 2026-06-01T12:00:00Z."),
				BadFile.content("none valid", Certificates.pem(expired, future, expiredLater),
						"which holds nothing that is valid: of 3 certificates, 2 expired, and no other is valid before "
								+ "2026-06-02T12:00:00Z.",
						"Correct the clock"));
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	@Timeout(20)
	void loadWhenPipeNeverOpensIt() throws IOException, InterruptedException {
		Path pipe = this.directory.resolve("pipe");
		assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "No pipe could be made");
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> load(file(pipe.toString())))
			.withMessage("'dbtls.ca-path' names '%s', which is a pipe.", pipe);
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void loadWhenDeviceNeverOpensIt() {
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> load(file("/dev/zero")))
			.withMessage("'dbtls.ca-path' names '/dev/zero', which is a device.");
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void loadWhenSocketNeverOpensIt() throws IOException {
		Path path = this.directory.resolve("socket");
		try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			channel.bind(UnixDomainSocketAddress.of(path));
			assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> load(file(path.toString())))
				.withMessage("'dbtls.ca-path' names '%s', which is a socket.", path);
		}
	}

	@Test
	void loadWhenAccessIsDeniedSaysForWhom() throws IOException {
		Path path = Files.writeString(this.directory.resolve("ca.pem"), PEM);
		LoadContext context = context(getClass().getClassLoader(), (file) -> {
			throw new AccessDeniedException(file.toString());
		});
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> TrustLoader.load(file(path.toString()), null, context, this.warnings::add))
			.withMessage(
					"'dbtls.ca-path' names '%s', which may not be read by the user '%s' that this process runs as.",
					path, System.getProperty("user.name"))
			.satisfies((ex) -> assertThat(ex.getAction()).startsWith("Grant that user read access"));
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void loadWhenPermissionIsMissingSaysForWhom() throws IOException {
		Path path = Files.writeString(this.directory.resolve("ca.pem"), PEM);
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
		assumeTrue(!Files.isReadable(path), "The superuser reads everything: run as another user to test this");
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> load(file(path.toString())))
			.withMessageContaining("which may not be read by the user");
	}

	@Test
	void loadWhenReadingFailsSaysWhy() throws IOException {
		Path path = Files.writeString(this.directory.resolve("ca.pem"), PEM);
		LoadContext context = context(getClass().getClassLoader(), (file) -> {
			throw new IOException("Input/output error");
		});
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> TrustLoader.load(file(path.toString()), null, context, this.warnings::add))
			.withMessage("'dbtls.ca-path' names '%s', which cannot be read: Input/output error.", path);
	}

	@Test
	@Timeout(20)
	void loadWhenFileGrowsWithoutEndStopsReading() throws IOException {
		Path path = Files.writeString(this.directory.resolve("ca.pem"), PEM);
		LoadContext context = context(getClass().getClassLoader(), (file) -> new EndlessStream());
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> TrustLoader.load(file(path.toString()), null, context, this.warnings::add))
			.withMessage("'dbtls.ca-path' names '%s', which has more than 16 MiB, too much for a file of certificates: "
					+ "at most 16 MiB are read.", path);
	}

	@Test
	void loadWhenJarHoldsTooMuchOrDirectorySaysSo() throws IOException {
		Path jar = this.directory.resolve("app.jar");
		Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("certs/", new byte[0]);
		entries.put("large.pem", new byte[Limits.STANDARD.bytes() + 1]);
		Files.write(jar, Certificates.zip(entries));
		try (URLClassLoader loader = new URLClassLoader(new URL[] { jar.toUri().toURL() }, null)) {
			assertThatExceptionOfType(DbTlsConfigurationException.class)
				.isThrownBy(() -> load(file("classpath:large.pem"), loader))
				.withMessageStartingWith("'dbtls.ca-path' names 'classpath:large.pem', which has more than 16 MiB");
			assertThatExceptionOfType(DbTlsConfigurationException.class)
				.isThrownBy(() -> load(file("classpath:certs"), loader))
				.withMessage("'dbtls.ca-path' names 'classpath:certs', which is a directory.");
		}
	}

	@Test
	void loadWhenDataSourceHasItsOwnFileNamesItsPassword() throws IOException {
		Path path = Files.write(this.directory.resolve("ca.p12"), Certificates.pkcs12(BadFile.SECRET, CA));
		CaFile file = new CaFile("dbtls.data-sources.orders.ca-path", path.toString(), null, null, false);
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> load(file))
			.withMessageStartingWith("'dbtls.data-sources.orders.ca-password' is not set: "
					+ "'dbtls.data-sources.orders.ca-path' names ");
	}

	@Test
	void loadWhenTrustStoreOfJvmIsMissingNamesSystemProperty() {
		Path store = this.directory.resolve("gone.jks");
		withTrustStore(store,
				() -> assertThatExceptionOfType(DbTlsConfigurationException.class)
					.isThrownBy(() -> TrustLoader.load(new TrustSource.SystemRoots(), null, LoadContext.standard(),
							this.warnings::add))
					.withMessage("'javax.net.ssl.trustStore' names '%s', which cannot be read, so that the JVM would "
							+ "trust its own roots instead.", store)
					.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("javax.net.ssl.trustStore")));
	}

	@Test
	void loadWhenTrustStoreOfJvmIsEmptyNamesSystemProperty() throws IOException {
		Path store = Files.write(this.directory.resolve("empty.jks"), Certificates.jks("hidden-word"));
		withTrustStore(store, () -> assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(
				() -> TrustLoader.load(new TrustSource.SystemRoots(), null, LoadContext.standard(), this.warnings::add))
			.withMessage("'javax.net.ssl.trustStore' names '%s', which holds no certificate.", store));
	}

	@Test
	void loadWhenTrustStoreOfJvmIsDamagedNamesSystemProperty() throws IOException {
		Path store = Files.writeString(this.directory.resolve("damaged.jks"), "damaged");
		withTrustStore(store, () -> assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(
				() -> TrustLoader.load(new TrustSource.SystemRoots(), null, LoadContext.standard(), this.warnings::add))
			.withMessageStartingWith("'javax.net.ssl.trustStore' names '%s', which cannot be read: ".formatted(store)));
	}

	@Test
	void loadWhenTrustStoreOfJvmIsSetGivesItsCertificates() throws IOException {
		Path store = Files.write(this.directory.resolve("own.jks"), Certificates.jks("hidden-word", CA));
		withTrustStore(store,
				() -> assertThat(TrustLoader
					.load(new TrustSource.SystemRoots(), null, LoadContext.standard(), this.warnings::add)
					.certificates()).containsExactly(CA));
	}

	private static void withTrustStore(Path store, Runnable test) {
		String before = System.getProperty("javax.net.ssl.trustStore");
		System.setProperty("javax.net.ssl.trustStore", store.toString());
		try {
			test.run();
		}
		finally {
			if (before != null) {
				System.setProperty("javax.net.ssl.trustStore", before);
			}
			else {
				System.clearProperty("javax.net.ssl.trustStore");
			}
		}
	}

	private static BadFile key(String name, String label, String words) {
		return BadFile.content("private key, " + name, Certificates.pem(label, KEY),
				"which holds %s where the certificate of an authority should be.".formatted(words),
				"A private key stays with its owner");
	}

	private static BadFile block(String name, String label, String words) {
		return BadFile.content(name, Certificates.pem(label, new byte[100]),
				"which holds %s and no certificate.".formatted(words), DESTINATION);
	}

	private static byte[] hidden() {
		Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("a.pem", Certificates.ascii(PEM));
		entries.put("b.pem", Certificates.ascii(PEM));
		byte[] zip = Certificates.zip(entries);
		int second = new String(zip, StandardCharsets.ISO_8859_1).indexOf("PK\3\4", 1);
		zip[second] = 'Q';
		return zip;
	}

	private static byte[] tar() {
		byte[] tar = new byte[512];
		System.arraycopy(Certificates.ascii("ca.pem"), 0, tar, 0, 6);
		System.arraycopy(Certificates.ascii("ustar"), 0, tar, 257, 5);
		return tar;
	}

	private static byte[] damagedPkcs7() {
		byte[] pkcs7 = Certificates.pkcs7(CA);
		String text = new String(pkcs7, StandardCharsets.ISO_8859_1);
		int start = text.indexOf(new String(DER, StandardCharsets.ISO_8859_1));
		pkcs7[start + 8] = 0x7F;
		return pkcs7;
	}

	private static int lines(String text) {
		return (int) text.lines().count();
	}

	private static void assertHoldsNoSecret(DbTlsConfigurationException exception) {
		String key = Base64.getEncoder().encodeToString(KEY).substring(40, 80);
		for (Throwable ex = exception; ex != null; ex = ex.getCause()) {
			assertThat(String.valueOf(ex)).doesNotContain(BadFile.SECRET).doesNotContain(key);
		}
		assertThat(exception.getAction()).doesNotContain(BadFile.SECRET).doesNotContain(key);
	}

	private TrustMaterial load(CaFile file) {
		return load(file, BadFileTests.class.getClassLoader());
	}

	private TrustMaterial load(CaFile file, ClassLoader classLoader) {
		return TrustLoader.load(file, null, context(classLoader, Files::newInputStream), this.warnings::add);
	}

	private static LoadContext context(ClassLoader classLoader, LoadContext.Opener opener) {
		return new LoadContext(Clock.fixed(Certificates.NOW, ZoneOffset.UTC), classLoader, Limits.STANDARD, opener);
	}

	private static CaFile file(String location) {
		return new CaFile("dbtls.ca-path", location, null, null, false);
	}

	private static final class EndlessStream extends InputStream {

		@Override
		public int read() {
			return '-';
		}

	}

}
