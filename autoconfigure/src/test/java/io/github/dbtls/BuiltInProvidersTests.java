package io.github.dbtls;

import io.github.dbtls.Provider.Trust;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BuiltInProviders}.
 */
class BuiltInProvidersTests {

	private static final Provider AWS_RDS = UserSettings.builtIn("aws-rds");

	@Test
	void allAreThoseOfTheDocumentationInItsOrder() {
		assertThat(Provider.builtIn()).extracting(Provider::id)
			.containsExactly("tidb-serverless", "tidb-dedicated", "tidb", "aws-rds", "tencentdb", "mysql");
		assertThat(Provider.builtIn()).isUnmodifiable();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			# id             | trust        | mode            | floor           | client | password
			tidb-serverless  | SYSTEM_ROOTS | VERIFY_IDENTITY | VERIFY_IDENTITY | false  | -
			tidb-dedicated   | CA_FILE      | VERIFY_IDENTITY | VERIFY_CA       | false  | -
			tidb             | CA_FILE      | VERIFY_CA       | REQUIRED        | true   | -
			aws-rds          | CA_FILE      | VERIFY_IDENTITY | VERIFY_CA       | false  | -
			tencentdb        | CA_FILE      | VERIFY_CA       | VERIFY_CA       | false  | tencentdb
			mysql            | SYSTEM_ROOTS | VERIFY_IDENTITY | REQUIRED        | true   | -
			""")
	void presetIsTheOneOfTheDesign(String id, Trust trust, SslMode mode, SslMode floor, boolean clientCertificate,
			@Nullable String caPassword) {
		Provider provider = UserSettings.builtIn(id);
		assertThat(provider.trust()).isEqualTo(trust);
		assertThat(provider.sslMode()).isEqualTo(mode);
		assertThat(provider.lowestSslMode()).isEqualTo(floor);
		assertThat(provider.acceptsClientCertificate()).isEqualTo(clientCertificate);
		assertThat(provider.caPassword()).isEqualTo(caPassword);
		assertThat(provider.caPath()).isNull();
		assertThat(provider.tlsVersions()).containsExactly(TlsVersion.values());
	}

	@Test
	void eachHasANameAPageAndARemedyForAnUntrustedIssuer() {
		assertThat(Provider.builtIn()).allSatisfy((provider) -> {
			assertThat(provider.name()).isNotBlank().isNotEqualTo(provider.id());
			assertThat(provider.documentation()).isNotNull().hasScheme("https");
			assertThat(provider.remedy(HandshakeFailure.UNTRUSTED_ISSUER)).isNotBlank();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "shop.c0ffee.eu-west-1.rds.amazonaws.com",
			"shop.cluster-c0ffee.us-east-1.rds.amazonaws.com", "shop.cluster-ro-c0ffee.us-east-1.rds.amazonaws.com",
			"shop.cluster-custom-c0ffee.us-east-1.rds.amazonaws.com", "SHOP.c0ffee.EU-WEST-1.RDS.AmazonAWS.com",
			"shop.c0ffee.us-gov-west-1.rds.amazonaws.com", "shop.c0ffee.rds.cn-north-1.amazonaws.com.cn",
			"shop.cluster-c0ffee.rds.cn-northwest-1.amazonaws.com.cn", "shop.c0ffee.eu-west-1.rds.amazonaws.com.",
			"shop.proxy-c0ffee.eu-west-1.rds.amazonaws.com" })
	void hostNameOfRdsIsItsOwn(String host) {
		assertThat(AWS_RDS.isOwnHostName(host)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "db.shop.example", "localhost", "10.0.0.1", "rds.amazonaws.com.evil.example",
			"shop.rds.evil.example", "shop.c0ffee.eu-west-1.redshift.amazonaws.com", "shop-rds.amazonaws.com",
			"shop.c0ffee.eu-west-1.rds.amazonaws.com.evil.example", "shop.c0ffee.eu-west-1.rdsxamazonaws.com" })
	void hostNameOfOthersIsNotThatOfRds(String host) {
		assertThat(AWS_RDS.isOwnHostName(host)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "shop.proxy-c0ffee.eu-west-1.rds.amazonaws.com",
			"ro.endpoint.proxy-c0ffee.eu-west-1.rds.amazonaws.com", "Shop.Proxy-c0ffee.eu-west-1.rds.amazonaws.com.",
			"shop.proxy-c0ffee.rds.cn-north-1.amazonaws.com.cn" })
	void hostNameOfAnRdsProxyHasAPublicCertificate(String host) {
		assertThat(AWS_RDS.isPublicHostName(host)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "shop.c0ffee.eu-west-1.rds.amazonaws.com", "proxy-c0ffee.shop.example",
			"shop.proxy-c0ffee.evil.example", "my-proxy-db.c0ffee.eu-west-1.rds.amazonaws.com",
			"shop.proxy-c0ffee.s3.eu-west-1.amazonaws.com",
			"shop.proxy-c0ffee.eu-west-1.rds.amazonaws.com.evil.example" })
	void hostNameOfAnInstanceHasNoPublicCertificate(String host) {
		assertThat(AWS_RDS.isPublicHostName(host)).isFalse();
	}

	@Test
	void hostNameIsNobodysBusinessElsewhere() {
		assertThat(Provider.builtIn()).filteredOn((provider) -> !provider.equals(AWS_RDS)).allSatisfy((provider) -> {
			assertThat(provider.isOwnHostName("db.shop.example")).isTrue();
			assertThat(provider.isPublicHostName("shop.proxy-c0ffee.eu-west-1.rds.amazonaws.com")).isFalse();
		});
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', textBlock = """
			3vQ9abc.root, true
			3vQ9abc.app.user, true
			root, false
			.root, false
			3vQ9abc., false
			., false
			"", false
			""")
	void userNameOfTidbServerlessBeginsWithTheClustersPrefix(String userName, boolean allowed) {
		Provider provider = UserSettings.builtIn("tidb-serverless");
		assertThat(provider.isUserName(userName)).isEqualTo(allowed);
		assertThat(provider.userNameHint()).contains("'<prefix>.root'");
	}

	@Test
	void userNameIsNobodysBusinessElsewhere() {
		assertThat(Provider.builtIn()).filteredOn((provider) -> !provider.id().equals("tidb-serverless"))
			.allSatisfy((provider) -> assertThat(provider.isUserName("root")).isTrue());
	}

}
