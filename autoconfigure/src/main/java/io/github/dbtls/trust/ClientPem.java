package io.github.dbtls.trust;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.dbtls.DbTlsConfigurationException;

/**
 * Reads the PEM blocks of a client's certificate or key, and says of other formats how to
 * convert them.
 */
final class ClientPem {

	private ClientPem() {
	}

	static List<PemBlock> read(byte[] bytes, Problem problem) {
		String file = problem.kind().file();
		if (bytes.length == 0) {
			throw problem.which("is empty", "Name the %s.".formatted(file));
		}
		return switch (Format.of(bytes)) {
			case TEXT -> text(bytes, problem);
			case DER -> throw der(DerKind.of(bytes), problem);
			case JKS, JCEKS -> throw problem.which("is a Java key store, and PEM is read here",
					"Convert it: 'keytool -importkeystore -srckeystore client.jks -destkeystore client.p12 "
							+ "-deststoretype PKCS12', then 'openssl pkcs12 -in client.p12 -out client.pem', which "
							+ "holds certificate and key.");
			case ZIP, ARCHIVE ->
				throw problem.which("is an archive, and PEM is read here", "Unpack it, and name the " + file + ".");
			case UTF_16 -> throw problem.which("is text in UTF-16",
					"Save it as UTF-8 or ASCII. PowerShell's '>' " + "writes UTF-16: use 'Out-File -Encoding ascii'.");
			case BINARY -> throw problem.which("is in no format that is known (%s)".formatted(Texts.size(bytes.length)),
					"Name the %s, as PEM.".formatted(file));
		};
	}

	private static List<PemBlock> text(byte[] bytes, Problem problem) {
		String text = new String(bytes, StandardCharsets.UTF_8);
		List<PemBlock> blocks = PemScanner.scan(text.startsWith("\uFEFF") ? text.substring(1) : text, problem);
		if (!blocks.isEmpty()) {
			return blocks;
		}
		if (text.contains("-----BEGIN ")) {
			throw problem.which("holds '-----BEGIN', but never on a line of its own",
					"Write each BEGIN and END on a line of its own; '\\n' must be a line break, not two characters.");
		}
		throw problem.which("is text without PEM in it (%s)".formatted(Texts.count(text.length(), "character")),
				"Name the %s, which has lines such as '-----BEGIN %s-----'.".formatted(problem.kind().file(),
						(problem.kind() == FileSetting.Kind.CLIENT_KEY) ? "PRIVATE KEY" : "CERTIFICATE"));
	}

	private static DbTlsConfigurationException der(DerKind kind, Problem problem) {
		String action = switch (kind) {
			case PKCS12 ->
				"Convert it: 'openssl pkcs12 -in client.p12 -out client.pem' writes certificate and key into one "
						+ "file, which both properties may name.";
			case CERTIFICATE -> "Convert it: 'openssl x509 -inform DER -in client.der -out client.pem'.";
			case PKCS7 -> "Convert it: 'openssl pkcs7 -inform DER -print_certs -in client.p7b -out client.pem'.";
			case PRIVATE_KEY, ENCRYPTED_PRIVATE_KEY ->
				"Convert it: 'openssl pkcs8 -topk8 -inform DER -in client-key.der -out client-key.pem'.";
			default -> "Name the %s, as PEM.".formatted(problem.kind().file());
		};
		return problem.which("is %s in binary, and PEM is read here".formatted(kind.words()), action);
	}

}
