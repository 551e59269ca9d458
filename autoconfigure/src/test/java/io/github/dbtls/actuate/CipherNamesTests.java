package io.github.dbtls.actuate;

import java.util.Arrays;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CipherNames}, after the tables of openssl-ciphers(1).
 */
class CipherNamesTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			TLS_AES_128_GCM_SHA256,                  TLS_AES_128_GCM_SHA256
			TLS_AES_256_GCM_SHA384,                  TLS_AES_256_GCM_SHA384
			TLS_CHACHA20_POLY1305_SHA256,            TLS_CHACHA20_POLY1305_SHA256
			TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,   TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
			ECDHE-RSA-AES128-GCM-SHA256,             TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
			ECDHE-ECDSA-AES128-GCM-SHA256,           TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
			ECDHE-RSA-AES256-GCM-SHA384,             TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
			ECDHE-ECDSA-AES256-GCM-SHA384,           TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
			ECDHE-RSA-CHACHA20-POLY1305,             TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
			ECDHE-ECDSA-CHACHA20-POLY1305,           TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
			DHE-RSA-CHACHA20-POLY1305,               TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256
			DHE-RSA-AES128-GCM-SHA256,               TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
			DHE-DSS-AES256-GCM-SHA384,               TLS_DHE_DSS_WITH_AES_256_GCM_SHA384
			ECDHE-RSA-AES128-SHA256,                 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256
			ECDHE-RSA-AES256-SHA384,                 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384
			ECDHE-RSA-AES128-SHA,                    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
			ECDHE-ECDSA-AES256-SHA,                  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA
			DHE-RSA-AES256-SHA256,                   TLS_DHE_RSA_WITH_AES_256_CBC_SHA256
			AES128-GCM-SHA256,                       TLS_RSA_WITH_AES_128_GCM_SHA256
			AES256-GCM-SHA384,                       TLS_RSA_WITH_AES_256_GCM_SHA384
			AES128-SHA,                              TLS_RSA_WITH_AES_128_CBC_SHA
			AES256-SHA256,                           TLS_RSA_WITH_AES_256_CBC_SHA256
			ECDHE-ECDSA-AES128-CCM,                  TLS_ECDHE_ECDSA_WITH_AES_128_CCM
			DHE-RSA-AES256-CCM,                      TLS_DHE_RSA_WITH_AES_256_CCM
			ecdhe-rsa-aes128-gcm-sha256,             TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
			' AES128-SHA ',                          TLS_RSA_WITH_AES_128_CBC_SHA
			ECDHE-ECDSA-AES128-CCM8,
			ECDHE-RSA-CAMELLIA128-SHA256,
			PSK-AES128-GCM-SHA256,
			ADH-AES128-SHA,
			DES-CBC3-SHA,
			RC4-SHA,
			'',
			AES128,
			AES128-GCM,
			nonsense,
			""")
	void nameIsTranslatedOrUnknown(String name, String expected) {
		assertThat(CipherNames.toIana(name)).isEqualTo(expected);
	}

	@Test
	void nameThatIsTranslatedIsKnownToTheJdk() throws Exception {
		assertThat(Arrays.asList(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites())).contains(
				CipherNames.toIana("ECDHE-RSA-AES128-GCM-SHA256"), CipherNames.toIana("ECDHE-ECDSA-CHACHA20-POLY1305"),
				CipherNames.toIana("ECDHE-RSA-AES128-SHA256"));
	}

}
