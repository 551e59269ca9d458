package io.github.dbtls;

import java.security.Security;
import java.util.Arrays;
import java.util.Locale;

/**
 * Versions of TLS that may be negotiated, oldest first. TLS 1.0 and 1.1 are not among
 * them: <a href="https://www.rfc-editor.org/rfc/rfc8996">RFC 8996</a> forbids both.
 */
public enum TlsVersion {

	/**
	 * TLS 1.2, <a href="https://www.rfc-editor.org/rfc/rfc5246">RFC 5246</a>.
	 */
	TLS_1_2("TLSv1.2"),

	/**
	 * TLS 1.3, <a href="https://www.rfc-editor.org/rfc/rfc8446">RFC 8446</a>.
	 */
	TLS_1_3("TLSv1.3");

	private final String jsseName;

	TlsVersion(String jsseName) {
		this.jsseName = jsseName;
	}

	/**
	 * Return the name that JSSE, MySQL and the {@code dbtls.tls-versions} property use.
	 * @return {@code TLSv1.2} or {@code TLSv1.3}
	 */
	public String jsseName() {
		return this.jsseName;
	}

	/**
	 * Return whether the security policy of this JVM ({@code jdk.tls.disabledAlgorithms})
	 * forbids this version.
	 * @return whether it can never be negotiated here
	 */
	boolean isDisabledInThisJvm() {
		String disabled = Security.getProperty("jdk.tls.disabledAlgorithms");
		return disabled != null
				&& Arrays.stream(disabled.split(",")).map(String::trim).anyMatch(this.jsseName::equalsIgnoreCase);
	}

	/**
	 * Read a version as users write it: {@code TLSv1.3}, {@code TLS1.3} or {@code 1.3}.
	 * @param text the text to read
	 * @return the version
	 * @throws IllegalArgumentException if it is no version, or one older than TLS 1.2
	 */
	static TlsVersion of(String text) {
		String number = text.trim().toLowerCase(Locale.ROOT).replaceFirst("^tls[ _-]?v?", "");
		return switch (number) {
			case "1.3" -> TLS_1_3;
			case "1.2" -> TLS_1_2;
			case "1", "1.0", "1.1", "sslv3", "sslv2", "sslv2hello", "ssl", "ssl3" -> throw new IllegalArgumentException(
					"'%s' is too old: RFC 8996 and RFC 7568 forbid all before TLSv1.2".formatted(text.trim()));
			default -> throw new IllegalArgumentException("'%s' is no version of TLS".formatted(text.trim()));
		};
	}

}
