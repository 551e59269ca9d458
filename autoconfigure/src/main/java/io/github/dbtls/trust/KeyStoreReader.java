package io.github.dbtls.trust;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

import io.github.dbtls.Causes;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TrustSource.CaFile;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Reads the trusted certificates of a key store.
 * <p>
 * A password that the user set is the only one tried. Otherwise come the provider's
 * default, the empty password, and none: JKS is then read without its checksum, whose
 * password is public knowledge wherever it is a default. PKCS#12 is read without password
 * only if nothing in it is encrypted, since the JDK leaves out what it cannot decrypt.
 *
 * @param type {@code JKS} or {@code PKCS12}
 * @param file the file's password
 * @param problem words what is wrong
 * @param limits how many certificates are read
 */
record KeyStoreReader(String type, CaFile file, Problem problem, Limits limits) {

	/** The checksum at the end of JKS. */
	private static final int SHA_1_LENGTH = 20;

	private static final String AGAIN = "Download or export the key store again.";

	Contents read(byte[] bytes) {
		Der element = Der.at(bytes, 0);
		if (this.type.equals("PKCS12") && element != null && element.isCutOff()) {
			throw cutShort("it announces %s and has %s".formatted(Texts.size(element.end()), Texts.size(bytes.length)),
					null);
		}
		KeyStore store = open(bytes);
		try {
			return contents(store);
		}
		catch (GeneralSecurityException ex) {
			throw damaged(ex);
		}
	}

	private KeyStore open(byte[] bytes) {
		boolean given = this.file.passwordProperty() != null && StringUtils.hasLength(this.file.password());
		if (given) {
			try {
				return load(bytes, this.file.password());
			}
			catch (IOException ex) {
				throw failed(bytes, ex, true);
			}
		}
		List<@Nullable String> passwords = new ArrayList<>();
		if (StringUtils.hasLength(this.file.password())) {
			passwords.add(this.file.password());
		}
		passwords.add("");
		if (this.type.equals("JKS") || !Encryption.isIn(bytes)) {
			passwords.add(null);
		}
		IOException failure = new IOException();
		for (String password : passwords) {
			try {
				return load(bytes, password);
			}
			catch (IOException ex) {
				failure = ex;
			}
		}
		throw failed(bytes, failure, false);
	}

	private KeyStore load(byte[] bytes, @Nullable String password) throws IOException {
		try {
			KeyStore store = KeyStore.getInstance(this.type);
			// Without password the JDK does not look for the checksum: that it was there
			// shows that nothing is cut off.
			boolean unchecked = this.type.equals("JKS") && password == null;
			int length = unchecked ? Math.max(0, bytes.length - SHA_1_LENGTH) : bytes.length;
			store.load(new ByteArrayInputStream(bytes, 0, length), (password != null) ? password.toCharArray() : null);
			return store;
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			throw new IOException(ex);
		}
	}

	private DbTlsConfigurationException failed(byte[] bytes, IOException failure, boolean given) {
		if (failure instanceof EOFException) {
			return cutShort("it ends in the middle of an entry", failure);
		}
		if (Causes.find(failure, NoSuchAlgorithmException.class) != null) {
			return this.problem.which(
					"is a %s key store that this JVM cannot read: %s".formatted(name(), Texts.reason(failure)),
					"Export it with algorithms that this JVM knows, or name a PEM file.", failure);
		}
		if (given) {
			// The JDK cannot always tell one from the other.
			return this.problem.password("is wrong, or the file is damaged",
					"is a %s key store that it does not open".formatted(name()),
					"Try it with 'keytool -list -keystore'. Mind that YAML reads a password of digits as a number, "
							+ "and cuts one at ' #': put it in quotes.",
					failure);
		}
		return (this.type.equals("PKCS12") && Encryption.isIn(bytes)) ? this.problem.password("is not set",
				"is an encrypted PKCS#12 key store",
				"Set '%s' to the password of the key store.".formatted(this.problem.passwordProperty()), failure)
				: damaged(failure);
	}

	private Contents contents(KeyStore store) throws GeneralSecurityException {
		Contents contents = Contents.of(store, this.problem, this.limits);
		if (contents.certificates().isEmpty()) {
			throw contents.others().isEmpty() ? empty()
					: Lookalike.privateKey(Texts.some(contents.others()), this.problem);
		}
		return contents;
	}

	private DbTlsConfigurationException empty() {
		return this.problem.which("is a %s key store in which Java finds no certificate".formatted(name()),
				"Import the authority: 'keytool -importcert -file ca.pem -keystore'. One made with OpenSSL needs "
						+ "'-jdktrust anyExtendedKeyUsage' (OpenSSL 3.2) for Java to see its certificates; simpler is "
						+ "to name the PEM file that it was made from.");
	}

	private DbTlsConfigurationException cutShort(String how, @Nullable Throwable cause) {
		return this.problem.which("is a %s key store that is cut short: %s".formatted(name(), how), AGAIN, cause);
	}

	private DbTlsConfigurationException damaged(Throwable cause) {
		return this.problem.which("is a %s key store that is damaged".formatted(name()), AGAIN, cause);
	}

	private String name() {
		return this.type.equals("PKCS12") ? "PKCS#12" : this.type;
	}

}
