package io.github.dbtls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TlsVersion}.
 */
class TlsVersionTests {

	@ParameterizedTest
	@ValueSource(
			strings = { "TLSv1.3", "tlsv1.3", "TLS1.3", "TLS 1.3", "TLS-1.3", "TLS_1.3", "TLS v1.3", "1.3", " 1.3 " })
	void ofWhenTls13IsThat(String text) {
		assertThat(TlsVersion.of(text)).isEqualTo(TlsVersion.TLS_1_3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "tlsv1.2", "TLS1.2", "1.2" })
	void ofWhenTls12IsThat(String text) {
		assertThat(TlsVersion.of(text)).isEqualTo(TlsVersion.TLS_1_2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1", "TLSv1.0", "TLSv1.1", "1", "1.0", "1.1", "SSLv3", "SSLv2", "SSLv2Hello", "SSL" })
	void ofWhenOlderIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> TlsVersion.of(text))
			.withMessage("'%s' is too old: RFC 8996 and RFC 7568 forbid all before TLSv1.2", text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLS", "2.0", "1.33", "TLSv1.3,TLSv1.2", "DTLSv1.2", "v", "all" })
	void ofWhenUnknownIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> TlsVersion.of(text))
			.withMessage("'%s' is no version of TLS", text);
	}

	@ParameterizedTest
	@EnumSource
	void ofWhenItsOwnNameIsItself(TlsVersion version) {
		assertThat(TlsVersion.of(version.jsseName())).isEqualTo(version);
	}

	@Test
	void orderIsOldestFirst() {
		assertThat(TlsVersion.values()).containsExactly(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
	}

	@ParameterizedTest
	@EnumSource
	void isDisabledInThisJvmWhenJvmHasItsDefaultsIsFalse(TlsVersion version) {
		assertThat(version.isDisabledInThisJvm()).isFalse();
	}

}
