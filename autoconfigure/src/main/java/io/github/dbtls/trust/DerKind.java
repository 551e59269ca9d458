package io.github.dbtls.trust;

import org.jspecify.annotations.Nullable;

/**
 * What a DER element is, told by its outermost tags.
 */
enum DerKind {

	/** RFC 5280, 4.1. */
	CERTIFICATE("a certificate"),

	/** RFC 5652. */
	PKCS7("PKCS#7"),

	/** RFC 7292. */
	PKCS12("a PKCS#12 key store"),

	/** RFC 5208, 8017 or 5915. */
	PRIVATE_KEY("a private key"),

	/** RFC 5958. */
	ENCRYPTED_PRIVATE_KEY("an encrypted private key"),

	/** RFC 5280, 4.1.2.7. */
	PUBLIC_KEY("a public key"),

	/** RFC 2986. */
	REQUEST("a certificate request (CSR)"),

	/** RFC 5280, 5.1. */
	REVOCATION_LIST("a certificate revocation list (CRL)"),

	/** None of these. */
	UNKNOWN("data of an unknown kind");

	private final String words;

	DerKind(String words) {
		this.words = words;
	}

	/**
	 * Return what it is, with its article.
	 * @return the words for a message
	 */
	String words() {
		return this.words;
	}

	static DerKind of(byte[] bytes) {
		return of(Der.at(bytes, 0));
	}

	static DerKind of(@Nullable Der element) {
		if (element == null || !element.has(Der.SEQUENCE)) {
			return UNKNOWN;
		}
		Der child = element.child();
		if (child == null) {
			return UNKNOWN;
		}
		return switch (child.tag()) {
			case Der.OBJECT_IDENTIFIER -> Der.is(child.next(), Der.CONTEXT_0) ? PKCS7 : UNKNOWN;
			case Der.INTEGER -> numbered(child);
			case Der.SEQUENCE -> nested(child);
			default -> UNKNOWN;
		};
	}

	private static DerKind numbered(Der version) {
		if (version.length() == 1 && version.content() < version.bytes().length
				&& version.bytes()[version.content()] == 3 && Der.is(version.next(), Der.SEQUENCE)) {
			return PKCS12;
		}
		return (version.next() != null) ? PRIVATE_KEY : UNKNOWN;
	}

	private static DerKind nested(Der sequence) {
		Der first = sequence.child();
		if (first == null) {
			return UNKNOWN;
		}
		return switch (first.tag()) {
			case Der.CONTEXT_0 -> CERTIFICATE;
			case Der.SEQUENCE -> REVOCATION_LIST;
			case Der.OBJECT_IDENTIFIER -> algorithmFirst(sequence.next());
			case Der.INTEGER -> signed(first);
			default -> UNKNOWN;
		};
	}

	private static DerKind algorithmFirst(@Nullable Der second) {
		if (Der.is(second, Der.BIT_STRING)) {
			return PUBLIC_KEY;
		}
		return Der.is(second, Der.OCTET_STRING) ? ENCRYPTED_PRIVATE_KEY : UNKNOWN;
	}

	private static DerKind signed(Der first) {
		// What is signed begins with a number in three cases; the fourth element differs:
		// the validity of a certificate of version 1, the attributes of a request, the
		// date of a revocation list.
		Der second = first.next();
		Der third = (second != null) ? second.next() : null;
		Der fourth = (third != null) ? third.next() : null;
		if (Der.is(fourth, Der.CONTEXT_0)) {
			return REQUEST;
		}
		return (Der.is(fourth, Der.UTC_TIME) || Der.is(fourth, Der.GENERALIZED_TIME)) ? REVOCATION_LIST : CERTIFICATE;
	}

}
