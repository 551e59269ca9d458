package io.github.dbtls.diagnosis;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import javax.security.auth.x500.X500Principal;

import org.jspecify.annotations.Nullable;

/**
 * The key identifiers of certificates (RFC 5280, 4.2.1.1 and 4.2.1.2). They are what an
 * issuer wrote down to tell keys apart, and evidence of nothing more.
 */
final class KeyIdentifiers {

	private static final String SUBJECT = "2.5.29.14";

	private static final String AUTHORITY = "2.5.29.35";

	private static final int OCTET_STRING = 0x04;

	private static final int SEQUENCE = 0x30;

	/** {@code [0] KeyIdentifier}, {@code [1] GeneralNames}. */
	private static final int KEY_IDENTIFIER = 0x80;

	private static final int AUTHORITY_CERT_ISSUER = 0xa1;

	/** {@code [4] Name} of GeneralName. */
	private static final int DIRECTORY_NAME = 0xa4;

	private static final int LONGEST = 32;

	private KeyIdentifiers() {
	}

	/**
	 * Return the identifier of the certificate's own key.
	 * @param certificate the certificate
	 * @return the identifier in hexadecimal digits, or {@code null} if it names none
	 */
	static @Nullable String ofSubject(X509Certificate certificate) {
		byte[] extension = content(certificate.getExtensionValue(SUBJECT), OCTET_STRING);
		return hex(content(extension, OCTET_STRING));
	}

	/**
	 * Return the identifier of the key that the certificate was signed with.
	 * @param certificate the certificate
	 * @return the identifier in hexadecimal digits, or {@code null} if it names none
	 */
	static @Nullable String ofIssuer(X509Certificate certificate) {
		return hex(content(authority(certificate), KEY_IDENTIFIER));
	}

	/**
	 * Return who issued the certificate of the issuer, which some write down too.
	 * @param certificate the certificate
	 * @return the name, or {@code null} if it names none
	 */
	static @Nullable X500Principal issuerOfIssuer(X509Certificate certificate) {
		byte[] names = content(authority(certificate), AUTHORITY_CERT_ISSUER);
		byte[] name = content(names, DIRECTORY_NAME);
		try {
			return (name != null) ? new X500Principal(name) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static byte @Nullable [] authority(X509Certificate certificate) {
		return content(content(certificate.getExtensionValue(AUTHORITY), OCTET_STRING), SEQUENCE);
	}

	private static @Nullable String hex(byte @Nullable [] bytes) {
		return (bytes != null && bytes.length > 0 && bytes.length <= LONGEST)
				? HexFormat.ofDelimiter(":").formatHex(bytes) : null;
	}

	/**
	 * Return the content of the first element with a tag.
	 * @param der elements of DER, one behind the other
	 * @param tag the tag
	 * @return the content, or {@code null} if there is none or it is not whole
	 */
	private static byte @Nullable [] content(byte @Nullable [] der, int tag) {
		int position = 0;
		while (der != null && position + 2 <= der.length) {
			List<Integer> bounds = bounds(der, position);
			if (bounds.isEmpty()) {
				return null;
			}
			if ((der[position] & 0xff) == tag) {
				return Arrays.copyOfRange(der, bounds.get(0), bounds.get(1));
			}
			position = bounds.get(1);
		}
		return null;
	}

	private static List<Integer> bounds(byte[] der, int position) {
		int first = der[position + 1] & 0xff;
		int octets = (first < 0x80) ? 0 : first - 0x80;
		int start = position + 2 + octets;
		if (octets > 3 || start > der.length) {
			return List.of();
		}
		int length = (octets == 0) ? (first & 0x7f) : new BigInteger(1, der, position + 2, octets).intValue();
		return (start + length <= der.length) ? List.of(start, start + length) : List.of();
	}

}
