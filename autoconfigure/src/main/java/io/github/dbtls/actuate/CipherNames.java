package io.github.dbtls.actuate;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Translates OpenSSL's names of cipher suites, which MySQL uses, to those of IANA, which
 * JSSE uses.
 *
 * @see <a href="https://docs.openssl.org/3.5/man1/openssl-ciphers/">openssl-ciphers</a>
 */
final class CipherNames {

	private static final Pattern OPENSSL = Pattern
		.compile("(?:(ECDHE|DHE)-(RSA|ECDSA|DSS)-)?(AES128|AES256)-(?:(GCM|CCM)-?)?(SHA|SHA256|SHA384)?");

	private static final Pattern CHACHA = Pattern.compile("(ECDHE|DHE)-(RSA|ECDSA)-CHACHA20-POLY1305");

	private CipherNames() {
	}

	/**
	 * Translate a name.
	 * @param name OpenSSL's or IANA's
	 * @return IANA's, or {@code null} if it is not known
	 */
	static @Nullable String toIana(String name) {
		String upper = name.trim().toUpperCase(Locale.ROOT);
		if (upper.startsWith("TLS_")) {
			return upper;
		}
		Matcher chacha = CHACHA.matcher(upper);
		if (chacha.matches()) {
			return "TLS_%s_%s_WITH_CHACHA20_POLY1305_SHA256".formatted(chacha.group(1), chacha.group(2));
		}
		Matcher matcher = OPENSSL.matcher(upper);
		if (!matcher.matches()) {
			return null;
		}
		String exchange = (matcher.group(1) != null) ? matcher.group(1) + "_" + matcher.group(2) : "RSA";
		String key = matcher.group(3).replace("AES", "AES_");
		boolean ccm = "CCM".equals(matcher.group(4));
		if (ccm != (matcher.group(5) == null)) {
			return null;
		}
		String mode = (matcher.group(4) != null) ? matcher.group(4) : "CBC";
		return "TLS_%s_WITH_%s_%s".formatted(exchange, key, ccm ? mode : mode + "_" + matcher.group(5));
	}

}
