package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.mysql.cj.conf.ConnectionPropertiesTransform;
import com.mysql.cj.jdbc.MysqlDataSource;
import com.zaxxer.hikari.HikariCredentialsProvider;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.autoconfigure.StartupVerification.StartupVerificationException;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.FakeMySqlServer.Step;
import io.github.dbtls.testkit.TestCertificates;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PoolSecurer} and {@link DataSourceCheck}: what cannot be secured stops
 * startup, and says what was found, where, and what to write instead.
 */
@ExtendWith(OutputCaptureExtension.class)
class DataSourceRefusalTests {

	private static final String URL = "jdbc:mysql://db.example.com:3306/shop";

	private static final String SECRET = "dont-show-4711";

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	private static final Authority otherAuthority = TestCertificates.authority("CN=Other CA");

	@TempDir
	private static Path directory;

	private static String caPath;

	private static FakeMySqlServer server;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, DbTlsAutoConfiguration.class))
		.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + caPath, "spring.datasource.url=" + URL,
				"spring.datasource.username=app", "spring.datasource.password=" + SECRET);

	@BeforeAll
	static void startServer() {
		caPath = authority.writeTo(directory).toString();
		server = FakeMySqlServer.tls(authority.server("localhost")).start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("dataSources")
	void dataSourceThatCannotBeSecuredFails(String name, Supplier<DataSource> dataSource, String description,
			String action) {
		ApplicationContextRunner runner = this.contextRunner.withBean("shop", DataSource.class, dataSource);
		runner.run((context) -> {
			DbTlsConfigurationException failure = refusal(context);
			assertThat(failure).hasMessage(description);
			assertThat(failure.getAction()).isEqualTo(action + ". If this DataSource shall stay without dbtls, "
					+ "exempt it with 'dbtls.data-sources.shop.enabled: false': its connections are then what their own "
					+ "settings make of them.");
		});
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("dataSources")
	void dataSourceThatCannotBeSecuredCanBeExempted(String name, Supplier<DataSource> dataSource, String description,
			String action, CapturedOutput output) {
		this.contextRunner.withBean("shop", DataSource.class, dataSource)
			.withPropertyValues("dbtls.data-sources.shop.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output)
			.containsOnlyOnce("shop: not secured by dbtls, since 'dbtls.data-sources.shop.enabled' is false");
		assertThat(output.getOut().lines().filter((line) -> line.contains("shop: not secured by dbtls")))
			.allMatch((line) -> line.contains("WARN"));
	}

	static Stream<Arguments> dataSources() {
		String driver = "Use a URL that begins with 'jdbc:mysql://' and the driver com.mysql.cj.jdbc.Driver";
		String pool = "Let Spring Boot or a bean method return a HikariDataSource with a JDBC URL that nothing has used yet";
		String noUrl = "Set its JDBC URL ('spring.datasource.url'); for a 'dataSourceClassName' of MySQL, set "
				+ "'data-source-properties.url'";
		String unknownUrl = "If it does, use a URL that begins with 'jdbc:mysql://' and the driver "
				+ "com.mysql.cj.jdbc.Driver";
		String concealed = "Let it have all its targets when it is created; or hand the configuration of each to "
				+ "'io.github.dbtls.autoconfigure.DbTlsPools' before it starts, and exempt this one";
		return Stream.of(
				refused("mariadb", () -> hikari("jdbc:mariadb://db.example.com/shop?password=" + SECRET),
						otherDriver("jdbc:mariadb:", "another driver"), driver),
				refused("mariadb, no pool", () -> new DriverManagerDataSource("jdbc:mariadb://db.example.com/shop"),
						otherDriver("jdbc:mariadb:", "another driver"), driver),
				refused("mariadb in other case", () -> hikari("JDBC:MariaDB://db.example.com/shop"),
						otherDriver("JDBC:MariaDB:", "another driver"), driver),
				refused("MariaDB's driver", () -> hikariWithDriver("org.mariadb.jdbc.Driver", URL),
						otherDriver("jdbc:mysql:", "org.mariadb.jdbc.Driver"), driver),
				refused("AWS wrapper", () -> hikari("jdbc:aws-wrapper:mysql://db.example.com/shop"),
						otherDriver("jdbc:aws-wrapper:mysql:", "another driver"), driver),
				refused("P6Spy", () -> hikari("jdbc:p6spy:mysql://db.example.com/shop"),
						otherDriver("jdbc:p6spy:mysql:", "another driver"), driver),
				refused("Testcontainers", () -> hikari("jdbc:tc:mysql:8.4:///shop"),
						otherDriver("jdbc:tc:mysql:8.4:", "another driver"), driver),
				refused("Testcontainers, no version", () -> hikari("jdbc:tc:mysql:///shop"),
						otherDriver("jdbc:tc:mysql:", "another driver"), driver),
				refused("AWS driver", () -> hikari("jdbc:mysql:aws://db.example.com/shop"),
						otherDriver("jdbc:mysql:aws:", "another driver"), driver),
				refused("OpenTelemetry", () -> hikari("jdbc:otel:mysql://db.example.com/shop"),
						otherDriver("jdbc:otel:mysql:", "another driver"), driver),
				refused("ShardingSphere", () -> hikari("jdbc:shardingsphere:absolutepath:/etc/" + SECRET + ".yaml"),
						unknown("jdbc:shardingsphere:"), unknownUrl),
				refused("SingleStore", () -> hikari("jdbc:singlestore://db.example.com/shop?password=" + SECRET),
						unknown("jdbc:singlestore:"), unknownUrl),
				refused("Testcontainers of another image", () -> tomcat("jdbc:tc:acme:1:///shop"), unknown("jdbc:tc:"),
						unknownUrl),
				refused("OceanBase, no pool", () -> new DriverManagerDataSource("jdbc:oceanbase://db.example.com/shop"),
						unknown("jdbc:oceanbase:"), unknownUrl),
				refused("routing without targets", () -> routing(Map.of()),
						cannot("routes to nothing yet, and dbtls does not see targets that are added later"),
						concealed),
				refused("routing that chooses itself", ChoosingDataSource::new, cannot(
						"chooses its target itself (%s overrides 'determineTargetDataSource()'), where dbtls does "
							.formatted(ChoosingDataSource.class.getName()) + "not see it"),
						concealed),
				refused("delegating to nothing", DataSourceRefusalTests::delegatingToNothing,
						cannot("has no target yet, and dbtls does not see one that is set later"), concealed),
				refused("delegating to a router that is no bean",
						() -> new DelegatingDataSource(routing(Map.of("a", hikari(URL)))),
						cannot("routes to nothing yet, and dbtls does not see targets that are added later"),
						concealed),
				refused("reader that is unreadable", () -> {
					LazyConnectionDataSourceProxy proxy = new LazyConnectionDataSourceProxy(hikari(URL));
					proxy.setReadOnlyDataSource(new UnreadableDataSource());
					return proxy;
				}, cannot("is a %s, and dbtls secures HikariCP pools and Spring's driver-based DataSources only"
					.formatted(UnreadableDataSource.class.getName())), pool),
				refused("unreadable", UnreadableDataSource::new,
						cannot("is a %s, and dbtls secures HikariCP pools and Spring's driver-based DataSources only"
							.formatted(UnreadableDataSource.class.getName())),
						pool),
				refused("Tomcat pool", () -> tomcat(URL),
						cannot("is a org.apache.tomcat.jdbc.pool.DataSource, and dbtls secures HikariCP pools and "
								+ "Spring's driver-based DataSources only"),
						pool),
				refused("MysqlDataSource", DataSourceRefusalTests::mysqlDataSource,
						cannot("is a com.mysql.cj.jdbc.MysqlDataSource, and dbtls secures HikariCP pools and Spring's "
								+ "driver-based DataSources only"),
						pool),
				refused("started pool", DataSourceRefusalTests::startedPool,
						cannot("has already started, perhaps since its bean method connects or calls "
								+ "'new HikariDataSource(config)'"),
						pool),
				refused("pool with dataSource", () -> poolWith((hikari) -> hikari.setDataSource(mysqlDataSource())),
						cannot("takes its connections from another DataSource ('dataSource' is set), so that its JDBC "
								+ "URL is not used"),
						pool),
				refused("pool with unreadable dataSource",
						() -> poolWith((hikari) -> hikari.setDataSource(new UnreadableDataSource())),
						cannot("takes its connections from another DataSource ('dataSource' is set), so that its JDBC "
								+ "URL is not used"),
						pool),
				refused("pool with JNDI", () -> poolWith((hikari) -> hikari.setDataSourceJNDI("java:comp/env/jdbc/x")),
						cannot("takes its connections from JNDI ('dataSourceJNDI' is set)"), pool),
				refused("pool with dataSourceClassName",
						() -> poolWith((hikari) -> hikari.setDataSourceClassName("com.acme.AcmeDataSource")),
						cannot("uses the 'dataSourceClassName' com.acme.AcmeDataSource, which is none of MySQL "
								+ "Connector/J"),
						pool),
				refused("pool with MariaDB's dataSourceClassName", () -> poolWith((hikari) -> {
					hikari.setDataSourceClassName("org.mariadb.jdbc.MariaDbDataSource");
					hikari.addDataSourceProperty("url", URL);
				}), otherDriver("jdbc:mysql:", "org.mariadb.jdbc.MariaDbDataSource"), driver),
				refused("MySQL's dataSourceClassName without url",
						() -> poolWith((hikari) -> hikari.setDataSourceClassName("com.mysql.cj.jdbc.MysqlDataSource")),
						"DataSource 'shop' has no JDBC URL that dbtls could read without connecting.", noUrl),
				refused("pool without URL", HikariDataSource::new,
						"DataSource 'shop' has no JDBC URL that dbtls could read without connecting.", noUrl));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("otherDatabases")
	void otherDatabaseIsLeftAlone(String name, Supplier<DataSource> dataSource) {
		this.contextRunner.withBean("shop", DataSource.class, dataSource).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(SecuredPools.class).all()).isEmpty();
		});
	}

	static Stream<Arguments> otherDatabases() {
		return Stream.of(Arguments.of("Tomcat pool", supplier(() -> tomcat("jdbc:h2:mem:a"))),
				Arguments.of("Hikari", supplier(() -> hikari("jdbc:postgresql://db.example.com/mysql"))),
				Arguments.of("Testcontainers", supplier(() -> hikari("jdbc:tc:postgresql:16:///shop"))),
				Arguments.of("AWS wrapper", supplier(() -> hikari("jdbc:aws-wrapper:postgresql://db/shop"))),
				Arguments.of("routing", supplier(() -> routing(Map.of("a", hikari("jdbc:h2:mem:a"))))),
				Arguments.of("MySQL in the path", supplier(() -> hikari("jdbc:h2:file:/data/jdbc:mysql:/a"))),
				Arguments.of("H2's DataSource", supplier(() -> {
					JdbcDataSource h2 = new JdbcDataSource();
					h2.setURL("jdbc:h2:mem:b");
					return h2;
				})), Arguments.of("H2 in MySQL mode", supplier(() -> hikari("jdbc:h2:mem:a;MODE=MySQL"))),
				Arguments.of("Hikari with H2's class", supplier(
						() -> poolWith((hikari) -> hikari.setDataSourceClassName("org.h2.jdbcx.JdbcDataSource")))));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("settings")
	void settingInUrlFails(String setting, String description, String action) {
		this.contextRunner.withPropertyValues("spring.datasource.url=" + URL + "?connectTimeout=1000&" + setting)
			.run((context) -> {
				assertSettingRefused(context, "JDBC URL", description, action);
				assertThat(refusal(context).getProperty()).isEqualTo("spring.datasource.url");
			});
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("settings")
	void settingInDataSourcePropertiesFails(String setting, String description, String action) {
		this.contextRunner.withPropertyValues("spring.datasource.hikari.data-source-properties." + setting)
			.run((context) -> {
				assertSettingRefused(context, "data source properties", description, action);
				assertThat(refusal(context).getProperty())
					.isEqualTo("spring.datasource.hikari.data-source-properties." + setting.replaceAll("=.*", ""));
			});
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("oneSettingOfEachKind")
	void settingInServiceConnectionFails(String setting, String description, String action) {
		JdbcConnectionDetails details = mock();
		given(details.getJdbcUrl()).willReturn(URL + "?" + setting);
		given(details.getUsername()).willReturn("app");
		given(details.getDriverClassName()).willReturn("com.mysql.cj.jdbc.Driver");
		this.contextRunner.withBean(JdbcConnectionDetails.class, () -> details)
			.run((context) -> assertSettingRefused(context, "JDBC URL", description, action));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("settings")
	void settingOfOneHostFails(String setting, String description, String action) {
		this.contextRunner
			.withPropertyValues("spring.datasource.url=jdbc:mysql://good.example.com,address=(host=db.example.com)("
					+ setting + ")/shop")
			.run((context) -> assertSettingRefused(context, "JDBC URL", description, action));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("oneSettingOfEachKind")
	void settingOfDriverBasedDataSourceFails(String setting, String description, String action) {
		Properties properties = new Properties();
		properties.setProperty(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
		this.contextRunner.withBean("dataSource", DataSource.class, () -> new DriverManagerDataSource(URL, properties))
			.run((context) -> assertSettingRefused(context, "data source properties", description, action));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("oneSettingOfEachKind")
	void settingOfExemptedDataSourceIsLeftAlone(String setting, String description, String action) {
		this.contextRunner
			.withPropertyValues("spring.datasource.url=" + URL + "?" + setting,
					"dbtls.data-sources.data-source.enabled=false")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(HikariDataSource.class).getJdbcUrl()).isEqualTo(URL + "?" + setting);
			});
	}

	static Stream<Arguments> oneSettingOfEachKind() {
		return settings().filter(
				(arguments) -> Set
					.of("sslMode=DISABLED", "useSSL=false", "allowPublicKeyRetrieval=true",
							"socketFactory=com.acme.TunnelFactory", "sslmode=REQUIRED", "tlsVersions=TLSv1.2",
							"trustCertificateKeyStorePassword=" + SECRET)
					.contains(arguments.get()[0]));
	}

	static Stream<Arguments> settings() {
		Stream<Arguments> weaker = Stream.of(
				setting("sslMode=DISABLED", "does not guarantee encryption",
						"Remove it: 'dbtls.ssl-mode' decides, and it never allows plain text."),
				setting("sslMode=disabled", "does not guarantee encryption",
						"Remove it: 'dbtls.ssl-mode' decides, and it never allows plain text."),
				setting("sslMode=PREFERRED", "does not guarantee encryption",
						"Remove it: 'dbtls.ssl-mode' decides, and it never allows plain text."),
				setting("sslMode=nonsense", "does not guarantee encryption",
						"Remove it: 'dbtls.ssl-mode' decides, and it never allows plain text."),
				setting("useSSL=false", "asks for less than dbtls guarantees", "Remove it: 'dbtls.ssl-mode' decides."),
				setting("useSSL=no", "asks for less than dbtls guarantees", "Remove it: 'dbtls.ssl-mode' decides."),
				setting("requireSSL=false", "asks for less than dbtls guarantees",
						"Remove it: 'dbtls.ssl-mode' decides."),
				setting("verifyServerCertificate=false", "asks for less than dbtls guarantees",
						"Remove it: 'dbtls.ssl-mode' decides."),
				setting("allowPublicKeyRetrieval=true",
						"lets whoever answers send a key of its own to encrypt the password with",
						"Remove it: over TLS it is not needed."),
				setting("allowPublicKeyRetrieval=YES",
						"lets whoever answers send a key of its own to encrypt the password with",
						"Remove it: over TLS it is not needed."),
				setting("socketFactory=com.acme.TunnelFactory",
						"replaces the socket factory that dbtls verifies the server with",
						"Remove it, or exempt this DataSource with 'dbtls.data-sources.<bean name>.enabled: false'."));
		Stream<Arguments> wrongCase = Stream
			.of("sslmode=REQUIRED sslMode", "SSLMODE=VERIFY_CA sslMode", "usessl=true useSSL",
					"requiressl=true requireSSL", "verifyservercertificate=true verifyServerCertificate",
					"socketfactory=com.acme.A socketFactory", "allowpublickeyretrieval=false allowPublicKeyRetrieval")
			.map((text) -> text.split(" "))
			.map((text) -> setting(text[0], wrongCase(text[1]), "Remove it and use 'dbtls.*' instead."));
		Stream<Arguments> wrongCaseAndMaybeSecret = Stream
			.of("tlsversions=TLSv1.3 tlsVersions", "trustcertificatekeystoreurl=file:a trustCertificateKeyStoreUrl",
					"trustCertificateKeystorePassword=%s trustCertificateKeyStorePassword".formatted(SECRET))
			.map((text) -> text.split(" "))
			.map((text) -> Arguments.of(
					text[0], "has the driver setting '%s' in its PLACE, which %s."
						.formatted(text[0].replaceAll("=.*", ""), wrongCase(text[1])),
					"Remove it and use 'dbtls.*' instead."));
		Stream<Arguments> replaced = Stream.of("trustCertificateKeyStoreUrl=file:a 'dbtls.ca-path'",
				"trustCertificateKeyStoreType=JKS 'dbtls.ca-path', which tells the type from the content",
				"trustCertificateKeyStorePassword=%s 'dbtls.ca-password'".formatted(SECRET),
				"clientCertificateKeyStoreUrl=file:a 'dbtls.client-certificate' and 'dbtls.client-private-key'",
				"clientCertificateKeyStoreType=JKS 'dbtls.client-certificate' and 'dbtls.client-private-key'",
				"clientCertificateKeyStorePassword=%s 'dbtls.client-private-key-password'".formatted(SECRET),
				"fallbackToSystemTrustStore=false 'dbtls.provider' and 'dbtls.ca-path', which decide what is trusted",
				"fallbackToSystemKeyStore=false 'dbtls.client-certificate', without which none is sent",
				"tlsVersions=TLSv1.2 'dbtls.tls-versions'", "enabledTLSProtocols=TLSv1.1 'dbtls.tls-versions'",
				"tlsCiphersuites=TLS_AES_128_GCM_SHA256 'dbtls.ciphers'", "enabledSSLCipherSuites=A 'dbtls.ciphers'",
				"fipsCompliantJsse=true 'dbtls.jsse-provider'",
				"keyManagerFactoryProvider=A 'dbtls.provider', which takes the JDK's",
				"trustManagerFactoryProvider=A 'dbtls.provider', which takes the JDK's",
				"keyStoreProvider=A 'dbtls.provider', which takes the JDK's",
				"sslContextProvider=A 'dbtls.jsse-provider'")
			.map((text) -> text.split(" ", 2))
			.map((text) -> Arguments.of(text[0],
					"has the driver setting '%s' in its PLACE, which has no effect on connections that dbtls secures."
						.formatted(text[0].replaceAll("=.*", "")),
					"Remove it and use " + text[1] + " instead."));
		return Stream.of(weaker, wrongCase, wrongCaseAndMaybeSecret, replaced).flatMap((rows) -> rows);
	}

	@ParameterizedTest
	@CsvSource({ "ssl%4Dode=DISABLED, sslMode=DISABLED", "s%73lMode=PREFERRED, sslMode=PREFERRED",
			"use%53SL=false, useSSL=false", "sslMode=%44ISABLED, sslMode=DISABLED",
			"%73ocketFactory=com.acme.A, socketFactory=com.acme.A",
			"propertiesTransform=io.github.dbtls.autoconfigure.DataSourceRefusalTests$Weakening, sslMode=DISABLED" })
	void settingInDisguiseFails(String setting, String found) {
		this.contextRunner.withPropertyValues("spring.datasource.url=" + URL + "?" + setting)
			.run((context) -> assertThat(refusal(context))
				.hasMessageStartingWith("DataSource 'dataSource' has the driver setting '" + found + "'"));
	}

	@Test
	void transformerThatWeakensAfterwardsFails() {
		this.contextRunner
			.withPropertyValues(
					"spring.datasource.url=" + URL + "?propertiesTransform=" + WeakeningOurs.class.getName())
			.run((context) -> assertThat(refusal(context)).hasMessage("DataSource 'dataSource' would connect to "
					+ "db.example.com:3306 with 'sslMode=REQUIRED' instead of 'VERIFY_IDENTITY'."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "fullDebug", "maxPerformance" })
	void harmlessConfigurationOfTheDriverIsAllowed(String name) {
		this.contextRunner.withPropertyValues("spring.datasource.url=" + URL + "?useConfigs=" + name)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:mysql://address=(host=db.example.com)(sslMode=REQUIRED)/shop",
			"jdbc:mysql://good.example.com,(host=db.example.com,sslMode=REQUIRED)/shop",
			"jdbc:mysql:loadbalance://good.example.com,address=(host=db.example.com)(sslMode=VERIFY_CA)/shop",
			"jdbc:mysql:replication://good.example.com,address=(host=db.example.com)(sslMode=VERIFY_CA)/shop",
			"jdbc:mysql:replication://address=(type=source)(host=good.example.com),"
					+ "address=(type=replica)(host=db.example.com)(ssl%4Dode=REQUIRED)/shop" })
	void weakerModeOfOneHostFails(String url) {
		this.contextRunner.withPropertyValues("spring.datasource.url=" + url).run((context) -> {
			DbTlsConfigurationException failure = refusal(context);
			assertThat(failure.getMessage()).contains("DataSource 'dataSource'", "sslMode")
				.containsAnyOf("REQUIRED", "VERIFY_CA");
			assertThat(failure.getAction()).contains("dbtls.");
		});
	}

	@Test
	void requiredModeBesideCaPathFails() {
		this.contextRunner.withPropertyValues("dbtls.ssl-mode=required").run((context) -> {
			DbTlsConfigurationException failure = refusal(context);
			assertThat(failure.getProperty()).isEqualTo("dbtls.ca-path");
			assertThat(failure).hasMessage("'dbtls.ca-path' is set, but 'dbtls.ssl-mode' is 'required', which verifies "
					+ "nothing: the file would not be used.");
		});
	}

	@Test
	void urlWithoutSlashesIsNotQuoted() {
		this.contextRunner
			.withBean("shop", DataSource.class, () -> hikari("jdbc:mariadb:root:" + SECRET + "@db.example.com/shop"))
			.run((context) -> assertThat(refusal(context)).hasMessageStartingWith(
					"DataSource 'shop' connects to 'jdbc:mariadb:…' with another driver, but dbtls secures"));
	}

	@Test
	void userNameWithoutPrefixFails() {
		ApplicationContextRunner runner = this.contextRunner.withPropertyValues("dbtls.provider=tidb-serverless");
		runner.run((context) -> {
			DbTlsConfigurationException failure = refusal(context);
			assertThat(failure.getProperty()).isEqualTo("spring.datasource.username");
			assertThat(failure).hasMessage("DataSource 'dataSource' logs in as 'app', which is no user name of TiDB "
					+ "Cloud Starter or Essential (formerly Serverless) (provider 'tidb-serverless').");
			assertThat(failure.getAction()).contains("<prefix>.root");
		});
		runner.withPropertyValues("spring.datasource.username=3xyz.root")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "root, true", "3xyz.root, false" })
	void userNameOfCredentialsProviderIsChecked(String user, boolean refused) {
		HikariCredentialsProvider credentials = () -> Credentials.of(user, SECRET);
		this.contextRunner.withPropertyValues("dbtls.provider=tidb-serverless")
			.withBean("shop", HikariDataSource.class, () -> {
				HikariDataSource pool = new HikariDataSource();
				pool.setJdbcUrl(URL);
				pool.setCredentialsProvider(credentials);
				return pool;
			})
			.run((context) -> {
				if (refused) {
					assertThat(refusal(context)).hasMessageContaining("DataSource 'shop' logs in as 'root'");
					assertThat(refusal(context).getProperty()).isNull();
				}
				else {
					assertThat(context).hasNotFailed();
				}
			});
	}

	@Test
	void userNameInUrlIsChecked() {
		this.contextRunner
			.withBean("shop", HikariDataSource.class,
					() -> hikari("jdbc:mysql://root:%s@db.example.com/shop".formatted(SECRET)))
			.withPropertyValues("dbtls.provider=tidb-serverless")
			.run((context) -> assertThat(refusal(context)).hasMessageContaining("DataSource 'shop' logs in as 'root'")
				.hasMessageNotContaining(SECRET));
	}

	@ParameterizedTest
	@ValueSource(strings = { "enabled=false", "ssl-mode=verify-ca" })
	void entryThatNamesNoDataSourceFails(String setting) {
		this.contextRunner.withBean("orders", DataSource.class, () -> hikari(URL))
			.withBean("shop", DataSource.class, () -> hikari(URL))
			.withPropertyValues("dbtls.data-sources.ordres." + setting)
			.run((context) -> {
				DbTlsConfigurationException failure = refusal(context);
				assertThat(failure).hasMessage("'dbtls.data-sources.ordres' names no DataSource.");
				assertThat(failure.getProperty()).isEqualTo("dbtls.data-sources.ordres");
				assertThat(failure.getAction()).isEqualTo("Use the bean name of one: orders, shop.");
			});
	}

	@Test
	void settingOfOneDataSourceIsNamedWithItsOwnPrefix() {
		this.contextRunner
			.withPropertyValues("spring.datasource.url=" + URL + "?tlsVersions=TLSv1.2",
					"dbtls.data-sources.dataSource.provider=mysql")
			.run((context) -> assertThat(refusal(context).getAction())
				.isEqualTo("Remove it and use 'dbtls.data-sources.dataSource.tls-versions' instead."));
	}

	@Test
	void urlThatTheDriverCannotReadFailsWithoutShowingIt() {
		this.contextRunner
			.withPropertyValues("spring.datasource.url=",
					"spring.datasource.hikari.jdbc-url=jdbc:mysql://app:%s@db.example.com:port/shop".formatted(SECRET),
					"spring.datasource.driver-class-name=com.mysql.cj.jdbc.Driver")
			.run((context) -> assertThat(refusal(context)).hasMessageStartingWith(
					"The JDBC URL of DataSource 'dataSource' cannot be read by MySQL Connector/J ("));
	}

	@Test
	void everythingIsCheckedBeforeAnythingConnects() {
		int before = server.connectionCount();
		this.contextRunner.withPropertyValues("spring.datasource.url=" + server.jdbcUrl() + "?useSSL=false")
			.run((context) -> assertThat(context).hasFailed());
		this.contextRunner.withPropertyValues("spring.datasource.url=" + server.jdbcUrl())
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(server.connectionCount()).isEqualTo(before);
	}

	@Test
	void verifyAtStartupShakesHandsWithoutLogin() {
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			this.contextRunner
				.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(), "dbtls.verify-at-startup=true")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					server.assertNoLoginReceived();
					assertThat(server.connectionCount()).isOne();
					assertThat(server.lastConnection().encrypted()).isTrue();
					try (Connection connection = context.getBean(DataSource.class).getConnection()) {
						assertThat(ConnectionSession.of(connection)).isNotNull();
					}
				});
		}
	}

	@Test
	void verifyAtStartupStopsAtAnUntrustedServer() {
		try (FakeMySqlServer impostor = FakeMySqlServer.tls(otherAuthority.server("localhost")).start()) {
			this.contextRunner
				.withPropertyValues("spring.datasource.url=" + impostor.jdbcUrl(), "dbtls.verify-at-startup=true")
				.run((context) -> {
					assertVerificationFailed(context, HandshakeFailure.UNTRUSTED_ISSUER, "Other CA", "Shop CA");
					impostor.assertNoLoginReceived();
				});
		}
	}

	@Test
	void verifyAtStartupStopsAtAServerWithoutTls() {
		try (FakeMySqlServer plain = FakeMySqlServer.plain().start()) {
			this.contextRunner
				.withPropertyValues("spring.datasource.url=" + plain.jdbcUrl(), "dbtls.verify-at-startup=true")
				.run((context) -> {
					assertVerificationFailed(context, HandshakeFailure.TLS_NOT_OFFERED,
							"the server does not offer TLS");
					plain.assertNoLoginReceived();
				});
		}
	}

	@Test
	void verifyAtStartupWaitsAsLongAsTheUrlSays() {
		try (FakeMySqlServer silent = FakeMySqlServer.tls(authority.server("localhost"))
			.stallAfter(Step.ACCEPT)
			.start()) {
			long start = System.nanoTime();
			this.contextRunner
				.withPropertyValues("spring.datasource.url=" + silent.jdbcUrl() + "?connectTimeout=400",
						"dbtls.verify-at-startup=true")
				.run((context) -> {
					assertVerificationFailed(context, HandshakeFailure.HANDSHAKE_TIMEOUT,
							"the server did not answer in time");
					assertThat(context.getStartupFailure().getCause())
						.hasMessageEndingWith("'dbtls.verify-at-startup' takes the first, or 10 s without it.");
				});
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		}
	}

	@Test
	void verifyAtStartupToleratesADeadHostBesideALivingOne() {
		this.contextRunner
			.withPropertyValues("dbtls.verify-at-startup=true",
					"spring.datasource.url=jdbc:mysql://localhost:%d,localhost:%d/shop".formatted(freePort(),
							server.port()))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void verifyAtStartupTriesEveryHost() {
		try (FakeMySqlServer impostor = FakeMySqlServer.tls(otherAuthority.server("localhost")).start()) {
			this.contextRunner
				.withPropertyValues("dbtls.verify-at-startup=true",
						"spring.datasource.url=jdbc:mysql://localhost:%d,localhost:%d/shop".formatted(server.port(),
								impostor.port()))
				.run((context) -> assertVerificationFailed(context, HandshakeFailure.UNTRUSTED_ISSUER,
						"localhost:" + impostor.port()));
		}
	}

	@Test
	void verifyAtStartupStopsIfAllHostsAreDead() {
		int port = freePort();
		this.contextRunner
			.withPropertyValues("dbtls.verify-at-startup=true",
					"spring.datasource.url=jdbc:mysql://localhost:%d,localhost:%d/shop".formatted(port, freePort()))
			.run((context) -> assertVerificationFailed(context, HandshakeFailure.UNREACHABLE, "localhost:" + port));
	}

	@Test
	void verifyAtStartupOfOneDataSourceOnly() {
		try (FakeMySqlServer impostor = FakeMySqlServer.tls(otherAuthority.server("localhost")).start()) {
			ApplicationContextRunner runner = this.contextRunner
				.withBean("orders", DataSource.class, () -> hikari(impostor.jdbcUrl()))
				.withBean("shop", DataSource.class, () -> hikari(server.jdbcUrl()));
			int before = server.connectionCount();
			runner.withPropertyValues("dbtls.data-sources.shop.verify-at-startup=true")
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(impostor.connectionCount()).isZero();
			assertThat(server.connectionCount()).isEqualTo(before + 1);
			runner
				.withPropertyValues("dbtls.verify-at-startup=true", "dbtls.data-sources.orders.verify-at-startup=false")
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(impostor.connectionCount()).isZero();
			assertThat(server.connectionCount()).isEqualTo(before + 2);
		}
	}

	@Test
	void withoutVerifyAtStartupAnUntrustedServerIsNotNoticed() {
		try (FakeMySqlServer impostor = FakeMySqlServer.tls(otherAuthority.server("localhost")).start()) {
			this.contextRunner.withPropertyValues("spring.datasource.url=" + impostor.jdbcUrl())
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(impostor.connectionCount()).isZero();
		}
	}

	private static void assertVerificationFailed(AssertableApplicationContext context, HandshakeFailure failure,
			String... texts) {
		assertThat(context).hasFailed();
		assertThat(context.getStartupFailure()).isInstanceOf(StartupVerificationException.class)
			.hasMessage("'dbtls.verify-at-startup': DataSource 'dataSource' cannot be used");
		assertThat(context.getStartupFailure().getCause()).isInstanceOfSatisfying(TlsHandshakeException.class,
				(cause) -> {
					assertThat(cause.getFailure()).isEqualTo(failure);
					assertThat(cause.getDescription()).contains(texts);
				});
	}

	private static void assertSettingRefused(AssertableApplicationContext context, String place, String description,
			String action) {
		DbTlsConfigurationException failure = refusal(context);
		assertThat(failure).hasMessage("DataSource 'dataSource' " + description.replace("PLACE", place));
		assertThat(failure.getAction()).isEqualTo(action);
		assertThat(context.getStartupFailure()).satisfies(
				(ex) -> assertThat(NestedExceptionUtils.getMostSpecificCause(ex).toString()).doesNotContain(SECRET));
	}

	private static DbTlsConfigurationException refusal(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		Throwable current = context.getStartupFailure();
		while (current != null && !(current instanceof DbTlsConfigurationException)) {
			current = current.getCause();
		}
		assertThat(current).as(() -> "Unexpected: " + context.getStartupFailure()).isNotNull();
		assertThat(((DbTlsConfigurationException) current).getAction()).doesNotContain(SECRET);
		assertThat(current.getMessage()).doesNotContain(SECRET);
		return (DbTlsConfigurationException) current;
	}

	private static Arguments refused(String name, Supplier<DataSource> dataSource, String description, String action) {
		return Arguments.of(name, dataSource, description, action);
	}

	private static String wrongCase(String spelling) {
		return "MySQL Connector/J ignores, since it compares names with case: it is '" + spelling + "'";
	}

	private static Arguments setting(String setting, String why, String action) {
		return Arguments.of(setting, "has the driver setting '%s' in its PLACE, which %s.".formatted(setting, why),
				action);
	}

	private static Supplier<DataSource> supplier(Supplier<DataSource> supplier) {
		return supplier;
	}

	private static String otherDriver(String url, String driver) {
		return "DataSource 'shop' connects to '%s//…' with %s, but dbtls secures MySQL Connector/J under 'jdbc:mysql:' only."
			.formatted(url, driver);
	}

	private static String unknown(String url) {
		return "DataSource 'shop' connects to '%s…', and dbtls does not know this kind of JDBC URL, nor whether it leads to MySQL."
			.formatted(url);
	}

	private static String cannot(String why) {
		return "DataSource 'shop' cannot be secured: it " + why + ".";
	}

	private static AbstractRoutingDataSource routing(Map<Object, Object> targets) {
		AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

			@Override
			protected Object determineCurrentLookupKey() {
				return "a";
			}

		};
		routing.setTargetDataSources(targets);
		return routing;
	}

	private static DataSource delegatingToNothing() {
		return new DelegatingDataSource() {

			@Override
			public void afterPropertiesSet() {
				// Somebody sets it later.
			}

		};
	}

	private static HikariDataSource hikari(String url) {
		return poolWith((pool) -> pool.setJdbcUrl(url));
	}

	private static HikariDataSource poolWith(Consumer<HikariDataSource> settings) {
		HikariDataSource pool = new HikariDataSource();
		settings.accept(pool);
		return pool;
	}

	/**
	 * The driver is not on the class path of the tests, and HikariCP would load it.
	 */
	private static HikariDataSource hikariWithDriver(String driverClassName, String url) {
		HikariDataSource pool = new HikariDataSource() {

			@Override
			public String getDriverClassName() {
				return driverClassName;
			}

		};
		pool.setJdbcUrl(url);
		return pool;
	}

	private static DataSource tomcat(String url) {
		org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
		pool.setUrl(url);
		pool.setPassword(SECRET);
		return pool;
	}

	private static MysqlDataSource mysqlDataSource() {
		MysqlDataSource dataSource = new MysqlDataSource();
		dataSource.setUrl(URL);
		return dataSource;
	}

	private static HikariDataSource startedPool() {
		HikariDataSource pool = hikari(server.jdbcUrl());
		pool.setUsername("early");
		pool.setPassword(SECRET);
		pool.setMaximumPoolSize(1);
		try {
			pool.getConnection().close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return pool;
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static class UnreadableDataSource extends AbstractDataSource {

		@Override
		public Connection getConnection() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Connection getConnection(String username, String password) {
			throw new UnsupportedOperationException();
		}

	}

	/**
	 * Has a target that nobody sees, and one that everybody sees.
	 */
	static class ChoosingDataSource extends AbstractRoutingDataSource {

		private final DataSource hidden = hikari(URL);

		ChoosingDataSource() {
			setTargetDataSources(Map.of("a", hikari("jdbc:h2:mem:a")));
		}

		@Override
		protected DataSource determineTargetDataSource() {
			return this.hidden;
		}

		@Override
		protected Object determineCurrentLookupKey() {
			return "a";
		}

		String getUrl() {
			return "jdbc:h2:mem:a";
		}

	}

	/**
	 * Weakens whatever it is given.
	 */
	public static class Weakening implements ConnectionPropertiesTransform {

		@Override
		public Properties transformProperties(Properties properties) {
			properties.setProperty("sslMode", "DISABLED");
			return properties;
		}

	}

	/**
	 * Weakens only what dbtls has written.
	 */
	public static class WeakeningOurs implements ConnectionPropertiesTransform {

		@Override
		public Properties transformProperties(Properties properties) {
			properties.computeIfPresent("sslMode", (name, value) -> "REQUIRED");
			return properties;
		}

	}

}
