package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Pem;
import io.github.dbtls.testkit.TestCertificates;
import org.jspecify.annotations.Nullable;

/**
 * One authority in all the forms in which drivers take it, alone and as the last one of
 * 115, which is about what the bundle of Amazon RDS has.
 *
 * @param directory where the files are
 */
record TrustFiles(Path directory) {

	/** How many authorities are in the larger files. */
	static final int MANY = 115;

	static final String PASSWORD = TestCertificates.PASSWORD;

	Path pem() {
		return this.directory.resolve("ca.pem");
	}

	Path pkcs12() {
		return this.directory.resolve("ca.p12");
	}

	Path pkcs12WithoutPassword() {
		return this.directory.resolve("ca-without-password.p12");
	}

	Path jks() {
		return this.directory.resolve("ca.jks");
	}

	Path manyPem() {
		return this.directory.resolve("many.pem");
	}

	Path manyPkcs12() {
		return this.directory.resolve("many.p12");
	}

	static TrustFiles write(Path directory, Authority authority) throws IOException {
		Files.createDirectories(directory);
		TrustFiles files = new TrustFiles(directory);
		List<X509Certificate> many = many(authority);
		Files.writeString(files.pem(), authority.pem());
		Files.writeString(files.manyPem(), Pem.of(many));
		char[] password = PASSWORD.toCharArray();
		write(files.pkcs12(), "PKCS12", password, List.of(authority.certificate()));
		writeWithoutPassword(files.pkcs12WithoutPassword(), authority.certificate());
		write(files.jks(), "JKS", password, List.of(authority.certificate()));
		write(files.manyPkcs12(), "PKCS12", password, many);
		Arrays.fill(password, ' ');
		return files;
	}

	private static List<X509Certificate> many(Authority authority) {
		List<X509Certificate> many = new ArrayList<>();
		KeyPair shared = Keys.make(Server.RSA);
		for (int i = 1; i < MANY; i++) {
			many.add(TestCertificates.selfSigned("CN=Authority of another region " + i)
				.key(shared)
				.authority()
				.certificate());
		}
		many.add(authority.certificate());
		return many;
	}

	private static void writeWithoutPassword(Path file, X509Certificate certificate) throws IOException {
		// Without it, JDK 17 writes an empty store where there is no password.
		String property = "keystore.pkcs12.certProtectionAlgorithm";
		System.setProperty(property, "NONE");
		try {
			write(file, "PKCS12", null, List.of(certificate));
		}
		finally {
			System.clearProperty(property);
		}
	}

	private static void write(Path file, String type, char @Nullable [] password, List<X509Certificate> certificates)
			throws IOException {
		try (OutputStream output = Files.newOutputStream(file)) {
			KeyStore store = KeyStore.getInstance(type);
			store.load(null, null);
			for (X509Certificate certificate : certificates) {
				store.setCertificateEntry("ca-" + store.size(), certificate);
			}
			store.store(output, password);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to write " + file.getFileName(), ex);
		}
	}

}
