package io.github.dbtls.trust;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Tells whether a PKCS#12 key store has encrypted parts: it then names the content type
 * {@code encryptedData}, 1.2.840.113549.1.7.6
 * (<a href="https://www.rfc-editor.org/rfc/rfc5652#section-8">RFC 5652, 8</a>).
 */
final class Encryption {

	private static final String ENCRYPTED_DATA = new String(HexFormat.of().parseHex("06092a864886f70d010706"),
			StandardCharsets.ISO_8859_1);

	private Encryption() {
	}

	static boolean isIn(byte[] pkcs12) {
		return new String(pkcs12, StandardCharsets.ISO_8859_1).contains(ENCRYPTED_DATA);
	}

}
