package io.github.dbtls.trust;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * The format of a file, told by its content.
 */
enum Format {

	/** PEM, RFC 7468, and all other text. */
	TEXT,

	/** One or more elements of DER or BER. */
	DER,

	/** Java's own key store. */
	JKS,

	/** Java's own key store for secret keys. */
	JCEKS,

	/** Zip. */
	ZIP,

	/** Another archive or a compressed file. */
	ARCHIVE,

	/** Text of two or four bytes for each character. */
	UTF_16,

	/** Bytes of no known format. */
	BINARY;

	static Format of(byte[] bytes) {
		if (startsWith(bytes, 0xFE, 0xED, 0xFE, 0xED)) {
			return JKS;
		}
		if (startsWith(bytes, 0xCE, 0xCE, 0xCE, 0xCE)) {
			return JCEKS;
		}
		if (startsWith(bytes, 'P', 'K', 3, 4) || startsWith(bytes, 'P', 'K', 5, 6)) {
			return ZIP;
		}
		if (archive(bytes) != null) {
			return ARCHIVE;
		}
		if (startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE) || hasEverySecondByteZero(bytes)) {
			return UTF_16;
		}
		if (isText(bytes)) {
			return TEXT;
		}
		if (DerKind.of(bytes) != DerKind.UNKNOWN) {
			return DER;
		}
		// Text in front of PEM blocks may hold anything.
		return new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN ") ? TEXT : BINARY;
	}

	/**
	 * Return the name of the archive format.
	 * @param bytes the file
	 * @return the name, or {@code null} if it is none that is known
	 */
	static @Nullable String archive(byte[] bytes) {
		if (startsWith(bytes, 0x1F, 0x8B)) {
			return "gzip";
		}
		if (startsWith(bytes, 'B', 'Z', 'h')) {
			return "bzip2";
		}
		if (startsWith(bytes, 0xFD, '7', 'z', 'X', 'Z', 0)) {
			return "xz";
		}
		if (startsWith(bytes, 0x28, 0xB5, 0x2F, 0xFD)) {
			return "zstd";
		}
		if (startsWith(bytes, '7', 'z', 0xBC, 0xAF, 0x27, 0x1C)) {
			return "7-Zip";
		}
		if (startsWith(bytes, 'R', 'a', 'r', '!')) {
			return "RAR";
		}
		boolean tar = bytes.length > 262 && "ustar".equals(new String(bytes, 257, 5, StandardCharsets.ISO_8859_1));
		return tar ? "tar" : null;
	}

	private static boolean startsWith(byte[] bytes, int... start) {
		if (bytes.length < start.length) {
			return false;
		}
		for (int i = 0; i < start.length; i++) {
			if ((bytes[i] & 0xFF) != start[i]) {
				return false;
			}
		}
		return true;
	}

	private static boolean hasEverySecondByteZero(byte[] bytes) {
		if (bytes.length < 4 || (bytes[0] == 0) == (bytes[1] == 0)) {
			return false;
		}
		int end = Math.min(bytes.length, 64) & ~1;
		for (int i = (bytes[0] == 0) ? 0 : 1; i < end; i += 2) {
			if (bytes[i] != 0 || bytes[i ^ 1] == 0) {
				return false;
			}
		}
		return true;
	}

	private static boolean isText(byte[] bytes) {
		for (byte octet : bytes) {
			if (octet >= 0 && octet < ' ' && "\t\n\u000B\f\r\u001A\u001B".indexOf(octet) == -1) {
				return false;
			}
		}
		return true;
	}

}
