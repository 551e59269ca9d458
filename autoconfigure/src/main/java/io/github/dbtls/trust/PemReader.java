package io.github.dbtls.trust;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads certificates from PEM.
 *
 * @param problem words what is wrong
 * @param limits how many certificates are read
 */
record PemReader(Problem problem, Limits limits) {

	Contents read(byte[] bytes) {
		String text = new String(bytes, StandardCharsets.UTF_8);
		text = text.startsWith("\uFEFF") ? text.substring(1) : text;
		List<PemBlock> blocks = PemScanner.scan(text, this.problem);
		List<X509Certificate> certificates = new ArrayList<>();
		List<String> others = new ArrayList<>();
		DerReader reader = new DerReader(this.problem, this.limits);
		int number = 0;
		for (PemBlock block : blocks) {
			if (block.label().equals("TRUSTED CERTIFICATE")) {
				throw this.problem
					.which("holds OpenSSL's 'TRUSTED CERTIFICATE' at line %d, whose trust settings only OpenSSL knows"
						.formatted(block.line()), "Convert it: 'openssl x509 -in trusted.pem -out ca.pem'.");
			}
			if (!block.isCertificate()) {
				others.add(block.words());
				continue;
			}
			String position = "certificate %d at line %d".formatted(++number, block.line());
			certificates.addAll(reader.readOne(decode(block, position), position));
			if (certificates.size() > this.limits.certificates()) {
				throw BoundedInput.tooMany(this.problem, this.limits);
			}
		}
		if (certificates.isEmpty()) {
			throw Lookalike.exception(text, blocks, this.problem);
		}
		return Contents.withoutPassword(certificates, others);
	}

	private byte[] decode(PemBlock block, String position) {
		try {
			return block.decode();
		}
		catch (IllegalArgumentException ex) {
			throw this.problem.which("holds a certificate that cannot be read, %s: it is no base64".formatted(position),
					"Download the file again, or copy it whole: between BEGIN and END stand letters, digits, '+', '/' "
							+ "and '=' only.",
					ex);
		}
	}

}
