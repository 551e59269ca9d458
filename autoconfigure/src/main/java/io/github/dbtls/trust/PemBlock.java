package io.github.dbtls.trust;

import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * One block of PEM.
 *
 * @param label what stands after BEGIN
 * @param line the line of its BEGIN, counted from 1
 * @param body the lines between BEGIN and END
 */
record PemBlock(String label, int line, List<String> body) {

	/**
	 * Leaves the body out: it may be a private key.
	 */
	@Override
	public String toString() {
		return "PemBlock[label=%s, line=%d]".formatted(this.label, this.line);
	}

	boolean isCertificate() {
		return switch (this.label) {
			case "CERTIFICATE", "X509 CERTIFICATE", "X.509 CERTIFICATE", "PKCS7", "PKCS #7 SIGNED DATA", "CMS" -> true;
			default -> false;
		};
	}

	/**
	 * Return what is between BEGIN and END.
	 * @return the bytes
	 * @throws IllegalArgumentException if it is no base64
	 */
	byte[] decode() {
		return Base64.getDecoder().decode(String.join("", this.body).replaceAll("\\s", ""));
	}

	/**
	 * Return what the block is, with its article.
	 * @return the words for a message
	 */
	String words() {
		return switch (this.label) {
			case "PRIVATE KEY" -> "a private key (PKCS#8)";
			case "ENCRYPTED PRIVATE KEY" -> "an encrypted private key (PKCS#8)";
			case "RSA PRIVATE KEY" -> isEncrypted() ? "an encrypted private key (PKCS#1)" : "a private key (PKCS#1)";
			case "EC PRIVATE KEY" -> isEncrypted() ? "an encrypted private key (EC)" : "a private key (EC)";
			case "OPENSSH PRIVATE KEY" -> "a private key of OpenSSH";
			case "PUBLIC KEY", "RSA PUBLIC KEY" -> "a public key";
			case "SSH2 PUBLIC KEY" -> "a public key of SSH";
			case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST" -> "a certificate request (CSR)";
			case "X509 CRL", "CRL" -> "a certificate revocation list (CRL)";
			default -> other();
		};
	}

	boolean isPrivateKey() {
		return this.label.endsWith("PRIVATE KEY") || this.label.startsWith("PGP PRIVATE KEY");
	}

	private String other() {
		if (isPrivateKey()) {
			return "a private key";
		}
		return this.label.startsWith("PGP ") ? "PGP data" : "a PEM block '%s'".formatted(Texts.oneLine(this.label, 60));
	}

	/**
	 * Return whether the block itself says that it is encrypted: RFC 1421, 4.6.1.1.
	 * @return whether it has the header of OpenSSL's traditional form
	 */
	boolean isEncrypted() {
		return !this.body.isEmpty() && this.body.get(0).toUpperCase(Locale.ROOT).startsWith("PROC-TYPE: 4,ENCRYPTED");
	}

}
