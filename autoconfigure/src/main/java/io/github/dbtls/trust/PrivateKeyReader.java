package io.github.dbtls.trust;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.dbtls.Causes;
import io.github.dbtls.ClientKeySource;
import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.pem.PemContent;

/**
 * Reads the private key of a client. Boot parses and decrypts it; what Boot cannot read
 * is told apart before, since it would say the same of all of it.
 *
 * @param problem words what is wrong
 * @param source the password, and where the certificate belongs
 */
record PrivateKeyReader(Problem problem, ClientKeySource.Files source) {

	private static final Set<String> READ = Set.of("PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY",
			"EC PRIVATE KEY");

	/** What TLS can sign with: RFC 8446, 4.2.3. */
	private static final Set<String> ALGORITHMS = Set.of("RSA", "RSASSA-PSS", "EC", "EdDSA", "Ed25519", "Ed448");

	PrivateKey read(byte[] bytes) {
		PemBlock block = onlyKey(ClientPem.read(bytes, this.problem));
		if (block.isEncrypted()) {
			throw this.problem.which(
					"holds %s in OpenSSL's traditional form ('Proc-Type: 4,ENCRYPTED'), which is not read"
						.formatted(block.words()),
					"Convert it, the password stays: 'openssl pkcs8 -topk8 -in old-key.pem -out client-key.pem'.");
		}
		if (!READ.contains(block.label())) {
			throw this.problem.which("holds %s, which is not read".formatted(block.words()),
					block.label().startsWith("OPENSSH")
							? "Convert it: 'ssh-keygen -p -m PKCS8 -f client-key.pem' rewrites the file."
							: "PKCS#8, PKCS#1 (RSA) and SEC1 (EC) are read.");
		}
		boolean encrypted = block.label().startsWith("ENCRYPTED");
		checkPassword(block, encrypted);
		PrivateKey key = parse(block, encrypted);
		if (!ALGORITHMS.contains(key.getAlgorithm())) {
			throw this.problem.which("holds a private key of the algorithm %s, with which TLS cannot sign"
				.formatted(Texts.oneLine(key.getAlgorithm(), 30)), "Use an RSA, EC or EdDSA key.");
		}
		return key;
	}

	private PemBlock onlyKey(List<PemBlock> blocks) {
		List<PemBlock> keys = blocks.stream().filter(PemBlock::isPrivateKey).toList();
		if (keys.isEmpty()) {
			Set<String> words = new LinkedHashSet<>();
			blocks.forEach((block) -> words.add(block.isCertificate() ? "a certificate" : block.words()));
			throw this.problem.which("holds %s and no private key".formatted(Texts.some(words)),
					"Name the file of the private key here; the certificate belongs in '%s'."
						.formatted(this.source.certificateProperty()));
		}
		if (keys.size() > 1) {
			throw this.problem.which("holds %d private keys".formatted(keys.size()),
					"Leave the one that belongs to the client's certificate.");
		}
		return keys.get(0);
	}

	private void checkPassword(PemBlock block, boolean encrypted) {
		String property = this.source.passwordProperty();
		if (encrypted && this.source.password() == null) {
			throw this.problem.password("is not set", "holds " + block.words(),
					"Set '%s' to the password of the key.".formatted(property), null);
		}
		if (!encrypted && this.source.password() != null) {
			throw this.problem.password("is set without need", "holds %s without a password".formatted(block.words()),
					"Remove '%s', or encrypt the key: 'openssl pkcs8 -topk8 -in client-key.pem -out encrypted-key.pem'."
						.formatted(property),
					null);
		}
	}

	private PrivateKey parse(PemBlock block, boolean encrypted) {
		String pem = "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(block.label(),
				String.join(System.lineSeparator(), block.body()));
		PrivateKey key;
		try {
			key = PemContent.of(pem).getPrivateKey(this.source.password());
		}
		catch (RuntimeException ex) {
			throw unreadable(block, encrypted, ex);
		}
		if (key == null) {
			throw unreadable(block, encrypted, null);
		}
		return key;
	}

	private DbTlsConfigurationException unreadable(PemBlock block, boolean encrypted, @Nullable RuntimeException ex) {
		if (encrypted && isWhole(block)) {
			if (isEncryptionUnknown(ex)) {
				return this.problem.which("holds %s whose encryption this JVM does not know".formatted(block.words()),
						"Encrypt it anew: 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in old-key.pem -out client-key.pem'.",
						ex);
			}
			return this.problem.password("is wrong", "holds %s that it does not open".formatted(block.words()),
					"Correct the password: 'openssl pkey -noout -in client-key.pem' asks for it and says whether it "
							+ "fits.",
					ex);
		}
		return this.problem.which("holds %s that cannot be read, at line %d".formatted(block.words(), block.line()),
				"Copy or export the key again, whole.", ex);
	}

	private static boolean isWhole(PemBlock block) {
		try {
			byte[] bytes = block.decode();
			Der element = Der.at(bytes, 0);
			return DerKind.of(element) == DerKind.ENCRYPTED_PRIVATE_KEY && element != null
					&& element.end() == bytes.length;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	// Of 256 wrong passwords, one happens to make a padding that fits: what comes out is
	// no key then, and the JVM says so as an IOException inside an
	// InvalidKeySpecException.
	private static boolean isEncryptionUnknown(@Nullable RuntimeException ex) {
		return Causes.find(ex, NoSuchAlgorithmException.class) != null || (Causes.find(ex, IOException.class) != null
				&& Causes.find(ex, InvalidKeySpecException.class) == null);
	}

}
