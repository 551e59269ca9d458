package io.github.dbtls.connectorj;

import java.time.Duration;
import java.util.Properties;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.SslMode;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DriverSettings}.
 */
class DriverSettingsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jdbc:mysql://db/shop                                                    |
			jdbc:mysql://db/shop?connectTimeout=0                                   |
			jdbc:mysql://db/shop?connectTimeout=-1                                  |
			jdbc:mysql://db/shop?connectTimeout=soon                                |
			jdbc:mysql://db/shop?connectTimeout=99999999999                         |
			jdbc:mysql://db/shop?connectTimeout=2500                                | PT2.5S
			jdbc:mysql://address=(host=db)(connectTimeout=60000)/shop               | PT1M
			jdbc:mysql://other,address=(host=db)(connectTimeout=100)/shop           | PT0.1S
			jdbc:mysql://db,address=(host=other)(connectTimeout=100)/shop           |
			""")
	void connectTimeoutIsThatOfTheHost(String url, Duration expected) {
		assertThat(read(url).connectTimeout(new HostAddress("db", 3306))).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					jdbc:mysql://db/shop?sslMode=DISABLED                          | sslMode=DISABLED' in its JDBC URL or data source properties, which does not guarantee encryption
					jdbc:mysql://db/shop?sslMode=PREFERRED                         | sslMode=PREFERRED
					jdbc:mysql://db/shop?sslMode=REQUIRED&sslMode=disabled         | sslMode=disabled
					jdbc:mysql://db/shop?ssl%4Dode=DISABLED                        | sslMode=DISABLED
					jdbc:mysql://address=(host=db)(sslMode=DISABLED)/shop          | sslMode=DISABLED
					jdbc:mysql://(host=db,sslMode=PREFERRED),other/shop            | sslMode=PREFERRED
					jdbc:mysql://a,address=(host=b)(useSSL=false)/shop             | useSSL=false
					jdbc:mysql://db/shop?useSSL=false                              | asks for less than dbtls guarantees
					jdbc:mysql://db/shop?requireSSL=no                             | requireSSL=no
					jdbc:mysql://db/shop?verifyServerCertificate=false             | verifyServerCertificate=false
					jdbc:mysql://db/shop?allowPublicKeyRetrieval=true              | lets whoever answers send a key of its own
					jdbc:mysql://db/shop?allowPublicKeyRetrieval=YES               | lets whoever answers send a key of its own
					jdbc:mysql://db/shop?socketFactory=com.example.Mine            | replaces the socket factory
					jdbc:mysql://db/shop?sslmode=VERIFY_CA                         | it is 'sslMode'
					jdbc:mysql://db/shop?usessl=true                               | it is 'useSSL'
					jdbc:mysql://db/shop?trustcertificatekeystoreurl=x             | it is 'trustCertificateKeyStoreUrl'
					jdbc:mysql://db/shop?trustCertificateKeyStoreUrl=file:ca.p12   | 'trustCertificateKeyStoreUrl' in its JDBC URL
					jdbc:mysql://db/shop?trustCertificateKeyStorePassword=hidden-word   | 'trustCertificateKeyStorePassword' in its JDBC URL
					jdbc:mysql://db/shop?trustCertificateKeystorePassword=hidden-word   | 'trustCertificateKeystorePassword' in its JDBC URL
					jdbc:mysql://db/shop?CLIENTCERTIFICATEKEYSTOREPASSWORD=hidden-word  | it is 'clientCertificateKeyStorePassword'
					jdbc:mysql://db/shop?usessl=false                              | usessl=false
					jdbc:mysql://db/shop?clientCertificateKeyStoreUrl=file:c.p12   | has no effect on connections that dbtls secures
					jdbc:mysql://db/shop?fallbackToSystemTrustStore=false          | has no effect on connections that dbtls secures
					jdbc:mysql://db/shop?tlsVersions=TLSv1.2                       | 'tlsVersions' in its JDBC URL
					jdbc:mysql://db/shop?enabledTLSProtocols=TLSv1.2               | in its JDBC URL or data source properties, which has no effect
					jdbc:mysql://db/shop?tlsCiphersuites=TLS_AES_128_GCM_SHA256    | 'tlsCiphersuites' in its JDBC URL
					jdbc:mysql://db/shop?fipsCompliantJsse=true                    | 'fipsCompliantJsse' in its JDBC URL
					jdbc:mysql://db/shop?sslContextProvider=X                      | 'sslContextProvider' in its JDBC URL
					""")
	void settingWhenInTheWayIsRefused(String url, String message) {
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> read(url).refuseObstacles("dbtls.data-sources.orders", Place.ANY))
			.withMessageStartingWith("DataSource 'orders' has the driver setting ")
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.getMessage() + ex.getAction()).doesNotContain("hidden-word"))
			.satisfies((ex) -> assertThat(ex.getAction()).startsWith("Remove it"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:mysql://db/shop", "jdbc:mysql://db/shop?sslMode=REQUIRED&connectTimeout=1000",
			"jdbc:mysql://db/shop?useSSL=true&requireSSL=yes&verifyServerCertificate=true",
			"jdbc:mysql://db/shop?allowPublicKeyRetrieval=false", "jdbc:mysql://db/shop?cachePrepStmts=true#x" })
	void settingWhenHarmlessIsAccepted(String url) {
		assertThatCode(() -> read(url).refuseObstacles("dbtls", Place.ANY)).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jdbc:mysql+srv://db/shop                        | true
			 JDBC:MySQL+SRV:replication://db/shop           | true
			jdbc:mysql://db/shop?dnsSrv=true                | true
			jdbc:mysql://db/shop?a=b&dnsSrv=YES             | true
			jdbc:mysql://address=(host=db)(dnsSrv=true)/s   | true
			jdbc:mysql://db/shop?dnsSrv=false               | false
			jdbc:mysql://db/shop?dnssrv=true                | false
			jdbc:mysql://db/dnsSrv                          | false
			""")
	void hostsFromDnsAreToldByTheUrl(String url, boolean expected) {
		assertThat(DriverSettings.areHostsFromDns(url)).isEqualTo(expected);
	}

	@Test
	void propertiesCountBesideTheUrl() {
		Properties properties = new Properties();
		properties.setProperty("sslMode", "DISABLED");
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(
				() -> DriverSettings.read("DataSource 'orders'", "jdbc:mysql://db/shop?sslMode=VERIFY_CA", properties)
					.refuseObstacles("dbtls", Place.ANY));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jdbc:mysql://db/shop                                                              |
			jdbc:mysql://db/shop?sslMode=REQUIRED                                             | REQUIRED
			jdbc:mysql://db/shop?sslMode=verify_ca                                            | VERIFY_CA
			jdbc:mysql://address=(host=a)(sslMode=VERIFY_IDENTITY),b/shop?sslMode=REQUIRED    | VERIFY_IDENTITY
			""")
	void modeIsTheStrongestOfAllHosts(String url, SslMode expected) {
		assertThat(read(url).askedMode()).isEqualTo(expected);
	}

	@Test
	void urlWhenUnreadableIsNotQuoted() {
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> read("jdbc:mysql://user:hidden-word@db:port/shop"))
			.withMessageContaining("cannot be read by MySQL Connector/J")
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getMessage() + ex.getAction()).doesNotContain("hidden-word"));
	}

	@Test
	void hostsAndUsersAreThoseOfTheDriver() {
		DriverSettings settings = read("jdbc:mysql://root:hidden-word@db1:4000,address=(host=db2)(user=other)/shop");
		assertThat(settings.hosts()).hasToString("[db1:4000, db2:3306]");
		assertThat(settings.userNames()).contains("root", "other");
	}

	@Test
	void securedUrlIsRecognisedAndWhatOverridesItIsNot() {
		try (TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY)) {
			DriverSettings secured = read(pool.properties().writeTo("jdbc:mysql://a,b/shop"));
			assertThat(secured.isSecured()).isTrue();
			assertThat(secured.poolId()).isEqualTo(pool.id());
			assertThat(secured.askedMode()).isNull();
			assertThatCode(() -> secured.requireSecured(pool.properties(), "dbtls")).doesNotThrowAnyException();
			assertThatCode(() -> secured.refuseObstacles("dbtls", Place.ANY)).doesNotThrowAnyException();
			for (String override : new String[] { "sslMode=REQUIRED", "socketFactory=com.example.Mine",
					"dbtlsPool=other", "tlsVersions=TLSv1.2" }) {
				DriverSettings overridden = read(
						pool.properties().writeTo("jdbc:mysql://a,address=(host=b)(%s)/shop".formatted(override)));
				assertThatExceptionOfType(DbTlsConfigurationException.class).as(override)
					.isThrownBy(() -> overridden.requireSecured(pool.properties(), "dbtls"))
					.withMessageContaining("would connect to b:3306 with '%s' instead of", override);
			}
		}
	}

	@Test
	void urlWhenPoolIsGoneIsNotSecured() {
		TestPool pool = TestPool.of(SslMode.VERIFY_IDENTITY);
		pool.close();
		DriverSettings settings = read(pool.properties().writeTo("jdbc:mysql://db/shop"));
		assertThat(settings.isSecured()).isFalse();
		assertThat(settings.poolId()).isNull();
	}

	private static DriverSettings read(String url) {
		return DriverSettings.read("DataSource 'orders'", url, new Properties());
	}

}
