package io.github.dbtls.tls;

import java.util.regex.Pattern;

/**
 * Cipher suites that are never offered, whatever the JVM enables: those of Connector/J's
 * {@code TLSCiphers.Unacceptable.Mask}, since its own filter is bypassed with our
 * handshake.
 */
final class AcceptableCiphers {

	private static final Pattern REFUSED = Pattern
		.compile("_anon_|_NULL_|_EXPORT|_MD5|_DES|_3DES_|_RC2_|_RC4_|_PSK_|_DH_|_KRB5_", Pattern.CASE_INSENSITIVE);

	private AcceptableCiphers() {
	}

	static boolean isRefused(String suite) {
		return REFUSED.matcher(suite).find();
	}

}
