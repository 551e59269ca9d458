package io.github.dbtls.trust;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TrustSource.CaFile;

import org.springframework.util.StringUtils;

/**
 * Finds the reader for what a file holds.
 *
 * @param file the file's password
 * @param limits how much is read
 */
record ContentReader(CaFile file, Limits limits) {

	Contents read(byte[] bytes, Problem problem) {
		Contents contents = readAny(bytes, problem);
		if (!contents.takesPassword() && this.file.passwordProperty() != null
				&& StringUtils.hasLength(this.file.password())) {
			throw problem.password("is set without need", "has no password",
					"Remove '%s': only JKS and PKCS#12 key stores have one.".formatted(problem.passwordProperty()),
					null);
		}
		return contents;
	}

	private Contents readAny(byte[] bytes, Problem problem) {
		if (Format.of(bytes) == Format.ZIP) {
			return new ZipReader(this, problem).read(bytes);
		}
		return readPlain(bytes, problem);
	}

	/**
	 * Read anything but a zip.
	 * @param bytes the file, or an entry of a zip
	 * @param problem words what is wrong
	 * @return what it holds
	 */
	Contents readPlain(byte[] bytes, Problem problem) {
		if (bytes.length == 0) {
			throw problem.which("is empty", "Write the certificate of the authority to it, or name another file.");
		}
		return switch (Format.of(bytes)) {
			case TEXT -> text(bytes, problem);
			case DER -> der(bytes, problem);
			case JKS -> new KeyStoreReader("JKS", this.file, problem, this.limits).read(bytes);
			case JCEKS -> throw problem.which("is a JCEKS key store, which is not read",
					"Convert it: 'keytool -importkeystore -srcstoretype JCEKS -deststoretype PKCS12'.");
			case ZIP -> throw problem.which("is a zip inside a zip", "Unpack it.");
			case ARCHIVE -> throw problem.which("is packed with %s, which is not read".formatted(Format.archive(bytes)),
					"Unpack it, and name the certificate file that was in it.");
			case UTF_16 -> throw problem.which("is text in UTF-16",
					"Save it as UTF-8 or ASCII. PowerShell's '>' " + "writes UTF-16: use 'Out-File -Encoding ascii'.");
			case BINARY -> throw binary(bytes, problem);
		};
	}

	private Contents text(byte[] bytes, Problem problem) {
		String start = new String(bytes, 0, Math.min(bytes.length, 4), StandardCharsets.UTF_8);
		if ((start.startsWith("\uFEFF") || start.isBlank())
				&& new String(bytes, StandardCharsets.UTF_8).replace("\uFEFF", "").isBlank()) {
			throw problem.which("holds nothing but white space (%s)".formatted(Texts.size(bytes.length)),
					"Write the certificate of the authority to it, or name another file.");
		}
		return new PemReader(problem, this.limits).read(bytes);
	}

	private Contents der(byte[] bytes, Problem problem) {
		DerKind kind = DerKind.of(bytes);
		return switch (kind) {
			case CERTIFICATE, PKCS7 ->
				Contents.withoutPassword(new DerReader(problem, this.limits).read(bytes), List.of());
			case PKCS12 -> new KeyStoreReader("PKCS12", this.file, problem, this.limits).read(bytes);
			case PRIVATE_KEY, ENCRYPTED_PRIVATE_KEY -> throw Lookalike.privateKey(kind.words(), problem);
			default -> throw problem.which("holds %s and no certificate".formatted(kind.words()),
					Lookalike.NAME_THE_AUTHORITY);
		};
	}

	private DbTlsConfigurationException binary(byte[] bytes, Problem problem) {
		return problem.which("is in no format that is known (%s)".formatted(Texts.size(bytes.length)),
				Lookalike.NAME_THE_AUTHORITY + " PEM, DER, PKCS#7, JKS, PKCS#12 and zip are read.");
	}

}
