package io.github.dbtls.connectorj;

import java.time.Duration;

import io.github.dbtls.SslMode;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolProperties}.
 */
class PoolPropertiesTests {

	private static final String OURS = "socketFactory=io.github.dbtls.connectorj.DbTlsSocketFactory"
			+ "&sslMode=VERIFY_CA&tlsVersions=TLSv1.3,TLSv1.2&dbtlsPool=the-id";

	private final PoolProperties properties = PoolProperties.of("the-id",
			TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), TlsVersion.TLS_1_3, TlsVersion.TLS_1_2));

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jdbc:mysql://db/shop                                      | jdbc:mysql://db/shop?OURS
			jdbc:mysql://db/shop?                                     | jdbc:mysql://db/shop?OURS
			jdbc:mysql://db                                           | jdbc:mysql://db?OURS
			jdbc:mysql://db/shop?a=1                                  | jdbc:mysql://db/shop?a=1&OURS
			jdbc:mysql://db/shop?a=1&                                 | jdbc:mysql://db/shop?a=1&OURS
			jdbc:mysql://db/shop?a=1&&b=2                             | jdbc:mysql://db/shop?a=1&b=2&OURS
			jdbc:mysql://db/shop?&a=1                                 | jdbc:mysql://db/shop?a=1&OURS
			jdbc:mysql://db/shop?flag                                 | jdbc:mysql://db/shop?flag&OURS
			jdbc:mysql://db/shop#fragment                             | jdbc:mysql://db/shop?OURS#fragment
			jdbc:mysql://db/shop?a=1#x?y&z                            | jdbc:mysql://db/shop?a=1&OURS#x?y&z
			jdbc:mysql://db/shop?sslMode=REQUIRED&a=1                 | jdbc:mysql://db/shop?a=1&OURS
			jdbc:mysql://db/shop?a=1&ssl%4Dode=REQUIRED&sslMode=x     | jdbc:mysql://db/shop?a=1&OURS
			jdbc:mysql://db/shop? sslMode =REQUIRED&a=1               | jdbc:mysql://db/shop?a=1&OURS
			jdbc:mysql://db/shop?tlsVersions=TLSv1.2&socketFactory=y  | jdbc:mysql://db/shop?OURS
			jdbc:mysql://db/shop?sslmode=REQUIRED                     | jdbc:mysql://db/shop?sslmode=REQUIRED&OURS
			jdbc:mysql://db/shop?a%=1&sslMode=REQUIRED                | jdbc:mysql://db/shop?a%=1&OURS
			jdbc:mysql://address=(host=a)(port=1),b:2/shop?a=1        | jdbc:mysql://address=(host=a)(port=1),b:2/shop?a=1&OURS
			jdbc:mysql:loadbalance://a,b/shop?c=d                     | jdbc:mysql:loadbalance://a,b/shop?c=d&OURS
			""")
	void urlIsRewrittenOnce(String url, String expected) {
		String secured = this.properties.writeTo(url);
		assertThat(secured).isEqualTo(expected.replace("OURS", OURS));
		assertThat(this.properties.writeTo(secured)).isEqualTo(secured);
	}

	@Test
	void urlOfAnotherPoolIsTakenOver() {
		PoolProperties other = PoolProperties.of("other",
				TestPool.policy(SslMode.REQUIRED, Duration.ofHours(1), TlsVersion.TLS_1_2));
		assertThat(this.properties.writeTo(other.writeTo("jdbc:mysql://db/shop?a=1")))
			.isEqualTo("jdbc:mysql://db/shop?a=1&" + OURS);
	}

	@Test
	void mapSaysTheSameAsTheUrl() {
		assertThat(this.properties.asMap()).containsOnlyKeys(PoolProperties.NAMES)
			.containsEntry("sslMode", "VERIFY_CA")
			.containsEntry("tlsVersions", "TLSv1.3,TLSv1.2")
			.containsEntry("dbtlsPool", "the-id");
	}

}
