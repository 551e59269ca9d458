package io.github.dbtls.tls;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import io.github.dbtls.TlsVersion;

/**
 * Cipher suites that are never offered, whatever the JVM enables: those of Connector/J's
 * {@code TLSCiphers.Unacceptable.Mask}, since its own filter is bypassed with our
 * handshake.
 */
final class AcceptableCiphers {

	private static final Pattern REFUSED = Pattern
		.compile("_anon_|_NULL_|_EXPORT|_MD5|_DES|_3DES_|_RC2_|_RC4_|_PSK_|_DH_|_KRB5_", Pattern.CASE_INSENSITIVE);

	/** RFC 8446, appendix B.4; no other version has them. */
	private static final Pattern TLS_1_3_ONLY = Pattern.compile("TLS_(AES|CHACHA20|SM4)_.*");

	private AcceptableCiphers() {
	}

	/**
	 * Return what can be negotiated: JSSE goes through all others anew for each
	 * handshake.
	 * @param enabled what JSSE enables
	 * @param protocols the versions of TLS
	 * @return those of the versions, without those that are never offered
	 */
	static String[] of(String[] enabled, List<String> protocols) {
		return Arrays.stream(enabled)
			.filter((suite) -> !isRefused(suite))
			.filter((suite) -> protocols
				.contains((TLS_1_3_ONLY.matcher(suite).matches() ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2).jsseName()))
			.toArray(String[]::new);
	}

	static boolean isRefused(String suite) {
		return REFUSED.matcher(suite).find();
	}

}
